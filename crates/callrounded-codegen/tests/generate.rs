//! Checks the generated source, and that it is reproducible.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use callrounded_codegen::{PROGENITOR, generate};

const DOCUMENT: &str = include_str!("../../../openapi/calls.yaml");

/// Generates the client of a document with one operation and these schemas. `Body` is that of the request,
/// `ResponseBody` that of the response.
fn source_of(schemas: &str) -> String {
    let text = format!(
        r##"
openapi: 3.0.3
info: {{title: Things, version: "1"}}
paths:
  /things/{{id}}:
    put:
      operationId: put_thing
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      requestBody: {{content: {{application/json: {{schema: {{$ref: "#/components/schemas/Body"}}}}}}}}
      responses: {{"200": {{description: ok, content: {{application/json: {{schema: {{$ref: "#/components/schemas/ResponseBody"}}}}}}}}}}
components:
  schemas:
{schemas}"##
    );
    generate("things.yaml", &text).unwrap_or_else(|found| panic!("{found}"))
}

/// Returns the source of an item of the module `types`, from `start` to its end.
fn item<'a>(source: &'a str, start: &str) -> &'a str {
    let from = source
        .find(start)
        .unwrap_or_else(|| panic!("expected `{start}` in\n{source}"));
    let rest = source.get(from..).unwrap();
    rest.get(..rest.find("\n    }\n").unwrap()).unwrap()
}

#[test]
fn generate_same_document_is_reproducible() {
    let first = generate("openapi/calls.yaml", DOCUMENT).unwrap();
    for _ in 0..5 {
        assert!(first == generate("openapi/calls.yaml", DOCUMENT).unwrap());
    }
    assert!(first.starts_with("// Generated from openapi/calls.yaml by callrounded-codegen with progenitor 0.15.1."));
}

#[test]
fn progenitor_version_is_pinned_in_workspace() {
    let workspace = include_str!("../../../Cargo.toml");
    for package in ["progenitor-impl", "progenitor-client"] {
        assert!(
            workspace.contains(&format!("{package} = \"={PROGENITOR}\"")),
            "{package} is not pinned to {PROGENITOR}"
        );
    }
}

#[test]
fn generate_omits_version_header_and_panics() {
    let source = generate("openapi/calls.yaml", DOCUMENT).unwrap();
    assert!(!source.contains("\"api-version\""));
    for panicking in [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!("] {
        assert!(!source.contains(panicking), "{panicking}");
    }
}

#[test]
fn null_is_distinguished_in_request_only() {
    let source = source_of(
        "    Body: {type: object, required: [sure], properties: {sure: {type: string, nullable: true}, maybe: {type: string, nullable: true}, plain: {type: string}}}\n    ResponseBody: {type: object, properties: {maybe: {type: string, nullable: true}}}\n",
    );
    let body = item(&source, "pub struct Body {")
        .split_whitespace()
        .collect::<String>();
    assert!(
        body.contains("pubmaybe:::std::option::Option<::std::option::Option<::std::string::String>>,"),
        "{body}"
    );
    assert!(
        body.contains("pubsure:::std::option::Option<::std::string::String>,"),
        "{body}"
    );
    assert!(
        body.contains("pubplain:::std::option::Option<::std::string::String>,"),
        "{body}"
    );
    let response = item(&source, "pub struct ResponseBody {");
    assert!(
        response.contains("pub maybe: ::std::option::Option<::std::string::String>"),
        "{response}"
    );
}

#[test]
fn null_in_type_of_request_and_response_is_not_distinguished() {
    let source = source_of(
        "    Body: {type: object, properties: {shared: {$ref: '#/components/schemas/Shared'}}}\n    ResponseBody: {type: object, properties: {shared: {$ref: '#/components/schemas/Shared'}}}\n    Shared: {type: object, properties: {maybe: {type: string, nullable: true}}}\n",
    );
    assert!(item(&source, "pub struct Shared {").contains("pub maybe: ::std::option::Option<::std::string::String>"));
}

#[test]
fn debug_shows_marked_values_only() {
    let source = source_of(
        "    Body: {type: object}\n    ResponseBody:\n      type: object\n      required: [must]\n      properties:\n        must: {type: string}\n        shown: {type: string, x-personal-data: false}\n        marked: {type: string, x-personal-data: true}\n        hidden: {type: number}\n        inner: {type: array, items: {$ref: '#/components/schemas/Inner'}}\n        inline: {type: object, properties: {deep: {type: string}}}\n    Inner: {type: string, x-personal-data: false}\n    Secret: {type: string}\n    Either: {oneOf: [{type: string}, {type: integer}]}\n    State: {type: string, enum: [on, off]}\n",
    );
    let response = item(&source, "impl ::std::fmt::Debug for ResponseBody {");
    for shown in [".field(\"shown\", &self.shown)", ".field(\"inner\", &self.inner)"] {
        assert!(response.contains(shown), "{shown}: {response}");
    }
    for redacted in ["must", "marked", "hidden"] {
        assert!(
            response.contains(&format!(
                ".field(\"{redacted}\", &self.{redacted}.as_ref().map(|_| redacted_value))"
            )),
            "{response}"
        );
    }
    // A type without a named schema of its own is redacted as a whole.
    assert!(item(&source, "impl ::std::fmt::Debug for ResponseBodyInline {").contains("map(|_| redacted_value)"));
    assert!(item(&source, "impl ::std::fmt::Debug for Secret {").contains(".field(&redacted_value)"));
    assert!(item(&source, "impl ::std::fmt::Debug for Either {").contains("redacted_value"));
    assert!(
        !source.contains("impl ::std::fmt::Debug for Inner {")
            && !source.contains("impl ::std::fmt::Debug for State {")
    );
}

#[test]
fn limits_in_response_are_not_enforced() {
    let source = source_of(
        "    Body: {type: object}\n    ResponseBody: {type: object, additionalProperties: false, properties: {a: {type: string, pattern: '^x$', maxLength: 3}, b: {type: string, format: uuid}, when: {type: string, format: date-time}}}\n",
    );
    assert!(!source.contains("deny_unknown_fields") && !source.contains("regress") && !source.contains("::uuid::"));
    assert!(
        item(&source, "pub struct ResponseBody {")
            .contains("pub when: ::std::option::Option<::callrounded_runtime::Timestamp>")
    );
}

/// Small documents, and recursive references that a type can have.
#[test]
fn generate_small_and_recursive_documents_succeeds() {
    let frame = "openapi: 3.0.3\ninfo: {title: T, version: \"1\"}\n";
    for rest in [
        "paths: {}\n",
        "paths: {/a: {get: {operationId: a, responses: {\"200\": {description: ok}}}}}\n",
        "paths: {}\ncomponents: {schemas: {Word: {type: string}, List: {type: array, items: {$ref: '#/components/schemas/List'}}}}\n",
        "paths: {}\ncomponents: {schemas: {Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}}}\n",
        "paths: {}\ncomponents: {schemas: {Tree: {oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Tree'}}]}}}\n",
        "paths: {}\ncomponents: {schemas: {A: {type: object, title: Same, properties: {b: {type: object, title: Same}}}}}\n",
    ] {
        generate("t.yaml", &format!("{frame}{rest}")).unwrap_or_else(|found| panic!("{rest}\n{found}"));
    }
}

#[test]
fn enumeration_has_variant_for_unlisted_values() {
    let source = source_of(
        "    Body: {type: object}\n    ResponseBody: {type: object, properties: {mood: {$ref: '#/components/schemas/Mood'}}}\n    Mood: {type: string, enum: [fine, so-so, other]}\n",
    );
    let mood = item(&source, "pub enum Mood {");
    for variant in ["Fine,", "SoSo,", "Other,", "Unlisted(::std::string::String),"] {
        assert!(mood.contains(variant), "{mood}");
    }
    assert!(!source.contains("TryFrom<&str> for Mood") && source.contains("impl ::std::convert::From<&str> for Mood"));
    // A value may be personal data: it is redacted unless it is marked.
    assert!(item(&source, "impl ::std::fmt::Debug for ResponseBody {").contains("redacted_value"));
}

#[test]
fn response_requires_needed_properties_only() {
    let source = source_of(
        "    Body: {type: object, required: [a], properties: {a: {type: string}}}\n    ResponseBody: {type: object, required: [a, b], x-needed: [b], properties: {a: {type: string}, b: {type: string}, c: {type: array, items: {type: string}}}}\n",
    );
    assert!(item(&source, "pub struct Body {").contains("pub a: ::std::string::String"));
    let response = item(&source, "pub struct ResponseBody {");
    assert!(
        response.contains("pub a: ::std::option::Option<") && response.contains("pub b: ::std::string::String"),
        "{response}"
    );
    assert!(
        response.contains("pub c: ::std::option::Option<::std::vec::Vec<"),
        "{response}"
    );
}

#[test]
fn document_constants_are_generated() {
    let source = generate("openapi/calls.yaml", DOCUMENT).unwrap();
    assert!(source.contains("pub const SERVER_URL: ::std::option::Option<&str> = ::std::option::Option::Some("));
    assert!(source.contains("pub const API_KEY_HEADER: ::std::option::Option<&str> = ::std::option::Option::Some("));
}

/// Generates the client of a document and returns its source without whitespace and common paths.
fn methods(paths: &str, schemas: &str) -> String {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Things, version: \"1\"}}\npaths:\n{paths}\ncomponents:\n  schemas:\n{schemas}\n"
    );
    let source = generate("things.yaml", &text).unwrap_or_else(|found| panic!("{found}"));
    let source = source.split_whitespace().collect::<String>();
    [
        "::std::convert::",
        "::std::string::",
        "::callrounded_runtime::",
        "::serde_json::",
        "::serde::",
    ]
    .iter()
    .fold(source, |source, path| source.replace(path, ""))
    // Removes the trailing commas that the formatter adds if it breaks lines.
    .replace(",>", ">")
    .replace(",)", ")")
}

#[test]
fn operation_required_values_are_arguments_and_others_methods() {
    let source = methods(
        "  /things/{id}:
    post:
      operationId: create_thing
      tags: [things]
      parameters:
        - {name: need, in: query, required: true, schema: {type: number}}
        - {name: timeout, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
        - {name: page, in: query, schema: {type: integer}}
        - {name: old, in: query, x-name: previous, schema: {type: string}}
        - {name: id, in: path, required: true, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Body'}}}}
      responses: {\"204\": {description: ok}, \"422\": {description: no, content: {application/json: {schema: {$ref: '#/components/schemas/Body'}}}}}",
        "    Body:
      allOf:
        - {type: object, required: [name], properties: {name: {type: string}}}
        - {type: object, properties: {note: {type: string, nullable: true}, extra: {type: object, additionalProperties: true}}}",
    );
    for (what, expected) in [
        (
            "arguments: the path first, then parameters, then the body",
            "pubfncreate(&self,id:implToString,need:implInto<f64>,name:implInto<String>)->Request<operations::CreateThing,M>",
        ),
        (
            "a name that every request uses gets an underscore",
            "pubfntimeout_(mutself,timeout_:implInto<i64>)->Self",
        ),
        ("checked bounds", "check::in_range::<i64>(timeout_.into()"),
        (
            "a parameter `page` without pagination has a method",
            "pubfnpage(mutself,page:implInto<i64>)->Self",
        ),
        (
            "`x-name` names the method",
            "pubfnprevious(mutself,previous:implInto<String>)->Self",
        ),
        (
            "properties of all parts of a body",
            "pubfnnote(mutself,note:implInto<String>)->Self",
        ),
        ("a free object", "pubfnextra(mutself,extra:implSerialize)->Self"),
        ("the whole body", "pubfnbody(mutself,body:types::Body)->Self"),
        ("a group for the tag", "pubfnthings(&self)->resources::Things<M>"),
        ("an error response does not determine the output", "typeOutput=();"),
    ] {
        assert!(source.contains(expected), "{what}: expected {expected}");
    }
}

#[test]
fn body_with_many_or_clashing_properties_is_one_argument() {
    let operation = |id: &str, schema: &str, required: bool| {
        format!(
            "  /{id}/{{name}}:
    put:
      operationId: {id}
      parameters: [{{name: name, in: path, required: true, schema: {{type: string}}}}]
      requestBody: {{required: {required}, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}
      responses: {{\"204\": {{description: ok}}}}"
        )
    };
    let source = methods(
        &[
            operation("many", "Many", true),
            operation("clash", "Clash", true),
            operation("optional", "Many", false),
        ]
        .join("\n"),
        "    Many: {type: object, required: [a, b, c, d, e], properties: {a: {type: string}, b: {type: string}, c: {type: string}, d: {type: string}, e: {type: string}}}
    Clash: {type: object, properties: {name: {type: string}}}",
    );
    assert!(source.contains("pubfnmany(&self,name:implToString,body:types::Many)"));
    assert!(source.contains("pubfnclash(&self,name:implToString,body:types::Clash)"));
    assert!(source.contains("pubfnoptional(&self,name:implToString)"));
    assert!(
        source.contains("decode::optional_json("),
        "an optional body that is not set must not be sent"
    );
}

/// `_` is a common query parameter, against caches. Found by fuzzing.
#[test]
fn names_without_letters_and_equal_names_get_a_name() {
    let found = methods(
        r##"
  /things:
    post:
      operationId: "²"
      parameters:
        - {name: _, in: query, schema: {type: string}}
        - {name: "'", in: query, schema: {type: string}}
        - {name: a-b, in: query, schema: {type: string}}
        - {name: a_b, in: query, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Body"}}}}
      responses: {"204": {description: done}}
    put:
      operationId: "+1"
      responses: {"204": {description: done}}"##,
        r##"    Body: {type: object, properties: {"@": {type: string}, "": {type: string}}}"##,
    );
    let count = |part: &str| found.matches(part).count();
    // The body has two properties of the same name, so it is one argument.
    for setter in ["x", "_2", "a_b", "a_b_2"] {
        assert_eq!(
            count(&format!("fn{setter}(mutself,{setter}:implInto<String>)->Self")),
            1,
            "{setter}"
        );
    }
    assert!(found.contains("structX") && found.contains("structPlus1"), "{found}");
}

#[test]
fn idempotence_without_extension_depends_on_http_method() {
    let operation = |method: &str, stated: &str| {
        format!(
            "  /{method}{}:\n    {method}: {{operationId: {method}{}, {stated} responses: {{\"204\": {{description: ok}}}}}}",
            stated.len(),
            stated.len()
        )
    };
    let source = methods(
        &[
            operation("get", ""),
            operation("put", ""),
            operation("delete", ""),
            operation("head", ""),
            operation("post", ""),
            operation("patch", ""),
            operation("post", "x-idempotent: true,"),
            operation("get", "x-idempotent: false,"),
        ]
        .join("\n"),
        "    Thing: {type: object}",
    );
    for (id, idempotent) in [
        ("get0", true),
        ("put0", true),
        ("delete0", true),
        ("head0", true),
        ("post0", false),
        ("patch0", false),
        ("post19", true),
        ("get20", false),
    ] {
        let info = source.split(&format!("OperationInfo::new(\"{id}\"")).nth(1).unwrap();
        let stated = info.split("with_idempotence(").nth(1).unwrap();
        assert!(stated.starts_with(&idempotent.to_string()), "{id}");
    }
}
