//! Which schema a discriminator chooses: among the branches of a `oneOf` or `anyOf`, or, where it stands in a schema that
//! others are put together from, among those.

use serde_json::Value;

use crate::{document::Document, pointer};

/// The property that the discriminator of the schema at `at` looks at.
pub(super) fn property(document: &Document, at: &str) -> Option<String> {
    let at = pointer::join(&pointer::join(at, "discriminator"), "propertyName");
    document.text(&at).map(str::to_owned)
}

/// The values of the discriminator of `holder` that choose the schema that is called by the pointer `target`: its name,
/// unless that is mapped to another, and what is mapped to it.
pub(super) fn values(document: &Document, holder: &str, target: &str) -> Vec<String> {
    let name = pointer::last(target);
    let meant = |at: &str| document.resolve(at);
    let mapping = pointer::join(&pointer::join(holder, "discriminator"), "mapping");
    let mut values = Vec::new();
    let mut elsewhere = false;
    for (value, at) in document.members(&mapping) {
        let named = document.text(&at).unwrap_or_default();
        // A mapping names a schema by reference or just by name.
        let named = pointer::of_reference(named).unwrap_or_else(|| pointer::join("/components/schemas", named));
        if named == target || meant(&named) == meant(target) {
            values.push(value.to_owned());
        } else if value == name {
            elsewhere = true;
        }
    }
    if !elsewhere && !values.contains(&name) {
        values.insert(0, name);
    }
    values
}

/// What the `$ref` at `at` leads to first.
pub(super) fn named(document: &Document, at: &str) -> Option<String> {
    pointer::of_reference(document.text(&pointer::join(at, "$ref"))?)
}

/// Whether a value of the schema at `at` may be one of a descendant, which its discriminator names.
pub(super) fn dispatches(document: &Document, at: &str) -> bool {
    let has = |keyword| document.get(&pointer::join(at, keyword)).is_some();
    property(document, at).is_some() && !has("oneOf") && !has("anyOf") && !descendants(document, at).is_empty()
}

/// The component schemas that are put together from the one at `at`, by however many steps.
pub(super) fn descendants(document: &Document, at: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut parents = vec![at.to_owned()];
    while let Some(parent) = parents.pop() {
        for (_, schema) in document.members("/components/schemas") {
            let list = pointer::join(&schema, "allOf");
            let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            let is_child = (0..count).any(|index| {
                let part = pointer::join(&list, &index.to_string());
                named(document, &part).as_ref() == Some(&parent)
            });
            if is_child && schema != at && !found.contains(&schema) {
                found.push(schema.clone());
                parents.push(schema);
            }
        }
    }
    found
}
