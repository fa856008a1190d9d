//! The properties that distinguish the schemas of a union without a discriminator. Such a union is decoded by trying
//! one schema after the other. So these properties remain required: if they were optional like all others, the first
//! schema would always match.

use std::collections::BTreeSet;

use callrounded_document::{Document, pointer};
use heck::ToPascalCase;
use serde_json::Value;

use super::unions;

/// The distinguishing properties: the pointer to the schema, and the name of the property.
pub(super) type Tags = BTreeSet<(String, String)>;

/// Returns the properties that distinguish the schemas of unions that are not decoded by a discriminator.
pub(super) fn tags(document: &Document) -> Tags {
    let mut found = discriminators(document);
    for (holder, list) in unions::unions(document) {
        if unions::discriminated(document, &holder, &list).is_none() {
            distinguishing_properties(document, &list, &mut found);
        }
    }
    found
}

/// Returns the properties of discriminators that are not used for decoding, because typify merges other keywords into
/// the schemas of the union.
fn discriminators(document: &Document) -> Tags {
    let mut found = BTreeSet::new();
    for (holder, list) in unions::unions(document) {
        let property = pointer::join(&pointer::join(&holder, "discriminator"), "propertyName");
        let Some(property) = document.get_str(&property) else {
            continue;
        };
        if unions::discriminated(document, &holder, &list).is_some() {
            continue;
        }
        let branches = document.items(&list).filter_map(|at| document.resolve(&at));
        let tags = branches.filter(|branch| !unions::listed_values(document, branch, property).is_empty());
        found.extend(tags.map(|branch| (branch, property.to_owned())));
    }
    found
}

/// Returns the names of the types of these properties, which typify derives from schema and property. These
/// enumerations stay closed: with an open one, the first schema would always match.
pub(super) fn type_names(document: &Document) -> BTreeSet<String> {
    let tags = discriminators(document).into_iter();
    tags.map(|(at, property)| format!("{} {property}", pointer::last(&at)).to_pascal_case())
        .collect()
}

/// Collects, for each schema of a list, the properties that it requires and a later schema does not. There are none for
/// the last: it matches what no other schema does, so that a missing field does not prevent decoding.
fn distinguishing_properties(document: &Document, list: &str, found: &mut Tags) {
    let branches = document.items(list).filter_map(|at| document.resolve(&at));
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
        let later = objects.iter().skip(index + 1);
        let own = later.flat_map(|(_, others)| names.difference(others));
        found.extend(own.map(|name| (at.clone(), (*name).to_owned())));
    }
}
