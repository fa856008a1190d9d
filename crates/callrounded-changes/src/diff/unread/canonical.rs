//! Values in one form, without what makes no difference.

use serde_json::Value;

/// What is only read by people.
pub(super) fn is_text(keyword: &str) -> bool {
    const TEXTS: [&str; 8] = [
        "description",
        "summary",
        "title",
        "example",
        "examples",
        "externalDocs",
        "bearerFormat",
        "$comment",
    ];
    keyword.starts_with("x-") || TEXTS.contains(&keyword)
}

/// Whether a keyword with this value says what holds without it.
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

/// Without what is only read by people, with its members in one order, and each number written in one way.
pub(in crate::diff) fn canonical(value: &Value) -> Value {
    written(value, Holder::Keywords)
}

/// The same of a value that is no schema, such as a default.
pub(super) fn data(value: &Value) -> Value {
    written(value, Holder::Data)
}

/// What the members of an object are.
#[derive(Clone, Copy)]
enum Holder {
    Keywords,
    /// Names that the document chose.
    Names,
    /// A value, such as a default.
    Data,
}

fn written(value: &Value, holder: Holder) -> Value {
    match value {
        Value::Object(members) => {
            let is_kept = |name: &&String| !(matches!(holder, Holder::Keywords) && is_text(name));
            let mut names: Vec<&String> = members.keys().filter(is_kept).collect();
            names.sort();
            let inner = |name: &str| match (holder, name) {
                (Holder::Data, _) => Holder::Data,
                (Holder::Names, _) => Holder::Keywords,
                (Holder::Keywords, "default" | "enum" | "const") => Holder::Data,
                (
                    Holder::Keywords,
                    "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
                    | "dependentRequired" | "dependencies" | "mapping" | "scopes" | "variables" | "callbacks"
                    | "responses" | "content" | "headers" | "encoding" | "flows",
                ) => Holder::Names,
                (Holder::Keywords, _) => Holder::Keywords,
            };
            let member = |name: &String| Some((name.clone(), written(members.get(name)?, inner(name))));
            Value::Object(names.into_iter().filter_map(member).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| written(item, holder)).collect()),
        Value::Number(number) => match number.as_f64() {
            // Exact: a number of this size without a fraction is a whole one.
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => Value::from(float as i64),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}
