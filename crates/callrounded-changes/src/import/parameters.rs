//! Parameters and headers, such as a client can send and read.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::{bodies, frame::members, loss::Losses, schemas};

pub(super) fn list(parameters: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let list = parameters.as_array().into_iter().flatten().enumerate();
    let kept = list.filter_map(|(index, parameter)| {
        let at = pointer::join(at, &index.to_string());
        let text = |name: &str| {
            resolved(parameter, losses)
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let name = text("name").unwrap_or_default();
        if text("in").as_deref() == Some("cookie") && !losses.only_compared {
            losses.lost(
                &at,
                "cookie parameter",
                format!("the generator sends no cookies; a client can set the header `Cookie` to send `{name}`"),
            );
            return None;
        }
        Some(one(parameter, &at, losses))
    });
    Value::Array(kept.collect())
}

fn resolved<'v>(parameter: &'v Value, losses: &Losses<'v>) -> &'v Value {
    let target = parameter
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(pointer::of_reference);
    target
        .and_then(|target| losses.source.get(&target))
        .unwrap_or(parameter)
}

pub(super) fn one(parameter: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    if parameter.get("$ref").is_some() {
        return only_reference(parameter, at, losses);
    }
    let mut out = Map::new();
    for (name, value) in members(parameter) {
        let at = pointer::join(at, name);
        let value = match name.as_str() {
            "schema" => {
                let schema = without_null(schemas::schema(value, &at, losses), &at, losses);
                match losses.only_compared {
                    true => schema,
                    false => of_one_type(schema, &at, losses),
                }
            }
            "content" => bodies::content(value, &at, losses),
            "example" if value.is_null() => continue,
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    if !losses.only_compared {
        joined(&mut out, at, losses);
    }
    Value::Object(out)
}

/// A list that is sent as one text, with commas between its values. The generator sends each value by itself.
fn joined(parameter: &mut Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    let is = |field: &str, value: Value| parameter.get(field) == Some(&value);
    let is_list = parameter
        .get("schema")
        .is_some_and(|schema| schema.get("type") == Some(&json!("array")));
    if !(is_list && is("in", json!("query")) && is("explode", json!(false)))
        || parameter.get("style").is_some_and(|style| style != "form")
    {
        return;
    }
    losses.lost(
        &pointer::join(at, "explode"),
        "list in one value",
        "the generator sends each value of a list by itself; this one is a string now, to be written with commas between the values",
    );
    parameter.shift_remove("explode");
    parameter.insert("schema".to_owned(), json!({ "type": "string" }));
}

/// A reference beside which nothing counts in 3.0.
pub(super) fn only_reference(value: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    for (name, _) in members(value).filter(|(name, _)| *name != "$ref") {
        losses.lost(
            &pointer::join(at, name),
            name,
            "beside a `$ref` it does not count in 3.0",
        );
    }
    json!({ "$ref": value.get("$ref") })
}

pub(super) fn header(header: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    if header.get("$ref").is_some() {
        return only_reference(header, at, losses);
    }
    one(header, at, losses)
}

/// The schema of a parameter without null, which can't be sent.
fn without_null(schema: Value, at: &str, losses: &mut Losses<'_>) -> Value {
    const REASON: &str = "null can't be sent; the parameter is left out instead";
    let Value::Object(mut schema) = schema else {
        return schema;
    };
    if schema.shift_remove("nullable").is_some() {
        losses.lowered(at, "null in a parameter", REASON);
        if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            values.retain(|value| !value.is_null());
        }
        if schema.get("default") == Some(&Value::Null) {
            schema.shift_remove("default");
        }
    }
    for list in ["oneOf", "anyOf"] {
        let is_null = |branch: &Value| branch.get("enum") == Some(&json!([null]));
        let Some(branches) = schema.get_mut(list).and_then(Value::as_array_mut) else {
            continue;
        };
        let count = branches.len();
        branches.retain(|branch| !is_null(branch));
        if branches.len() < count {
            losses.lowered(at, "null in a parameter", REASON);
        }
    }
    Value::Object(schema)
}

/// The schema of a parameter, of one type, as the generator needs it.
fn of_one_type(schema: Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let Value::Object(mut schema) = schema else {
        return schema;
    };
    for list in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.shift_remove(list) else {
            continue;
        };
        match branches.as_slice() {
            [Value::Object(only)] => {
                if only.contains_key("$ref") {
                    // What stood beside the choice was about the parameter.
                    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
                        losses.lost(
                            at,
                            "default",
                            format!("it was {default}; a referred schema takes none beside it in a parameter"),
                        );
                    }
                    schema.retain(|name, _| name.starts_with("x-"));
                }
                schema.extend(only.clone());
                return json!(schema);
            }
            _ => {
                losses.lost(
                    at,
                    list,
                    "the generator sends parameters of one type only; this one is a text now, to be written as the service reads it",
                );
                schema.retain(|name, _| matches!(name.as_str(), "description" | "example") || name.starts_with("x-"));
                schema.insert("type".to_owned(), json!("string"));
            }
        }
    }
    if let Some(Value::Array(parts)) = schema.get("allOf").cloned()
        && let [Value::Object(only)] = parts.as_slice()
    {
        // What stood beside the reference was about the parameter, which says so itself.
        if let Some(default) = schema.get("default") {
            losses.lost(
                at,
                "default",
                format!("it was {default}; a referred schema takes none beside it in a parameter"),
            );
        }
        const WORDS: [&str; 5] = ["allOf", "default", "description", "example", "deprecated"];
        for (keyword, _) in schema
            .iter()
            .filter(|(keyword, _)| !WORDS.contains(&keyword.as_str()) && !keyword.starts_with("x-"))
        {
            losses.lost(at, keyword, "a referred schema takes nothing beside it in a parameter");
        }
        return json!(only);
    }
    json!(schema)
}
