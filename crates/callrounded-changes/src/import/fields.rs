//! The fields of objects, of which all parts of an import keep some.

use callrounded_document::pointer;
use serde_json::{Value, json};

use super::loss::Losses;

pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Lowers a reference without its siblings, which OpenAPI 3.0 ignores.
pub(super) fn only_reference(value: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    for (name, _) in members(value).filter(|(name, _)| *name != "$ref") {
        losses.lost(&pointer::join(at, name), name, "OpenAPI 3.0 ignores siblings of `$ref`");
    }
    json!({ "$ref": value.get("$ref") })
}
