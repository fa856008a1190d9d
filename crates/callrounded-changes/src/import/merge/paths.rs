//! Renames path parameters.

use std::collections::{BTreeMap, HashMap};

use callrounded_document::{Document, Method, pointer};
use serde_json::{Value, json};

use crate::{diff::operations::normalized_path, import::fields::members};

/// Returns their document with our names of path parameters. These names are not sent.
pub(super) fn with_our_paths(ours: &Document, theirs: &Value) -> Value {
    let source = theirs;
    let mut theirs = theirs.clone();
    let Some(paths) = theirs.get_mut("paths").and_then(Value::as_object_mut) else {
        return theirs;
    };
    // Paths that both have are kept. Several paths may differ only in the names of parameters.
    let mut known: HashMap<String, Vec<&String>> = HashMap::new();
    for (path, _) in members(ours.get("/paths").unwrap_or(&Value::Null)).filter(|(path, _)| !paths.contains_key(*path))
    {
        known.entry(normalized_path(path)).or_default().push(path);
    }
    let renamed = std::mem::take(paths).into_iter().map(|(path, mut item)| {
        if ours.get(&pointer::join("/paths", &path)).is_some() {
            return (path, item);
        }
        // Each path of ours is used once.
        let other = known.get_mut(&normalized_path(&path)).filter(|same| !same.is_empty());
        let Some(other) = other.map(|same| same.remove(0)) else {
            return (path, item);
        };
        let names: BTreeMap<String, String> = names(&path).into_iter().zip(names(other)).collect();
        rename(&mut item, &names, source);
        (other.clone(), item)
    });
    *paths = renamed.collect();
    theirs
}

fn names(path: &str) -> Vec<String> {
    let parts = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(name, _)| name.to_owned()).collect()
}

/// Renames the parameters of a path item, all at once: one may get the former name of another.
fn rename(item: &mut Value, names: &BTreeMap<String, String>, source: &Value) {
    let Some(item) = item.as_object_mut() else { return };
    for (field, value) in item.iter_mut() {
        let list = match field.as_str() {
            "parameters" => Some(value),
            method if Method::from_name(method).is_some() => value.get_mut("parameters"),
            _ => None,
        };
        for parameter in list.and_then(Value::as_array_mut).into_iter().flatten() {
            rename_one(parameter, names, source);
        }
    }
}

/// Renames a parameter. A reference is replaced by the renamed parameter, since other paths may have another name for
/// it.
fn rename_one(parameter: &mut Value, names: &BTreeMap<String, String>, source: &Value) {
    let reference = parameter.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(pointer::of_reference);
    let resolved = target.and_then(|target| source.pointer(&target)).unwrap_or(parameter);
    if resolved.get("in").is_none_or(|location| location != "path") {
        return;
    }
    let name = resolved.get("name").and_then(Value::as_str).unwrap_or_default();
    let Some(to) = names.get(name).filter(|to| *to != name) else {
        return;
    };
    let mut renamed = resolved.clone();
    if let Some(renamed) = renamed.as_object_mut() {
        renamed.insert("name".to_owned(), json!(to));
    }
    *parameter = renamed;
}
