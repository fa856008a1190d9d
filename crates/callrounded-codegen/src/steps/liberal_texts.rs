//! Patterns, lengths and most formats of texts would become types that refuse to decode, some of them from crates that
//! the client would then need. Dates and times stay: callers want those typed.

use serde_json::Value;

const TYPED: [&str; 2] = ["date", "date-time"];

pub(super) fn change(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    if schema.get("type").and_then(Value::as_str) != Some("string") {
        return;
    }
    for limit in ["pattern", "minLength", "maxLength"] {
        schema.shift_remove(limit);
    }
    if schema
        .get("format")
        .and_then(Value::as_str)
        .is_some_and(|format| !TYPED.contains(&format))
    {
        schema.shift_remove("format");
    }
}
