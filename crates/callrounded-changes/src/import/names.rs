//! Assigns component names to schemas that need one: inline schemas of bodies, which the generator would give the same
//! type otherwise, schemas inside others that are referenced, and schemas whose names become the same in Rust.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{is_json, pointer, traverse::Kind};
use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::{bodies, fields::members, loss::Losses, nodes, parameters, schemas};

const SCHEMAS: &str = "/components/schemas";

/// Returns the document with a component for each schema that needs a name.
pub(super) fn assign(mut document: Value, losses: &mut Losses<'_>) -> Value {
    resolve_inner_references(&mut document, losses);
    name_bodies(&mut document, losses);
    deduplicate_types(&mut document, losses);
    document
}

/// Returns the component schemas. Creates an empty object for them if there is none.
pub(super) fn components(document: &mut Value) -> Option<&mut Map<String, Value>> {
    let components = document
        .as_object_mut()?
        .entry("components")
        .or_insert_with(|| json!({}));
    let schemas = components
        .as_object_mut()?
        .entry("schemas")
        .or_insert_with(|| json!({}));
    schemas.as_object_mut()
}

/// Returns `wanted`, with a number if necessary, so that its Rust name differs from those of all components.
pub(super) fn free_name(document: &Value, wanted: &str) -> String {
    let taken: BTreeSet<String> = members(document.pointer(SCHEMAS).unwrap_or(&Value::Null))
        .map(|(name, _)| name.to_pascal_case())
        .collect();
    let candidates = (2..).map(|count: u32| format!("{wanted}{count}"));
    let mut candidates = std::iter::once(wanted.to_owned()).chain(candidates);
    candidates
        .find(|name| !taken.contains(&name.to_pascal_case()))
        .unwrap_or_else(|| wanted.to_owned())
}

/// Calls `change` for every reference of a document.
pub(super) fn each_reference(document: &mut Value, change: &mut dyn FnMut(&mut String)) {
    nodes::each(document, &mut |_, value| {
        for reference in nodes::references(value) {
            change(reference);
        }
    });
}

/// Returns the target of a `$ref`, if that is not a component but something inside one, or elsewhere.
fn inner_target(kind: Kind, value: &Value) -> Option<String> {
    let target = pointer::of_reference(value.get("$ref")?.as_str()?)?;
    let section = format!("/components/{}/", kind.section()?);
    let is_component = target.strip_prefix(&section).is_some_and(|name| !name.contains('/'));
    (!is_component).then_some(target)
}

/// Makes components of schemas that are referenced inside others, such as those of `$defs`. Other objects, such as
/// parameters, are inlined where they are referenced.
fn resolve_inner_references(document: &mut Value, losses: &mut Losses<'_>) {
    // The new component for each target; `None` if the target does not exist.
    let mut made: BTreeMap<String, Option<String>> = BTreeMap::new();
    // Moved schemas may refer to others.
    for _ in 0..100 {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        let mut others = false;
        nodes::each(document, &mut |kind, value| match (kind, inner_target(kind, value)) {
            (Kind::Schema, Some(target)) => {
                wanted.insert(target);
            }
            (_, Some(_)) => others = true,
            _ => {}
        });
        if wanted.is_empty() && !others {
            return;
        }
        for target in wanted {
            if made.contains_key(&target) {
                continue;
            }
            let Some(schema) = losses.source.get(&target).cloned() else {
                losses.lost(
                    &target,
                    "$ref",
                    "its target does not exist; anything is accepted instead",
                );
                made.insert(target, None);
                continue;
            };
            let holder = target.split('/').nth(3).unwrap_or_default();
            // The generator gives the inline schema of a property the short name.
            let name = format!("{} {} schema", holder, pointer::last(&target)).to_pascal_case();
            let short = format!("{} {}", holder, pointer::last(&target)).to_pascal_case();
            let name = if target.contains("/properties/") { name } else { short };
            let name = free_name(document, &name);
            losses.lowered(
                &target,
                "$ref",
                format!("its target is moved to the component `{name}`"),
            );
            let lowered = schemas::schema(&schema, &target, losses);
            if let Some(components) = components(document) {
                components.insert(name.clone(), lowered);
            }
            made.insert(target, Some(name));
        }
        nodes::each(document, &mut |kind, value| {
            let Some(target) = inner_target(kind, value) else {
                return;
            };
            if kind != Kind::Schema {
                let existing = losses
                    .source
                    .resolve(&target)
                    .and_then(|at| losses.source.get(&at))
                    .cloned();
                *value = match (existing, kind) {
                    (Some(existing), Kind::Parameter) => parameters::one(&existing, &target, losses),
                    (Some(existing), Kind::Header) => parameters::header(&existing, &target, losses),
                    (Some(existing), Kind::RequestBody) => bodies::request(&existing, &target, losses),
                    (Some(existing), Kind::Response) => bodies::response(&existing, &target, losses),
                    (existing, _) => existing.unwrap_or_else(|| json!({})),
                };
                return;
            }
            match made.get(&target) {
                Some(Some(name)) => *value = json!({ "$ref": format!("#{}", pointer::join(SCHEMAS, name)) }),
                Some(None) => *value = json!({}),
                None => {}
            }
        });
    }
}

/// Checks whether the generator would have to invent a name for the type of a body.
fn is_compound(schema: &Value) -> bool {
    schema.get("$ref").is_none()
        && ["properties", "allOf", "anyOf", "oneOf", "enum"]
            .iter()
            .any(|keyword| schema.get(*keyword).is_some())
}

/// Moves inline schemas of bodies into components, named after their operation.
fn name_bodies(document: &mut Value, losses: &mut Losses<'_>) {
    let mut found: Vec<(String, String)> = Vec::new();
    let paths = document.get("paths").cloned().unwrap_or_default();
    for (path, item) in members(&paths) {
        for (method, operation) in members(item) {
            let at = pointer::join(&pointer::join("/paths", path), method);
            let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
                continue;
            };
            let request = pointer::join(&at, "requestBody");
            found.push((request, format!("{id} request")));
            for (status, _) in members(operation.get("responses").unwrap_or(&Value::Null)) {
                let response = pointer::join(&pointer::join(&at, "responses"), status);
                let name = match status.as_str() {
                    "200" | "201" => format!("{id} response"),
                    status => format!("{id} response {status}"),
                };
                found.push((response, name));
            }
        }
    }
    for section in ["requestBodies", "responses"] {
        let section = pointer::join("/components", section);
        for (name, _) in members(document.pointer(&section).unwrap_or(&Value::Null)) {
            found.push((pointer::join(&section, name), name.clone()));
        }
    }
    for (holder, name) in found {
        let content = pointer::join(&holder, "content");
        let media: Vec<String> = members(document.pointer(&content).unwrap_or(&Value::Null))
            .filter(|(name, _)| is_json(name))
            .map(|(name, _)| name.clone())
            .collect();
        for media in media {
            let at = pointer::join(&pointer::join(&content, &media), "schema");
            let Some(schema) = document.pointer(&at).filter(|schema| is_compound(schema)).cloned() else {
                continue;
            };
            let name = free_name(document, &name.to_pascal_case());
            losses.lowered(
                &at,
                "inline schema",
                format!("moved to the component `{name}`, since its type needs a name"),
            );
            if let Some(value) = document.pointer_mut(&at) {
                *value = json!({ "$ref": format!("#{}", pointer::join(SCHEMAS, &name)) });
            }
            if let Some(components) = components(document) {
                components.insert(name, schema);
            }
        }
    }
}

/// Renames component schemas whose names become the same Rust type.
fn deduplicate_types(document: &mut Value, losses: &mut Losses<'_>) {
    let names: Vec<String> = members(document.pointer(SCHEMAS).unwrap_or(&Value::Null))
        .map(|(name, _)| name.clone())
        .collect();
    let mut seen: BTreeSet<String> = BTreeSet::from(["Default".to_owned(), "Self".to_owned()]);
    for name in names {
        let rust = name.to_pascal_case();
        if !rust.is_empty() && seen.insert(rust) {
            continue;
        }
        let stem = if name.to_pascal_case().is_empty() {
            "Schema"
        } else {
            name.as_str()
        };
        let candidates = (2..).map(|count: u32| format!("{stem}{count}"));
        let mut free = candidates.filter(|other| !seen.contains(&other.to_pascal_case()));
        let Some(other) = free.next() else { continue };
        seen.insert(other.to_pascal_case());
        let at = pointer::join(SCHEMAS, &name);
        losses.lowered(
            &at,
            "schema name",
            format!("renamed to `{other}`: another schema has the same Rust type name"),
        );
        rename(document, &name, &other);
    }
}

fn rename(document: &mut Value, from: &str, to: &str) {
    rename_all(document, &BTreeMap::from([(from.to_owned(), to.to_owned())]));
}

/// Renames component schemas, all at once: one may get the former name of another.
pub(super) fn rename_all(document: &mut Value, renamed: &BTreeMap<String, String>) {
    if let Some(components) = components(document) {
        // Keeps the order.
        let old = std::mem::take(components).into_iter();
        *components = old
            .map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema))
            .collect();
    }
    redirect_references(document, renamed);
}

/// Redirects references to renamed component schemas.
pub(super) fn redirect_references(document: &mut Value, renamed: &BTreeMap<String, String>) {
    each_reference(document, &mut |reference| {
        let target = pointer::of_reference(reference);
        let component = target
            .as_deref()
            .and_then(|target| target.strip_prefix(SCHEMAS)?.strip_prefix('/'));
        let name = component
            .filter(|name| !name.contains('/'))
            .and(target.as_deref())
            .map(pointer::last);
        if let Some(other) = name.and_then(|name| renamed.get(&name)) {
            *reference = format!("#{}", pointer::join(SCHEMAS, other));
        } else if let Some(other) = renamed.get(reference) {
            // A mapping may have the name of a schema instead of a pointer.
            other.clone_into(reference);
        }
    });
}
