//! Compares two documents, on two axes.
//!
//! **Wire**: does a deployed client keep working against the changed service? Narrowing what a request may contain
//! breaks it, and so does widening what a response may contain. There are two exceptions, because readers tolerate
//! them: an unknown property, and an unknown value of an enumeration.
//!
//! **Source**: does code that uses the generated client still compile after the client is generated again? This is not
//! derived from the documents: both clients are generated, and their public items are compared.

mod bodies;
mod change;
mod containment;
mod directions;
mod incoming;
mod items;
mod keyword_changes;
mod limit;
pub(crate) mod operations;
mod parameters;
mod properties;
mod schemas;
mod security;
mod servers;
mod shape;
mod source;
mod unhandled;
mod unions;
mod usage;

use std::collections::BTreeSet;

use callrounded_document::{Diagnostics, Document, Operation, pointer, traverse};

use crate::import;
pub use change::{Bump, Change, Effect, RULES};
use directions::Directions;
use schemas::Schemas;
use security::ChangedSchemes;
use usage::Usage;

/// The changes between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// The changes, breaking ones first.
    pub changes: Vec<Change>,
    /// The release that the api crate needs. If no client can be generated from one of the documents: the reason.
    pub bump: Result<Bump, String>,
}

impl Diff {
    /// Returns the most severe effect on the wire. Without changes it is [`Effect::None`].
    #[must_use]
    pub fn wire(&self) -> Effect {
        self.changes.iter().map(|change| change.wire).max().unwrap_or_default()
    }

    /// Returns the most severe effect on source. Without changes it is [`Effect::None`].
    #[must_use]
    pub fn source(&self) -> Effect {
        self.changes
            .iter()
            .map(|change| change.source)
            .max()
            .unwrap_or_default()
    }
}

/// Checks whether a document can be compared.
///
/// # Errors
/// If it is not a document of OpenAPI 3.
pub fn check(document: &Document) -> Result<(), Diagnostics> {
    import::check_version_3(document)
}

/// Compares two documents. Neither has to be imported first.
#[must_use]
pub fn diff(old: &Document, new: &Document) -> Diff {
    let (old, new) = (
        import::with_inlined_path_items(old),
        import::with_inlined_path_items(new),
    );
    let (before, after) = (import::comparable(&old), import::comparable(&new));
    let mut out = Recorder {
        old: &before,
        new: &after,
        subject: String::new(),
        names: Vec::new(),
        changes: Vec::new(),
    };
    let mut schemas = Schemas::new(&before, &after);
    operations::compare(&mut schemas, &mut out);
    out.names.clear();
    out.subject.clear();
    incoming::webhooks(&mut schemas, &mut out);
    components(&mut schemas, &mut out);
    servers::document(&mut out);
    document_info(&mut out);
    let mut changes = out.changes;
    changes.extend(unhandled::changes(&old, &new, &schemas, &changes));
    let bump = source::compare(&old, &new, &mut changes);
    let (old_usage, new_usage) = (Usage::of(&before), Usage::of(&after));
    for change in &mut changes {
        let usage = if change.removed { &old_usage } else { &new_usage };
        change.operations = usage.operations_at(&change.pointer);
    }
    let severity = |change: &Change| std::cmp::Reverse((change.wire.max(change.source), change.wire));
    changes.sort_by_key(|change| (severity(change), change.subject.clone(), change.location));
    changes.dedup();
    Diff {
        changes: merge_operations(changes),
        bump,
    }
}

/// Merges equal changes of several operations into one change.
fn merge_operations(changes: Vec<Change>) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for change in changes {
        let part = |change: &Change| change.subject.split_once(", ").map(|(_, part)| part.to_owned());
        let is_same = |other: &&mut Change| {
            let same = |change: &Change| {
                (
                    change.rule,
                    change.problem.clone(),
                    change.wire,
                    change.source,
                    change.removed,
                )
            };
            part(&change).is_some()
                && part(&change) == part(other)
                && same(&change) == same(other)
                && !change.names.is_empty()
                && change.items.is_empty()
                && other.items.is_empty()
        };
        match found.iter_mut().find(is_same) {
            Some(other) => other.names.extend(change.names),
            None => found.push(change),
        }
    }
    for change in &mut found {
        change.names.sort();
        change.names.dedup();
        if change.operations.is_empty() {
            change.operations.clone_from(&change.names);
        }
        let part = change.subject.split_once(", ").map(|(_, part)| part.to_owned());
        if let (2.., Some(part)) = (change.names.len(), part) {
            change.subject = format!("{} operations, {part}", change.names.len());
        }
    }
    found
}

/// Collects the changes of the current subject.
struct Recorder<'a> {
    old: &'a Document,
    new: &'a Document,
    subject: String,
    /// The names of the current operation in both documents.
    names: Vec<String>,
    changes: Vec<Change>,
}

impl Recorder<'_> {
    /// Records a change that is located at `pointer` in the new document.
    fn record(&mut self, rule: &'static str, problem: String, wire: Effect, pointer: &str) {
        self.push(rule, problem, wire, pointer, false);
    }

    /// Records a change that is located at `pointer` in the old document.
    fn record_removed(&mut self, rule: &'static str, problem: String, wire: Effect, pointer: &str) {
        self.push(rule, problem, wire, pointer, true);
    }

    fn push(&mut self, rule: &'static str, problem: String, wire: Effect, pointer: &str, removed: bool) {
        let document = if removed { self.old } else { self.new };
        self.changes.push(Change {
            rule,
            subject: self.subject.clone(),
            problem,
            wire,
            source: Effect::None,
            items: Vec::new(),
            names: self.names.clone(),
            operations: Vec::new(),
            before: None,
            removed,
            pointer: pointer.to_owned(),
            location: document.location(pointer),
        });
    }
}

/// Compares each component schema once, in the directions in which both documents use it.
fn components(schemas: &mut Schemas<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (directions(out.old), directions(out.new));
    let names = |document: &Document| -> BTreeSet<String> {
        document.members("/components/schemas").map(|(_, at)| at).collect()
    };
    let (before, after) = (names(out.old), names(out.new));
    for at in before.intersection(&after) {
        out.subject = format!("schema {}", pointer::last(at));
        schemas.component(at, old(at).both(new(at)), out);
    }
    // The effect on the wire is reported where the schema is used.
    for at in before.difference(&after) {
        out.subject = format!("schema {}", pointer::last(at));
        out.record_removed("schema-removed", "the schema was removed".to_owned(), Effect::None, at);
    }
    for at in after.difference(&before) {
        out.subject = format!("schema {}", pointer::last(at));
        out.record("schema-added", "the schema was added".to_owned(), Effect::None, at);
    }
}

/// Returns a function that determines the directions in which values of a component schema are sent.
fn directions(document: &Document) -> impl Fn(&str) -> Directions {
    let mut requests: Vec<String> = Vec::new();
    let mut responses: Vec<String> = Vec::new();
    for node in traverse::nodes(document) {
        let schema = pointer::join(&node.pointer, "schema");
        let mut roots = vec![schema];
        let content = pointer::join(&node.pointer, "content");
        roots.extend(
            document
                .members(&content)
                .map(|(_, media)| pointer::join(&media, "schema")),
        );
        match node.kind {
            traverse::Kind::Parameter | traverse::Kind::RequestBody => requests.extend(roots),
            traverse::Kind::Response | traverse::Kind::Header => responses.extend(roots),
            _ => {}
        }
    }
    let (sent, got) = incoming::schemas_of(document);
    responses.extend(sent);
    requests.extend(got);
    let requests: BTreeSet<String> = traverse::reachable(document, requests).into_iter().collect();
    let responses: BTreeSet<String> = traverse::reachable(document, responses).into_iter().collect();
    move |at| Directions {
        request: requests.contains(at),
        response: responses.contains(at),
    }
}

/// Compares the metadata of the documents.
fn document_info(out: &mut Recorder<'_>) {
    out.subject = "document".to_owned();
    for at in ["/info", "/tags", "/externalDocs"] {
        if out.old.get(at) != out.new.get(at) {
            let name = at.trim_start_matches('/').to_owned();
            out.record("description", format!("`{name}` changed"), Effect::None, at);
        }
    }
}

/// Checks whether the schemas at two pointers are equivalent in both directions. Referenced components of the same name
/// count as equivalent: they are compared separately.
pub(crate) fn same_schema(old: &Document, before: &str, new: &Document, after: &str) -> bool {
    let directions = Directions {
        request: true,
        response: true,
    };
    is_wire_neutral(old, new, |schemas, out| {
        if before == after && is_component(after) {
            schemas.component(after, directions, out)
        } else {
            schemas.compare(before, after, directions, "", out)
        }
    })
}

fn is_component(at: &str) -> bool {
    at.strip_prefix("/components/schemas/")
        .is_some_and(|name| !name.contains('/'))
}

/// Checks whether two operations are equivalent on the wire.
pub(crate) fn same_operation(old: &Document, before: &Operation<'_>, new: &Document, after: &Operation<'_>) -> bool {
    is_wire_neutral(old, new, |schemas, out| {
        operations::operation(schemas, before, after, &ChangedSchemes::default(), out);
    })
}

/// Checks whether two parameters are equivalent on the wire.
pub(crate) fn same_parameter(old: &Document, before: &str, new: &Document, after: &str) -> bool {
    is_wire_neutral(old, new, |schemas, out| {
        parameters::parameter(schemas, before, after, out)
    })
}

fn is_wire_neutral(old: &Document, new: &Document, compare: impl FnOnce(&mut Schemas<'_>, &mut Recorder<'_>)) -> bool {
    let mut out = Recorder {
        old,
        new,
        subject: String::new(),
        names: Vec::new(),
        changes: Vec::new(),
    };
    compare(&mut Schemas::new(old, new), &mut out);
    out.changes.iter().all(|change| change.wire == Effect::None)
}
