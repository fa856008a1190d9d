//! Extensions are for us, not for progenitor: with one beside it, a schema is not recognized as that of a known type.
//! Titles and compound defaults are for readers; progenitor would make code of them that does not compile.

use serde_json::{Map, Value};

pub(super) fn change(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        let is_choice = ["allOf", "anyOf", "oneOf"]
            .iter()
            .any(|keyword| schema.contains_key(*keyword));
        schema.retain(|keyword, value| match keyword.as_str() {
            // Two equal titles would make two types of one name.
            "title" => false,
            // A default object would have to name every field that its type has.
            // Nor does it know which of several schemas a default is of.
            "default" => !(value.is_object() || value.is_array() || is_choice),
            keyword => !keyword.starts_with("x-"),
        });
        whole_default(schema);
    }
}

/// `1.0` is a whole number, and progenitor takes it for none.
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
