//! Operations such as a client can be generated for: with one type for success, and methods of their own.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation, is_json, pointer};
use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value, json};

use super::{
    frame::members,
    loss::Losses,
    names::{components, free_name},
};

pub(super) fn one_type_each(document: &mut Value, losses: &mut Losses<'_>) {
    let operations: Vec<String> = Document::from_value("document", document.clone())
        .operations()
        .into_iter()
        .map(|operation| operation.pointer)
        .collect();
    for operation in operations {
        one_type(document, &operation, losses);
    }
}

/// An answer, by what its body is.
struct Answer {
    status: String,
    /// The schema of its JSON.
    json: Option<Value>,
    bytes: bool,
}

fn one_type(document: &mut Value, operation: &str, losses: &mut Losses<'_>) {
    let at = pointer::join(operation, "responses");
    let answers = answers(document, &at);
    let has_success = answers.iter().any(|one| one.status.starts_with('2'));
    // Beside a success, the default describes errors, which may have any type.
    let succeeds = |status: &str| status.starts_with('2') || (status == "default" && !has_success);
    let successes = answers.into_iter().filter(|one| succeeds(&one.status)).collect();
    let id = document
        .pointer(&pointer::join(operation, "operationId"))
        .and_then(Value::as_str);
    let id = id.unwrap_or_default().to_pascal_case();
    group(document, &at, successes, &format!("{id}Success"), losses);
}

fn answers(document: &Value, at: &str) -> Vec<Answer> {
    let responses = document.pointer(at).cloned().unwrap_or_default();
    let looked = members(&responses).filter(|(status, _)| !status.starts_with("x-"));
    looked
        .map(|(status, response)| {
            let target = response
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(pointer::of_reference);
            let response = target.and_then(|target| document.pointer(&target)).unwrap_or(response);
            let content = response.get("content").unwrap_or(&Value::Null);
            let json = members(content).find(|(name, _)| is_json(name));
            Answer {
                status: status.clone(),
                json: json.map(|(_, media)| media.get("schema").cloned().unwrap_or_else(|| json!({}))),
                bytes: members(content).next().is_some(),
            }
        })
        .collect()
}

fn group(document: &mut Value, at: &str, answers: Vec<Answer>, name: &str, losses: &mut Losses<'_>) {
    let mut schemas: Vec<Value> = Vec::new();
    for schema in answers.iter().filter_map(|answer| answer.json.clone()) {
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let leave_out = |document: &mut Value, status: &str, losses: &mut Losses<'_>, why: &str| {
        losses.lost(
            &pointer::join(at, status),
            "response",
            format!("{why}, and the generator takes one type for success"),
        );
        if let Some(responses) = document.pointer_mut(at).and_then(Value::as_object_mut) {
            responses.shift_remove(status);
        }
    };
    if schemas.is_empty() {
        // Bytes or nothing, whichever comes first.
        let first = answers.first().map(|answer| answer.bytes);
        for answer in answers.iter().filter(|answer| Some(answer.bytes) != first) {
            leave_out(
                document,
                &answer.status,
                losses,
                "it has another kind of body than the one before it",
            );
        }
        return;
    }
    for answer in answers.iter().filter(|answer| answer.json.is_none()) {
        let why = if answer.bytes {
            "its body is no JSON"
        } else {
            "it has no body"
        };
        leave_out(document, &answer.status, losses, why);
    }
    if schemas.len() < 2 {
        return;
    }
    let target = match schemas
        .iter()
        .any(|schema| schema.as_object().is_some_and(Map::is_empty))
    {
        true => json!({}),
        false => {
            let name = free_name(document, name);
            // A reader takes the first that fits, so those that ask for most come first.
            schemas.sort_by_key(|schema| std::cmp::Reverse(required(document, schema)));
            let union = json!({ "oneOf": schemas });
            if let Some(components) = components(document) {
                components.insert(name.clone(), union);
            }
            json!({ "$ref": format!("#/components/schemas/{name}") })
        }
    };
    losses.lost(
        at,
        "several types",
        "which status has which schema: the generator takes one type for success, so each may have any of them",
    );
    for answer in answers.iter().filter(|answer| answer.json.is_some()) {
        inline(document, at, &answer.status);
        let content = pointer::join(&pointer::join(at, &answer.status), "content");
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

/// How many properties a schema requires.
fn required(document: &Value, schema: &Value) -> usize {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(pointer::of_reference);
    let schema = target.and_then(|target| document.pointer(&target)).unwrap_or(schema);
    schema.get("required").and_then(Value::as_array).map_or(0, Vec::len)
}

/// Puts an answer that is a reference in its place.
fn inline(document: &mut Value, at: &str, status: &str) {
    let at = pointer::join(at, status);
    let reference = document.pointer(&pointer::join(&at, "$ref")).and_then(Value::as_str);
    let target = reference.and_then(pointer::of_reference);
    if let Some(answer) = target.and_then(|target| document.pointer(&target).cloned())
        && let Some(place) = document.pointer_mut(&at)
    {
        *place = answer;
    }
}

/// Renames operations that share an `operationId`. The new one has the words of the first tag, or else of the path.
pub(super) fn one_id_each(document: &mut Value, losses: &mut Losses<'_>) {
    let read = Document::from_value("document", document.clone());
    let operations = read.operations();
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
            let tag = read.text(&first_tag).unwrap_or_default();
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
            // In the style of the others.
            let is_camel = id.contains(|c: char| c.is_uppercase());
            let other = if is_camel {
                free.to_lower_camel_case()
            } else {
                free.to_snake_case()
            };
            losses.lowered(
                &pointer::join(&operation.pointer, "operationId"),
                "operationId",
                format!("others are called `{id}` too, so this operation is called `{other}`"),
            );
            if let Some(operation) = document.pointer_mut(&operation.pointer).and_then(Value::as_object_mut) {
                operation.insert("operationId".to_owned(), other.into());
            }
        }
    }
}

/// Gives an operation whose method would have the name of another one a name of its own, its `operationId`.
pub(super) fn one_method_each(document: &mut Value, losses: &mut Losses<'_>) {
    let mut taken: BTreeSet<(Option<String>, String)> = BTreeSet::new();
    let read = Document::from_value("document", document.clone());
    for operation in read.operations() {
        let (group, method) = callrounded_codegen::method(&read, &operation);
        if taken.insert((group.clone(), method.clone())) {
            continue;
        }
        let own = operation.id.unwrap_or_default().to_snake_case();
        losses.lowered(
            &operation.pointer,
            "x-method",
            format!("the method `{method}` is that of another operation, so this one is `{own}`"),
        );
        if let Some(operation) = document.pointer_mut(&operation.pointer).and_then(Value::as_object_mut) {
            operation.insert("x-method".to_owned(), own.clone().into());
        }
        taken.insert((group, own));
    }
}
