//! Of `anyOf` with texts, numbers or lists among its schemas, progenitor makes a struct that nothing but an object can be
//! read into. As `oneOf` it is an enumeration, of which the first that fits is taken.

use serde_json::Value;

pub(super) fn change(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    let is_plain = |branch: &Value| {
        let kind = branch.get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind != "object") || branch.get("enum").is_some()
    };
    let branches = schema.get("anyOf").and_then(Value::as_array);
    if branches.is_some_and(|branches| branches.len() > 1 && branches.iter().any(is_plain))
        && !schema.contains_key("oneOf")
        && let Some(branches) = schema.shift_remove("anyOf")
    {
        schema.insert("oneOf".to_owned(), branches);
    }
}
