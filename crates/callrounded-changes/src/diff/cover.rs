//! Whether every value that one schema accepts is accepted by another, decided by the canonical forms of the `jsonschema`
//! crate. Two ways to write the same are told from a change by it, where comparing keyword by keyword can't.

use callrounded_document::{Document, check, walk};
use jsonschema::{Draft, canonical};
use serde_json::Value;

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

/// Whether the schema at `new` accepts all that the one at `old` accepts.
pub(super) fn covers(new_document: &Document, new: &str, old_document: &Document, old: &str) -> Cover {
    let form = |document: &Document, at: &str| -> Option<canonical::CanonicalSchema> {
        if size(document, at) > LARGEST {
            return None;
        }
        let schema = bare(check::draft4(document, at).ok()?);
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
