//! Adapts operations to the generator: unique `operationId`s and method names, and one type for successful responses.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation, is_json, pointer};
use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value, json};

use super::{
    fields::members,
    loss::Losses,
    names::{components, free_name},
};

/// Gives the successful responses of each operation the same type.
pub(super) fn unify_success_types(document: &mut Value, losses: &mut Losses<'_>) {
    let operations: Vec<String> = Document::from_value("document", document.clone())
        .operations()
        .into_iter()
        .map(|operation| operation.pointer)
        .collect();
    for operation in operations {
        unify_success_type(document, &operation, losses);
    }
}

/// A response and the kind of its body.
struct Response {
    status: String,
    /// The schema of its JSON body, if it has one.
    json: Option<Value>,
    has_body: bool,
}

fn unify_success_type(document: &mut Value, operation: &str, losses: &mut Losses<'_>) {
    let at = pointer::join(operation, "responses");
    let responses = responses(document, &at);
    let has_success = responses.iter().any(|one| one.status.starts_with('2'));
    // If there is a success status, `default` describes errors, which may have any type.
    let is_success = |status: &str| status.starts_with('2') || (status == "default" && !has_success);
    let successes = responses.into_iter().filter(|one| is_success(&one.status)).collect();
    let id = document
        .pointer(&pointer::join(operation, "operationId"))
        .and_then(Value::as_str);
    let id = id.unwrap_or_default().to_pascal_case();
    unify_types(document, &at, successes, &format!("{id}Success"), losses);
}

fn responses(document: &Value, at: &str) -> Vec<Response> {
    let responses = document.pointer(at).cloned().unwrap_or_default();
    let by_status = members(&responses).filter(|(status, _)| !status.starts_with("x-"));
    by_status
        .map(|(status, response)| {
            let target = response
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(pointer::of_reference);
            let response = target.and_then(|target| document.pointer(&target)).unwrap_or(response);
            let content = response.get("content").unwrap_or(&Value::Null);
            let json = members(content).find(|(name, _)| is_json(name));
            Response {
                status: status.clone(),
                json: json.map(|(_, media)| media.get("schema").cloned().unwrap_or_else(|| json!({}))),
                has_body: members(content).next().is_some(),
            }
        })
        .collect()
}

/// Gives all responses the same type. Several JSON schemas become a `oneOf` component with the name `name`; responses
/// without JSON are removed if another one has JSON.
fn unify_types(document: &mut Value, at: &str, responses: Vec<Response>, name: &str, losses: &mut Losses<'_>) {
    let mut schemas: Vec<Value> = Vec::new();
    for schema in responses.iter().filter_map(|response| response.json.clone()) {
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let remove = |document: &mut Value, status: &str, losses: &mut Losses<'_>, reason: &str| {
        losses.lost(
            &pointer::join(at, status),
            "response",
            format!("{reason}, and the generator supports one type for successful responses"),
        );
        if let Some(responses) = document.pointer_mut(at).and_then(Value::as_object_mut) {
            responses.shift_remove(status);
        }
    };
    if schemas.is_empty() {
        // The first response decides between bytes and no body.
        let first = responses.first().map(|response| response.has_body);
        for response in responses.iter().filter(|response| Some(response.has_body) != first) {
            remove(
                document,
                &response.status,
                losses,
                "its body is of another kind than that of the first response",
            );
        }
        return;
    }
    for response in responses.iter().filter(|response| response.json.is_none()) {
        let reason = if response.has_body {
            "its body is not JSON"
        } else {
            "it has no body"
        };
        remove(document, &response.status, losses, reason);
    }
    if schemas.len() < 2 {
        return;
    }
    let target = if schemas
        .iter()
        .any(|schema| schema.as_object().is_some_and(Map::is_empty))
    {
        json!({})
    } else {
        let name = free_name(document, name);
        // Decoding uses the first branch that matches, so branches with more required properties come first.
        schemas.sort_by_key(|schema| std::cmp::Reverse(required(document, schema)));
        let union = json!({ "oneOf": schemas });
        if let Some(components) = components(document) {
            components.insert(name.clone(), union);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    };
    losses.lost(
        at,
        "several types",
        "the generator supports one type for successful responses, so each may have any of the schemas",
    );
    for response in responses.iter().filter(|response| response.json.is_some()) {
        inline(document, at, &response.status);
        let content = pointer::join(&pointer::join(at, &response.status), "content");
        let Some(content) = document.pointer_mut(&content).and_then(Value::as_object_mut) else {
            continue;
        };
        for (_, media) in content.iter_mut().filter(|(name, _)| is_json(name)) {
            if let Some(media) = media.as_object_mut() {
                media.insert("schema".to_owned(), target.clone());
            }
        }
    }
}

/// Returns the number of properties that a schema requires.
fn required(document: &Value, schema: &Value) -> usize {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(pointer::of_reference);
    let schema = target.and_then(|target| document.pointer(&target)).unwrap_or(schema);
    schema.get("required").and_then(Value::as_array).map_or(0, Vec::len)
}

/// Inlines a response that is a reference.
fn inline(document: &mut Value, at: &str, status: &str) {
    let at = pointer::join(at, status);
    let reference = document.pointer(&pointer::join(&at, "$ref")).and_then(Value::as_str);
    let target = reference.and_then(pointer::of_reference);
    if let Some(resolved) = target.and_then(|target| document.pointer(&target).cloned())
        && let Some(response) = document.pointer_mut(&at)
    {
        *response = resolved;
    }
}

/// Renames operations that share an `operationId`. The new one is extended by the first tag, otherwise by the path.
pub(super) fn deduplicate_ids(document: &mut Value, losses: &mut Losses<'_>) {
    let view = Document::from_value("document", document.clone());
    let operations = view.operations();
    let mut by_id: BTreeMap<String, Vec<&Operation<'_>>> = BTreeMap::new();
    for operation in &operations {
        by_id
            .entry(operation.id.unwrap_or_default().to_snake_case())
            .or_default()
            .push(operation);
    }
    let mut taken: BTreeSet<String> = by_id.keys().cloned().collect();
    for operations in by_id.values().filter(|operations| operations.len() > 1) {
        for operation in operations {
            let id = operation.id.unwrap_or_default();
            let first_tag = pointer::join(&pointer::join(&operation.pointer, "tags"), "0");
            let tag = view.get_str(&first_tag).unwrap_or_default();
            let names = operation
                .path
                .split('/')
                .filter(|part| !part.contains('{'))
                .collect::<Vec<_>>()
                .join(" ");
            let wanted = [
                format!("{id} {tag}"),
                format!("{id} {names}"),
                format!("{} {}", operation.method.as_str().to_lowercase(), operation.path),
            ];
            let numbered = (2..).map(|count: u32| format!("{id} {count}"));
            let mut candidates = wanted.into_iter().chain(numbered);
            let free = candidates.find(|other| {
                let other = other.to_snake_case();
                other != id.to_snake_case() && !taken.contains(&other)
            });
            let Some(free) = free else { continue };
            taken.insert(free.to_snake_case());
            // Keeps the naming style.
            let is_camel = id.contains(|c: char| c.is_uppercase());
            let other = if is_camel {
                free.to_lower_camel_case()
            } else {
                free.to_snake_case()
            };
            losses.lowered(
                &pointer::join(&operation.pointer, "operationId"),
                "operationId",
                format!("`{id}` is not unique; renamed to `{other}`"),
            );
            if let Some(operation) = document.pointer_mut(&operation.pointer).and_then(Value::as_object_mut) {
                operation.insert("operationId".to_owned(), other.into());
            }
        }
    }
}

/// Names the method of an operation after its `operationId` if another operation has a method of the same name.
pub(super) fn deduplicate_methods(document: &mut Value, losses: &mut Losses<'_>) {
    let mut taken: BTreeSet<(Option<String>, String)> = BTreeSet::new();
    let view = Document::from_value("document", document.clone());
    for operation in view.operations() {
        let (group, method) = callrounded_codegen::group_and_method(&view, &operation);
        if taken.insert((group.clone(), method.clone())) {
            continue;
        }
        let own = operation.id.unwrap_or_default().to_snake_case();
        losses.lowered(
            &operation.pointer,
            "x-method",
            format!("the method name `{method}` is not unique; renamed to `{own}`"),
        );
        if let Some(operation) = document.pointer_mut(&operation.pointer).and_then(Value::as_object_mut) {
            operation.insert("x-method".to_owned(), own.clone().into());
        }
        taken.insert((group, own));
    }
}
