//! Schemas without names, which the generator names after where they stand. Where that is the name of another, they become components
//! with names of their own.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer, walk};
use heck::ToPascalCase;
use serde_json::{Value, json};

use super::{
    loss::Losses,
    names::{components, free_name},
};

/// Gives the schemas that make these types names of their own. Nothing is changed where none is found.
pub(super) fn apart(document: &mut Value, types: &[String], losses: &mut Losses<'_>) -> bool {
    let wanted: BTreeSet<&str> = types.iter().map(String::as_str).collect();
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let view = Document::from_value("document", document.clone());
    for (at, names) in unnamed(&view) {
        for name in names {
            if let Some(name) = wanted.get(name.as_str()) {
                found.entry(name).or_default().push(at.clone());
            }
        }
    }
    let mut changed = false;
    for (name, at) in view.members("/components/schemas") {
        if wanted.contains(name.to_pascal_case().as_str()) {
            changed |= null_apart(document, &at, losses);
        }
    }
    let is_component = |name: &str| {
        view.members("/components/schemas")
            .any(|(other, _)| other.to_pascal_case() == name)
    };
    let mut moved: Vec<(String, String)> = Vec::new();
    for (name, places) in found {
        // One of them keeps the name.
        let kept = usize::from(!is_component(name) && places.len() > 1);
        moved.extend(places.into_iter().skip(kept).map(|at| (at, name.to_owned())));
    }
    // From the inside, so that the places of what is inside are still what they were.
    moved.sort_by_key(|(at, _)| std::cmp::Reverse(at.len()));
    moved.dedup_by(|(one, _), (other, _)| one == other);
    for (at, name) in &moved {
        let name = free_name(document, name);
        let Some(place) = document.pointer_mut(at) else {
            continue;
        };
        let schema = std::mem::replace(place, json!({ "$ref": format!("#/components/schemas/{name}") }));
        if let Some(components) = components(document) {
            components.insert(name.clone(), schema);
        }
        losses.lowered(
            at,
            "inline schema",
            format!("it is the component `{name}` now: the generator would give it the name of another type"),
        );
    }
    changed || !moved.is_empty()
}

/// A component that is something put together or null: the generator gives the something the name of both.
fn null_apart(document: &mut Value, at: &str, losses: &mut Losses<'_>) -> bool {
    let Some(Value::Object(schema)) = document.pointer(at) else {
        return false;
    };
    let is_null = |branch: &Value| *branch == json!({ "enum": [null] });
    let mut inner = schema.clone();
    if inner.shift_remove("nullable") == Some(Value::Bool(true)) {
        if !["allOf", "anyOf", "oneOf"]
            .iter()
            .any(|keyword| inner.contains_key(*keyword))
        {
            return false;
        }
    } else {
        let branches = ["oneOf", "anyOf"]
            .iter()
            .find_map(|keyword| schema.get(*keyword)?.as_array());
        let others: Vec<&Value> = branches
            .into_iter()
            .flatten()
            .filter(|branch| !is_null(branch))
            .collect();
        match others.as_slice() {
            [Value::Object(only)] if branches.is_some_and(|all| all.len() == 2) => inner = only.clone(),
            _ => return false,
        }
    }
    if inner.contains_key("$ref") {
        return false;
    }
    let description = inner.get("description").or(schema.get("description")).cloned();
    let name = free_name(document, &format!("{}Value", pointer::last(at)));
    let mut outer = json!({ "oneOf": [{ "$ref": format!("#/components/schemas/{name}") }, { "enum": [null] }] });
    if let (Some(description), Some(outer)) = (description, outer.as_object_mut()) {
        outer.insert("description".to_owned(), description);
    }
    if let Some(place) = document.pointer_mut(at) {
        *place = outer;
    }
    if let Some(components) = components(document) {
        components.insert(name.clone(), Value::Object(inner));
    }
    losses.lowered(
        at,
        "nullable",
        format!("what is not null is the component `{name}` now: the generator would give both one name"),
    );
    true
}

/// The schemas that stand inside others or in parameters, and the names that their types may get.
fn unnamed(document: &Document) -> Vec<(String, Vec<String>)> {
    let mut roots: Vec<(String, String)> = document
        .members("/components/schemas")
        .map(|(name, at)| (at, name.to_owned()))
        .collect();
    for operation in document.operations() {
        let id = operation.id.unwrap_or_default();
        for parameter in document.parameters(&operation) {
            let name = document.text(&pointer::join(&parameter, "name")).unwrap_or_default();
            roots.push((pointer::join(&parameter, "schema"), format!("{id}-{name}")));
        }
    }
    let mut found = Vec::new();
    for (root, name) in roots {
        let inside = walk::schemas_in(document, &root).into_iter();
        let is_component = root.starts_with("/components/schemas/");
        for at in inside.filter(|at| !(is_component && *at == root)) {
            let value = document.get(&at);
            let makes_a_type = value.is_some_and(|value| {
                let keywords = ["properties", "enum", "oneOf", "anyOf", "allOf", "additionalProperties"];
                keywords.iter().any(|keyword| value.get(*keyword).is_some())
                    || value.get("type").is_some_and(|name| name == "object")
            });
            if makes_a_type {
                let steps: Vec<String> = pointer::tokens(at.get(root.len()..).unwrap_or_default()).collect();
                found.push((at, names(&name, &steps)));
            }
        }
    }
    found
}

/// The names that the type of a schema may get which stands, by these steps, in the one called `root`.
fn names(root: &str, steps: &[String]) -> Vec<String> {
    let mut names = vec![root.to_pascal_case()];
    let mut steps = steps.iter();
    while let Some(step) = steps.next() {
        let suffixes: Vec<String> = match step.as_str() {
            "properties" => vec![steps.next().cloned().unwrap_or_default()],
            "items" => vec!["item".to_owned()],
            "additionalProperties" => vec!["value".to_owned(), "extra".to_owned()],
            "allOf" | "anyOf" | "oneOf" => {
                let index = steps.next().cloned().unwrap_or_default();
                vec![String::new(), format!("variant{index}"), format!("subtype{index}")]
            }
            _ => vec![String::new()],
        };
        let longer = names.iter().flat_map(|name| {
            let each = suffixes.iter();
            each.map(move |suffix| format!("{name}-{suffix}").to_pascal_case())
        });
        // As many as a choice in a choice has.
        names = longer.take(MOST).collect();
    }
    let inner: Vec<String> = names.iter().map(|name| format!("{name}Inner")).collect();
    names.extend(inner);
    names
}

const MOST: usize = 64;
