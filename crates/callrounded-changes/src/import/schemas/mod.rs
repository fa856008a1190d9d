//! Schemas of 3.1 in the words of 3.0. It walks by position, never by name: a property may be called `const`.

mod discriminator;
mod keywords;
mod types;

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::loss::Losses;

/// A component: it keeps its title, as a name for people.
pub(super) fn component(value: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut lowered = schema(value, at, losses);
    let title = value.get("title").and_then(Value::as_str);
    if let (Some(schema), Some(title)) = (lowered.as_object_mut(), title)
        && !schema.contains_key("$ref")
    {
        schema.insert("title".to_owned(), json!(title));
    }
    lowered
}

pub(super) fn schema(value: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let members = match value {
        Value::Bool(true) => {
            losses.lowered(at, "boolean schema", "`{}` allows anything too");
            return json!({});
        }
        Value::Bool(false) => {
            losses.lowered(at, "boolean schema", "`not: {}` allows nothing too");
            return json!({ "not": {} });
        }
        Value::Object(members) => members,
        _ => return value.clone(),
    };
    if members.contains_key("$ref") {
        return reference(members, at, losses);
    }
    let mut out = Value::Object(keywords::lower(members, at, losses));
    types::one_type(&mut out, members, at, losses);
    types::null_branch(&mut out, members, at, losses);
    if !losses.only_compared {
        types::listed_null(&mut out, at, losses);
        types::listed_texts(&mut out, at, losses);
    }
    discriminator::mapped(&mut out, at, losses);
    if let Some(out) = out.as_object_mut() {
        // Names of properties, as FastAPI makes them of the names themselves, would become names of types.
        out.shift_remove("title");
    }
    out
}

/// A reference, and what stands beside it.
fn reference(members: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) -> Value {
    let target = json!({ "$ref": members.get("$ref") });
    if losses
        .source
        .text("/openapi")
        .is_some_and(|version| version.starts_with("3.0"))
    {
        for (keyword, _) in members.iter().filter(|(keyword, _)| *keyword != "$ref") {
            losses.lost(
                &pointer::join(at, keyword),
                keyword,
                "beside a `$ref` it does not count in 3.0",
            );
        }
        return target;
    }
    let mut beside = Map::new();
    let mut asserted = Map::new();
    for (keyword, value) in members.iter().filter(|(keyword, _)| *keyword != "$ref") {
        match keyword.as_str() {
            "title" => {}
            "description" | "default" | "deprecated" | "readOnly" | "writeOnly" | "example" => {
                beside.insert(keyword.clone(), value.clone());
            }
            "examples" => {
                let examples = value.as_array().map(Vec::as_slice).unwrap_or_default();
                if let Some(first) = examples.first() {
                    beside.insert("example".to_owned(), first.clone());
                }
                if examples.len() > 1 {
                    losses.lost(
                        &pointer::join(at, keyword),
                        "examples",
                        "3.0 has one; the first is kept",
                    );
                }
            }
            extension if extension.starts_with("x-") => {
                beside.insert(keyword.clone(), value.clone());
            }
            _ => {
                asserted.insert(keyword.clone(), value.clone());
            }
        }
    }
    // Together, since one may be about the other.
    let mut parts = vec![target.clone()];
    if !asserted.is_empty() {
        let mut lowered = schema(&Value::Object(asserted), at, losses)
            .as_object()
            .cloned()
            .unwrap_or_default();
        if let Some(Value::Array(others)) = lowered.shift_remove("allOf") {
            parts.extend(others);
        }
        beside.extend(lowered);
    }
    if beside.is_empty() && parts.len() == 1 {
        return target;
    }
    losses.lowered(
        at,
        "$ref with siblings",
        "the reference stands in `allOf`, where what is beside it counts",
    );
    let mut out = Map::from_iter([("allOf".to_owned(), Value::Array(parts))]);
    out.extend(beside);
    Value::Object(out)
}
