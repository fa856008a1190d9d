//! Two documents compared, on two axes.
//!
//! **Wire**: does a client that is deployed today go on working against the changed service? Narrowing what may be sent
//! breaks it, and so does widening what may come. Two things are no break, since readers are made to bear them: a
//! property and a value of an enumeration that they do not know.
//!
//! **Source**: does code that uses the generated client still compile when that is generated anew? This is not guessed
//! from the documents: both clients are generated, and their public items compared.

mod aspects;
mod bodies;
mod change;
mod cover;
mod incoming;
mod items;
pub(crate) mod operations;
mod parameters;
mod properties;
mod schemas;
mod security;
mod servers;
mod shape;
mod source;
mod unions;
mod unread;
mod users;

use std::collections::BTreeSet;

use callrounded_document::{Diagnostics, Document, Operation, pointer, walk};

use crate::import;
pub use change::{Bump, Change, Effect, RULES};
use schemas::{Schemas, Ways};
use security::Changed;
use users::Users;

/// What changed between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Each change, those that break first.
    pub changes: Vec<Change>,
    /// What the next version of the api crate has to be called; why it can't be told, where one of the documents can't be
    /// generated from.
    pub bump: Result<Bump, String>,
}

impl Diff {
    /// The worst effect on the wire.
    #[must_use]
    pub fn wire(&self) -> Effect {
        self.changes.iter().map(|change| change.wire).max().unwrap_or_default()
    }

    /// The worst effect on source.
    #[must_use]
    pub fn source(&self) -> Effect {
        self.changes
            .iter()
            .map(|change| change.source)
            .max()
            .unwrap_or_default()
    }
}

/// Whether a document can be compared.
///
/// # Errors
/// Where it is not an OpenAPI document of version 3.
pub fn check(document: &Document) -> Result<(), Diagnostics> {
    import::version_3(document)
}

/// Compares two documents, as they were read.
#[must_use]
pub fn diff(old: &Document, new: &Document) -> Diff {
    let (old, new) = (import::whole(old), import::whole(new));
    let (was, is) = (import::comparable(&old), import::comparable(&new));
    let mut out = Recorder {
        old: &was,
        new: &is,
        subject: String::new(),
        names: Vec::new(),
        changes: Vec::new(),
    };
    let mut schemas = Schemas::new(&was, &is);
    operations::compare(&mut schemas, &mut out);
    out.names.clear();
    out.subject.clear();
    incoming::webhooks(&mut schemas, &mut out);
    components(&mut schemas, &mut out);
    servers::document(&mut out);
    about(&mut out);
    let mut changes = out.changes;
    changes.extend(unread::changes(&old, &new, &schemas, &changes));
    let bump = source::compare(&old, &new, &mut changes);
    let (before, after) = (Users::of(&was), Users::of(&is));
    for change in &mut changes {
        let users = if change.gone { &before } else { &after };
        change.operations = users.of_place(&change.pointer);
    }
    let severity = |change: &Change| std::cmp::Reverse((change.wire.max(change.source), change.wire));
    changes.sort_by_key(|change| (severity(change), change.subject.clone(), change.place));
    changes.dedup();
    Diff {
        changes: grouped(changes),
        bump,
    }
}

/// One change for what is the same in several operations.
fn grouped(changes: Vec<Change>) -> Vec<Change> {
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
                    change.gone,
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

/// Takes down what changed, about the subject of the moment.
struct Recorder<'a> {
    old: &'a Document,
    new: &'a Document,
    subject: String,
    /// What the operation of the moment is called, in either document.
    names: Vec<String>,
    changes: Vec<Change>,
}

impl Recorder<'_> {
    /// A change that can be seen at `pointer` of the new document.
    fn add(&mut self, rule: &'static str, problem: String, wire: Effect, pointer: &str) {
        self.push(rule, problem, wire, pointer, false);
    }

    /// A change of what stood at `pointer` of the old document.
    fn gone(&mut self, rule: &'static str, problem: String, wire: Effect, pointer: &str) {
        self.push(rule, problem, wire, pointer, true);
    }

    fn push(&mut self, rule: &'static str, problem: String, wire: Effect, pointer: &str, gone: bool) {
        let document = if gone { self.old } else { self.new };
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
            gone,
            pointer: pointer.to_owned(),
            place: document.place(pointer),
        });
    }
}

/// The component schemas, each once, for the ways that they go in both documents.
fn components(schemas: &mut Schemas<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (ways(out.old), ways(out.new));
    let names = |document: &Document| -> BTreeSet<String> {
        document.members("/components/schemas").map(|(_, at)| at).collect()
    };
    let (was, is) = (names(out.old), names(out.new));
    for at in was.intersection(&is) {
        out.subject = format!("schema {}", pointer::last(at));
        schemas.component(at, old(at).both(new(at)), out);
    }
    // What they were used for is compared where they are used.
    for at in was.difference(&is) {
        out.subject = format!("schema {}", pointer::last(at));
        out.gone("schema-removed", "the schema is gone".to_owned(), Effect::None, at);
    }
    for at in is.difference(&was) {
        out.subject = format!("schema {}", pointer::last(at));
        out.add("schema-added", "the schema is new".to_owned(), Effect::None, at);
    }
}

/// Which ways values of a component schema go.
fn ways(document: &Document) -> impl Fn(&str) -> Ways {
    let mut requests: Vec<String> = Vec::new();
    let mut responses: Vec<String> = Vec::new();
    for node in walk::nodes(document) {
        let schema = pointer::join(&node.pointer, "schema");
        let mut roots = vec![schema];
        let content = pointer::join(&node.pointer, "content");
        roots.extend(
            document
                .members(&content)
                .map(|(_, media)| pointer::join(&media, "schema")),
        );
        match node.kind {
            walk::Kind::Parameter | walk::Kind::RequestBody => requests.extend(roots),
            walk::Kind::Response | walk::Kind::Header => responses.extend(roots),
            _ => {}
        }
    }
    let (sent, got) = incoming::schemas_of(document);
    responses.extend(sent);
    requests.extend(got);
    let requests: BTreeSet<String> = walk::reachable(document, requests).into_iter().collect();
    let responses: BTreeSet<String> = walk::reachable(document, responses).into_iter().collect();
    move |at| Ways {
        request: requests.contains(at),
        response: responses.contains(at),
    }
}

/// What the document says of itself.
fn about(out: &mut Recorder<'_>) {
    out.subject = "document".to_owned();
    for at in ["/info", "/tags", "/externalDocs"] {
        if out.old.get(at) != out.new.get(at) {
            let name = at.trim_start_matches('/').to_owned();
            out.add("description", format!("`{name}` changed"), Effect::None, at);
        }
    }
}

/// Whether the schemas at two pointers mean the same, in both directions, but for components of the same name, which are
/// compared by themselves.
pub(crate) fn same_schema(old: &Document, was: &str, new: &Document, is: &str) -> bool {
    let ways = Ways {
        request: true,
        response: true,
    };
    nothing_on_the_wire(old, new, |schemas, out| match was == is && is_component(is) {
        true => schemas.component(is, ways, out),
        false => schemas.compare(was, is, ways, "", out),
    })
}

fn is_component(at: &str) -> bool {
    at.strip_prefix("/components/schemas/")
        .is_some_and(|name| !name.contains('/'))
}

/// The same of two operations.
pub(crate) fn same_operation(old: &Document, was: &Operation<'_>, new: &Document, is: &Operation<'_>) -> bool {
    nothing_on_the_wire(old, new, |schemas, out| {
        operations::operation(schemas, was, is, &Changed::default(), out);
    })
}

/// The same of two parameters.
pub(crate) fn same_parameter(old: &Document, was: &str, new: &Document, is: &str) -> bool {
    nothing_on_the_wire(old, new, |schemas, out| parameters::parameter(schemas, was, is, out))
}

fn nothing_on_the_wire(
    old: &Document,
    new: &Document,
    compare: impl FnOnce(&mut Schemas<'_>, &mut Recorder<'_>),
) -> bool {
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
