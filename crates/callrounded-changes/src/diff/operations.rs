//! The operations of both documents, paired by method and path: the names of path parameters are nobody's on the wire.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation};
use serde_json::Value;

use super::{
    Effect, Recorder, bodies, incoming, parameters,
    schemas::Schemas,
    security::{self, Changed},
    servers,
};

pub(super) fn compare(schemas: &mut Schemas<'_>, out: &mut Recorder<'_>) {
    let changed = security::schemes(out);
    let (old, new) = (by_route(out.old), by_route(out.new));
    for (route, was) in &old {
        match new.get(route) {
            None => {
                out.subject = name(was);
                out.names = was.id.into_iter().map(str::to_owned).collect();
                let problem = format!("the operation {} {} is gone", was.method.as_str(), was.path);
                out.gone("operation-removed", problem, Effect::Breaking, &was.pointer);
            }
            Some(is) => operation(schemas, was, is, &changed, out),
        }
    }
    for (route, is) in &new {
        if !old.contains_key(route) {
            out.subject = name(is);
            out.names = is.id.into_iter().map(str::to_owned).collect();
            let problem = format!("the operation {} {} is new", is.method.as_str(), is.path);
            out.add("operation-added", problem, Effect::Compatible, &is.pointer);
        }
    }
}

/// Operations by method, and path without the names of its parameters.
pub(super) fn by_route(document: &Document) -> BTreeMap<(&'static str, String), Operation<'_>> {
    let operations = document.operations().into_iter();
    operations
        .map(|operation| ((operation.method.as_str(), bare(operation.path)), operation))
        .collect()
}

pub(crate) fn bare(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |bare, part| {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        format!("{bare}{{}}{rest}")
    })
}

pub(super) fn name(operation: &Operation<'_>) -> String {
    let path = || format!("{} {}", operation.method.as_str(), operation.path);
    operation.id.map_or_else(path, str::to_owned)
}

pub(super) fn operation(
    schemas: &mut Schemas<'_>,
    was: &Operation<'_>,
    is: &Operation<'_>,
    changed: &Changed,
    out: &mut Recorder<'_>,
) {
    let subject = name(is);
    out.subject.clone_from(&subject);
    out.names = [was.id, is.id].into_iter().flatten().map(str::to_owned).collect();
    if was.id != is.id {
        let id = |id: Option<&str>| id.map_or_else(|| "none".to_owned(), |id| format!("`{id}`"));
        let problem = format!("the operationId changed from {} to {}", id(was.id), id(is.id));
        out.add("operation-id", problem, Effect::None, &is.pointer);
    }
    texts(was, is, out);
    security::operation(was, is, changed, out);
    servers::operation(was, is, out);
    parameters::compare(schemas, was, is, out);
    out.subject = format!("{subject}, request");
    bodies::request(schemas, was, is, out);
    bodies::responses(schemas, was, is, &subject, out);
    out.subject = subject;
    incoming::callbacks(schemas, was, is, out);
}

fn texts(was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (out.old.get(&was.pointer), out.new.get(&is.pointer))
    else {
        return;
    };
    for keyword in ["summary", "description", "tags", "externalDocs"] {
        if old.get(keyword) != new.get(keyword) {
            // The first tag names the group of the client's method.
            let rule = if keyword == "tags" { "tags" } else { "description" };
            out.add(rule, format!("`{keyword}` changed"), Effect::None, &is.pointer);
        }
    }
    if old.get("deprecated") != new.get("deprecated") {
        let now = new.get("deprecated") == Some(&Value::Bool(true));
        let problem = if now {
            "it is deprecated"
        } else {
            "it is no longer deprecated"
        };
        out.add("deprecated", problem.to_owned(), Effect::None, &is.pointer);
    }
    let keywords: BTreeSet<&String> = old
        .keys()
        .chain(new.keys())
        .filter(|name| name.starts_with("x-"))
        .collect();
    for keyword in keywords {
        if old.get(keyword) != new.get(keyword) {
            out.add("extension", format!("`{keyword}` changed"), Effect::None, &is.pointer);
        }
    }
}
