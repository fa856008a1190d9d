//! Samples fit the schemas that they are made from.
#![cfg(feature = "validate")]
#![allow(missing_docs, clippy::unwrap_used)]

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
    let fits = validator.accepts(&Json::of(&sample));
    (sample, fits)
}

#[test]
fn sample_fits_its_schema() {
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
        let (sample, fits) = sample(json!({ "A": schema }));
        assert!(fits, "{schema} has the sample {sample}");
    }
}

#[test]
fn sample_of_each_format_fits_it() {
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
        let (sample, fits) = sample(json!({ "A": { "type": "string", "format": format } }));
        assert!(fits, "{format} has the sample {sample}");
    }
}

#[test]
fn sample_is_the_example_where_there_is_one() {
    assert_eq!(
        sample(json!({ "A": { "type": "string", "example": "x", "default": "y" } })).0,
        "x"
    );
    assert_eq!(sample(json!({ "A": { "type": "string", "default": "y" } })).0, "y");
}

#[test]
fn sample_of_a_schema_that_holds_itself_ends() {
    let schema = json!({ "type": "object", "required": ["next"], "properties": { "next": { "$ref": "#/components/schemas/A" } } });
    assert_eq!(sample(json!({ "A": schema })), (Value::Null, false));
}
