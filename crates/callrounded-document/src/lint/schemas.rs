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
        let problems = keyword_problems(schema)
            .chain(type_problem(schema))
            .chain(bound_problems(schema));
        for (keyword, problem, remedy) in problems {
            found.push(document.diagnostic(&pointer::join(&node.pointer, keyword), problem, remedy));
        }
    }
}

/// A keyword with its problem and remedy.
type Problem = (&'static str, String, &'static str);

fn type_problem(schema: &Map<String, Value>) -> Option<Problem> {
    let (problem, remedy) = match schema.get("type")? {
        Value::String(name) if TYPES.contains(&name.as_str()) => return None,
        Value::String(name) if name == "null" => (
            "OpenAPI 3.0 has no type `null`".to_owned(),
            "write `enum: [null]`, or `nullable: true` beside the type",
        ),
        Value::Array(_) => (
            "invalid `type`: OpenAPI 3.0 allows one type, not a list".to_owned(),
            "write the type, with `nullable: true` for null, or `oneOf` with a schema for each type",
        ),
        other => (
            format!("unknown type {other}"),
            "use one of array, boolean, integer, number, object, string",
        ),
    };
    Some(("type", problem, remedy))
}

/// Bounds that exclude their value are written in another way than in JSON Schema.
fn bound_problems(schema: &Map<String, Value>) -> impl Iterator<Item = Problem> {
    let flags = [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")];
    flags.into_iter().filter_map(|(flag, bound)| {
        let (problem, remedy) = match schema.get(flag)? {
            Value::Bool(false) => return None,
            Value::Bool(true) if schema.contains_key(bound) => return None,
            Value::Bool(true) => (
                format!("`{flag}` has no effect without `{bound}`"),
                "add the bound or remove the flag",
            ),
            _ => (
                format!("`{flag}` must be a boolean in OpenAPI 3.0"),
                "write the number as the bound, and `true` here",
            ),
        };
        Some((flag, problem, remedy))
    })
}

/// The keywords that OpenAPI 3.0 does not have, and those with a value of another type than they must have.
fn keyword_problems(schema: &Map<String, Value>) -> impl Iterator<Item = Problem> {
    let unsupported = NOT_IN_3_0.iter().filter(|(keyword, _)| schema.contains_key(*keyword));
    let unsupported = unsupported.map(|(keyword, remedy)| {
        let problem = format!("`{keyword}` is not part of OpenAPI 3.0 schemas");
        (*keyword, problem, *remedy)
    });
    let invalid = VALUES.iter().flat_map(|(keywords, is_valid, expected, remedy)| {
        let invalid = keywords
            .iter()
            .filter(|keyword| schema.get(**keyword).is_some_and(|value| !is_valid(value)));
        invalid.map(move |keyword| (*keyword, format!("`{keyword}` must {expected}"), *remedy))
    });
    let default = schema
        .get("default")
        .and_then(|default| default_error(schema, default))
        .map(|problem| {
            (
                "default",
                problem,
                "write a default that the schema allows, or remove it",
            )
        });
    unsupported.chain(invalid).chain(default)
}

/// Keywords with a check of their value, what the value must be, and the remedy.
type Values = (&'static [&'static str], fn(&Value) -> bool, &'static str, &'static str);

const VALUES: [Values; 6] = [
    (
        &["allOf", "anyOf", "oneOf"],
        |value| value.as_array().is_some_and(|list| !list.is_empty()),
        "list at least one schema",
        "list schemas or remove it",
    ),
    (
        &["minimum", "maximum", "multipleOf"],
        Value::is_number,
        "be a number",
        "write the number without quotes",
    ),
    (
        &[
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
        ],
        Value::is_u64,
        "be a non-negative integer",
        "write the count as an integer",
    ),
    (
        &["pattern", "format", "description", "title"],
        Value::is_string,
        "be a string",
        "put it in quotes",
    ),
    (
        &["properties"],
        Value::is_object,
        "be an object",
        "write each property with its schema below it",
    ),
    (
        &["required"],
        |value| value.as_array().is_some_and(|names| names.iter().all(Value::is_string)),
        "be a list of property names",
        "write it beside `properties`: `required: [name]`",
    ),
];

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
