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
mod unions;
mod unread;

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Diagnostics, Document, Operation, pointer, walk};
use quote::ToTokens;
use serde_json::Value;

use crate::{RustApi, import};
pub use change::{Bump, Change, Effect, RULES};
use schemas::{Schemas, Ways};
use security::Changed;
use unread::Difference;

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
    changes.extend(unread(&old, &new, &schemas, &changes));
    let bump = source(&old, &new, &mut changes);
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

/// What is written differently and was not compared by what it means. What was is told only where nothing else is: then it
/// says the same, or the comparison has a hole.
fn unread(old: &Document, new: &Document, schemas: &Schemas<'_>, known: &[Change]) -> Vec<Change> {
    let within = |outer: &str, inner: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let told = |at: &Option<String>| {
        at.as_ref()
            .is_some_and(|at| known.iter().any(|change| within(at, &change.pointer)))
    };
    let unsaid = unread::differences(old, new)
        .into_iter()
        .filter(|one| match one.is_understood {
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

/// Compares the clients that are generated from both, and gives what changed to the changes that explain it.
fn source(old: &Document, new: &Document, changes: &mut Vec<Change>) -> Result<Bump, String> {
    let cannot = |document: &Document, found: &Diagnostics| {
        format!("no client can be generated from {}: {}", document.name(), first(found))
    };
    // As text: maps are equal in any order, but the order of paths decides the order of the generated items.
    let text = |document: &Document| document.value().to_string();
    let both = |was: &Document, is: &Document| -> Result<(Client, Client), String> {
        let before = generated(was).map_err(|found| cannot(old, &found))?;
        let after = match text(was) == text(is) {
            true => before.clone(),
            false => generated(is).map_err(|found| cannot(new, &found))?,
        };
        Ok((before, after))
    };
    let as_they_are = match import::is_3_0(old) && import::is_3_0(new) {
        true => both(old, new).ok(),
        false => None,
    };
    // One that has to be imported is compared with what an import makes of the other.
    let imported = |document: &Document| import::imported_whole(document).map_err(|found| cannot(document, &found));
    let (was, is, (before, after)) = match as_they_are {
        Some(clients) => (old.clone(), new.clone(), clients),
        None => {
            let (was, is) = (imported(old)?, imported(new)?);
            let clients = both(&was, &is)?;
            (was, is, clients)
        }
    };
    if before != after {
        items::attribute(&was, &is, before.api.changes(&after.api), changes);
    }
    Ok(bump(changes, before != after))
}

/// Which operations use which components.
struct Users(BTreeMap<String, BTreeSet<String>>);

impl Users {
    fn of(document: &Document) -> Self {
        let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut inside: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in document.operations() {
            let item = pointer::split(&operation.pointer)
                .map(|(item, _)| item)
                .unwrap_or_default();
            let mut waiting = BTreeSet::new();
            for at in [operation.pointer.clone(), pointer::join(item, "parameters")] {
                waiting.extend(components_in(document, &at));
            }
            let mut used = BTreeSet::new();
            while let Some(component) = waiting.pop_first() {
                if used.insert(component.clone()) {
                    let more = inside
                        .entry(component.clone())
                        .or_insert_with(|| components_in(document, &component));
                    waiting.extend(more.iter().cloned());
                }
            }
            for component in used {
                users.entry(component).or_default().insert(operations::name(&operation));
            }
        }
        Self(users)
    }

    /// Of the component that a place is in.
    fn of_place(&self, at: &str) -> Vec<String> {
        let component = component_of(at).and_then(|component| self.0.get(&component));
        component.into_iter().flatten().cloned().collect()
    }
}

/// The component that a place is in.
fn component_of(at: &str) -> Option<String> {
    let parts: Vec<&str> = at.split('/').take(4).collect();
    (parts.len() == 4 && at.starts_with("/components/")).then(|| parts.join("/"))
}

/// The components that are referred to below a place.
fn components_in(document: &Document, at: &str) -> BTreeSet<String> {
    fn gather(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    found.extend(pointer::of_reference(reference).and_then(|at| component_of(&at)));
                }
                members.values().for_each(|value| gather(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| gather(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    gather(document.get(at).unwrap_or(&Value::Null), &mut found);
    found
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

/// A generated client, without what says how its source is laid out.
#[derive(Clone, PartialEq)]
struct Client {
    api: RustApi,
    tokens: String,
}

fn generated(document: &Document) -> Result<Client, Diagnostics> {
    callrounded_codegen::source(document, |source| Client {
        api: RustApi::of(source),
        tokens: source.to_token_stream().to_string(),
    })
}

fn first(found: &Diagnostics) -> String {
    let first = found.iter().next();
    first
        .map(|one| format!("{} (#{})", one.problem, one.pointer))
        .unwrap_or_default()
}

fn bump(changes: &[Change], differs: bool) -> Bump {
    match changes.iter().map(|change| change.source).max().unwrap_or_default() {
        Effect::Breaking => Bump::Major,
        Effect::Compatible => Bump::Minor,
        Effect::None if differs => Bump::Patch,
        Effect::None => Bump::None,
    }
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
