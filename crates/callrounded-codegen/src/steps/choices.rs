//! Turns an `anyOf` into a `oneOf` if strings, numbers or lists are among its schemas, or if a property distinguishes
//! its schemas, so that at most one matches. progenitor generates a struct for `anyOf`, which only decodes from an
//! object. For `oneOf` it generates an enumeration.

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::unions;

pub(super) fn change(document: &Document, at: &str, schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    let is_plain = |branch: &Value| {
        let kind = branch.get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind != "object") || branch.get("enum").is_some()
    };
    let branches = schema.get("anyOf").and_then(Value::as_array);
    let is_choice = branches.is_some_and(|branches| branches.len() > 1 && branches.iter().any(is_plain))
        || unions::discriminated(document, at, &pointer::join(at, "anyOf")).is_some();
    if is_choice
        && !schema.contains_key("oneOf")
        && let Some(branches) = schema.shift_remove("anyOf")
    {
        schema.insert("oneOf".to_owned(), branches);
    }
}
