//! One type, or a choice of several, with null or without.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use crate::import::loss::Losses;

/// The keywords that are about values of one type.
fn belongs_to(keyword: &str) -> Option<&'static [&'static str]> {
    Some(match keyword {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => &["number", "integer"],
        "items" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => &["object"],
        _ => return None,
    })
}

/// Values that are listed without quotes, where the type asks for texts.
pub(super) fn listed_texts(schema: &mut Value, at: &str, losses: &mut Losses<'_>) {
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
            "the type asks for texts, so they are texts of the same letters and digits",
        );
    }
}

/// A list of values with null in it is meant to allow null, which 3.0 does by `nullable` alone.
pub(super) fn listed_null(schema: &mut Value, at: &str, losses: &mut Losses<'_>) {
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
            "`nullable` allows it",
        );
    }
}

/// Lists of types, the type null, and constants without a type.
pub(super) fn one_type(schema: &mut Value, source: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    let Some(out) = schema.as_object_mut() else { return };
    match out.get("type").cloned() {
        Some(Value::Array(names)) => {
            let at = pointer::join(at, "type");
            let null = names.iter().any(|name| name == "null");
            let is_number = names.iter().any(|name| name == "number");
            // A whole number is a number.
            let counts = |name: &Value| name != "null" && !(is_number && name == "integer");
            let others: Vec<Value> = names.into_iter().filter(counts).collect();
            losses.lowered(&at, "type", "one type, `nullable`, or a choice of types says the same");
            match others.as_slice() {
                [] => {
                    out.shift_remove("type");
                    out.insert("enum".to_owned(), json!([null]));
                }
                [only] => {
                    out.insert("type".to_owned(), only.clone());
                    // A list of values without null refuses it here as it does there.
                    if null {
                        out.insert("nullable".to_owned(), json!(true));
                    }
                }
                several => split(out, several, null),
            }
        }
        Some(Value::String(name)) if name == "null" => {
            losses.lowered(&pointer::join(at, "type"), "type", "`enum: [null]` says the same");
            out.shift_remove("type");
            out.insert("enum".to_owned(), json!([null]));
        }
        None if source.contains_key("const") || source.contains_key("enum") => {
            // The generator makes a type of values only where it knows what they are.
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

/// `nullable` holds beside a type only, and a list of values has to list null too.
fn make_nullable(schema: &mut Map<String, Value>) {
    schema.insert("nullable".to_owned(), json!(true));
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
        && !values.iter().any(Value::is_null)
    {
        values.push(Value::Null);
    }
}

/// A choice with a branch for each type, which takes the keywords that are about it.
fn split(schema: &mut Map<String, Value>, names: &[Value], null: bool) {
    let mut branches: Vec<Value> = Vec::new();
    for name in names {
        let mut branch = Map::from_iter([("type".to_owned(), name.clone())]);
        for (keyword, value) in schema.iter() {
            if belongs_to(keyword).is_some_and(|types| types.iter().any(|one| *name == *one)) {
                branch.insert(keyword.clone(), value.clone());
            }
        }
        // A format is of texts or of numbers.
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
    schema.retain(|keyword, _| belongs_to(keyword).is_none() && !matches!(keyword.as_str(), "type" | "format"));
    if schema.contains_key("oneOf") {
        // Both choices hold.
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

/// Whether what two schemas assert can stand in one.
fn agrees(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    const WORDS: [&str; 5] = ["title", "description", "default", "example", "deprecated"];
    other.iter().all(|(keyword, value)| {
        WORDS.contains(&keyword.as_str())
            || matches!(keyword.as_str(), "anyOf" | "oneOf")
            || one.get(keyword).is_none_or(|known| known == value)
    })
}

/// A choice of something and null.
pub(super) fn null_branch(schema: &mut Value, source: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    let is_3_0 = losses
        .source
        .text("/openapi")
        .is_some_and(|version| version.starts_with("3.0"));
    let Some(out) = schema.as_object_mut() else { return };
    // A choice that a list of types became is as it should be.
    for keyword in ["anyOf", "oneOf"]
        .into_iter()
        .filter(|keyword| source.contains_key(*keyword))
    {
        let Some(Value::Array(branches)) = out.get(keyword).cloned() else {
            continue;
        };
        let is_null = |branch: &Value| branch.get("enum") == Some(&json!([null]));
        let others: Vec<Value> = branches.iter().filter(|branch| !is_null(branch)).cloned().collect();
        // What stands there so already stays.
        let is_there = source.get(keyword) == out.get(keyword);
        let is_plain = matches!(others.as_slice(), [only] if only.get("type").is_some());
        if others.len() == branches.len() || is_there && (is_3_0 || !is_plain) {
            continue;
        }
        let at = pointer::join(at, keyword);
        match others.as_slice() {
            [Value::Object(only)] if only.contains_key("type") && !only.contains_key("$ref") && agrees(only, out) => {
                losses.lowered(&at, "null in a choice", "`nullable` says the same");
                let mut merged = only.clone();
                make_nullable(&mut merged);
                out.shift_remove(keyword);
                for (name, value) in merged {
                    // What stands outside is about this place.
                    out.entry(name).or_insert(value);
                }
            }
            // Anything allows null too.
            [Value::Object(only)] if only.is_empty() => {
                losses.lowered(&at, "null in a choice", "a schema that allows anything allows null");
                out.shift_remove(keyword);
            }
            _ => {
                losses.lowered(&at, "null in a choice", "a branch `enum: [null]` says the same");
                let mut branches = others.clone();
                branches.push(json!({ "enum": [null] }));
                out.shift_remove(keyword);
                // Null is no other of the branches, so at most one of two fits.
                let keyword = if others.len() == 1 { "oneOf" } else { keyword };
                out.insert(keyword.to_owned(), Value::Array(branches));
            }
        }
        return;
    }
}
