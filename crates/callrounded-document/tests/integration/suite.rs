//! Runs draft 4 of the official JSON Schema Test Suite with schemas converted to OpenAPI 3.0, which is based on a
//! similar draft. Tests of features that OpenAPI 3.0 does not have are excluded by name, each with a reason.
//!
//! The suite is not part of this repository: `JSON_SCHEMA_TEST_SUITE` is the path of a directory with its `draft4`.

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

/// The files to run, relative to `draft4`. Excluded are refRemote.json, which has only remote references, and optional
/// files that are about neither formats nor numbers.
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

/// The excluded tests: file, group, test and reason. `*` matches all.
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
        "a schema of 3.0 has no definitions",
    ),
];

#[derive(Default)]
struct Count {
    run: usize,
    skipped: usize,
}

#[test]
fn validator_passes_json_schema_test_suite_draft_4() {
    let Some(directory) = suite_directory() else {
        skip_without_tool(
            "the JSON Schema Test Suite: run tests/python/fetch_suites.sh, or set JSON_SCHEMA_TEST_SUITE to a \
             directory that contains draft4",
        );
        return;
    };
    let mut used = BTreeSet::new();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut failures = Vec::new();
    for file in FILES {
        let text = fs::read_to_string(directory.join("draft4").join(file)).expect(file);
        let json = Json::read(text).expect(file);
        for group in json.root().elements() {
            let name = string_of(group, "description");
            // Compiled for the first test that runs: some schemas of excluded tests cannot be compiled.
            let mut validator = None;
            for test in group.get("tests").unwrap().elements() {
                let count = counts.entry(file).or_default();
                let test_name = string_of(test, "description");
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
                // The source text: 1.0 and 1 are different, and large numbers are exact.
                let data = test.get("data").unwrap().source();
                let actual = match validator {
                    Err(error) => Err(format!("invalid schema: {error}")),
                    Ok(validator) => {
                        let found = validator.check(&Json::read(data).unwrap());
                        // Properties that are not described are drift here, but valid in JSON Schema.
                        let counts = |one: &callrounded_document::Mismatch| {
                            one.verdict == Verdict::Error || one.keyword != "properties"
                        };
                        Ok(!found.iter().any(counts))
                    }
                };
                if actual != Ok(expected) {
                    failures.push(format!(
                        "{file} / {name} / {test_name}: expected {expected}, got {actual:?}; {schema} with {data}"
                    ));
                }
            }
        }
    }
    for (file, Count { run, skipped }) in &counts {
        eprintln!("{file}: {run} run, {skipped} excluded");
    }
    let unused: Vec<_> = (0..EXCEPTIONS.len())
        .filter(|index| !used.contains(index))
        .map(|index| EXCEPTIONS[index])
        .collect();
    assert!(unused.is_empty(), "exceptions that match no test: {unused:#?}");
    let run: usize = counts.values().map(|count| count.run).sum();
    assert!(
        failures.is_empty(),
        "{} of {run} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert_eq!(run, 620, "the suite or the exceptions have changed");
}

fn suite_directory() -> Option<PathBuf> {
    if let Some(directory) = std::env::var_os("JSON_SCHEMA_TEST_SUITE") {
        return Some(directory.into());
    }
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/suites/jsonschema-4.26.0/json/tests");
    fetched.is_dir().then_some(fetched)
}

fn string_of(node: Node<'_>, key: &str) -> String {
    node.get(key)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
        .into_owned()
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern == "*" || pattern == name
}

/// Builds a document with the schema as the component `S`, and with its definitions as components.
fn document_of(schema: &Value) -> Value {
    let mut schemas = Map::new();
    for (name, definition) in schema
        .get("definitions")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        assert_ne!(name, "S");
        schemas.insert(name.clone(), converted(definition));
    }
    schemas.insert("S".to_owned(), converted(schema));
    json!({ "openapi": "3.0.3", "components": { "schemas": schemas } })
}

/// Converts a schema to an equivalent one of OpenAPI 3.0, as far as there is one.
fn converted(schema: &Value) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    let each = |schemas: &Value| match schemas {
        Value::Object(schemas) => schemas
            .iter()
            .map(|(name, schema)| (name.clone(), converted(schema)))
            .collect(),
        Value::Array(schemas) => schemas.iter().map(converted).collect(),
        other => other.clone(),
    };
    let mut out = Map::new();
    for (keyword, value) in schema {
        let value = match keyword.as_str() {
            "definitions" | "$schema" => continue,
            "$ref" => Value::from(reference(value.as_str().unwrap())),
            "properties" | "allOf" | "anyOf" | "oneOf" => each(value),
            "items" | "not" | "additionalProperties" => converted(value),
            "type" => {
                convert_type(value, &mut out);
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

/// Converts `type`. OpenAPI 3.0 has no lists of types and no type `null`, but equivalents of both.
fn convert_type(types: &Value, out: &mut Map<String, Value>) {
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
            "the schema already has `{keyword}`"
        );
    }
}
