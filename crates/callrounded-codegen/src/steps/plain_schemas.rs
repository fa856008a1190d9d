//! Removes extensions, titles and compound defaults. progenitor does not recognize a schema with an extension as that
//! of a known type. From titles and compound defaults it generates code that does not compile.

use serde_json::{Map, Value};

pub(super) fn change(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        let is_choice = ["allOf", "anyOf", "oneOf"]
            .iter()
            .any(|keyword| schema.contains_key(*keyword));
        schema.retain(|keyword, value| match keyword.as_str() {
            // Two equal titles would result in two types with the same name.
            "title" => false,
            // progenitor requires a default object to have every field of its type.
            // It does not determine to which of several schemas a default belongs.
            "default" => !(value.is_object() || value.is_array() || is_choice),
            keyword => !keyword.starts_with("x-"),
        });
        whole_default(schema);
    }
}

/// Rewrites a whole default of an integer, such as `1.0`, which progenitor rejects.
fn whole_default(schema: &mut Map<String, Value>) {
    let is_integer = schema.get("type").is_some_and(|name| name == "integer");
    let Some(default) = schema.get_mut("default").filter(|_| is_integer) else {
        return;
    };
    if let Some(whole) = default.as_f64().filter(|_| default.is_f64())
        && let Ok(whole) = format!("{whole:.0}").parse::<i64>()
    {
        *default = Value::from(whole);
    }
}
