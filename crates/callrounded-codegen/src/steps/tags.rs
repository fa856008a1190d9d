//! Properties by which a reader distinguishes the schemas of a union that has no discriminator. It tries one schema after the
//! other. So such a property has to stay required: were it as optional as all others, the first schema would take everything.

use std::collections::BTreeSet;

use callrounded_document::{Document, pointer};
use heck::ToPascalCase;
use serde_json::Value;

use super::unions;

/// The schemas and properties that are tags, by pointer and name.
pub(super) type Tags = BTreeSet<(String, String)>;

/// The names by which the schemas of unions that are not read by a discriminator are distinguished.
pub(super) fn tags(document: &Document) -> Tags {
    let mut found = discriminators(document);
    for (holder, list) in unions::unions(document) {
        if unions::discriminated(document, &holder, &list).is_none() {
            told_apart(document, &list, &mut found);
        }
    }
    found
}

/// Those that a discriminator names which is not read as one, since typify merges other keywords into the schemas of the union.
fn discriminators(document: &Document) -> Tags {
    let mut found = BTreeSet::new();
    for (holder, list) in unions::unions(document) {
        let property = pointer::join(&pointer::join(&holder, "discriminator"), "propertyName");
        let Some(property) = document.text(&property) else {
            continue;
        };
        if unions::discriminated(document, &holder, &list).is_some() {
            continue;
        }
        let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
        let branches = (0..count).filter_map(|index| document.resolve(&pointer::join(&list, &index.to_string())));
        let tags = branches.filter(|branch| !unions::listed(document, branch, property).is_empty());
        found.extend(tags.map(|branch| (branch, property.to_owned())));
    }
    found
}

/// What the types of those are called, which typify names after schema and property. They stay closed: an open one would let
/// the first schema take everything.
pub(super) fn type_names(document: &Document) -> BTreeSet<String> {
    let tags = discriminators(document).into_iter();
    tags.map(|(at, property)| format!("{} {property}", pointer::last(&at)).to_pascal_case())
        .collect()
}

/// Of each schema of a list what it requires and one after it does not. Of the last there is nothing: it takes what fits
/// no other, so that what an answer lacks does not cost the answer.
fn told_apart(document: &Document, list: &str, found: &mut Tags) {
    let count = document.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    let branches = (0..count).filter_map(|index| document.resolve(&pointer::join(list, &index.to_string())));
    let objects: Vec<(String, BTreeSet<&str>)> = branches
        .filter(|at| document.get(&pointer::join(at, "properties")).is_some())
        .map(|at| {
            let required = document.get(&pointer::join(&at, "required")).and_then(Value::as_array);
            let names = required.into_iter().flatten().filter_map(Value::as_str);
            let names = names.collect();
            (at, names)
        })
        .collect();
    for (index, (at, names)) in objects.iter().enumerate() {
        let after = objects.iter().skip(index + 1);
        let own = after.flat_map(|(_, others)| names.difference(others));
        found.extend(own.map(|name| (at.clone(), (*name).to_owned())));
    }
}
