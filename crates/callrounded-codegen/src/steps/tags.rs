//! Properties by which a reader tells the schemas of a union apart. Typify knows no discriminators: it tries one schema
//! after the other. So such a property has to stay what it is, required and of one value: were it as open as all others,
//! the first schema would take everything.

use std::collections::BTreeSet;

use callrounded_document::{Document, pointer, walk};
use heck::ToPascalCase;
use serde_json::{Map, Value};

/// The schemas and properties that are tags, by pointer and name.
pub(super) type Tags = BTreeSet<(String, String)>;

/// All of them, and the names by which the schemas of other unions are told apart.
pub(super) fn tags(document: &Document) -> Tags {
    let mut found = discriminators(document);
    for (at, union) in unions(document) {
        if union.contains_key("discriminator") {
            continue;
        }
        for keyword in LISTS {
            told_apart(document, &pointer::join(&at, keyword), &mut found);
        }
    }
    found
}

const LISTS: [&str; 2] = ["oneOf", "anyOf"];

fn unions(document: &Document) -> impl Iterator<Item = (String, &Map<String, Value>)> {
    let nodes = walk::nodes(document).into_iter();
    nodes.filter(|node| node.kind == walk::Kind::Schema).filter_map(|node| {
        let schema = document.get(&node.pointer)?.as_object()?;
        let is_union = LISTS.iter().any(|keyword| schema.contains_key(*keyword));
        is_union.then_some((node.pointer, schema))
    })
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

/// Those that a discriminator names.
fn discriminators(document: &Document) -> Tags {
    let mut found = BTreeSet::new();
    for (at, union) in unions(document) {
        let property = union.get("discriminator").and_then(|named| named.get("propertyName"));
        let Some(property) = property.and_then(Value::as_str) else {
            continue;
        };
        for keyword in LISTS {
            let list = pointer::join(&at, keyword);
            let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            let branches = (0..count).filter_map(|index| document.resolve(&pointer::join(&list, &index.to_string())));
            found.extend(
                branches
                    .filter(|at| is_tag(document, at, property))
                    .map(|at| (at, property.to_owned())),
            );
        }
    }
    found
}

/// Whether the property can only have values that the schema lists.
fn is_tag(document: &Document, at: &str, property: &str) -> bool {
    let property = pointer::join(&pointer::join(at, "properties"), property);
    let values = document
        .get(&pointer::join(&property, "enum"))
        .and_then(Value::as_array);
    values.is_some_and(|values| values.iter().all(Value::is_string))
}

/// What the types of the tags are called, which typify names after schema and property.
pub(super) fn type_names(document: &Document) -> BTreeSet<String> {
    let tags = discriminators(document).into_iter();
    tags.map(|(at, property)| format!("{} {property}", pointer::last(&at)).to_pascal_case())
        .collect()
}
