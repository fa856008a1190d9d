//! Lowers schemas of OpenAPI 3.1 to 3.0. Subschemas are found by position, not by key: a property may have the name
//! `const`.

mod discriminator;
mod keywords;
mod types;

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::loss::Losses;

/// Lowers a component schema. Unlike other schemas, it keeps its title.
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

/// Lowers a schema.
pub(super) fn schema(value: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let members = match value {
        Value::Bool(true) => {
            losses.lowered(at, "boolean schema", "replaced by `{}`");
            return json!({});
        }
        Value::Bool(false) => {
            losses.lowered(at, "boolean schema", "replaced by `not: {}`");
            return json!({ "not": {} });
        }
        Value::Object(members) => members,
        _ => return value.clone(),
    };
    if members.contains_key("$ref") {
        return reference(members, at, losses);
    }
    let mut out = Value::Object(keywords::lower(members, at, losses));
    types::lower_types(&mut out, members, at, losses);
    types::lower_null_branch(&mut out, members, at, losses);
    if !losses.comparison_only {
        types::mark_nullable_enum(&mut out, at, losses);
        types::stringify_enum(&mut out, at, losses);
    }
    discriminator::complete_mapping(&mut out, at, losses);
    if let Some(out) = out.as_object_mut() {
        // The generator would name types after titles. FastAPI derives the title of each property from its key.
        out.shift_remove("title");
    }
    out
}

/// Lowers a reference and its siblings.
fn reference(members: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) -> Value {
    let target = json!({ "$ref": members.get("$ref") });
    if losses
        .source
        .get_str("/openapi")
        .is_some_and(|version| version.starts_with("3.0"))
    {
        for (keyword, _) in members.iter().filter(|(keyword, _)| *keyword != "$ref") {
            losses.lost(
                &pointer::join(at, keyword),
                keyword,
                "OpenAPI 3.0 ignores siblings of `$ref`",
            );
        }
        return target;
    }
    let mut siblings = Map::new();
    let mut constraints = Map::new();
    for (keyword, value) in members.iter().filter(|(keyword, _)| *keyword != "$ref") {
        match keyword.as_str() {
            "title" => {}
            "description" | "default" | "deprecated" | "readOnly" | "writeOnly" | "example" => {
                siblings.insert(keyword.clone(), value.clone());
            }
            "examples" => {
                let examples = value.as_array().map(Vec::as_slice).unwrap_or_default();
                if let Some(first) = examples.first() {
                    siblings.insert("example".to_owned(), first.clone());
                }
                if examples.len() > 1 {
                    losses.lost(
                        &pointer::join(at, keyword),
                        "examples",
                        "OpenAPI 3.0 allows one example; the first is kept",
                    );
                }
            }
            extension if extension.starts_with("x-") => {
                siblings.insert(keyword.clone(), value.clone());
            }
            _ => {
                constraints.insert(keyword.clone(), value.clone());
            }
        }
    }
    // Lowered together, since keywords may depend on each other.
    let mut parts = vec![target.clone()];
    if !constraints.is_empty() {
        let mut lowered = schema(&Value::Object(constraints), at, losses)
            .as_object()
            .cloned()
            .unwrap_or_default();
        if let Some(Value::Array(others)) = lowered.shift_remove("allOf") {
            parts.extend(others);
        }
        siblings.extend(lowered);
    }
    if siblings.is_empty() && parts.len() == 1 {
        return target;
    }
    losses.lowered(
        at,
        "$ref with siblings",
        "the reference is moved into `allOf`, since OpenAPI 3.0 ignores siblings of `$ref`",
    );
    let mut out = Map::from_iter([("allOf".to_owned(), Value::Array(parts))]);
    out.extend(siblings);
    Value::Object(out)
}
