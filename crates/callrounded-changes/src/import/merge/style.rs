//! Renames their operations, tags and security schemes to match ours.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Method, Operation, pointer};
use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::{Merged, Outcome};
use crate::import::fields::members;

/// Returns their document with our names of tags and security schemes. Operations that ours lacks get an `operationId`
/// in our style. `original` is their document with its original paths.
pub(super) fn with_our_style(ours: &Document, original: &Value, mut theirs: Value, found: &mut Vec<Merged>) -> Value {
    rename_schemes(ours, &mut theirs);
    rename_tags(ours, &mut theirs);
    rename_operations(ours, original, &mut theirs, found);
    theirs
}

/// Renames security schemes. Schemes are the same if they send the same kind of credential in the same location.
fn rename_schemes(ours: &Document, theirs: &mut Value) {
    let at = "/components/securitySchemes";
    let credential = |scheme: &Value| {
        let text = |name: &str| {
            scheme
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_lowercase()
        };
        match text("type").as_str() {
            kind @ ("apikey" | "http") => Some([kind.to_owned(), text("in"), text("name"), text("scheme")]),
            _ => None,
        }
    };
    let known = ours.get(at).cloned().unwrap_or_default();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let their_schemes = theirs.pointer(at).cloned().unwrap_or_default();
    for (name, scheme) in members(&their_schemes) {
        let same =
            members(&known).find(|(_, other)| credential(scheme).is_some() && credential(other) == credential(scheme));
        let is_free = |other: &str| other == name || their_schemes.get(other).is_none();
        let Some((other, our)) = same.filter(|(other, _)| is_free(other)) else {
            continue;
        };
        renamed.insert(name.clone(), other.clone());
        // Names of headers are case-insensitive, so our spelling is used.
        if let Some(scheme) = theirs.pointer_mut(&pointer::join(at, name)) {
            our.clone_into(scheme);
        }
    }
    if renamed.is_empty() {
        return;
    }
    rename_members(theirs.pointer_mut(at), &renamed);
    let requirements = |holder: &mut Value| {
        let list = holder.get_mut("security").and_then(Value::as_array_mut);
        for requirement in list.into_iter().flatten() {
            rename_members(Some(requirement), &renamed);
        }
    };
    requirements(theirs);
    each_operation(theirs, |_, operation| requirements(operation));
}

fn rename_members(object: Option<&mut Value>, renamed: &BTreeMap<String, String>) {
    if let Some(object) = object.and_then(Value::as_object_mut) {
        let members = std::mem::take(object).into_iter();
        *object = members
            .map(|(name, value)| (renamed.get(&name).cloned().unwrap_or(name), value))
            .collect();
    }
}

fn each_operation(document: &mut Value, mut change: impl FnMut(&str, &mut Value)) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let at = pointer::join("/paths", path);
        for (name, operation) in item.as_object_mut().into_iter().flatten() {
            if Method::from_name(name).is_some() {
                change(&pointer::join(&at, name), operation);
            }
        }
    }
}

/// Renames tags. A tag of theirs is replaced by the only tag of ours that the same operations have.
fn rename_tags(ours: &Document, theirs: &mut Value) {
    let first = |document: &Document, operation: &Operation<'_>| {
        let tag = document.get_str(&pointer::join(&pointer::join(&operation.pointer, "tags"), "0"))?;
        Some(tag.to_owned())
    };
    let view = Document::from_value("the import", theirs.clone());
    let known: BTreeSet<String> = ours
        .operations()
        .iter()
        .filter_map(|operation| first(ours, operation))
        .collect();
    let mut pairs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in view.operations() {
        let existing = ours
            .operations()
            .into_iter()
            .find(|other| other.pointer == operation.pointer);
        let our = existing.and_then(|other| first(ours, &other));
        if let (Some(their), Some(our)) = (first(&view, &operation), our) {
            pairs.entry(their).or_default().insert(our);
        }
    }
    let renamed: BTreeMap<String, String> = pairs
        .into_iter()
        .filter(|(their, _)| !known.contains(their))
        .filter_map(|(their, ours)| match Vec::from_iter(ours).as_slice() {
            [only] => Some((their, only.clone())),
            _ => None,
        })
        .collect();
    each_operation(theirs, |_, operation| {
        let list = operation.get_mut("tags").and_then(Value::as_array_mut);
        for tag in list.into_iter().flatten() {
            if let Some(our) = tag.as_str().and_then(|tag| renamed.get(tag)) {
                *tag = json!(our);
            }
        }
    });
    let list = theirs.get_mut("tags").and_then(Value::as_array_mut);
    for tag in list.into_iter().flatten() {
        if let Some(our) = tag
            .get("name")
            .and_then(Value::as_str)
            .and_then(|name| renamed.get(name))
        {
            let our = json!(our);
            if let Some(tag) = tag.as_object_mut() {
                tag.insert("name".to_owned(), our);
            }
        }
    }
}

/// Renames operations that ours lacks to snake case, without the suffix that FastAPI adds. Nothing is renamed unless
/// all of our operations have names in snake case.
fn rename_operations(ours: &Document, original: &Value, theirs: &mut Value, found: &mut Vec<Merged>) {
    let our_operations = ours.operations();
    let mut taken: BTreeSet<String> = our_operations
        .iter()
        .filter_map(|operation| Some(operation.id?.to_owned()))
        .collect();
    // Only snake case is supported.
    if taken.is_empty() || taken.iter().any(|id| id.to_snake_case() != *id) {
        return;
    }
    let original = Document::from_value("the import", original.clone());
    let originals: Vec<(String, &str)> = original
        .operations()
        .iter()
        .map(|operation| (operation.path.to_owned(), operation.method.as_str()))
        .collect();
    let mut originals = originals.into_iter();
    each_operation(theirs, |at, operation| {
        let Some((path, method)) = originals.next() else { return };
        if our_operations.iter().any(|other| other.pointer == at) {
            return;
        }
        let Some(their) = operation.get("operationId").and_then(Value::as_str).map(str::to_owned) else {
            return;
        };
        let stem = their
            .strip_suffix(&fastapi_suffix(&path, method))
            .unwrap_or(&their)
            .to_snake_case();
        let stem = if stem.is_empty() { their.to_snake_case() } else { stem };
        let mut candidates = std::iter::once(stem.clone()).chain((2..).map(|count: u32| format!("{stem}_{count}")));
        let Some(own) = candidates.find(|name| !taken.contains(name)) else {
            return;
        };
        taken.insert(own.clone());
        if own == their {
            return;
        }
        found.push(Merged {
            outcome: Outcome::Same,
            pointer: at.to_owned(),
            what: format!("operation {own} corresponds to `{their}` in the vendor's document"),
        });
        if let Some(operation) = operation.as_object_mut() {
            operation.insert("operationId".to_owned(), json!(own));
        }
    });
}

/// Returns what FastAPI appends to the name of a function: the path and the method.
fn fastapi_suffix(path: &str, method: &str) -> String {
    let path: String = path
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' })
        .collect();
    format!("{path}_{}", method.to_lowercase())
}
