//! Tests what a merge changes in the fields of operations, parameters, schemas and shared components, one field at a time.

use callrounded_changes::import::{Outcome, Select};
use callrounded_document::Document;
use serde_json::{Value, json};

use crate::support::merged_into;

/// Merges two documents. Returns the new text, and what was not kept.
fn merged(ours: &str, theirs: &str) -> (String, Vec<String>) {
    let complete = |rest: &str| format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{rest}");
    let theirs = Document::parse("theirs.yaml", &complete(theirs)).unwrap_or_else(|found| panic!("{found}"));
    let (text, merged) = merged_into(&complete(ours), theirs.value(), &Select::default());
    let outcomes = merged.iter().filter(|one| one.outcome != Outcome::Kept);
    (
        text,
        outcomes.map(|one| format!("{:?} {}", one.outcome, one.what)).collect(),
    )
}

fn value_at(text: &str, at: &str) -> Option<Value> {
    let document = Document::parse("merged.yaml", text).unwrap_or_else(|found| panic!("{found}"));
    document.get(at).cloned()
}

/// Returns a document with one operation, which has these fields, and these components.
fn operation(fields: &str, components: &str) -> String {
    format!(
        "paths:\n  /a:\n    get:\n      operationId: ga\n      responses: {{'204': {{description: D}}}}\n{fields}  /b: {{get: \
         {{operationId: gb, responses: {{'204': {{description: D}}}}}}}}\ncomponents:\n  securitySchemes: {{key: {{type: apiKey, in: header, name: X-Key}}}}\n{components}"
    )
}

/// Returns a document whose operation has a response with the schema `Thing`.
fn schema(thing: &str, others: &str) -> String {
    format!(
        "paths:\n  /a:\n    get:\n      operationId: ga\n      responses: {{'200': {{description: D, content: \
         {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}}}\ncomponents:\n  schemas:\n    Thing: \
         {thing}\n{others}"
    )
}

#[test]
fn merge_replaces_security_and_deprecation_of_operation() {
    let ours = "      security: []\n      deprecated: false\n";
    let theirs = "      security: [{key: []}]\n      deprecated: true\n";
    let (text, _) = merged(&operation(ours, ""), &operation(theirs, ""));
    let get = |field: &str| value_at(&text, &format!("/paths/~1a/get/{field}"));
    assert_eq!(get("security"), Some(json!([{ "key": [] }])));
    assert_eq!(get("deprecated"), Some(json!(true)));
}

#[test]
fn merge_does_not_write_default_of_required() {
    let parameter = |rest: &str| format!("      parameters: [{{name: q, in: query, schema: {{type: string{rest}\n");
    let ours = operation(&parameter("}}]"), "");
    let theirs = operation(&parameter(", format: date}, required: false}]"), "");
    let (text, _) = merged(&ours, &theirs);
    assert_eq!(
        value_at(&text, "/paths/~1a/get/parameters/0/schema/format"),
        Some(json!("date"))
    );
    assert_eq!(value_at(&text, "/paths/~1a/get/parameters/0/required"), None);
}

#[test]
fn merge_copies_shared_parameter_to_its_place_in_the_list() {
    let document = |a: &str, b: &str| {
        format!(
            "paths:
  /a:
    get:
      operationId: ga
      parameters: [{{name: own, in: query, schema: {{type: string}}}}, {a}]
      responses: {{'204': {{description: D}}}}
  /b: {{get: {{operationId: gb, parameters: [{b}], responses: {{'204': {{description: D}}}}}}}}
components:
  parameters: {{C: {{name: c, in: query, description: Ours., schema: {{type: string, format: uuid}}}}}}
"
        )
    };
    let shared = "{$ref: '#/components/parameters/C'}";
    let changed = "{name: c, in: query, schema: {type: string, format: date}}";
    let (text, _) = merged(&document(shared, shared), &document(changed, shared));
    assert_eq!(
        value_at(&text, "/paths/~1a/get/parameters"),
        Some(json!([
            { "name": "own", "in": "query", "schema": { "type": "string" } },
            { "name": "c", "in": "query", "description": "Ours.", "schema": { "type": "string", "format": "date" } },
        ]))
    );
    assert_eq!(
        value_at(&text, "/paths/~1b/get/parameters"),
        Some(json!([{ "$ref": "#/components/parameters/C" }]))
    );
}

#[test]
fn merge_adds_servers_and_security_of_document() {
    let theirs = format!(
        "servers: [{{url: 'https://a.example.com'}}]\nsecurity: [{{key: []}}]\n{}",
        operation("", "")
    );
    let (text, outcomes) = merged(&operation("", ""), &theirs);
    assert_eq!(value_at(&text, "/servers/0/url"), Some(json!("https://a.example.com")));
    assert_eq!(value_at(&text, "/security"), Some(json!([{ "key": [] }])));
    for what in ["New servers", "New security"] {
        assert!(outcomes.contains(&what.to_owned()), "{outcomes:?}");
    }
}

#[test]
fn merge_changes_shared_header_and_schema_of_any_media_type() {
    let document = |kind: &str| {
        format!(
            "paths:
  /a:
    get:
      operationId: ga
      responses:
        '200':
          description: D
          headers: {{X-Count: {{$ref: '#/components/headers/Count'}}}}
          content: {{text/csv: {{schema: {{type: string{kind}}}}}}}
components:
  headers: {{Count: {{description: Ours., schema: {{type: string{kind}}}}}}}
"
        )
    };
    let (text, outcomes) = merged(&document(""), &document(", maxLength: 9"));
    assert_eq!(
        value_at(&text, "/components/headers/Count/schema/maxLength"),
        Some(json!(9))
    );
    assert_eq!(
        value_at(&text, "/components/headers/Count/description"),
        Some(json!("Ours."))
    );
    assert_eq!(
        value_at(&text, "/paths/~1a/get/responses/200/content/text~1csv/schema/maxLength"),
        Some(json!(9))
    );
    assert!(outcomes.contains(&"Changed headers Count".to_owned()), "{outcomes:?}");
}

#[test]
fn merge_replaces_schema_by_boolean() {
    let ours = "{type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}";
    let theirs = "{type: object, properties: {a: {type: string}}, additionalProperties: false}";
    let (text, _) = merged(&schema(ours, ""), &schema(theirs, ""));
    assert_eq!(
        value_at(&text, "/components/schemas/Thing/additionalProperties"),
        Some(json!(false))
    );
}

#[test]
fn merge_keeps_additional_properties_that_are_the_default() {
    for default in [json!({}), json!(true)] {
        let ours = format!("{{type: object, properties: {{a: {{type: string}}}}, additionalProperties: {default}}}");
        let theirs = "{type: object, properties: {a: {type: string}, b: {type: string}}}";
        let (text, _) = merged(&schema(&ours, ""), &schema(theirs, ""));
        assert_eq!(
            value_at(&text, "/components/schemas/Thing/additionalProperties"),
            Some(default)
        );
        assert!(value_at(&text, "/components/schemas/Thing/properties/b").is_some());
    }
}

/// Names of headers are case-insensitive.
#[test]
fn merge_keeps_spelling_of_header_in_security_scheme() {
    let theirs = operation("", "").replace("X-Key", "x-key");
    let (text, outcomes) = merged(&operation("", ""), &theirs);
    assert_eq!(
        value_at(&text, "/components/securitySchemes/key/name"),
        Some(json!("X-Key"))
    );
    assert_eq!(outcomes, Vec::<String>::new());
}

/// A schema that refers to itself cannot be written inline.
#[test]
fn merge_keeps_component_of_theirs_that_refers_to_itself() {
    let ours = schema(
        "{type: object, properties: {size: {type: object, properties: {width: {type: number}}}}}",
        "",
    );
    let theirs = schema(
        "{type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}",
        "    Size: {type: object, properties: {width: {type: number}, outer: {$ref: '#/components/schemas/Size'}}}\n",
    );
    let (text, _) = merged(&ours, &theirs);
    assert_eq!(
        value_at(&text, "/components/schemas/Thing/properties/size"),
        Some(json!({ "$ref": "#/components/schemas/Size" }))
    );
}

/// Only similar branches are the same under another name.
#[test]
fn merge_does_not_match_different_branches_of_a_union() {
    let union = |branches: [&str; 2]| {
        let [one, other] = branches.map(|name| format!("{{$ref: '#/components/schemas/{name}'}}"));
        format!("{{oneOf: [{one}, {other}]}}")
    };
    let ours = schema(
        &union(["Leg", "Top"]),
        "    Leg: {type: object, properties: {length: {type: number}}}\n    \
         Top: {type: object, properties: {width: {type: number}}}\n",
    );
    let theirs = schema(
        &union(["Plate", "Cushion"]),
        "    Plate: {type: object, properties: {width: {type: number}}}\n    \
         Cushion: {type: object, properties: {color: {type: string}}}\n",
    );
    let (_, outcomes) = merged(&ours, &theirs);
    let about = |name: &str| outcomes.iter().any(|outcome| outcome.contains(name));
    assert!(
        about("Gone schema Leg") && about("New schema Cushion") && about("schema Top corresponds to `Plate`"),
        "{outcomes:#?}"
    );
    // Enumerations are similar if they share values.
    let ours = schema(
        &union(["Color", "Size"]),
        "    Color: {type: string, enum: [red, green]}\n    Size: {type: string, enum: [s, m]}\n",
    );
    let theirs = schema(
        &union(["Measure", "Paint"]),
        "    Measure: {type: string, enum: [s, m, l]}\n    Paint: {type: string, enum: [red, green]}\n",
    );
    let (text, _) = merged(&ours, &theirs);
    assert_eq!(
        value_at(&text, "/components/schemas/Size/enum"),
        Some(json!(["s", "m", "l"]))
    );
    assert_eq!(
        value_at(&text, "/components/schemas/Color/enum"),
        Some(json!(["red", "green"]))
    );
}

/// Theirs uses the name for something else, and has our schema inline.
#[test]
fn merge_keeps_component_that_is_inline_in_theirs_beside_another_of_its_name() {
    let ours = schema(
        "{type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}",
        "    Size: {type: object, properties: {width: {type: number}}}\n",
    );
    let theirs = schema(
        "{type: object, properties: {size: {type: object, properties: {width: {type: number}}}, \
         fit: {$ref: '#/components/schemas/Size'}}}",
        "    Size: {type: string, enum: [s, m]}\n",
    );
    let (text, outcomes) = merged(&ours, &theirs);
    let width = json!({ "type": "object", "properties": { "width": { "type": "number" } } });
    assert_eq!(value_at(&text, "/components/schemas/Size"), Some(width), "{text}");
    let fit = value_at(&text, "/components/schemas/Thing/properties/fit/$ref");
    assert_eq!(fit, Some(json!("#/components/schemas/Size2")), "{outcomes:#?}");
}

/// Theirs has our schema inline in one place, and with one more property as a component in another.
#[test]
fn merge_keeps_inline_schema_apart_from_component_that_changes() {
    let ours = schema(
        "{type: object, properties: {a: {$ref: '#/components/schemas/Size'}, b: {$ref: '#/components/schemas/Size'}}}",
        "    Size: {type: object, properties: {width: {type: number}}}\n",
    );
    let theirs = schema(
        "{type: object, properties: {a: {type: object, properties: {width: {type: number}}}, \
         b: {$ref: '#/components/schemas/Size'}}}",
        "    Size: {type: object, properties: {width: {type: number}, height: {type: number}}}\n",
    );
    let (text, _) = merged(&ours, &theirs);
    let properties = |at: &str| {
        let value = value_at(&text, &format!("/components/schemas/{at}/properties")).unwrap();
        value.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(properties("Size"), ["width", "height"]);
    assert_eq!(properties("Thing/properties/a"), ["width"], "{text}");
}
