//! Reading a document: what is refused and where it is said to be.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use callrounded_document::{Document, Method, Payload, Place};
use serde_json::json;

fn refusal(text: &str) -> String {
    Document::parse("calls.yaml", text).unwrap_err().to_string()
}

#[test]
fn each_value_knows_its_place() {
    let document = Document::parse(
        "calls.yaml",
        "openapi: 3.0.3\npaths:\n  /a~b:\n    get: {operationId: list}\n",
    )
    .unwrap();
    assert_eq!(document.place("/openapi"), Place { line: 1, column: 10 });
    assert_eq!(document.place("/paths/~1a~0b/get"), Place { line: 4, column: 5 });
    assert_eq!(
        document.place("/paths/~1a~0b/get/operationId"),
        Place { line: 4, column: 24 }
    );
    // What is not there is near what would hold it.
    assert_eq!(
        document.place("/paths/~1a~0b/get/responses/200"),
        Place { line: 4, column: 5 }
    );
}

#[test]
fn broken_text_is_refused_with_its_place() {
    expect_test::expect![[r#"
        error: this is not YAML: mapping values are not allowed in this context
         --> calls.yaml:2:15
          |
        2 |   title: Calls: all of them
          |               ^
          = help: mend the syntax; indentation, an unquoted `: ` or `#` in a text, and a name given twice are the usual causes"#]]
    .assert_eq(&refusal("info:\n  title: Calls: all of them\n"));
}

#[test]
fn what_json_cannot_say_is_refused() {
    assert!(refusal("a: 1\na: 2\n").contains("calls.yaml:2:1"));
    assert!(refusal("200: 1\n\"200\": 2\n").contains("the name `200` is given twice"));
    assert!(refusal("a: &a [1]\nb: {<<: *a}\n").contains("only objects can be merged in by `<<`"));
    assert!(refusal("a: 18446744073709551617\n").contains("this whole number has more than 64 bits"));
    assert!(refusal("a: .nan\n").contains("JSON has no such number"));
    assert!(refusal("a: !secret b\n").contains("has no meaning in OpenAPI"));
    assert!(refusal("a: 1\n---\nb: 2\n").contains("2 YAML documents"));
    assert!(refusal("").contains("0 YAML documents"));
    assert!(refusal("[1]: 2\n").contains("a name here is not a text"));
    assert!(refusal(&"[".repeat(100_000)).contains("recursion limit"));
    let deep: String = (0..200).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert!(refusal(&deep).contains("nests deeper than 128 levels"));
}

#[test]
fn references_are_followed_but_not_in_circles() {
    let text =
        "a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: 1\nd: {$ref: '#/e'}\ne: {$ref: '#/d'}\nf: {$ref: 'other.yaml#/a'}\n";
    let document = Document::parse("calls.yaml", text).unwrap();
    assert_eq!(document.resolve("/a").as_deref(), Some("/c"));
    assert_eq!(document.resolve("/d"), None);
    assert_eq!(document.resolve("/f"), None);
    assert_eq!(document.resolve("/nowhere"), None);
}

#[test]
fn the_document_of_this_workspace_has_its_operation_and_examples() {
    let document = Document::parse("calls.yaml", include_str!("../../../openapi/calls.yaml")).unwrap();
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
fn merge_keys_are_merged() {
    let read = |text: &str| Document::parse("d.yaml", text).unwrap().value().clone();
    let text = "
base: &base {a: 1, b: 1}
more: &more {<<: *base, c: 1}
one: {<<: *base, b: 2}
two: {b: 3, <<: [*more, {d: 4, a: 5}]}
";
    assert_eq!(read("'<<': 1")["<<"], 1);
    let read_text = read(text);
    assert_eq!(read_text["more"], json!({"a": 1, "b": 1, "c": 1}));
    assert_eq!(read_text["one"], json!({"a": 1, "b": 2}));
    assert_eq!(read_text["two"], json!({"a": 1, "b": 3, "c": 1, "d": 4}));
}

#[test]
fn whole_numbers_keep_their_digits() {
    let document = Document::parse("d.yaml", "[18446744073709551615, -9223372036854775808, 1e19, 1.5]").unwrap();
    assert_eq!(
        document.value().to_string(),
        "[18446744073709551615,-9223372036854775808,1e+19,1.5]"
    );
}

#[test]
fn json_is_read_as_json_whatever_the_file_is_called() {
    let text = "{\"a\": \"\\ud83d\\udc4d\",\n  \"b\": [1, {\"c\": \"\\ud800\"}], \"\\u0064\": 18446744073709551615}";
    let document = Document::parse("calls.yaml", text).unwrap();
    assert_eq!(document.text("/a"), Some("\u{1f44d}"));
    assert_eq!(document.text("/b/1/c"), Some("\u{fffd}"));
    assert_eq!(
        document.get("/d").map(ToString::to_string).as_deref(),
        Some("18446744073709551615")
    );
    let place = |at: &str| (document.place(at).line, document.place(at).column);
    assert_eq!(place("/a"), (1, 7));
    assert_eq!(place("/b"), (2, 3));
    assert_eq!(place("/b/0"), (2, 9));
    assert_eq!(place("/b/1/c"), (2, 18));
    // What begins with a brace may be YAML too.
    let yaml = Document::parse("calls.json", "{a: 1, b: [x]}").unwrap();
    assert_eq!(yaml.text("/b/0"), Some("x"));
}

#[test]
fn what_is_neither_json_nor_yaml_is_reported_by_the_reader_that_came_further() {
    for (text, problem, place) in [
        (
            "{\"a\": \"\\ud83d\\udc4d\",\n \"b\": 1,\n \"c\": tru}",
            "this is not JSON",
            (3, 7),
        ),
        ("{\"a\": 1, \"a\": 2}", "the name `a` is given twice", (1, 10)),
        ("{\"a\": 1e999}", "JSON has no such number", (1, 7)),
        ("{a: 1, b: [}", "this is not YAML", (1, 12)),
    ] {
        let found = Document::parse("calls.json", text).unwrap_err();
        let one = found.iter().next().unwrap();
        assert!(one.problem.starts_with(problem), "{text}: {}", one.problem);
        assert_eq!((one.place.line, one.place.column), place, "{text}");
    }
}

#[test]
fn number_of_more_digits_is_rounded_only_where_that_is_asked_for() {
    for text in ["{\"a\": 123456789012345678901}", "a: 123456789012345678901"] {
        assert!(Document::parse("calls", text).is_err());
        let document = Document::parse_rounding("calls", text).unwrap();
        let [number] = document.rounded() else {
            panic!("{:?}", document.rounded())
        };
        assert_eq!(
            (number.pointer.as_str(), number.digits.as_str()),
            ("/a", "123456789012345678901")
        );
        // A double holds this one.
        assert!(Document::parse("calls", &text.replace("123456789012345678901", "36893488147419103232")).is_ok());
    }
}

#[test]
fn long_line_is_cut_around_the_place() {
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
