//! Lowers the metadata of a document: its title and version, its servers and its security requirements.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use crate::import::fields::members;
use crate::import::loss::Losses;

pub(super) fn info(info: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    for (name, value) in members(info) {
        let at = pointer::join(at, name);
        match name.as_str() {
            "summary" => losses.lost(&at, "info.summary", "OpenAPI 3.0 has no such field"),
            "license" => {
                let mut license = value.clone();
                if let Some(license) = license.as_object_mut()
                    && license.shift_remove("identifier").is_some()
                {
                    losses.lost(
                        &pointer::join(&at, "identifier"),
                        "license.identifier",
                        "OpenAPI 3.0 has no such field",
                    );
                }
                out.insert(name.clone(), license);
            }
            // A version without quotes is a number in YAML.
            "version" | "title" if value.is_number() => {
                losses.lowered(&at, name, "converted to a string");
                out.insert(name.clone(), json!(value.to_string()));
            }
            _ => {
                out.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(out)
}

/// Adds the required fields of `info` that are missing.
pub(super) fn fill_required_info(out: &mut Map<String, Value>, losses: &mut Losses<'_>) {
    let info = out.entry("info").or_insert_with(|| json!({}));
    let Some(info) = info.as_object_mut() else { return };
    for (name, value) in [("title", "API"), ("version", "0.0.0")] {
        if !info.contains_key(name) {
            losses.lowered(
                "/info",
                name,
                format!("missing, but required by OpenAPI; set to `{value}`"),
            );
            info.insert(name.to_owned(), json!(value));
        }
    }
}

/// Lowers servers to absolute URLs without variables. `None` if there are none.
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
                "the generator does not support variables; they are replaced by their defaults",
            );
        }
        if !url.contains("://") {
            losses.lost(
                &at,
                "relative server",
                format!("`{url}` is relative to the location of the document; a client needs an absolute URL"),
            );
            continue;
        }
        server.insert("url".to_owned(), json!(url));
        kept.push(Value::Object(server));
    }
    (!kept.is_empty()).then_some(Value::Array(kept))
}

/// Removes security requirements of mutual TLS, which OpenAPI 3.0 lacks, from the document and its operations.
pub(super) fn remove_unsupported_requirements(out: &mut Map<String, Value>, source: &Value) {
    let schemes = source.pointer("/components/securitySchemes").unwrap_or(&Value::Null);
    for (name, scheme) in members(schemes) {
        if scheme.get("type").is_some_and(|kind| kind == "mutualTLS") {
            remove_requirements(out, name);
        }
    }
}

/// Removes the security requirements that contain this scheme from a document and its operations.
pub(in crate::import) fn remove_requirements(out: &mut Map<String, Value>, scheme: &str) {
    let remove = |holder: &mut Map<String, Value>| {
        let Some(Value::Array(list)) = holder.get_mut("security") else {
            return;
        };
        // An empty list stays: it means that no key is needed.
        if list.iter().any(|one| one.get(scheme).is_some()) {
            list.retain(|one| one.get(scheme).is_none());
            if list.is_empty() {
                holder.shift_remove("security");
            }
        }
    };
    remove(out);
    let paths = out
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten();
    for (_, item) in paths {
        let operations = item.as_object_mut().into_iter().flatten();
        operations
            .filter_map(|(_, operation)| operation.as_object_mut())
            .for_each(remove);
    }
}
