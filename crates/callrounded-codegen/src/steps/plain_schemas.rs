//! Extensions are for us, not for progenitor: with one beside it, a schema is not recognized as that of a known type.
//! Titles and compound defaults are for readers; progenitor would make code of them that does not compile.

use serde_json::Value;

pub(super) fn change(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        schema.retain(|keyword, value| match keyword.as_str() {
            // Two equal titles would make two types of one name.
            "title" => false,
            // A default object would have to name every field that its type has.
            "default" => !(value.is_object() || value.is_array()),
            keyword => !keyword.starts_with("x-"),
        });
    }
}
