//! Lowers the bodies of requests and responses. One media type is kept, preferably JSON.

use callrounded_document::{essence, is_json, pointer};
use serde_json::{Map, Value, json};

use super::{
    content::content,
    fields::{members, only_reference},
    loss::Losses,
    parameters,
};

pub(super) fn request(body: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    if body.get("$ref").is_some() {
        return only_reference(body, at, losses);
    }
    let mut out = Map::new();
    for (name, value) in members(body) {
        let at = pointer::join(at, name);
        let value = match name.as_str() {
            "content" if losses.comparison_only => content(value, &at, losses),
            "content" => choose_media_type(content(value, &at, losses), &at, losses),
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    Value::Object(out)
}

/// Keeps one of several media types: JSON, otherwise the first that is not multipart, otherwise the first.
fn choose_media_type(content: Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let Value::Object(media) = content else { return content };
    if media.len() < 2 {
        return Value::Object(media);
    }
    let chosen = media
        .keys()
        .find(|name| *name == "application/json")
        .or_else(|| media.keys().find(|name| is_json(name)))
        .or_else(|| media.keys().find(|name| !essence(name).starts_with("multipart/")))
        .or_else(|| media.keys().next())
        .cloned();
    let kept = media.into_iter().filter(|(name, _)| {
        let kept = Some(name) == chosen.as_ref();
        if !kept {
            let chosen = chosen.as_deref().unwrap_or_default();
            let reason = format!("the generator supports one media type; {chosen} is kept");
            losses.lost(&pointer::join(at, name), name, reason);
        }
        kept
    });
    Value::Object(kept.collect())
}

pub(super) fn responses(responses: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let lowered = members(responses).map(|(status, value)| {
        let at = pointer::join(at, status);
        if status.starts_with("x-") {
            return (status.clone(), value.clone());
        }
        // Some tools write ranges in lower case, such as `4xx`.
        (status.replace("xx", "XX"), response(value, &at, losses))
    });
    Value::Object(lowered.collect())
}

pub(super) fn response(response: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    if response.get("$ref").is_some() {
        return only_reference(response, at, losses);
    }
    let mut out = Map::new();
    for (name, value) in members(response) {
        let at = pointer::join(at, name);
        let value = match name.as_str() {
            "content" => {
                let content = content(value, &at, losses);
                let has_json = members(&content).any(|(name, _)| is_json(name));
                if has_json && !losses.comparison_only {
                    choose_media_type(content, &at, losses)
                } else {
                    content
                }
            }
            "headers" => {
                let headers = members(value);
                let lowered = headers.map(|(name, header)| {
                    (
                        name.clone(),
                        parameters::header(header, &pointer::join(&at, name), losses),
                    )
                });
                Value::Object(lowered.collect())
            }
            "links" if !losses.comparison_only => links(value, &at, losses),
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    if !out.contains_key("description") {
        out.insert("description".to_owned(), json!(""));
    }
    Value::Object(out)
}

/// Keeps the links that refer to an operation. progenitor rejects all others.
pub(super) fn links(links: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let kept = members(links).filter(|(name, link)| {
        let shared = link.get("$ref").and_then(Value::as_str);
        let shared = shared.and_then(|reference| losses.source.get(reference.strip_prefix('#')?));
        let has = |name| shared.unwrap_or(link).get(name).is_some_and(Value::is_string);
        let is_kept = name.starts_with("x-") || has("operationId") || has("operationRef");
        if !is_kept {
            let reason = "missing field `operationId` or `operationRef`";
            losses.lost(&pointer::join(at, name), "link", reason);
        }
        is_kept
    });
    Value::Object(kept.map(|(name, link)| (name.clone(), link.clone())).collect())
}
