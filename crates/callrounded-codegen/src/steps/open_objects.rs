//! Removes `additionalProperties: false`, which would become `deny_unknown_fields`.

use serde_json::Value;

pub(super) fn change(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        schema.shift_remove("additionalProperties");
    }
}
