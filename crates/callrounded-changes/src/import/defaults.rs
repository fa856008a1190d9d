//! Removes defaults that violate their schema. openapi-spec-validator and the generator reject a document with such
//! defaults.

use callrounded_document::{
    Document,
    json::Json,
    pointer,
    traverse::{self, Kind},
};
use serde_json::Value;

use super::loss::Losses;

/// Removes defaults that violate their schema, and records each as a loss.
pub(super) fn remove_invalid(document: &mut Value, losses: &mut Losses<'_>) {
    let view = losses.source.with_value(document.clone());
    let schemas = traverse::nodes(&view)
        .into_iter()
        .filter(|node| node.kind == Kind::Schema);
    for schema in schemas {
        let Some(problem) = violation(&view, &schema.pointer) else {
            continue;
        };
        if let Some(members) = document.pointer_mut(&schema.pointer).and_then(Value::as_object_mut) {
            members.shift_remove("default");
            let at = pointer::join(&schema.pointer, "default");
            losses.lost(&at, "default", format!("{problem}; the default is removed"));
        }
    }
}

/// Returns how the default of a schema violates it. `None` if it is valid, or if there is none.
fn violation(document: &Document, schema: &str) -> Option<String> {
    let members = document.get(schema)?.as_object()?;
    let default = members.get("default").filter(|_| !members.contains_key("$ref"))?;
    // An invalid schema is reported elsewhere.
    let validator = document.validator(schema, None).ok()?;
    let default = Json::of(default);
    if validator.accepts(&default) {
        return None;
    }
    // A wrong format is left to `validate`: frameworks write defaults of their own types, such as a time without an
    // offset.
    let mut found = validator.check(&default).into_iter();
    found
        .find(|mismatch| mismatch.keyword != "format")
        .map(|mismatch| mismatch.problem)
}
