//! What the fingerprint of a finding depends on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Console, ORDERED, PATHS, THING, document, malformed_payloads, support::lossless_types};

#[test]
fn fingerprint_is_independent_of_order_and_values() {
    let console = Console::with_schemas(ORDERED);
    let of = |files: &[(&str, &str)]| {
        for (name, text) in files {
            console.file(name, text);
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        console.fingerprints(&format!("--schema Ordered {}", names.join(" ")))
    };
    let base = r#"{"count": 6, "list": [{"a": 1}, {"b": true}, {"a": "x", "b": "y"}], "map": {"k": "v"}, "new": 1}"#;
    let expected = of(&[("base.json", base)]);
    let keywords: Vec<&str> = expected.iter().map(|(keyword, _)| keyword.as_str()).collect();
    assert_eq!(
        keywords,
        ["maximum", "properties", "required", "required", "type", "type", "type"]
    );
    let distinct: BTreeSet<_> = expected.iter().collect();
    assert_eq!(distinct.len(), expected.len(), "{expected:?}");

    for (what, text) in [
        (
            "members reordered",
            r#"{"new": 1, "map": {"k": "v"}, "list": [{"a": 1}, {"b": true}, {"b": "y", "a": "x"}], "count": 6}"#,
        ),
        (
            "items reordered",
            r#"{"count": 6, "list": [{"a": "x", "b": "y"}, {"b": true}, {"a": 1}], "map": {"k": "v"}, "new": 1}"#,
        ),
        (
            "more items that are right",
            r#"{"count": 6, "list": [{"a": "z"}, {"a": 1}, {"b": true}, {"a": "x", "b": "y"}, {"a": "z"}],
                "map": {"l": 1, "k": "v"}, "new": 1}"#,
        ),
        (
            "other values",
            r#"{"count": 600, "list": [{"a": null}, {"b": false}, {"a": "u", "b": 0}], "map": {"k": {}}, "new": {"n": 1}}"#,
        ),
        (
            "other names in a map",
            r#"{"count": 6, "list": [{"a": 1}, {"b": true}, {"a": "x", "b": "y"}], "map": {"someone else": "v"}, "new": 1}"#,
        ),
        (
            "on many lines",
            "{\n\n  \"count\": 6,\n  \"list\": [\n{\"a\": 1},\n {\"b\": true}, {\"a\": \"x\",\n \"b\": \"y\"}],\n\
             \"map\": {\"k\": \"v\"}, \"new\": 1}\n",
        ),
    ] {
        assert_eq!(of(&[("base.json", text)]), expected, "{what}");
        assert_eq!(
            of(&[("elsewhere/other.json", text)]),
            expected,
            "{what}, in another file"
        );
    }

    // Lines and files may be in another order.
    let lines = [
        "{\"count\": 9}",
        "{\"id\": 1}",
        "{\"id\": \"a\", \"fresh\": 1}",
        "{",
        "{\"id\": \"a\"}",
    ];
    let forth = of(&[("lines.ndjson", &lines.join("\n"))]);
    assert_eq!(forth.len(), 5);
    let back: Vec<&str> = lines.iter().rev().copied().collect();
    assert_eq!(of(&[("lines.ndjson", &back.join("\n"))]), forth);
    let files: Vec<(String, &str)> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| (format!("{index}.json"), *line))
        .collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    assert_eq!(of(&files), forth);
    files.reverse();
    assert_eq!(of(&files), forth);

    // The document may grow.
    console.file("base.json", base);
    let grown = ORDERED.replace("    count:", "    earlier: {type: string}\n    count:");
    console.file(
        "openapi/calls.yaml",
        document(PATHS, &format!("{THING}{}", grown.trim_start())),
    );
    assert_eq!(console.fingerprints("--schema Ordered base.json"), expected);
}

#[test]
fn fingerprint_distinguishes_findings_and_kinds_of_payloads() {
    let console = Console::new(&document(PATHS, THING));
    console.file("less.json", "{\"name\": 1, \"count\": \"x\", \"new\": 1, \"other\": 1}");
    let mut seen = BTreeSet::new();
    for kind in [
        "--schema Thing",
        "--operation add_thing --request",
        "--operation add_thing --response 200",
        "--operation add_thing --response 400",
    ] {
        for (keyword, fingerprint) in console.fingerprints(&format!("{kind} less.json")) {
            assert!(seen.insert(fingerprint), "{kind}: {keyword}");
        }
    }
    // Each kind of syntax error has one fingerprint, whatever the text.
    let mut of_problem: BTreeMap<String, String> = BTreeMap::new();
    for (name, bytes) in malformed_payloads() {
        console.file(&format!("{name}.json"), bytes);
        let (_, printed) = console.machine(
            &format!("--schema Thing --format json {name}.json"),
            &mut lossless_types(),
        );
        let printed: Value = serde_json::from_str(&printed).unwrap();
        let text = |field: &str| printed["findings"][0][field].as_str().unwrap().to_owned();
        let first = of_problem.entry(text("fingerprint")).or_insert_with(|| text("problem"));
        assert_eq!(*first, text("problem"));
    }
    let problems: BTreeSet<&String> = of_problem.values().collect();
    assert_eq!(problems.len(), of_problem.len());
}
