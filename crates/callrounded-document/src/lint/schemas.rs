//! Rules for schemas: their keywords are those of OpenAPI 3.0 and have values of the right type.

use serde_json::{Map, Value};

use crate::{
    diagnostic::Diagnostic,
    document::Document,
    pointer,
    traverse::{Kind, Node},
};

/// Keywords of JSON Schema that OpenAPI 3.0 does not have, with the remedy.
const NOT_IN_3_0: &[(&str, &str)] = &[
    ("const", "write `enum` with one value"),
    ("prefixItems", "write `items` with `anyOf`, `minItems` and `maxItems`"),
    (
        "patternProperties",
        "write `additionalProperties` with the schema of the values",
    ),
    (
        "propertyNames",
        "remove it, and describe the constraint in `description`",
    ),
    (
        "unevaluatedProperties",
        "remove it, or write `additionalProperties` if that is equivalent",
    ),
    ("unevaluatedItems", "remove it"),
    ("contains", "remove it, and describe the constraint in `description`"),
    ("if", "write `oneOf` with a schema for each case"),
    (
        "dependentRequired",
        "remove it, and describe the constraint in `description`",
    ),
    (
        "dependentSchemas",
        "remove it, and describe the constraint in `description`",
    ),
    ("$defs", "move the schemas into components/schemas"),
    ("$id", "remove it"),
    ("$schema", "remove it"),
    ("$dynamicRef", "write `$ref`"),
    ("examples", "write `example` with the first of them"),
];

/// Checks whether a keyword is one of JSON Schema that OpenAPI 3.0 does not have.
pub(super) fn is_unsupported(keyword: &str) -> bool {
    NOT_IN_3_0.iter().any(|(name, _)| *name == keyword)
}

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

pub(super) fn check(document: &Document, nodes: &[Node], found: &mut Vec<Diagnostic>) {
    for node in nodes.iter().filter(|node| node.kind == Kind::Schema) {
        let Some(value) = document.get(&node.pointer) else {
            continue;
        };
        let Value::Object(schema) = value else {
            let remedy = if value == &Value::Bool(true) {
                "write `{}`, which allows anything"
            } else {
                "write a schema object"
            };
            found.push(document.diagnostic(&node.pointer, "invalid schema: expected an object", remedy));
            continue;
        };
        if schema.contains_key("$ref") {
            continue;
        }
        let mut report = |keyword: &str, problem: String, remedy: &str| {
            found.push(document.diagnostic(&pointer::join(&node.pointer, keyword), problem, remedy));
        };
        for (keyword, remedy) in NOT_IN_3_0 {
            if schema.contains_key(*keyword) {
                report(
                    keyword,
                    format!("`{keyword}` is not part of OpenAPI 3.0 schemas"),
                    remedy,
                );
            }
        }
        match schema.get("type") {
            None => {}
            Some(Value::String(name)) if TYPES.contains(&name.as_str()) => {}
            Some(Value::String(name)) if name == "null" => {
                report(
                    "type",
                    "OpenAPI 3.0 has no type `null`".to_owned(),
                    "write `enum: [null]`, or `nullable: true` beside the type",
                );
            }
            Some(Value::Array(_)) => report(
                "type",
                "invalid `type`: OpenAPI 3.0 allows one type, not a list".to_owned(),
                "write the type, with `nullable: true` for null, or `oneOf` with a schema for each type",
            ),
            Some(other) => report(
                "type",
                format!("unknown type {other}"),
                "use one of array, boolean, integer, number, object, string",
            ),
        }
        for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            match schema.get(flag) {
                None | Some(Value::Bool(false)) => {}
                Some(Value::Bool(true)) if schema.contains_key(bound) => {}
                Some(Value::Bool(true)) => report(
                    flag,
                    format!("`{flag}` has no effect without `{bound}`"),
                    "add the bound or remove the flag",
                ),
                Some(_) => report(
                    flag,
                    format!("`{flag}` must be a boolean in OpenAPI 3.0"),
                    "write the number as the bound, and `true` here",
                ),
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if schema
                .get(keyword)
                .is_some_and(|list| list.as_array().is_none_or(Vec::is_empty))
            {
                report(
                    keyword,
                    format!("`{keyword}` must list at least one schema"),
                    "list schemas or remove it",
                );
            }
        }
        for bound in ["minimum", "maximum", "multipleOf"] {
            if schema.get(bound).is_some_and(|value| !value.is_number()) {
                report(
                    bound,
                    format!("`{bound}` must be a number"),
                    "write the number without quotes",
                );
            }
        }
        for count in [
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
        ] {
            if schema.get(count).is_some_and(|value| !value.is_u64()) {
                report(
                    count,
                    format!("`{count}` must be a non-negative integer"),
                    "write the count as an integer",
                );
            }
        }
        if let Some(problem) = schema.get("default").and_then(|default| default_error(schema, default)) {
            report(
                "default",
                problem,
                "write a default that the schema allows, or remove it",
            );
        }
        for keyword in ["pattern", "format", "description", "title"] {
            if schema.get(keyword).is_some_and(|value| !value.is_string()) {
                report(keyword, format!("`{keyword}` must be a string"), "put it in quotes");
            }
        }
        if schema
            .get("properties")
            .is_some_and(|properties| !properties.is_object())
        {
            report(
                "properties",
                "`properties` must be an object".to_owned(),
                "write each property with its schema below it",
            );
        }
        let required = schema.get("required");
        if required.is_some_and(|names| names.as_array().is_none_or(|names| !names.iter().all(Value::is_string))) {
            report(
                "required",
                "`required` must be a list of property names".to_owned(),
                "write it beside `properties`: `required: [name]`",
            );
        }
    }
}

/// Returns why a default does not match the schema beside it. Checks only defaults of schemas with one type that is
/// neither an object nor an array.
fn default_error(schema: &Map<String, Value>, default: &Value) -> Option<String> {
    let is_compound = ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword));
    if is_compound || default.is_object() || default.is_array() {
        return None;
    }
    let expected = schema.get("type").and_then(Value::as_str)?;
    if default.is_null() {
        let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
        return (!is_nullable).then(|| format!("invalid default null: expected the type `{expected}`"));
    }
    let is_of_type = match expected {
        "string" => default.is_string(),
        "boolean" => default.is_boolean(),
        "number" => default.is_number(),
        // A number such as 1.0 is accepted as an integer.
        "integer" => default.is_i64() || default.is_u64() || default.as_f64().is_some_and(|it| it.fract() == 0.0),
        _ => false,
    };
    if !is_of_type {
        return Some(format!("invalid default {default}: expected the type `{expected}`"));
    }
    let values = schema.get("enum").and_then(Value::as_array)?;
    (!values.contains(default)).then(|| format!("invalid default {default}: expected one of the listed values"))
}
