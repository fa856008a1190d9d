//! Lowers the media types of bodies and parameters.

use callrounded_document::{essence, is_json, pointer};
use serde_json::{Map, Value, json};

use super::{fields::members, loss::Losses, schemas};

pub(super) fn content(content: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut out = Map::new();
    for (name, media) in members(content) {
        let at = pointer::join(at, name);
        let mut lowered = Map::new();
        for (field, value) in members(media) {
            let at = pointer::join(&at, field);
            let value = match field.as_str() {
                "schema" => schemas::schema(value, &at, losses),
                // progenitor does not support encodings.
                "encoding" if !losses.comparison_only => {
                    losses.lost(&at, field, "the generator supports only the default encoding");
                    continue;
                }
                "itemSchema" => {
                    losses.lost(
                        &at,
                        field,
                        "OpenAPI 3.0 has no such field; the items of the stream are not described",
                    );
                    continue;
                }
                _ => value.clone(),
            };
            lowered.insert(field.clone(), value);
        }
        if is_json(name) || essence(name) == "application/x-www-form-urlencoded" {
            // A body without a schema may be anything.
            lowered.entry("schema").or_insert_with(|| json!({}));
        }
        out.insert(name.clone(), Value::Object(lowered));
    }
    Value::Object(out)
}
