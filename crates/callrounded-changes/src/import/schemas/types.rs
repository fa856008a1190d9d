//! Lowers types: lists of types, null, constants and enumerations.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use crate::import::loss::Losses;

/// Returns the types that a keyword applies to. `None` if it applies to all types.
fn types_of(keyword: &str) -> Option<&'static [&'static str]> {
    Some(match keyword {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => &["number", "integer"],
        "items" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => &["object"],
        _ => return None,
    })
}

/// Converts numbers and booleans in an `enum` of strings to strings. In YAML they lack quotes.
pub(super) fn stringify_enum(schema: &mut Value, at: &str, losses: &mut Losses<'_>) {
    let Some(out) = schema.as_object_mut() else { return };
    if out.get("type").is_none_or(|name| name != "string") {
        return;
    }
    let values = out.get_mut("enum").and_then(Value::as_array_mut).into_iter().flatten();
    let mut changed = false;
    for value in values.filter(|value| value.is_number() || value.is_boolean()) {
        *value = Value::from(value.to_string());
        changed = true;
    }
    if changed {
        losses.lowered(
            &pointer::join(at, "enum"),
            "values of another type",
            "converted to strings, as the type requires",
        );
    }
}

/// Marks a schema as nullable if its `enum` lists null. In OpenAPI 3.0, only `nullable` allows null.
pub(super) fn mark_nullable_enum(schema: &mut Value, at: &str, losses: &mut Losses<'_>) {
    let Some(out) = schema.as_object_mut() else { return };
    let is_listed = out
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.contains(&Value::Null) && values.len() > 1);
    if is_listed && out.contains_key("type") && !out.contains_key("nullable") {
        out.insert("nullable".to_owned(), json!(true));
        losses.lowered(
            &pointer::join(at, "enum"),
            "null in a list of values",
            "`nullable` is added, which OpenAPI 3.0 requires",
        );
    }
}

/// Lowers lists of types, the type null, and constants without a type.
pub(super) fn lower_types(schema: &mut Value, source: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    let Some(out) = schema.as_object_mut() else { return };
    match out.get("type").cloned() {
        Some(Value::Array(names)) => {
            let at = pointer::join(at, "type");
            let null = names.iter().any(|name| name == "null");
            let is_number = names.iter().any(|name| name == "number");
            // The type `number` includes integers.
            let is_kept = |name: &Value| name != "null" && !(is_number && name == "integer");
            let others: Vec<Value> = names.into_iter().filter(is_kept).collect();
            losses.lowered(
                &at,
                "type",
                "the list of types is replaced by one type, `nullable` or `oneOf`",
            );
            match others.as_slice() {
                [] => {
                    out.shift_remove("type");
                    out.insert("enum".to_owned(), json!([null]));
                }
                [only] => {
                    out.insert("type".to_owned(), only.clone());
                    // An `enum` without null rejects null in both versions.
                    if null {
                        out.insert("nullable".to_owned(), json!(true));
                    }
                }
                several => split(out, several, null),
            }
        }
        Some(Value::String(name)) if name == "null" => {
            losses.lowered(&pointer::join(at, "type"), "type", "replaced by `enum: [null]`");
            out.shift_remove("type");
            out.insert("enum".to_owned(), json!([null]));
        }
        None if source.contains_key("const") || source.contains_key("enum") => {
            // The generator makes an enum only if the type of the values is given.
            let values = out.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
            let mut kinds: Vec<&str> = values.iter().filter_map(kind).collect();
            kinds.dedup();
            if let [kind] = kinds.as_slice() {
                out.insert("type".to_owned(), json!(kind));
                if values.iter().any(Value::is_null) {
                    out.insert("nullable".to_owned(), json!(true));
                }
            }
        }
        _ => {}
    }
}

fn kind(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

/// Makes a schema with a type nullable. `nullable` requires a type, and an `enum` has to list null.
fn make_nullable(schema: &mut Map<String, Value>) {
    schema.insert("nullable".to_owned(), json!(true));
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
        && !values.iter().any(Value::is_null)
    {
        values.push(Value::Null);
    }
}

/// Splits a schema of several types into a `oneOf` with one branch per type. Each branch gets the keywords of its type.
fn split(schema: &mut Map<String, Value>, names: &[Value], null: bool) {
    let mut branches: Vec<Value> = Vec::new();
    for name in names {
        let mut branch = Map::from_iter([("type".to_owned(), name.clone())]);
        for (keyword, value) in schema.iter() {
            if types_of(keyword).is_some_and(|types| types.iter().any(|one| *name == *one)) {
                branch.insert(keyword.clone(), value.clone());
            }
        }
        // Formats apply to strings and numbers.
        if let Some(format) = schema.get("format")
            && matches!(name.as_str(), Some("string" | "number" | "integer"))
        {
            branch.insert("format".to_owned(), format.clone());
        }
        branches.push(Value::Object(branch));
    }
    if null {
        branches.push(json!({ "enum": [null] }));
    }
    schema.retain(|keyword, _| types_of(keyword).is_none() && !matches!(keyword.as_str(), "type" | "format"));
    if schema.contains_key("oneOf") {
        // Both unions apply.
        let mut parts = schema
            .get("allOf")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        parts.push(json!({ "oneOf": branches }));
        schema.insert("allOf".to_owned(), Value::Array(parts));
        return;
    }
    schema.insert("oneOf".to_owned(), Value::Array(branches));
}

/// Checks whether two schemas can be merged without changing their meaning.
fn is_mergeable(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    const ANNOTATIONS: [&str; 5] = ["title", "description", "default", "example", "deprecated"];
    other.iter().all(|(keyword, value)| {
        ANNOTATIONS.contains(&keyword.as_str())
            || matches!(keyword.as_str(), "anyOf" | "oneOf")
            || one.get(keyword).is_none_or(|known| known == value)
    })
}

/// Lowers a union with null.
pub(super) fn lower_null_branch(schema: &mut Value, source: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    let is_3_0 = losses
        .source
        .get_str("/openapi")
        .is_some_and(|version| version.starts_with("3.0"));
    let Some(out) = schema.as_object_mut() else { return };
    // A union that replaces a list of types is already lowered.
    for keyword in ["anyOf", "oneOf"]
        .into_iter()
        .filter(|keyword| source.contains_key(*keyword))
    {
        let Some(Value::Array(branches)) = out.get(keyword).cloned() else {
            continue;
        };
        let is_null = |branch: &Value| branch.get("enum") == Some(&json!([null]));
        let others: Vec<Value> = branches.iter().filter(|branch| !is_null(branch)).cloned().collect();
        // A branch `enum: [null]` in the source is kept.
        let is_unchanged = source.get(keyword) == out.get(keyword);
        let is_plain = matches!(others.as_slice(), [only] if only.get("type").is_some());
        if others.len() == branches.len() || is_unchanged && (is_3_0 || !is_plain) {
            continue;
        }
        let at = pointer::join(at, keyword);
        match others.as_slice() {
            [Value::Object(only)]
                if only.contains_key("type") && !only.contains_key("$ref") && is_mergeable(only, out) =>
            {
                losses.lowered(&at, "null in a choice", "replaced by `nullable`");
                let mut merged = only.clone();
                make_nullable(&mut merged);
                out.shift_remove(keyword);
                for (name, value) in merged {
                    // Keywords outside of the union take precedence.
                    out.entry(name).or_insert(value);
                }
            }
            // A schema that allows anything allows null.
            [Value::Object(only)] if only.is_empty() => {
                losses.lowered(
                    &at,
                    "null in a choice",
                    "removed: the other schema allows anything, including null",
                );
                out.shift_remove(keyword);
            }
            _ => {
                losses.lowered(&at, "null in a choice", "replaced by a branch `enum: [null]`");
                let mut branches = others.clone();
                branches.push(json!({ "enum": [null] }));
                out.shift_remove(keyword);
                // Null matches no other branch, so `oneOf` and `anyOf` are equivalent for two branches.
                let keyword = if others.len() == 1 { "oneOf" } else { keyword };
                out.insert(keyword.to_owned(), Value::Array(branches));
            }
        }
        return;
    }
}
