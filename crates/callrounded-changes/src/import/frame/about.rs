//! What a document states about the service as a whole: its name and version, its servers, its security schemes.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::members;
use crate::import::loss::Losses;

pub(super) fn info(info: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    for (name, value) in members(info) {
        let at = pointer::join(at, name);
        match name.as_str() {
            "summary" => losses.lost(&at, "info.summary", "3.0 has no place for it"),
            "license" => {
                let mut license = value.clone();
                if let Some(license) = license.as_object_mut()
                    && license.shift_remove("identifier").is_some()
                {
                    losses.lost(
                        &pointer::join(&at, "identifier"),
                        "license.identifier",
                        "3.0 has no place for it",
                    );
                }
                out.insert(name.clone(), license);
            }
            // Versions are written without quotes, and then are numbers.
            "version" | "title" if value.is_number() => {
                losses.lowered(&at, name, "it is a text here");
                out.insert(name.clone(), json!(value.to_string()));
            }
            _ => {
                out.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(out)
}

/// What every document has, and this one lacks.
pub(super) fn required_info(out: &mut Map<String, Value>, losses: &mut Losses<'_>) {
    let info = out.entry("info").or_insert_with(|| json!({}));
    let Some(info) = info.as_object_mut() else { return };
    for (name, value) in [("title", "API"), ("version", "0.0.0")] {
        if !info.contains_key(name) {
            losses.lowered(
                "/info",
                name,
                format!("there was none, which OpenAPI does not allow; it is `{value}`"),
            );
            info.insert(name.to_owned(), json!(value));
        }
    }
}

/// Servers by whole URLs, which is what a client can send to.
pub(super) fn servers(servers: &Value, at: &str, losses: &mut Losses<'_>) -> Option<Value> {
    let mut kept = Vec::new();
    for (index, server) in servers.as_array()?.iter().enumerate() {
        let at = pointer::join(at, &index.to_string());
        let mut url = server.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut server = server.as_object().cloned().unwrap_or_default();
        if let Some(Value::Object(variables)) = server.shift_remove("variables") {
            for (name, variable) in &variables {
                let default = variable.get("default").and_then(Value::as_str).unwrap_or_default();
                url = url.replace(&format!("{{{name}}}"), default);
            }
            losses.lost(
                &at,
                "server variables",
                "the generator takes whole URLs; the variables have their defaults",
            );
        }
        if !url.contains("://") {
            losses.lost(
                &at,
                "relative server",
                format!("`{url}` is relative to where the document was; a client needs a whole URL"),
            );
            continue;
        }
        server.insert("url".to_owned(), json!(url));
        kept.push(Value::Object(server));
    }
    (!kept.is_empty()).then_some(Value::Array(kept))
}

/// Takes requirements of security schemes that are not there any more out of the document and its operations.
pub(super) fn forget_schemes(out: &mut Map<String, Value>, source: &Value) {
    let schemes = source.pointer("/components/securitySchemes").unwrap_or(&Value::Null);
    let gone: Vec<&String> = members(schemes)
        .filter(|(_, scheme)| scheme.get("type").is_some_and(|name| name == "mutualTLS"))
        .map(|(name, _)| name)
        .collect();
    let forget = |holder: &mut Map<String, Value>| {
        let Some(Value::Array(list)) = holder.get_mut("security") else {
            return;
        };
        list.retain(|one| !members(one).any(|(name, _)| gone.contains(&name)));
        if list.is_empty() {
            holder.shift_remove("security");
        }
    };
    if gone.is_empty() {
        return;
    }
    forget(out);
    let paths = out
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten();
    for (_, item) in paths {
        let operations = item.as_object_mut().into_iter().flatten();
        operations
            .filter_map(|(_, operation)| operation.as_object_mut())
            .for_each(forget);
    }
}
