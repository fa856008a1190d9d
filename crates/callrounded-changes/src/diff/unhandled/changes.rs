//! Converts literal differences into changes, if no other change reports them.

use callrounded_document::{Document, Operation, pointer};

use super::{Difference, differences};
use crate::diff::{Change, Effect, operations, schemas::Schemas};

/// Returns a change for each literal difference that is not handled, unless a known change is at its location. A
/// difference that is handled is reported only if there is no known change at all and the schemas are not provably
/// equivalent: then either the documents are equivalent, or the comparison has a gap.
pub(in crate::diff) fn changes(old: &Document, new: &Document, schemas: &Schemas<'_>, known: &[Change]) -> Vec<Change> {
    let within = |outer: &str, inner: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_reported = |at: &Option<String>| {
        at.as_ref()
            .is_some_and(|at| known.iter().any(|change| within(at, &change.pointer)))
    };
    let unreported = differences(old, new).into_iter().filter(|one| {
        if one.is_handled {
            known.is_empty()
                && !one
                    .schemas
                    .as_ref()
                    .is_some_and(|(before, after)| schemas.are_equivalent(before, after))
        } else {
            !is_reported(&one.old) && !is_reported(&one.new)
        }
    });
    let change = |one: Difference| {
        let keyword_change = one.keyword_change();
        let (removed, document, pointer) = match (&one.new, &one.old) {
            (Some(at), _) => (false, new, at.clone()),
            (None, at) => (true, old, at.clone().unwrap_or_default()),
        };
        let old_at = one.new.as_ref().and(one.old.as_ref());
        Change {
            rule: keyword_change.rule,
            subject: subject(document, &pointer),
            wire: match one.schemas {
                Some(_) => keyword_change.wire(one.directions),
                // Outside of schemas the direction is unknown.
                None => Effect::Breaking,
            },
            problem: keyword_change.problem,
            source: Effect::None,
            items: Vec::new(),
            names: Vec::new(),
            removed,
            location: document.location(&pointer),
            before: old_at.map(|at| (at.clone(), old.location(at))),
            operations: Vec::new(),
            pointer,
        }
    };
    let mut found: Vec<Change> = unreported.map(change).collect();
    // A schema may be compared in several directions.
    let key = |change: &Change| (change.pointer.clone(), change.problem.clone());
    found.sort_by_key(|change| (key(change), std::cmp::Reverse(change.wire)));
    found.dedup_by_key(|change| key(change));
    found
}

/// Returns the name of the component, webhook, operation or path that the value at a pointer belongs to.
fn subject(document: &Document, at: &str) -> String {
    let tokens: Vec<String> = pointer::tokens(at).collect();
    match tokens.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["components", "schemas", name, ..] => format!("schema {name}"),
        ["components", section, name, ..] => format!("{section} {name}"),
        ["webhooks", name, ..] => format!("webhook {name}"),
        ["paths", path, ..] => {
            let of = |operation: &Operation<'_>| {
                let rest = at.strip_prefix(&operation.pointer);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let operation = document.operations().into_iter().find(of);
            operation.map_or_else(|| format!("path {path}"), |operation| operations::name(&operation))
        }
        _ => "document".to_owned(),
    }
}
