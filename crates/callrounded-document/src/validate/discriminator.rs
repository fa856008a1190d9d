//! Discriminators. A discriminator selects one of the branches of a `oneOf` or `anyOf`. In a schema without them, it
//! selects one of the schemas that include that schema with `allOf`.

use crate::{document::Document, pointer};

/// Returns the name of the discriminator property of the schema at `at`.
pub(super) fn property(document: &Document, at: &str) -> Option<String> {
    let at = pointer::join(&pointer::join(at, "discriminator"), "propertyName");
    document.get_str(&at).map(str::to_owned)
}

/// Returns the values of the discriminator of `holder` that select the schema at the pointer `target`: the name of the
/// schema, unless it is mapped to another one, and the values that are mapped to it.
pub(super) fn values(document: &Document, holder: &str, target: &str) -> Vec<String> {
    let name = pointer::last(target);
    let resolved = |at: &str| document.resolve(at);
    let mapping = pointer::join(&pointer::join(holder, "discriminator"), "mapping");
    let mut values = Vec::new();
    let mut is_remapped = false;
    for (value, at) in document.members(&mapping) {
        let mapped = document.get_str(&at).unwrap_or_default();
        // A mapping has a reference to a schema, or its name.
        let mapped = pointer::of_reference(mapped).unwrap_or_else(|| pointer::join("/components/schemas", mapped));
        if mapped == target || resolved(&mapped) == resolved(target) {
            values.push(value.to_owned());
        } else if value == name {
            is_remapped = true;
        }
    }
    if !is_remapped && !values.contains(&name) {
        values.insert(0, name);
    }
    values
}

/// Returns the direct target of the `$ref` at `at`.
pub(super) fn target(document: &Document, at: &str) -> Option<String> {
    pointer::of_reference(document.get_str(&pointer::join(at, "$ref"))?)
}

/// Checks whether the discriminator of the schema at `at` selects among its descendants.
pub(super) fn dispatches(document: &Document, at: &str) -> bool {
    let has = |keyword| document.get(&pointer::join(at, keyword)).is_some();
    property(document, at).is_some() && !has("oneOf") && !has("anyOf") && !descendants(document, at).is_empty()
}

/// Returns the component schemas that include the one at `at` with `allOf`, directly or indirectly.
pub(super) fn descendants(document: &Document, at: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut parents = vec![at.to_owned()];
    while let Some(parent) = parents.pop() {
        for (_, schema) in document.members("/components/schemas") {
            let list = pointer::join(&schema, "allOf");
            let is_child = document
                .items(&list)
                .any(|part| target(document, &part).as_ref() == Some(&parent));
            if is_child && schema != at && !found.contains(&schema) {
                found.push(schema.clone());
                parents.push(schema);
            }
        }
    }
    found
}
