//! Samples match the schemas that they are generated from.

use callrounded_document::{Document, json::Json};
use serde_json::{Value, json};

fn sample(schemas: Value) -> (Value, bool) {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": {},
        "components": { "schemas": schemas },
    });
    let document = Document::from_value("document", document);
    let sample = document.sample("/components/schemas/A");
    let validator = document.validator("/components/schemas/A", None).unwrap();
    let is_valid = validator.accepts(&Json::of(&sample));
    (sample, is_valid)
}

#[test]
fn sample_of_schema_is_valid() {
    for schema in [
        json!({}),
        json!({ "type": "string" }),
        json!({ "type": "string", "minLength": 30 }),
        json!({ "type": "string", "maxLength": 2 }),
        json!({ "type": "string", "enum": ["b", "a"] }),
        json!({ "type": "boolean" }),
        json!({ "type": "integer" }),
        json!({ "type": "integer", "minimum": 7, "multipleOf": 5 }),
        json!({ "type": "integer", "minimum": 10, "exclusiveMinimum": true }),
        json!({ "type": "integer", "maximum": -3 }),
        json!({ "type": "integer", "maximum": -3, "exclusiveMaximum": true }),
        json!({ "type": "number", "minimum": 0.1, "maximum": 0.6 }),
        json!({ "type": "number", "multipleOf": 0.25, "minimum": 1.1 }),
        json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2 }),
        json!({ "type": "object", "required": ["a", "b", "c"], "properties": {
            "a": { "type": "string", "nullable": true }, "b": { "oneOf": [{ "type": "integer" }, { "enum": [null] }] },
            "c": { "type": "array", "items": {} }, "d": { "type": "string" },
        } }),
        json!({ "allOf": [
            { "type": "object", "required": ["a"], "properties": { "a": { "type": "integer" } } },
            { "type": "object", "required": ["b"], "properties": { "b": { "type": "string" } } },
        ] }),
        json!({ "oneOf": [
            { "type": "object", "required": ["k"], "properties": { "k": { "type": "string", "enum": ["x"] } } },
            { "type": "object", "required": ["k"], "properties": { "k": { "type": "string", "enum": ["y"] } } },
        ] }),
        json!({ "type": "object", "properties": { "next": { "$ref": "#/components/schemas/A" } } }),
    ] {
        let (sample, is_valid) = sample(json!({ "A": schema }));
        assert!(is_valid, "invalid sample of {schema}: {sample}");
    }
}

#[test]
fn sample_of_each_format_is_valid() {
    for format in [
        "date-time",
        "date",
        "time",
        "duration",
        "uuid",
        "uri",
        "uri-reference",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "e164",
        "byte",
        "binary",
        "decimal",
        "password",
        "regex",
        "json-pointer",
        "unheard-of",
    ] {
        let (sample, is_valid) = sample(json!({ "A": { "type": "string", "format": format } }));
        assert!(is_valid, "invalid sample of the format {format}: {sample}");
    }
}

#[test]
fn sample_with_example_or_default_is_that_value() {
    assert_eq!(
        sample(json!({ "A": { "type": "string", "example": "x", "default": "y" } })).0,
        "x"
    );
    assert_eq!(sample(json!({ "A": { "type": "string", "default": "y" } })).0, "y");
}

#[test]
fn sample_of_infinite_schema_is_null() {
    let schema = json!({ "type": "object", "required": ["next"], "properties": { "next": { "$ref": "#/components/schemas/A" } } });
    assert_eq!(sample(json!({ "A": schema })), (Value::Null, false));
}
