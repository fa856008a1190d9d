//! Converts values to a canonical form, without insignificant differences.

use serde_json::Value;

/// Checks whether a keyword is documentation for people, and has no effect on values.
pub(super) fn is_annotation(keyword: &str) -> bool {
    const ANNOTATIONS: [&str; 8] = [
        "description",
        "summary",
        "title",
        "example",
        "examples",
        "externalDocs",
        "bearerFormat",
        "$comment",
    ];
    keyword.starts_with("x-") || ANNOTATIONS.contains(&keyword)
}

/// Checks whether a keyword has its default value, so that it can be omitted.
pub(super) fn is_default(keyword: &str, value: &Value) -> bool {
    match (keyword, value) {
        (
            "deprecated" | "nullable" | "readOnly" | "writeOnly" | "uniqueItems" | "required" | "allowReserved"
            | "allowEmptyValue" | "exclusiveMinimum" | "exclusiveMaximum",
            Value::Bool(false),
        )
        | ("items" | "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems", Value::Bool(true)) => true,
        ("minLength" | "minItems" | "minProperties", value) => value.as_f64() == Some(0.0),
        ("required" | "servers" | "security" | "tags" | "callbacks" | "links" | "encoding", Value::Array(list)) => {
            list.is_empty()
        }
        (
            "items"
            | "additionalProperties"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "callbacks"
            | "links"
            | "encoding"
            | "if",
            Value::Object(members),
        ) => members.is_empty(),
        _ => false,
    }
}

/// Returns the canonical form of a schema or other object of the document: without annotations, with sorted keys, and
/// with integral floats as integers.
pub(in crate::diff) fn canonical(value: &Value) -> Value {
    canonical_in(value, Container::Keywords)
}

/// Returns the canonical form of plain data, such as a default. Its keys are never annotations.
pub(super) fn data(value: &Value) -> Value {
    canonical_in(value, Container::Data)
}

/// The meaning of an object's keys.
#[derive(Clone, Copy)]
enum Container {
    Keywords,
    /// A map by names that the document chooses.
    Map,
    /// Plain data, such as a default.
    Data,
}

fn canonical_in(value: &Value, container: Container) -> Value {
    match value {
        Value::Object(members) => {
            let is_kept = |key: &&String| !(matches!(container, Container::Keywords) && is_annotation(key));
            let mut keys: Vec<&String> = members.keys().filter(is_kept).collect();
            keys.sort();
            let inner = |key: &str| match (container, key) {
                (Container::Data, _) => Container::Data,
                (Container::Map, _) => Container::Keywords,
                (Container::Keywords, "default" | "enum" | "const") => Container::Data,
                (
                    Container::Keywords,
                    "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
                    | "dependentRequired" | "dependencies" | "mapping" | "scopes" | "variables" | "callbacks"
                    | "responses" | "content" | "headers" | "encoding" | "flows",
                ) => Container::Map,
                (Container::Keywords, _) => Container::Keywords,
            };
            let member = |key: &String| Some((key.clone(), canonical_in(members.get(key)?, inner(key))));
            Value::Object(keys.into_iter().filter_map(member).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| canonical_in(item, container)).collect()),
        Value::Number(number) => match number.as_f64() {
            // The cast is exact: the float is integral and small enough.
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => Value::from(float as i64),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}
