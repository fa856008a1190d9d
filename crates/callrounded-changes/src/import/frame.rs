//! The document around its operations and schemas.

mod about;

use about::{forget_schemes, info, required_info, servers};
use callrounded_document::{
    Diagnostics, Document, Method, pointer,
    structure::{self, Object},
};
use serde_json::{Map, Value, json};

use super::{bodies, loss::Losses, parameters, schemas};

/// Only 3.0 and 3.1 can be imported.
pub(super) fn version(source: &Document) -> Result<(), Diagnostics> {
    let is_known = |version: &str| version.starts_with("3.0.") || version == "3.1" || version.starts_with("3.1.");
    of_version(source, is_known, "imported are OpenAPI 3.0 and 3.1")
}

/// Whatever is of version 3 can be compared.
pub(crate) fn version_3(source: &Document) -> Result<(), Diagnostics> {
    of_version(
        source,
        |version| version.starts_with("3."),
        "compared are documents of OpenAPI 3",
    )
}

fn of_version(source: &Document, is_known: fn(&str) -> bool, known: &str) -> Result<(), Diagnostics> {
    const REMEDY: &str = "convert it to OpenAPI 3.1 or 3.0 first; for Swagger 2.0, swagger2openapi does";
    let wrong = |at: &str, problem: String| Err(source.diagnostic(at, problem, REMEDY).into());
    match source.get("/openapi") {
        Some(Value::String(version)) if is_known(version) => Ok(()),
        Some(version) => {
            let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
            wrong("/openapi", format!("this is OpenAPI {version}; {known}"))
        }
        None if source.get("/swagger").is_some() => {
            wrong("/swagger", format!("this is a Swagger 2.0 document; {known}"))
        }
        None => wrong(
            "",
            "the document does not say which version of OpenAPI it is written in".to_owned(),
        ),
    }
}

/// Everything of the document, in the words of 3.0.3 and in one order.
pub(super) fn lower(document: &Value, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    out.insert("openapi".to_owned(), json!("3.0.3"));
    for (name, value) in members(document) {
        let at = pointer::join("", name);
        let value = match name.as_str() {
            "info" => info(value, &at, losses),
            "servers" if losses.only_compared => value.clone(),
            "servers" => match servers(value, &at, losses) {
                Some(servers) => servers,
                None => continue,
            },
            "tags" | "externalDocs" | "security" => value.clone(),
            "paths" => paths(value, &at, losses),
            "components" => components(value, &at, losses),
            "openapi" => continue,
            "jsonSchemaDialect" => {
                losses.lost(&at, name, "3.0 has one dialect of schemas");
                continue;
            }
            "webhooks" if losses.only_compared => paths(value, &at, losses),
            "webhooks" => {
                losses.lost(&at, name, "3.0 has none, and a client is not what is called by them");
                continue;
            }
            extension if extension.starts_with("x-") => value.clone(),
            other => {
                losses.lost(&at, other, "OpenAPI has no such field");
                continue;
            }
        };
        out.insert(name.clone(), value);
    }
    if !losses.only_compared {
        forget_schemes(&mut out, document);
    }
    if !losses.only_compared {
        required_info(&mut out, losses);
    }
    // A document without operations may lack them in 3.1.
    out.entry("paths").or_insert_with(|| json!({}));
    let mut out = Value::Object(out);
    if !losses.only_compared {
        without_unknown(&mut out, Object::Document, "", losses);
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

/// Takes out the fields that no object of OpenAPI 3.0 has.
fn without_unknown(value: &mut Value, object: Object, at: &str, losses: &mut Losses<'_>) {
    let Some(members) = value.as_object_mut() else { return };
    if members.contains_key("$ref") && object != Object::PathItem {
        return;
    }
    if let Some(fields) = object.fields() {
        members.retain(|name, _| {
            let is_known = name.starts_with("x-") || fields.contains(&name.as_str());
            if !is_known {
                let reason = format!("{} of OpenAPI 3.0 has no such field", object.name());
                losses.lost(&pointer::join(at, name), name, format!("the {reason}"));
            }
            is_known
        });
    }
    for (name, object, value) in structure::inside(value, object) {
        without_unknown(value, object, &format!("{at}{name}"), losses);
    }
}

/// Members in the order of `first`, and the others after them as they came.
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

pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
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
                "servers" if !losses.only_compared => servers(value, &at, losses).unwrap_or_else(|| value.clone()),
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
            "servers" if !losses.only_compared => servers(value, &at, losses).unwrap_or_else(|| value.clone()),
            "callbacks" if losses.only_compared => callbacks(value, &at, losses),
            "callbacks" => {
                losses.lost(&at, name, "a client is not what is called back");
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
        losses.lowered(
            at,
            "operationId",
            format!("there was none; the operation is called `{id}`"),
        );
        out.insert("operationId".to_owned(), json!(id));
    }
    let responses = out.get("responses");
    if members(responses.unwrap_or(&Value::Null)).all(|(status, _)| status.starts_with("x-")) && !losses.only_compared {
        losses.lowered(
            at,
            "responses",
            "there were none, which 3.0 does not allow; any answer is taken",
        );
        out.insert(
            "responses".to_owned(),
            json!({ "default": { "description": "Any answer." } }),
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

/// What is called back, by name and then by where to.
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

/// An identifier that no operation of the source has.
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
            "links" if !losses.only_compared => bodies::links(content, &at, losses),
            "securitySchemes" | "callbacks" | "pathItems" if losses.only_compared => match section.as_str() {
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
                            "3.0 has no such security scheme",
                        );
                    }
                    !is_3_1
                });
                Value::Object(kept.map(|(name, scheme)| (name.clone(), scheme.clone())).collect())
            }
            "pathItems" => {
                losses.lowered(&at, "components.pathItems", "they stand where they were referred to");
                continue;
            }
            "callbacks" => {
                losses.lost(&at, "callbacks", "a client is not what is called back");
                continue;
            }
            _ => content.clone(),
        };
        out.insert(section.clone(), content);
    }
    Value::Object(out)
}
