//! Lowers the document as a whole: its fields, paths, operations and components.

mod metadata;

use callrounded_document::{
    Diagnostics, Document, Method, pointer,
    structure::{self, Object},
};
pub(super) use metadata::remove_requirements;
use metadata::{fill_required_info, info, remove_unsupported_requirements, servers};
use serde_json::{Map, Value, json};

use super::{bodies, fields::members, loss::Losses, parameters, schemas};

/// Checks that the document is OpenAPI 3.0 or 3.1, which can be imported.
pub(super) fn check_version(source: &Document) -> Result<(), Diagnostics> {
    let is_supported = |version: &str| version.starts_with("3.0.") || version == "3.1" || version.starts_with("3.1.");
    require_version(source, is_supported, "OpenAPI 3.0 or 3.1")
}

/// Checks that the document is OpenAPI 3, which can be compared.
pub(crate) fn check_version_3(source: &Document) -> Result<(), Diagnostics> {
    require_version(source, |version| version.starts_with("3."), "OpenAPI 3")
}

fn require_version(source: &Document, is_supported: fn(&str) -> bool, expected: &str) -> Result<(), Diagnostics> {
    const REMEDY: &str = "convert the document to OpenAPI 3.0 or 3.1; swagger2openapi converts Swagger 2.0";
    let error = |at: &str, problem: String| Err(source.diagnostic(at, problem, REMEDY).into());
    match source.get("/openapi") {
        Some(Value::String(version)) if is_supported(version) => Ok(()),
        Some(version) => {
            let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
            error(
                "/openapi",
                format!("unsupported version: expected {expected}, found OpenAPI {version}"),
            )
        }
        None if source.get("/swagger").is_some() => error(
            "/swagger",
            format!("unsupported version: expected {expected}, found Swagger 2.0"),
        ),
        None => error("", format!("missing field `openapi`: expected {expected}")),
    }
}

/// Lowers the document to OpenAPI 3.0.3, with its fields in a fixed order.
pub(super) fn lower(document: &Value, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    out.insert("openapi".to_owned(), json!("3.0.3"));
    for (name, value) in members(document) {
        let at = pointer::join("", name);
        let value = match name.as_str() {
            "info" => info(value, &at, losses),
            "servers" if losses.comparison_only => value.clone(),
            "servers" => match servers(value, &at, losses) {
                Some(servers) => servers,
                None => continue,
            },
            "tags" | "externalDocs" | "security" => value.clone(),
            "paths" => paths(value, &at, losses),
            "components" => components(value, &at, losses),
            "openapi" => continue,
            "jsonSchemaDialect" => {
                losses.lost(&at, name, "OpenAPI 3.0 has only one schema dialect");
                continue;
            }
            "webhooks" if losses.comparison_only => paths(value, &at, losses),
            "webhooks" => {
                losses.lost(
                    &at,
                    name,
                    "OpenAPI 3.0 has no webhooks, and a client does not receive them",
                );
                continue;
            }
            extension if extension.starts_with("x-") => value.clone(),
            other => {
                losses.lost(&at, other, "not a field of OpenAPI");
                continue;
            }
        };
        out.insert(name.clone(), value);
    }
    if !losses.comparison_only {
        remove_unsupported_requirements(&mut out, document);
    }
    if !losses.comparison_only {
        fill_required_info(&mut out, losses);
    }
    // `paths` is optional in 3.1, for documents without operations.
    out.entry("paths").or_insert_with(|| json!({}));
    let mut out = Value::Object(out);
    if !losses.comparison_only {
        remove_unknown_fields(&mut out, Object::Document, "", losses);
    }
    let out = out.as_object().cloned().unwrap_or_default();
    let order = [
        "openapi",
        "info",
        "externalDocs",
        "servers",
        "tags",
        "security",
        "paths",
        "components",
    ];
    ordered(out, &order)
}

/// Removes fields that OpenAPI 3.0 does not define for their object.
fn remove_unknown_fields(value: &mut Value, object: Object, at: &str, losses: &mut Losses<'_>) {
    let Some(members) = value.as_object_mut() else { return };
    if members.contains_key("$ref") && object != Object::PathItem {
        return;
    }
    if let Some(fields) = object.fields() {
        members.retain(|name, _| {
            let is_known = name.starts_with("x-") || fields.contains(&name.as_str());
            if !is_known {
                let reason = format!("in OpenAPI 3.0, the {} has no such field", object.name());
                losses.lost(&pointer::join(at, name), name, reason);
            }
            is_known
        });
    }
    for (name, object, value) in structure::children_mut(value, object) {
        remove_unknown_fields(value, object, &format!("{at}{name}"), losses);
    }
}

/// Returns the members in the order of `first`, followed by all others in their original order.
pub(super) fn ordered(mut members: Map<String, Value>, first: &[&str]) -> Value {
    let mut out = Map::new();
    for name in first {
        if let Some(value) = members.shift_remove(*name) {
            out.insert((*name).to_owned(), value);
        }
    }
    out.extend(members);
    Value::Object(out)
}

fn paths(paths: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    for (path, item) in members(paths) {
        let at = pointer::join(at, path);
        if path.starts_with("x-") {
            out.insert(path.clone(), item.clone());
            continue;
        }
        let mut lowered = Map::new();
        for (name, value) in members(item) {
            let at = pointer::join(&at, name);
            let value = match name.as_str() {
                "parameters" => parameters::list(value, &at, losses),
                "servers" if !losses.comparison_only => servers(value, &at, losses).unwrap_or_else(|| value.clone()),
                method if Method::from_name(method).is_some() => operation(path, method, value, &at, losses),
                _ => value.clone(),
            };
            lowered.insert(name.clone(), value);
        }
        out.insert(path.clone(), Value::Object(lowered));
    }
    Value::Object(out)
}

fn operation(path: &str, method: &str, operation: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    for (name, value) in members(operation) {
        let at = pointer::join(at, name);
        let value = match name.as_str() {
            "parameters" => parameters::list(value, &at, losses),
            "requestBody" => bodies::request(value, &at, losses),
            "responses" => bodies::responses(value, &at, losses),
            "servers" if !losses.comparison_only => servers(value, &at, losses).unwrap_or_else(|| value.clone()),
            "callbacks" if losses.comparison_only => callbacks(value, &at, losses),
            "callbacks" => {
                losses.lost(&at, name, "a client does not receive callbacks");
                continue;
            }
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    if !out.contains_key("operationId") {
        let id = free_id(
            &heck::ToSnakeCase::to_snake_case(format!("{method} {path}").as_str()),
            losses,
        );
        losses.lowered(at, "operationId", format!("missing; set to `{id}`"));
        out.insert("operationId".to_owned(), json!(id));
    }
    let responses = out.get("responses");
    if members(responses.unwrap_or(&Value::Null)).all(|(status, _)| status.starts_with("x-")) && !losses.comparison_only
    {
        losses.lowered(
            at,
            "responses",
            "missing, but required by OpenAPI 3.0; any response is accepted",
        );
        out.insert(
            "responses".to_owned(),
            json!({ "default": { "description": "Any response." } }),
        );
    }
    ordered(
        out,
        &[
            "operationId",
            "tags",
            "summary",
            "description",
            "externalDocs",
            "deprecated",
            "security",
            "servers",
            "parameters",
            "requestBody",
            "responses",
        ],
    )
}

/// Lowers callbacks: path items by name and URL expression.
fn callbacks(callbacks: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let lowered = members(callbacks).map(|(name, callback)| {
        let at = pointer::join(at, name);
        let is_plain = callback.get("$ref").is_none() && !name.starts_with("x-");
        let lowered = if is_plain {
            paths(callback, &at, losses)
        } else {
            callback.clone()
        };
        (name.clone(), lowered)
    });
    Value::Object(lowered.collect())
}

/// Returns an `operationId` that no operation of the source has.
fn free_id(wanted: &str, losses: &Losses<'_>) -> String {
    let taken: Vec<String> = losses
        .source
        .operations()
        .iter()
        .filter_map(|operation| operation.id.map(heck::ToSnakeCase::to_snake_case))
        .collect();
    let candidates = (2..).map(|count: u32| format!("{wanted}_{count}"));
    let mut candidates = std::iter::once(wanted.to_owned()).chain(candidates);
    candidates
        .find(|id| !taken.contains(id))
        .unwrap_or_else(|| wanted.to_owned())
}

fn components(components: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    for (section, content) in members(components) {
        let at = pointer::join(at, section);
        let each = |lower: &mut dyn FnMut(&Value, &str) -> Value| -> Value {
            let lowered = members(content).map(|(name, value)| (name.clone(), lower(value, &pointer::join(&at, name))));
            Value::Object(lowered.collect())
        };
        let content = match section.as_str() {
            "schemas" => each(&mut |value, at| schemas::component(value, at, losses)),
            "parameters" => each(&mut |value, at| parameters::one(value, at, losses)),
            "headers" => each(&mut |value, at| parameters::header(value, at, losses)),
            "requestBodies" => each(&mut |value, at| bodies::request(value, at, losses)),
            "responses" => each(&mut |value, at| bodies::response(value, at, losses)),
            "links" if !losses.comparison_only => bodies::links(content, &at, losses),
            "securitySchemes" | "callbacks" | "pathItems" if losses.comparison_only => match section.as_str() {
                "callbacks" => callbacks(content, &at, losses),
                "pathItems" => paths(content, &at, losses),
                _ => content.clone(),
            },
            "securitySchemes" => {
                let kept = members(content).filter(|(name, scheme)| {
                    let is_3_1 = scheme.get("type").and_then(Value::as_str) == Some("mutualTLS");
                    if is_3_1 {
                        losses.lost(
                            &pointer::join(&at, name),
                            "mutualTLS",
                            "OpenAPI 3.0 has no such security scheme",
                        );
                    }
                    !is_3_1
                });
                Value::Object(kept.map(|(name, scheme)| (name.clone(), scheme.clone())).collect())
            }
            "pathItems" => {
                losses.lowered(&at, "components.pathItems", "inlined where they are referenced");
                continue;
            }
            "callbacks" => {
                losses.lost(&at, "callbacks", "a client does not receive callbacks");
                continue;
            }
            _ => content.clone(),
        };
        out.insert(section.clone(), content);
    }
    Value::Object(out)
}
