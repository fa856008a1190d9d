//! Schemas are schema objects of OpenAPI 3.0: their keywords exist there and have values of the right type.

use serde_json::{Map, Value};

use crate::{
    diagnostic::Diagnostic,
    document::Document,
    pointer,
    walk::{Kind, Node},
};

/// Keywords of JSON Schema that OpenAPI 3.0 does not have, with what to write instead.
const NOT_IN_3_0: &[(&str, &str)] = &[
    ("const", "write `enum` with one value"),
    ("prefixItems", "write `items` with `anyOf`, `minItems` and `maxItems`"),
    (
        "patternProperties",
        "write `additionalProperties` with the schema of the values",
    ),
    ("propertyNames", "remove it and say it in the description"),
    (
        "unevaluatedProperties",
        "remove it; write `additionalProperties` where it says the same",
    ),
    ("unevaluatedItems", "remove it"),
    ("contains", "remove it and say it in the description"),
    ("if", "write `oneOf` with a schema for each case"),
    ("dependentRequired", "remove it and say it in the description"),
    ("dependentSchemas", "remove it and say it in the description"),
    ("$defs", "move the schemas into components/schemas"),
    ("$id", "remove it"),
    ("$schema", "remove it"),
    ("$dynamicRef", "write `$ref`"),
    ("examples", "write `example` with the first of them"),
];

/// Whether a keyword of schemas is of a later version.
pub(super) fn is_later(keyword: &str) -> bool {
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
            found.push(document.diagnostic(&node.pointer, "a schema of OpenAPI 3.0 is an object", remedy));
            continue;
        };
        if schema.contains_key("$ref") {
            continue;
        }
        let mut say = |keyword: &str, problem: String, remedy: &str| {
            found.push(document.diagnostic(&pointer::join(&node.pointer, keyword), problem, remedy));
        };
        for (keyword, remedy) in NOT_IN_3_0 {
            if schema.contains_key(*keyword) {
                say(
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
                say(
                    "type",
                    "OpenAPI 3.0 has no type `null`".to_owned(),
                    "write `enum: [null]`, or `nullable: true` beside the type",
                );
            }
            Some(Value::Array(_)) => say(
                "type",
                "OpenAPI 3.0 takes one type here, not a list".to_owned(),
                "write the type, with `nullable: true` for null, or `oneOf` with a schema for each type",
            ),
            Some(other) => say(
                "type",
                format!("there is no type {other}"),
                "use one of array, boolean, integer, number, object, string",
            ),
        }
        for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            match schema.get(flag) {
                None | Some(Value::Bool(false)) => {}
                Some(Value::Bool(true)) if schema.contains_key(bound) => {}
                Some(Value::Bool(true)) => say(
                    flag,
                    format!("`{flag}` says nothing without `{bound}`"),
                    "add the bound or remove the flag",
                ),
                Some(_) => say(
                    flag,
                    format!("in OpenAPI 3.0 `{flag}` is a flag"),
                    "write the number as the bound and `true` here",
                ),
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if schema
                .get(keyword)
                .is_some_and(|list| list.as_array().is_none_or(Vec::is_empty))
            {
                say(
                    keyword,
                    format!("`{keyword}` must list at least one schema"),
                    "list schemas or remove it",
                );
            }
        }
        for bound in ["minimum", "maximum", "multipleOf"] {
            if schema.get(bound).is_some_and(|value| !value.is_number()) {
                say(
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
                say(
                    count,
                    format!("`{count}` must be a whole number, 0 or more"),
                    "write how many",
                );
            }
        }
        if let Some(problem) = schema.get("default").and_then(|default| misfit(schema, default)) {
            say(
                "default",
                problem,
                "write a default that the schema allows, or remove it",
            );
        }
        for text in ["pattern", "format", "description", "title"] {
            if schema.get(text).is_some_and(|value| !value.is_string()) {
                say(text, format!("`{text}` must be a text"), "put it in quotes");
            }
        }
        if schema
            .get("properties")
            .is_some_and(|properties| !properties.is_object())
        {
            say(
                "properties",
                "`properties` must be an object".to_owned(),
                "name each property below it",
            );
        }
        let required = schema.get("required");
        if required.is_some_and(|names| names.as_array().is_none_or(|names| !names.iter().all(Value::is_string))) {
            say(
                "required",
                "`required` must be a list of property names".to_owned(),
                "write it beside `properties`: `required: [name]`",
            );
        }
    }
}

/// Why a default does not fit the schema beside it. Only defaults of schemas with one type are checked, and no objects or lists.
fn misfit(schema: &Map<String, Value>, default: &Value) -> Option<String> {
    let is_compound = ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword));
    if is_compound || default.is_object() || default.is_array() {
        return None;
    }
    let wanted = schema.get("type").and_then(Value::as_str)?;
    if default.is_null() {
        let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
        return (!is_nullable).then(|| format!("the default is null, and the schema allows only the type `{wanted}`"));
    }
    let fits = match wanted {
        "string" => default.is_string(),
        "boolean" => default.is_boolean(),
        "number" => default.is_number(),
        // A fraction of nothing is none.
        "integer" => default.is_i64() || default.is_u64() || default.as_f64().is_some_and(|it| it.fract() == 0.0),
        _ => false,
    };
    if !fits {
        return Some(format!("the default {default} is not of the type `{wanted}`"));
    }
    let values = schema.get("enum").and_then(Value::as_array)?;
    (!values.contains(default)).then(|| format!("the default {default} is none of the listed values"))
}
