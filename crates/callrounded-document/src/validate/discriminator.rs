//! Which schema a discriminator chooses: among the branches of a `oneOf` or `anyOf`, or, where it stands in a schema that
//! others are put together from, among those.

use serde_json::Value;

use crate::{document::Document, pointer};

/// The property that the discriminator of the schema at `at` looks at.
pub(super) fn property(document: &Document, at: &str) -> Option<String> {
    let at = pointer::join(&pointer::join(at, "discriminator"), "propertyName");
    document.text(&at).map(str::to_owned)
}

/// The values of the discriminator of `holder` that choose the schema at `target`: its name, and what is mapped to it.
pub(super) fn values(document: &Document, holder: &str, target: &str) -> Vec<String> {
    let mut values = vec![pointer::last(target)];
    let mapping = pointer::join(&pointer::join(holder, "discriminator"), "mapping");
    for (value, at) in document.members(&mapping) {
        let named = document.text(&at).unwrap_or_default();
        // A mapping names a schema by reference or just by name.
        let named = match named.strip_prefix('#') {
            Some(pointer) => pointer.to_owned(),
            None => pointer::join("/components/schemas", named),
        };
        if named == target && !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
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
                let part = document.get(&part).filter(|part| part.get("$ref").is_some());
                part.is_some_and(|part| {
                    part.get("$ref")
                        .and_then(Value::as_str)
                        .and_then(|text| text.strip_prefix('#'))
                        == Some(&parent)
                })
            });
            if is_child && schema != at && !found.contains(&schema) {
                found.push(schema.clone());
                parents.push(schema);
            }
        }
    }
    found
}
