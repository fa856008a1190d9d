//! Decides whether one schema accepts every value that another accepts, by the canonical forms of the `jsonschema`
//! crate. This distinguishes equivalent rewrites from changes where a comparison keyword by keyword cannot.

use callrounded_document::{Document, check, traverse};
use jsonschema::{Draft, canonical};
use serde_json::{Map, Value, json};

/// The result of a containment check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Yes,
    No,
    /// Neither could be proved.
    Unknown,
}

/// The maximum number of schemas, counting nested and referenced ones, for which a canonical form is computed. Larger
/// schemas take too long and are compared by their parts.
const MAX_SCHEMAS: usize = 60;

/// Checks whether every value that matches all schemas at `old` matches all schemas at `new`.
pub(super) fn covers(new_document: &Document, new: &[String], old_document: &Document, old: &[String]) -> Verdict {
    // Equal schemas may be too large for a canonical form, or have none.
    let is_equal = |at: &String| new_document.get(at) == old_document.get(at);
    if new == old
        && new
            .iter()
            .chain(&traverse::reachable(new_document, new.to_vec()))
            .all(is_equal)
    {
        return Verdict::Yes;
    }
    let form = |document: &Document, side: &[String]| -> Option<canonical::CanonicalSchema> {
        if side.iter().map(|at| size(document, at)).sum::<usize>() > MAX_SCHEMAS {
            return None;
        }
        let schema = without_extensions(all_of(document, side)?);
        canonical::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .offline()
            .canonicalize(&schema)
            .ok()
    };
    let (Some(new), Some(old)) = (form(new_document, new), form(old_document, old)) else {
        return Verdict::Unknown;
    };
    match new.covers(&old) {
        Ok(canonical::Containment::Yes) => Verdict::Yes,
        Ok(canonical::Containment::No) => Verdict::No,
        _ => Verdict::Unknown,
    }
}

/// Combines schemas into one that matches the values that match all of them.
fn all_of(document: &Document, side: &[String]) -> Option<Value> {
    let mut parts = Vec::new();
    let mut definitions = Map::new();
    for at in side {
        let mut schema = check::draft4_schema(document, at).ok()?;
        if let Some(Value::Object(own)) = schema.as_object_mut().and_then(|one| one.shift_remove("definitions")) {
            definitions.extend(own);
        }
        parts.push(schema);
    }
    Some(json!({ "allOf": parts, "definitions": definitions }))
}

/// Removes the keywords that only our own validator knows. With them, no canonical form could be computed.
fn without_extensions(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            let standard = members
                .into_iter()
                .filter(|(name, value)| !(name.starts_with("x-") && value.is_string()));
            Value::Object(
                standard
                    .map(|(name, value)| (name, without_extensions(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.into_iter().map(without_extensions).collect(),
        other => other,
    }
}

/// Returns the number of schemas at, inside and reachable from `at`.
fn size(document: &Document, at: &str) -> usize {
    let reached = traverse::reachable(document, [at.to_owned()]);
    let parts = reached
        .iter()
        .map(|schema| traverse::schemas_in(document, schema).len());
    traverse::schemas_in(document, at).len() + parts.sum::<usize>()
}
