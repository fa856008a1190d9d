//! `additionalProperties: false` would become `deny_unknown_fields`.

use serde_json::Value;

pub(super) fn change(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            schema.shift_remove("additionalProperties");
        }
    }
}
