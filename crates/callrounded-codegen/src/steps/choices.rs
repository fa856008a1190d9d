//! Turns an `anyOf` into a `oneOf` if one of its schemas allows more than objects, or if a property distinguishes its
//! schemas, so that at most one matches. progenitor generates a struct for `anyOf`, which only decodes from an object.
//! For `oneOf` it generates an enumeration.

use callrounded_document::{Document, pointer, traverse};
use serde_json::Value;

use super::unions;

pub(super) fn change(document: &Document, at: &str, schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    let list = pointer::join(at, "anyOf");
    let is_choice = document.items(&list).count() > 1
        && !traverse::describes_object(document, at)
        && document
            .items(&list)
            .any(|branch| !allows_only_objects(document, &branch))
        || unions::discriminated(document, at, &list).is_some();
    if is_choice
        && !schema.contains_key("oneOf")
        && let Some(branches) = schema.shift_remove("anyOf")
    {
        schema.insert("oneOf".to_owned(), branches);
    }
}

/// Checks whether the schema describes an object itself, or through the schemas that it is composed of. The check for
/// cycles ran before, so this ends.
fn allows_only_objects(document: &Document, at: &str) -> bool {
    let Some(at) = document.resolve(at) else { return false };
    let of = |keyword| document.items(&pointer::join(&at, keyword));
    traverse::describes_object(document, &at)
        || of("allOf").any(|part| allows_only_objects(document, &part))
        || unions::LISTS.iter().any(|list| {
            let mut parts = of(list).peekable();
            parts.peek().is_some() && parts.all(|part| allows_only_objects(document, &part))
        })
}
