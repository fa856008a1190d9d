//! The names of parameters in paths.

use callrounded_document::Document;
use serde_json::{Value, json};

use crate::{diff::operations::bare, import::frame::members};

/// Their document with the names that our paths have for their parameters, which are nobody's on the wire.
pub(super) fn with_our_paths(ours: &Document, theirs: &Value) -> Value {
    let mut theirs = theirs.clone();
    let Some(paths) = theirs.get_mut("paths").and_then(Value::as_object_mut) else {
        return theirs;
    };
    let known: Vec<String> = members(ours.get("/paths").unwrap_or(&Value::Null))
        .map(|(path, _)| path.clone())
        .collect();
    let renamed = std::mem::take(paths).into_iter().map(|(path, mut item)| {
        let same = known.iter().find(|other| bare(other) == bare(&path) && **other != path);
        let Some(other) = same else { return (path, item) };
        let names = |path: &str| -> Vec<String> {
            let parts = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
            parts.map(|(name, _)| name.to_owned()).collect()
        };
        for (their, our) in names(&path).into_iter().zip(names(other)) {
            rename_parameter(&mut item, &their, &our);
        }
        (other.clone(), item)
    });
    *paths = renamed.collect();
    theirs
}

fn rename_parameter(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Object(members) => {
            if members.get("in").is_some_and(|place| place == "path")
                && members.get("name").is_some_and(|name| name == from)
            {
                members.insert("name".to_owned(), json!(to));
            }
            members.values_mut().for_each(|inner| rename_parameter(inner, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| rename_parameter(inner, from, to)),
        _ => {}
    }
}
