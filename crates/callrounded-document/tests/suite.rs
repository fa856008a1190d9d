//! The official JSON Schema Test Suite, its draft 4 run through the translation from OpenAPI 3.0, which took its schemas
//! from about there. What 3.0 does not have is left out by name, each with its reason.
//!
//! The suite is not part of this repository: `JSON_SCHEMA_TEST_SUITE` names a folder that holds its `draft4`.
#![cfg(feature = "validate")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use callrounded_document::{
    Document, Verdict,
    json::{Json, Node},
};
use callrounded_test_support::skip_without_tool;
use serde_json::{Map, Value, json};

/// Files, relative to `draft4`. Not among them: refRemote.json, all of whose references are remote, and what is optional
/// and about neither formats nor numbers.
const FILES: [&str; 39] = [
    "additionalItems.json",
    "additionalProperties.json",
    "allOf.json",
    "anyOf.json",
    "default.json",
    "definitions.json",
    "dependencies.json",
    "enum.json",
    "format.json",
    "infinite-loop-detection.json",
    "items.json",
    "maxItems.json",
    "maxLength.json",
    "maxProperties.json",
    "maximum.json",
    "minItems.json",
    "minLength.json",
    "minProperties.json",
    "minimum.json",
    "multipleOf.json",
    "not.json",
    "oneOf.json",
    "pattern.json",
    "patternProperties.json",
    "properties.json",
    "ref.json",
    "required.json",
    "type.json",
    "uniqueItems.json",
    "optional/bignum.json",
    "optional/float-overflow.json",
    "optional/zeroTerminatedFloats.json",
    "optional/format/date-time.json",
    "optional/format/email.json",
    "optional/format/hostname.json",
    "optional/format/ipv4.json",
    "optional/format/ipv6.json",
    "optional/format/unknown.json",
    "optional/format/uri.json",
];

/// What is left out: the file, the group, the test in it, and why. `*` stands for all.
const EXCEPTIONS: &[(&str, &str, &str, &str)] = &[
    ("additionalItems.json", "*", "*", "3.0 has no additionalItems"),
    ("patternProperties.json", "*", "*", "3.0 has no patternProperties"),
    ("dependencies.json", "*", "*", "3.0 has no dependencies"),
    (
        "additionalProperties.json",
        "additionalProperties being false does not allow other properties",
        "patternProperties are not additional properties",
        "3.0 has no patternProperties",
    ),
    (
        "additionalProperties.json",
        "non-ASCII pattern with additionalProperties",
        "*",
        "3.0 has no patternProperties",
    ),
    (
        "properties.json",
        "properties, patternProperties, additionalProperties interaction",
        "*",
        "3.0 has no patternProperties",
    ),
    (
        "definitions.json",
        "*",
        "*",
        "refers to the schema of draft 4 itself, by URL",
    ),
    (
        "ref.json",
        "remote ref, containing refs itself",
        "*",
        "refers to the schema of draft 4 itself, by URL",
    ),
    (
        "items.json",
        "an array of schemas for items",
        "*",
        "items of 3.0 is one schema",
    ),
    ("items.json", "items and subitems", "*", "items of 3.0 is one schema"),
    (
        "items.json",
        "array-form items with null instance elements",
        "*",
        "items of 3.0 is one schema",
    ),
    (
        "ref.json",
        "relative pointer ref to array",
        "*",
        "items of 3.0 is one schema",
    ),
    (
        "uniqueItems.json",
        "uniqueItems with an array of items",
        "*",
        "items of 3.0 is one schema",
    ),
    (
        "uniqueItems.json",
        "uniqueItems with an array of items and additionalItems=false",
        "*",
        "items of 3.0 is one schema",
    ),
    (
        "uniqueItems.json",
        "uniqueItems=false with an array of items",
        "*",
        "items of 3.0 is one schema",
    ),
    (
        "uniqueItems.json",
        "uniqueItems=false with an array of items and additionalItems=false",
        "*",
        "items of 3.0 is one schema",
    ),
    (
        "ref.json",
        "$ref prevents a sibling id from changing the base uri",
        "*",
        "3.0 has no id",
    ),
    ("ref.json", "Recursive references between schemas", "*", "3.0 has no id"),
    ("ref.json", "Location-independent identifier", "*", "3.0 has no id"),
    (
        "ref.json",
        "Location-independent identifier with base URI change in subschema",
        "*",
        "3.0 has no id",
    ),
    (
        "ref.json",
        "id must be resolved against nearest parent, not just immediate parent",
        "*",
        "3.0 has no id",
    ),
    (
        "ref.json",
        "id with file URI still resolves pointers - *nix",
        "*",
        "3.0 has no id",
    ),
    (
        "ref.json",
        "id with file URI still resolves pointers - windows",
        "*",
        "3.0 has no id",
    ),
    (
        "ref.json",
        "empty tokens in $ref json-pointer",
        "*",
        "a schema of 3.0 holds no definitions",
    ),
];

#[derive(Default)]
struct Count {
    run: usize,
    skipped: usize,
}

#[test]
fn the_official_suite_of_draft_4() {
    let Some(folder) = folder() else {
        skip_without_tool(
            "the JSON Schema Test Suite: tests/python/fetch_suites.sh fetches it, or JSON_SCHEMA_TEST_SUITE names a \
             directory that holds its draft4",
        );
        return;
    };
    let mut used = BTreeSet::new();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut failures = Vec::new();
    for file in FILES {
        let text = fs::read_to_string(folder.join("draft4").join(file)).expect(file);
        let json = Json::read(text).expect(file);
        for group in json.root().elements() {
            let name = text_of(group, "description");
            // Each is made only where a test of it is run: some of those left out can't be.
            let mut validator = None;
            for test in group.get("tests").unwrap().elements() {
                let count = counts.entry(file).or_default();
                let test_name = text_of(test, "description");
                let exception = EXCEPTIONS.iter().position(|(in_file, in_group, in_test, _)| {
                    *in_file == file && matches(in_group, &name) && matches(in_test, &test_name)
                });
                if let Some(exception) = exception {
                    used.insert(exception);
                    count.skipped += 1;
                    continue;
                }
                count.run += 1;
                let schema = group.get("schema").unwrap().to_value();
                let validator = validator.get_or_insert_with(|| {
                    let document = Document::parse("suite.json", &document_of(&schema).to_string());
                    document.unwrap().validator("/components/schemas/S", None)
                });
                let expected = test.get("valid").unwrap().as_bool().unwrap();
                // As it is written: 1.0 and 1 are different numbers, and large ones are exact.
                let data = test.get("data").unwrap().source();
                let got = match validator {
                    Err(refused) => Err(format!("no valid schema: {refused}")),
                    Ok(validator) => {
                        let found = validator.check(&Json::read(data).unwrap());
                        // A property that is not known is allowed by every schema that does not refuse it.
                        let counts = |one: &callrounded_document::Deviation| {
                            one.verdict == Verdict::Error || one.keyword != "properties"
                        };
                        Ok(!found.iter().any(counts))
                    }
                };
                if got != Ok(expected) {
                    failures.push(format!(
                        "{file} / {name} / {test_name}: expected {expected}, got {got:?}; {schema} of {data}"
                    ));
                }
            }
        }
    }
    for (file, Count { run, skipped }) in &counts {
        eprintln!("{file}: {run} run, {skipped} left out");
    }
    let unused: Vec<_> = (0..EXCEPTIONS.len())
        .filter(|index| !used.contains(index))
        .map(|index| EXCEPTIONS[index])
        .collect();
    assert!(unused.is_empty(), "exceptions that except nothing: {unused:#?}");
    let run: usize = counts.values().map(|count| count.run).sum();
    assert!(
        failures.is_empty(),
        "{} of {run} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert_eq!(run, 620, "the suite has changed, or the exceptions");
}

fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("JSON_SCHEMA_TEST_SUITE") {
        return Some(folder.into());
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/suites/jsonschema-4.26.0/json/tests");
    here.is_dir().then_some(here)
}

fn text_of(node: Node<'_>, name: &str) -> String {
    node.get(name)
        .and_then(|text| text.as_str())
        .unwrap_or_default()
        .into_owned()
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern == "*" || pattern == name
}

/// The schema as `S` among the components, and each of its definitions beside it.
fn document_of(schema: &Value) -> Value {
    let mut schemas = Map::new();
    for (name, definition) in schema
        .get("definitions")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        assert_ne!(name, "S");
        schemas.insert(name.clone(), rewritten(definition));
    }
    schemas.insert("S".to_owned(), rewritten(schema));
    json!({ "openapi": "3.0.3", "components": { "schemas": schemas } })
}

/// The same schema in the words of OpenAPI 3.0. Only what says the same there is rewritten.
fn rewritten(schema: &Value) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    let each = |schemas: &Value| match schemas {
        Value::Object(schemas) => schemas
            .iter()
            .map(|(name, schema)| (name.clone(), rewritten(schema)))
            .collect(),
        Value::Array(schemas) => schemas.iter().map(rewritten).collect(),
        other => other.clone(),
    };
    let mut out = Map::new();
    for (keyword, value) in schema {
        let value = match keyword.as_str() {
            "definitions" | "$schema" => continue,
            "$ref" => Value::from(reference(value.as_str().unwrap())),
            "properties" | "allOf" | "anyOf" | "oneOf" => each(value),
            "items" | "not" | "additionalProperties" => rewritten(value),
            "type" => {
                typed(value, &mut out);
                continue;
            }
            _ => value.clone(),
        };
        out.insert(keyword.clone(), value);
    }
    Value::Object(out)
}

fn reference(text: &str) -> String {
    match text.strip_prefix('#') {
        Some(pointer) => match pointer.strip_prefix("/definitions/") {
            Some(definition) => format!("#/components/schemas/{definition}"),
            None => format!("#/components/schemas/S{pointer}"),
        },
        None => text.to_owned(),
    }
}

/// 3.0 has no lists of types and no type `null`, but ways to say both.
fn typed(types: &Value, out: &mut Map<String, Value>) {
    let single = |name: &Value| match name.as_str() {
        Some("null") => json!({ "enum": [null] }),
        _ => json!({ "type": name }),
    };
    let extend: Value = match types {
        Value::Array(types) => match types.as_slice() {
            [one] => single(one),
            [one, null] if null == "null" => json!({ "type": one, "nullable": true }),
            several => json!({ "anyOf": several.iter().map(single).collect::<Vec<_>>() }),
        },
        one => single(one),
    };
    for (keyword, value) in extend.as_object().unwrap() {
        assert!(
            out.insert(keyword.clone(), value.clone()).is_none(),
            "{keyword} is taken"
        );
    }
}
