//! Differences as changes: those that nothing else has told.

use callrounded_document::{Document, Operation, pointer};

use super::{Difference, differences};
use crate::diff::{Change, Effect, operations, schemas::Schemas};

/// What is written differently and was not compared by what it means. What was is told only where nothing else is: then it
/// says the same, or the comparison has a hole.
pub(in crate::diff) fn changes(old: &Document, new: &Document, schemas: &Schemas<'_>, known: &[Change]) -> Vec<Change> {
    let within = |outer: &str, inner: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let told = |at: &Option<String>| {
        at.as_ref()
            .is_some_and(|at| known.iter().any(|change| within(at, &change.pointer)))
    };
    let unsaid = differences(old, new).into_iter().filter(|one| match one.is_understood {
        true => known.is_empty() && !one.schemas.as_ref().is_some_and(|(was, is)| schemas.are_same(was, is)),
        false => !told(&one.old) && !told(&one.new),
    });
    let change = |one: Difference| {
        let aspect = one.aspect();
        let (gone, document, pointer) = match (&one.new, &one.old) {
            (Some(at), _) => (false, new, at.clone()),
            (None, at) => (true, old, at.clone().unwrap_or_default()),
        };
        let before = one.new.as_ref().and(one.old.as_ref());
        Change {
            rule: aspect.rule,
            subject: subject(document, &pointer),
            wire: match one.schemas {
                Some(_) => aspect.wire(one.ways),
                // Beside the schemas nothing tells which way it goes.
                None => Effect::Breaking,
            },
            problem: aspect.problem,
            source: Effect::None,
            items: Vec::new(),
            names: Vec::new(),
            gone,
            place: document.place(&pointer),
            before: before.map(|at| (at.clone(), old.place(at))),
            operations: Vec::new(),
            pointer,
        }
    };
    let mut found: Vec<Change> = unsaid.map(change).collect();
    // A schema may be met on several ways.
    let key = |change: &Change| (change.pointer.clone(), change.problem.clone());
    found.sort_by_key(|change| (key(change), std::cmp::Reverse(change.wire)));
    found.dedup_by_key(|change| key(change));
    found
}

/// What the value at a pointer is a part of.
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
