//! Merges a union of objects into one object where ours has one object, for example if theirs splits calls by type.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer};
use serde_json::{Map, Value, json};

use crate::import::fields::members;

/// An object merged from the branches of a union.
pub(super) struct MergedObject {
    pub schema: Value,
    /// The names of the components that are the branches.
    pub branches: Vec<String>,
    /// The properties whose schemas are incompatible, so that they accept any JSON.
    pub untyped: Vec<String>,
}

/// Returns the relative pointer to the only branch of a union or `allOf`, not counting null. `None` if the schema has
/// its own constraints.
pub(super) fn only_branch(schema: &Value) -> Option<String> {
    let own = ["type", "properties", "enum", "items", "additionalProperties"];
    if own.iter().any(|keyword| schema.get(keyword).is_some()) {
        return None;
    }
    let list = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
    if let Some([_]) = list("allOf").map(Vec::as_slice) {
        return Some("/allOf/0".to_owned());
    }
    ["oneOf", "anyOf"].iter().find_map(|keyword| {
        let branches = list(keyword)?.iter().enumerate();
        let mut others = branches.filter(|(_, branch)| !is_null(branch));
        match (others.next(), others.next()) {
            (Some((index, _)), None) => Some(format!("/{keyword}/{index}")),
            _ => None,
        }
    })
}

fn is_null(schema: &Value) -> bool {
    schema.get("enum") == Some(&json!([null])) || schema.get("type").is_some_and(|kind| kind == "null")
}

/// Merges a union of objects into one object with the properties of all branches. A property is required if every
/// branch requires it. `None` if the schema is not a union of at least two objects.
pub(super) fn as_object(document: &Document, at: &str) -> Option<MergedObject> {
    let schema = document.get(at)?;
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| schema.get(*keyword).is_some())?;
    let list = pointer::join(at, keyword);
    let items = document.items(&list);
    let (nulls, items): (Vec<String>, Vec<String>) = items.partition(|at| document.get(at).is_some_and(is_null));
    let branches: Vec<String> = items.iter().filter_map(|at| document.resolve(at)).collect();
    if branches.len() != items.len() || branches.len() < 2 {
        return None;
    }
    let mut all: Vec<(String, Vec<Value>)> = Vec::new();
    let mut required: Option<Vec<String>> = None;
    for branch in &branches {
        let own = properties(document, branch);
        if own.is_empty() {
            return None;
        }
        for (name, at) in own {
            let schema = document.get(&at).cloned().unwrap_or_default();
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some((_, schemas)) => schemas.push(schema),
                None => all.push((name, vec![schema])),
            }
        }
        let own = required_of(document, branch);
        required = Some(match required {
            None => own.into_iter().collect(),
            Some(known) => known.into_iter().filter(|name| own.contains(name)).collect(),
        });
    }
    let mut untyped = Vec::new();
    let mut merged = Map::new();
    for (name, schemas) in all {
        let schema = common_schema(document, &schemas).unwrap_or_else(|| {
            untyped.push(name.clone());
            json!({})
        });
        merged.insert(name, schema);
    }
    let mut object = Map::from_iter([("type".to_owned(), json!("object"))]);
    object.extend(
        schema
            .get("description")
            .map(|text| ("description".to_owned(), text.clone())),
    );
    let is_nullable = !nulls.is_empty() || schema.get("nullable") == Some(&json!(true));
    object.extend(is_nullable.then(|| ("nullable".to_owned(), json!(true))));
    let required = required.unwrap_or_default();
    object.extend((!required.is_empty()).then(|| ("required".to_owned(), json!(required))));
    object.insert("properties".to_owned(), Value::Object(merged));
    Some(MergedObject {
        schema: Value::Object(object),
        branches: branches.iter().map(|at| pointer::last(at)).collect(),
        untyped,
    })
}

/// Returns the names of required properties in their order, including those of `allOf`.
fn required_of(document: &Document, at: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut waiting = vec![at.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(at) = waiting.pop() {
        if !seen.insert(at.clone()) {
            continue;
        }
        let names = document.get(&pointer::join(&at, "required")).and_then(Value::as_array);
        found.extend(
            names
                .into_iter()
                .flatten()
                .filter_map(|name| Some(name.as_str()?.to_owned())),
        );
        let parts = pointer::join(&at, "allOf");
        waiting.extend(document.items(&parts).filter_map(|at| document.resolve(&at)));
    }
    found
}

/// Returns a schema that accepts what any of the schemas accepts. `None` if only a schema that accepts anything does.
fn common_schema(document: &Document, schemas: &[Value]) -> Option<Value> {
    let plain: Vec<Value> = schemas.iter().map(without_annotations).collect();
    let first = schemas.first()?;
    if plain.windows(2).all(|pair| pair.first() == pair.last()) {
        return Some(first.clone());
    }
    let resolved: Vec<Value> = schemas.iter().map(|schema| resolved(document, schema)).collect();
    let is_nullable = resolved
        .iter()
        .any(|schema| schema.get("nullable") == Some(&json!(true)));
    let bare: Vec<Value> = resolved
        .iter()
        .map(|schema| without_annotations(&without_null(schema)))
        .collect();
    let nullable = |mut schema: Value| {
        if let (true, Some(schema)) = (is_nullable, schema.as_object_mut()) {
            schema.insert("nullable".to_owned(), json!(true));
        }
        schema
    };
    if bare.windows(2).all(|pair| pair.first() == pair.last()) {
        return Some(nullable(without_null(resolved.first()?)));
    }
    // Schemas of the same scalar type: the values of all enums, or any value if one is not an enum.
    let kind = bare.first()?.get("type")?.as_str()?;
    let is_scalar = matches!(kind, "string" | "integer" | "number" | "boolean");
    if !is_scalar
        || !bare
            .iter()
            .all(|schema| schema.get("type").is_some_and(|other| other == kind))
    {
        return None;
    }
    let mut values: Vec<Value> = Vec::new();
    for schema in &bare {
        let Some(own) = schema.get("enum").and_then(Value::as_array) else {
            return Some(nullable(json!({ "type": kind })));
        };
        for value in own {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
    }
    Some(nullable(json!({ "type": kind, "enum": values })))
}

/// Resolves references and unions with null. The result is marked `nullable` if null is allowed on the way.
fn resolved(document: &Document, schema: &Value) -> Value {
    let mut schema = schema.clone();
    let mut is_nullable = false;
    for _ in 0..100 {
        is_nullable |= schema.get("nullable") == Some(&json!(true));
        let target = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(pointer::of_reference);
        if let Some(target) = target.and_then(|target| document.get(&target)) {
            schema = target.clone();
            continue;
        }
        let Some(inner) = only_branch(&schema) else { break };
        is_nullable |= ["oneOf", "anyOf"].iter().any(|keyword| {
            let branches = schema.get(keyword).and_then(Value::as_array);
            branches.into_iter().flatten().any(is_null)
        });
        schema = schema.pointer(&inner).cloned().unwrap_or_default();
    }
    if let (true, Some(schema)) = (is_nullable, schema.as_object_mut()) {
        schema.insert("nullable".to_owned(), json!(true));
    }
    schema
}

fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.shift_remove("nullable");
    }
    schema
}

/// Returns a schema without annotations and default.
fn without_annotations(schema: &Value) -> Value {
    let kept = members(schema).filter(|(keyword, _)| !super::is_ours(keyword) && *keyword != "default");
    match schema {
        Value::Object(_) => Value::Object(kept.map(|(keyword, value)| (keyword.clone(), value.clone())).collect()),
        other => other.clone(),
    }
}

/// Returns pointers to the properties of an object, by key, including those of `allOf`.
pub(super) fn properties(document: &Document, at: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![at.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(at) = waiting.pop() {
        if !seen.insert(at.clone()) {
            continue;
        }
        let own = pointer::join(&at, "properties");
        found.extend(document.members(&own).map(|(name, at)| (name.to_owned(), at)));
        let parts = pointer::join(&at, "allOf");
        waiting.extend(document.items(&parts).filter_map(|at| document.resolve(&at)));
    }
    found
}
