//! Visits every location of a document that has a schema, parameter and so on, or a reference to one. Locations are
//! found by position, not by key: a property may have the name `default`, and an example may have a key `$ref`.

use callrounded_document::{Method, pointer, traverse::Kind};
use serde_json::Value;

/// A function that is called for each node, before the nodes inside it are visited.
pub(super) type Visit<'v> = dyn FnMut(Kind, &mut Value) + 'v;

/// Visits every node of a document.
pub(super) fn each(document: &mut Value, visit: &mut Visit<'_>) {
    paths(document, visit);
    for kind in Kind::WITH_SECTION {
        let section = pointer::join("/components", kind.section().unwrap_or_default());
        if let Some(section) = document.pointer_mut(&section) {
            each_member(section, kind, visit);
        }
    }
}

/// Visits every node in the paths of a document, and none in its components.
pub(super) fn paths(document: &mut Value, visit: &mut Visit<'_>) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for (_, item) in paths.iter_mut().filter(|(path, _)| !path.starts_with("x-")) {
        visit(Kind::PathItem, item);
        let Some(item) = item.as_object_mut() else { continue };
        for (name, value) in item.iter_mut() {
            match name.as_str() {
                "parameters" => each_item(value, Kind::Parameter, visit),
                method if Method::from_name(method).is_some() => operation(value, visit),
                _ => {}
            }
        }
    }
}

fn operation(operation: &mut Value, visit: &mut Visit<'_>) {
    let Some(operation) = operation.as_object_mut() else {
        return;
    };
    for (name, value) in operation.iter_mut() {
        match name.as_str() {
            "parameters" => each_item(value, Kind::Parameter, visit),
            "requestBody" => one(value, Kind::RequestBody, visit),
            "responses" => each_member(value, Kind::Response, visit),
            _ => {}
        }
    }
}

/// Visits a node and everything inside it.
pub(super) fn one(value: &mut Value, kind: Kind, visit: &mut Visit<'_>) {
    visit(kind, value);
    let Some(members) = value.as_object_mut().filter(|members| !members.contains_key("$ref")) else {
        return;
    };
    for (name, value) in members.iter_mut() {
        match (kind, name.as_str()) {
            (Kind::Schema, "properties") => each_schema(value, visit),
            (Kind::Schema, "allOf" | "anyOf" | "oneOf") => each_item(value, Kind::Schema, visit),
            (Kind::Schema, "items" | "not" | "additionalProperties") if value.is_object() => {
                one(value, Kind::Schema, visit);
            }
            (Kind::Parameter | Kind::Header, "schema") => one(value, Kind::Schema, visit),
            (Kind::Parameter | Kind::Header, "examples") => each_member(value, Kind::Example, visit),
            (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => content(value, visit),
            (Kind::Response, "headers") => each_member(value, Kind::Header, visit),
            _ => {}
        }
    }
}

fn content(content: &mut Value, visit: &mut Visit<'_>) {
    let media = content.as_object_mut().into_iter().flatten();
    for (_, media) in media {
        if let Some(schema) = media.get_mut("schema") {
            one(schema, Kind::Schema, visit);
        }
        if let Some(examples) = media.get_mut("examples") {
            each_member(examples, Kind::Example, visit);
        }
    }
}

fn each_schema(members: &mut Value, visit: &mut Visit<'_>) {
    let members = members.as_object_mut().into_iter().flatten();
    members.for_each(|(_, value)| one(value, Kind::Schema, visit));
}

fn each_member(members: &mut Value, kind: Kind, visit: &mut Visit<'_>) {
    let members = members.as_object_mut().into_iter().flatten();
    for (name, value) in members {
        if kind == Kind::Schema || !name.starts_with("x-") {
            one(value, kind, visit);
        }
    }
}

fn each_item(items: &mut Value, kind: Kind, visit: &mut Visit<'_>) {
    let items = items.as_array_mut().into_iter().flatten();
    items.for_each(|value| one(value, kind, visit));
}

/// Returns the references of a node, including those of a discriminator's mapping. A mapping may have the name of a
/// schema instead of a pointer.
pub(super) fn references(value: &mut Value) -> Vec<&mut String> {
    let Some(members) = value.as_object_mut() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, value) in members.iter_mut() {
        match (name.as_str(), value) {
            ("$ref", Value::String(reference)) => found.push(reference),
            ("discriminator", Value::Object(discriminator)) => {
                let mapping = discriminator.get_mut("mapping").and_then(Value::as_object_mut);
                found.extend(mapping.into_iter().flatten().filter_map(|(_, value)| match value {
                    Value::String(reference) => Some(reference),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    found
}

/// Returns the JSON pointer that a reference refers to. In a mapping it may also be the name of a schema.
pub(super) fn target(reference: &str) -> String {
    pointer::of_reference(reference).unwrap_or_else(|| pointer::join("/components/schemas", reference))
}
