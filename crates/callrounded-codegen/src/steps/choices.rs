//! Turns an `anyOf` into a `oneOf` if one of its schemas allows more than objects, or if a property distinguishes its
//! schemas, so that at most one matches. progenitor generates a struct for `anyOf`, which only decodes from an object.
//! For `oneOf` it generates an enumeration.

use callrounded_document::{Document, pointer, traverse};
use serde_json::Value;

use super::unions;

pub(super) fn change(document: &Document, at: &str, schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    let list = pointer::join(at, "anyOf");
    let branches = branches(document, &list);
    let is_choice = branches.len() > 1
        && !traverse::describes_object(document, at)
        && branches.iter().any(|branch| !allows_only_objects(document, branch))
        || unions::discriminated(document, at, &list).is_some();
    if is_choice
        && !schema.contains_key("oneOf")
        && let Some(branches) = schema.shift_remove("anyOf")
    {
        schema.insert("oneOf".to_owned(), branches);
    }
}

/// Returns the pointers to the schemas of a list.
fn branches(document: &Document, list: &str) -> Vec<String> {
    let count = document.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .map(|index| pointer::join(list, &index.to_string()))
        .collect()
}

/// Checks whether the schema describes an object itself, or through the schemas that it is composed of. The check for
/// cycles ran before, so this ends.
fn allows_only_objects(document: &Document, at: &str) -> bool {
    let Some(at) = document.resolve(at) else { return false };
    let of = |keyword| branches(document, &pointer::join(&at, keyword));
    traverse::describes_object(document, &at)
        || of("allOf").iter().any(|part| allows_only_objects(document, part))
        || unions::LISTS.iter().any(|list| {
            let parts = of(list);
            !parts.is_empty() && parts.iter().all(|part| allows_only_objects(document, part))
        })
}
