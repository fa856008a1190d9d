//! Resolves collisions of Rust type names. The generator names an inline schema after its location; if that is the name
//! of another type, the schema becomes a component with its own name.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer, traverse};
use heck::ToPascalCase;
use serde_json::{Value, json};

use super::{
    loss::Losses,
    names::{components, free_name},
};

/// Moves the inline schemas that would get one of these type names into components. Returns whether the document was
/// changed.
pub(super) fn resolve_collisions(document: &mut Value, types: &[String], losses: &mut Losses<'_>) -> bool {
    let wanted: BTreeSet<&str> = types.iter().map(String::as_str).collect();
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let view = Document::from_value("document", document.clone());
    for (at, names) in inline_schemas(&view) {
        for name in names {
            if let Some(name) = wanted.get(name.as_str()) {
                found.entry(name).or_default().push(at.clone());
            }
        }
    }
    let mut is_split = false;
    for (name, at) in view.members("/components/schemas") {
        if wanted.contains(name.to_pascal_case().as_str()) && split_nullable(document, &at, losses) {
            is_split = true;
            // The schemas inside are somewhere else now. If they still collide, the next call moves them.
            for places in found.values_mut() {
                places.retain(|place| !place.starts_with(&format!("{at}/")));
            }
        }
    }
    let is_component = |name: &str| {
        view.members("/components/schemas")
            .any(|(other, _)| other.to_pascal_case() == name)
    };
    let mut moved: Vec<(String, String)> = Vec::new();
    for (name, places) in found {
        // One of several inline schemas keeps the name, if no component has it.
        let kept = usize::from(!is_component(name) && places.len() > 1);
        moved.extend(places.into_iter().skip(kept).map(|at| (at, name.to_owned())));
    }
    // The innermost first, so that the pointers of all others stay valid.
    moved.sort_by_key(|(at, _)| std::cmp::Reverse(at.len()));
    moved.dedup_by(|(one, _), (other, _)| one == other);
    for (at, name) in &moved {
        let name = free_name(document, name);
        let Some(value) = document.pointer_mut(at) else {
            continue;
        };
        let schema = std::mem::replace(value, json!({ "$ref": format!("#/components/schemas/{name}") }));
        if let Some(components) = components(document) {
            components.insert(name.clone(), schema);
        }
        losses.lowered(
            at,
            "inline schema",
            format!("moved to the component `{name}`: the generator would give it the name of another type"),
        );
    }
    is_split || !moved.is_empty()
}

/// Splits a nullable component with `allOf`, `anyOf` or `oneOf`, or of one inline schema and null, into two. The
/// generator would give the type without null the name of the component. Returns whether the component was split.
fn split_nullable(document: &mut Value, at: &str, losses: &mut Losses<'_>) -> bool {
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
    if let Some(value) = document.pointer_mut(at) {
        *value = outer;
    }
    if let Some(components) = components(document) {
        components.insert(name.clone(), Value::Object(inner));
    }
    losses.lowered(
        at,
        "nullable",
        format!("the non-null part is moved to the component `{name}`: the generator would give both the same name"),
    );
    true
}

/// Returns the schemas inside others or in parameters that become types, with the names that their types may get.
fn inline_schemas(document: &Document) -> Vec<(String, Vec<String>)> {
    let mut roots: Vec<(String, String)> = document
        .members("/components/schemas")
        .map(|(name, at)| (at, name.to_owned()))
        .collect();
    for operation in document.operations() {
        let id = operation.id.unwrap_or_default();
        for parameter in document.parameters(&operation) {
            let name = document.get_str(&pointer::join(&parameter, "name")).unwrap_or_default();
            roots.push((pointer::join(&parameter, "schema"), format!("{id}-{name}")));
        }
    }
    let mut found = Vec::new();
    for (root, name) in roots {
        let inside = traverse::schemas_in(document, &root).into_iter();
        let is_component = root.starts_with("/components/schemas/");
        for at in inside.filter(|at| !(is_component && *at == root)) {
            let value = document.get(&at);
            let is_type = value.is_some_and(|value| {
                let keywords = ["properties", "enum", "oneOf", "anyOf", "allOf", "additionalProperties"];
                keywords.iter().any(|keyword| value.get(*keyword).is_some())
                    || value.get("type").is_some_and(|name| name == "object")
            });
            if is_type {
                let steps: Vec<String> = pointer::tokens(at.get(root.len()..).unwrap_or_default()).collect();
                found.push((at, possible_names(&name, &steps)));
            }
        }
    }
    found
}

/// Returns the names that the type of an inline schema may get. `steps` is its location in the schema with the name
/// `root`.
fn possible_names(root: &str, steps: &[String]) -> Vec<String> {
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
        names = longer.take(MAX_NAMES).collect();
    }
    let inner: Vec<String> = names.iter().map(|name| format!("{name}Inner")).collect();
    names.extend(inner);
    names
}

/// The maximum number of possible names of a type, which is enough for nested unions.
const MAX_NAMES: usize = 64;
