//! Whether every value that one schema accepts is accepted by another, decided by the canonical forms of the `jsonschema`
//! crate. Two ways to write the same are told from a change by it, where comparing keyword by keyword can't.

use callrounded_document::{Document, check, walk};
use jsonschema::{Draft, canonical};
use serde_json::{Map, Value, json};

/// What is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    Yes,
    No,
    /// Neither was proved.
    Unknown,
}

/// Larger schemas take the canonical form too long, and are compared by their parts.
const LARGEST: usize = 60;

/// Whether a value that fits all schemas at `old` fits all of those at `new`.
pub(super) fn covers(new_document: &Document, new: &[String], old_document: &Document, old: &[String]) -> Cover {
    let form = |document: &Document, side: &[String]| -> Option<canonical::CanonicalSchema> {
        if side.iter().map(|at| size(document, at)).sum::<usize>() > LARGEST {
            return None;
        }
        let schema = bare(all_of(document, side)?);
        canonical::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .offline()
            .canonicalize(&schema)
            .ok()
    };
    let (Some(new), Some(old)) = (form(new_document, new), form(old_document, old)) else {
        return Cover::Unknown;
    };
    match new.covers(&old) {
        Ok(canonical::Containment::Yes) => Cover::Yes,
        Ok(canonical::Containment::No) => Cover::No,
        _ => Cover::Unknown,
    }
}

/// One schema for a value that has to fit several.
fn all_of(document: &Document, side: &[String]) -> Option<Value> {
    let mut parts = Vec::new();
    let mut definitions = Map::new();
    for at in side {
        let mut schema = check::draft4(document, at).ok()?;
        if let Some(Value::Object(own)) = schema.as_object_mut().and_then(|one| one.shift_remove("definitions")) {
            definitions.extend(own);
        }
        parts.push(schema);
    }
    Some(json!({ "allOf": parts, "definitions": definitions }))
}

/// Without what only our own validator knows; a canonical form of it would be none.
fn bare(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            let known = members
                .into_iter()
                .filter(|(name, value)| !(name.starts_with("x-") && value.is_string()));
            Value::Object(known.map(|(name, value)| (name, bare(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(bare).collect(),
        other => other,
    }
}

fn size(document: &Document, at: &str) -> usize {
    let reached = walk::reachable(document, [at.to_owned()]);
    let parts = reached.iter().map(|schema| walk::schemas_in(document, schema).len());
    walk::schemas_in(document, at).len() + parts.sum::<usize>()
}
