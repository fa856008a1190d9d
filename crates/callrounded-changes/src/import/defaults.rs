//! Removes defaults that do not fit their schema: openapi-spec-validator and the generator refuse such a document.

use callrounded_document::{
    Document,
    json::Json,
    pointer,
    walk::{self, Kind},
};
use serde_json::Value;

use super::loss::Losses;

/// Removes them, and reports each.
pub(super) fn fitting(document: &mut Value, losses: &mut Losses<'_>) {
    let view = losses.source.with_value(document.clone());
    let schemas = walk::nodes(&view).into_iter().filter(|node| node.kind == Kind::Schema);
    for schema in schemas {
        let Some(problem) = misfit(&view, &schema.pointer) else {
            continue;
        };
        if let Some(members) = document.pointer_mut(&schema.pointer).and_then(Value::as_object_mut) {
            members.shift_remove("default");
            let at = pointer::join(&schema.pointer, "default");
            losses.lost(&at, "default", format!("{problem}; it is left out"));
        }
    }
}

fn misfit(document: &Document, schema: &str) -> Option<String> {
    let members = document.get(schema)?.as_object()?;
    let default = members.get("default").filter(|_| !members.contains_key("$ref"))?;
    // What is wrong with the schema itself is found elsewhere.
    let validator = document.validator(schema, None).ok()?;
    let default = Json::of(default);
    if validator.accepts(&default) {
        return None;
    }
    // Frameworks write the text of their own type, such as a time without an offset; that is for `validate` to find.
    let mut found = validator.check(&default).into_iter();
    found
        .find(|deviation| deviation.keyword != "format")
        .map(|misfit| misfit.problem)
}
