//! Lowers parameters and headers.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::{
    content::content,
    fields::{members, only_reference},
    loss::Losses,
    schemas,
};

pub(super) fn list(parameters: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let list = parameters.as_array().into_iter().flatten().enumerate();
    let kept = list.filter_map(|(index, parameter)| {
        let at = pointer::join(at, &index.to_string());
        let field = |name: &str| {
            resolved(parameter, losses)
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let name = field("name").unwrap_or_default();
        if field("in").as_deref() == Some("cookie") && !losses.comparison_only {
            losses.lost(
                &at,
                "cookie parameter",
                format!(
                    "the generator does not support cookies; set the header `Cookie` of the client to send `{name}`"
                ),
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
            "schema" => without_null(schemas::schema(value, &at, losses), &at, losses),
            "content" => content(value, &at, losses),
            "example" if value.is_null() => continue,
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    Value::Object(out)
}

pub(super) fn header(header: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    if header.get("$ref").is_some() {
        return only_reference(header, at, losses);
    }
    one(header, at, losses)
}

/// Removes null from the schema of a parameter: null cannot be sent.
fn without_null(schema: Value, at: &str, losses: &mut Losses<'_>) -> Value {
    const REASON: &str = "null cannot be sent; the parameter is omitted instead";
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
            if schema.get("default") == Some(&Value::Null) {
                schema.shift_remove("default");
            }
        }
    }
    inline_single_branch(schema)
}

/// Inlines a union of one branch.
fn inline_single_branch(mut schema: Map<String, Value>) -> Value {
    for list in ["oneOf", "anyOf"] {
        let Some([Value::Object(only)]) = schema.get(list).and_then(Value::as_array).map(Vec::as_slice) else {
            continue;
        };
        let only = only.clone();
        schema.shift_remove(list);
        if !only.contains_key("$ref") {
            for (keyword, value) in only {
                schema.entry(keyword).or_insert(value);
            }
        } else if schema.is_empty() {
            schema = only;
        } else {
            let parts = schema.entry("allOf").or_insert_with(|| json!([]));
            if let Some(parts) = parts.as_array_mut() {
                parts.push(Value::Object(only));
            }
        }
    }
    Value::Object(schema)
}
