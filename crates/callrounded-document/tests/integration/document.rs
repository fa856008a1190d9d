//! Parsing documents: errors, locations, references and merge keys.

use callrounded_document::{
    Document, Location, Method, Payload,
    traverse::{self, Kind},
};
use serde_json::json;

fn parse_error(text: &str) -> String {
    Document::parse("calls.yaml", text).unwrap_err().to_string()
}

#[test]
fn location_of_existing_and_missing_values() {
    let document = Document::parse(
        "calls.yaml",
        "openapi: 3.0.3\npaths:\n  /a~b:\n    get: {operationId: list}\n",
    )
    .unwrap();
    assert_eq!(document.location("/openapi"), Location { line: 1, column: 10 });
    assert_eq!(document.location("/paths/~1a~0b/get"), Location { line: 4, column: 5 });
    assert_eq!(
        document.location("/paths/~1a~0b/get/operationId"),
        Location { line: 4, column: 24 }
    );
    // A missing value has the location of the nearest enclosing one.
    assert_eq!(
        document.location("/paths/~1a~0b/get/responses/200"),
        Location { line: 4, column: 5 }
    );
}

#[test]
fn parse_invalid_yaml_reports_location() {
    expect_test::expect![[r#"
        error: invalid YAML: mapping values are not allowed in this context
         --> calls.yaml:2:15
          |
        2 |   title: Calls: all of them
          |               ^
          = help: fix the syntax; common causes: indentation, an unquoted `: ` or `#` in a string, and duplicate keys"#]]
    .assert_eq(&parse_error("info:\n  title: Calls: all of them\n"));
}

#[test]
fn parse_yaml_that_json_cannot_express_is_an_error() {
    assert!(parse_error("a: 1\na: 2\n").contains("calls.yaml:2:1"));
    assert!(parse_error("200: 1\n\"200\": 2\n").contains("duplicate key `200`"));
    assert!(parse_error("a: &a [1]\nb: {<<: *a}\n").contains("invalid merge key `<<`: expected a mapping"));
    assert!(parse_error("a: 18446744073709551617\n").contains("this integer needs more than 64 bits"));
    assert!(parse_error("a: .nan\n").contains("NaN and infinity are not allowed in JSON"));
    assert!(parse_error("a: !secret b\n").contains("has no meaning in OpenAPI"));
    assert!(parse_error("a: 1\n---\nb: 2\n").contains("2 YAML documents"));
    assert!(parse_error("").contains("0 YAML documents"));
    assert!(parse_error("[1]: 2\n").contains("invalid key: expected a string"));
    assert!(parse_error(&"[".repeat(100_000)).contains("recursion limit"));
    let deep: String = (0..200).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert!(parse_error(&deep).contains("nests deeper than 128 levels"));
}

#[test]
fn resolve_follows_chains_but_not_cycles() {
    let text =
        "a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: 1\nd: {$ref: '#/e'}\ne: {$ref: '#/d'}\nf: {$ref: 'other.yaml#/a'}\n";
    let document = Document::parse("calls.yaml", text).unwrap();
    assert_eq!(document.resolve("/a").as_deref(), Some("/c"));
    assert_eq!(document.resolve("/d"), None);
    assert_eq!(document.resolve("/f"), None);
    assert_eq!(document.resolve("/nowhere"), None);
}

#[test]
fn operations_and_examples_of_workspace_document() {
    let document = Document::parse("calls.yaml", include_str!("../../../../openapi/calls.yaml")).unwrap();
    let operations = document.operations();
    let update = operations
        .iter()
        .find(|operation| operation.id == Some("update_call"))
        .unwrap();
    assert_eq!((update.method, update.path), (Method::Patch, "/v1/calls/{call_id}"));
    let files: Vec<_> = document.examples().into_iter().map(|example| example.payload).collect();
    assert!(files.contains(&Payload::File("examples/update_call.request.json")));
    assert!(files.contains(&Payload::File("examples/update_call.response.200.json")));
}

#[test]
fn parse_merge_keys_includes_members() {
    let parse = |text: &str| Document::parse("d.yaml", text).unwrap().value().clone();
    let text = "
base: &base {a: 1, b: 1}
more: &more {<<: *base, c: 1}
one: {<<: *base, b: 2}
two: {b: 3, <<: [*more, {d: 4, a: 5}]}
";
    assert_eq!(parse("'<<': 1")["<<"], 1);
    let merged = parse(text);
    assert_eq!(merged["more"], json!({"a": 1, "b": 1, "c": 1}));
    assert_eq!(merged["one"], json!({"a": 1, "b": 2}));
    assert_eq!(merged["two"], json!({"a": 1, "b": 3, "c": 1, "d": 4}));
}

#[test]
fn parse_integers_of_64_bits_keeps_all_digits() {
    let document = Document::parse("d.yaml", "[18446744073709551615, -9223372036854775808, 1e19, 1.5]").unwrap();
    assert_eq!(
        document.value().to_string(),
        "[18446744073709551615,-9223372036854775808,1e+19,1.5]"
    );
}

#[test]
fn parse_json_with_yaml_file_name_detects_format() {
    let text = "{\"a\": \"\\ud83d\\udc4d\",\n  \"b\": [1, {\"c\": \"\\ud800\"}], \"\\u0064\": 18446744073709551615}";
    let document = Document::parse("calls.yaml", text).unwrap();
    assert_eq!(document.get_str("/a"), Some("\u{1f44d}"));
    assert_eq!(document.get_str("/b/1/c"), Some("\u{fffd}"));
    assert_eq!(
        document.get("/d").map(ToString::to_string).as_deref(),
        Some("18446744073709551615")
    );
    let location = |at: &str| (document.location(at).line, document.location(at).column);
    assert_eq!(location("/a"), (1, 7));
    assert_eq!(location("/b"), (2, 3));
    assert_eq!(location("/b/0"), (2, 9));
    assert_eq!(location("/b/1/c"), (2, 18));
    // YAML may start with a brace too.
    let yaml = Document::parse("calls.json", "{a: 1, b: [x]}").unwrap();
    assert_eq!(yaml.get_str("/b/0"), Some("x"));
}

#[test]
fn parse_invalid_text_reports_error_of_parser_that_got_further() {
    for (text, problem, location) in [
        (
            "{\"a\": \"\\ud83d\\udc4d\",\n \"b\": 1,\n \"c\": tru}",
            "invalid JSON: ",
            (3, 7),
        ),
        ("{\"a\": 1, \"a\": 2}", "duplicate key `a`", (1, 10)),
        (
            "{\"a\": 1e999}",
            "invalid number: expected one that fits into a double",
            (1, 7),
        ),
        ("{a: 1, b: [}", "invalid YAML: ", (1, 12)),
    ] {
        let found = Document::parse("calls.json", text).unwrap_err();
        let one = found.iter().next().unwrap();
        assert!(one.problem.starts_with(problem), "{text}: {}", one.problem);
        assert_eq!((one.location.line, one.location.column), location, "{text}");
    }
}

#[test]
fn large_integer_is_error_for_parse_and_rounded_by_parse_rounding() {
    for text in ["{\"a\": 123456789012345678901}", "a: 123456789012345678901"] {
        assert!(Document::parse("calls", text).is_err());
        let document = Document::parse_rounding("calls", text).unwrap();
        let [number] = document.rounded_numbers() else {
            panic!("{:?}", document.rounded_numbers())
        };
        assert_eq!(
            (number.pointer.as_str(), number.digits.as_str()),
            ("/a", "123456789012345678901")
        );
        // A double represents this one exactly.
        assert!(Document::parse("calls", &text.replace("123456789012345678901", "36893488147419103232")).is_ok());
    }
}

#[test]
fn diagnostic_on_long_line_is_shortened_around_location() {
    let text = format!(
        "{{\"a\": \"{}\", \"b\": 1, \"c\": \"{}\"}}",
        "x".repeat(500),
        "é".repeat(300)
    );
    let document = Document::parse("calls.json", &text).unwrap();
    let shown = document.diagnostic("/b", "wrong", "fix it").to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() < 180), "{shown}");
    let caret = lines
        .iter()
        .position(|line| line.trim_start_matches([' ', '|']) == "^")
        .unwrap();
    let column = lines[caret].find('^').unwrap();
    assert_eq!(lines[caret - 1].chars().nth(column), Some('1'), "{shown}");
}

#[test]
fn nodes_are_found_in_every_section_and_in_what_they_contain() {
    let document = Document::parse(
        "api.yaml",
        "
openapi: 3.0.3
paths:
  /things:
    get:
      parameters: [{name: page, in: query, schema: {type: integer}}]
      responses: {'200': {description: Found., content: {application/json: {schema: {type: string}}}}}
components:
  schemas: {Thing: {properties: {items: {type: string}}}}
  parameters: {Page: {name: page, in: query, schema: {type: integer}}}
  requestBodies: {Thing: {content: {application/json: {schema: {type: string}}}}}
  responses: {Found: {description: Found., headers: {X-Page: {schema: {type: integer}}}}}
  headers: {Page: {schema: {type: integer}}}
  examples: {Thing: {value: {$ref: no reference}}}
",
    )
    .unwrap();
    let nodes = traverse::nodes(&document);
    let found: Vec<(&str, Kind)> = nodes.iter().map(|node| (node.pointer.as_str(), node.kind)).collect();
    let content = |at: &str| format!("{at}/content/application~1json/schema");
    let expected = [
        ("/paths/~1things/get/parameters/0".to_owned(), Kind::Parameter),
        ("/paths/~1things/get/parameters/0/schema".to_owned(), Kind::Schema),
        ("/paths/~1things/get/responses/200".to_owned(), Kind::Response),
        (content("/paths/~1things/get/responses/200"), Kind::Schema),
        ("/paths/~1things".to_owned(), Kind::PathItem),
        ("/components/schemas/Thing".to_owned(), Kind::Schema),
        ("/components/schemas/Thing/properties/items".to_owned(), Kind::Schema),
        ("/components/parameters/Page".to_owned(), Kind::Parameter),
        ("/components/parameters/Page/schema".to_owned(), Kind::Schema),
        ("/components/requestBodies/Thing".to_owned(), Kind::RequestBody),
        (content("/components/requestBodies/Thing"), Kind::Schema),
        ("/components/responses/Found".to_owned(), Kind::Response),
        ("/components/responses/Found/headers/X-Page".to_owned(), Kind::Header),
        (
            "/components/responses/Found/headers/X-Page/schema".to_owned(),
            Kind::Schema,
        ),
        ("/components/headers/Page".to_owned(), Kind::Header),
        ("/components/headers/Page/schema".to_owned(), Kind::Schema),
        ("/components/examples/Thing".to_owned(), Kind::Example),
    ];
    assert_eq!(
        found,
        expected.each_ref().map(|(pointer, kind)| (pointer.as_str(), *kind))
    );
}
