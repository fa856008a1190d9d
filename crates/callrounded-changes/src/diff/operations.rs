//! Compares the operations of both documents, paired by method and path. Names of path parameters are ignored, since
//! they are not on the wire.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation};
use serde_json::Value;

use super::{
    Effect, Recorder, bodies, incoming, parameters,
    schemas::Schemas,
    security::{self, ChangedSchemes},
    servers,
};

pub(super) fn compare(schemas: &mut Schemas<'_>, out: &mut Recorder<'_>) {
    let changed = security::schemes(out);
    let (old, new) = (by_route(out.old), by_route(out.new));
    for (route, before) in &old {
        match new.get(route) {
            None => {
                out.subject = name(before);
                out.names = before.id.into_iter().map(str::to_owned).collect();
                let problem = format!("the operation {} {} was removed", before.method.as_str(), before.path);
                out.record_removed("operation-removed", problem, Effect::Breaking, &before.pointer);
            }
            Some(after) => operation(schemas, before, after, &changed, out),
        }
    }
    for (route, after) in &new {
        if !old.contains_key(route) {
            out.subject = name(after);
            out.names = after.id.into_iter().map(str::to_owned).collect();
            let problem = format!("the operation {} {} was added", after.method.as_str(), after.path);
            out.record("operation-added", problem, Effect::Compatible, &after.pointer);
        }
    }
}

/// Returns the operations by method and by path without parameter names.
pub(super) fn by_route(document: &Document) -> BTreeMap<(&'static str, String), Operation<'_>> {
    let operations = document.operations().into_iter();
    operations
        .map(|operation| ((operation.method.as_str(), normalized_path(operation.path)), operation))
        .collect()
}

/// Removes the parameter names from a path: `/things/{id}` becomes `/things/{}`.
pub(crate) fn normalized_path(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |normalized_path, part| {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        format!("{normalized_path}{{}}{rest}")
    })
}

/// Returns the `operationId`, or else method and path.
pub(super) fn name(operation: &Operation<'_>) -> String {
    let path = || format!("{} {}", operation.method.as_str(), operation.path);
    operation.id.map_or_else(path, str::to_owned)
}

pub(super) fn operation(
    schemas: &mut Schemas<'_>,
    before: &Operation<'_>,
    after: &Operation<'_>,
    changed: &ChangedSchemes,
    out: &mut Recorder<'_>,
) {
    let subject = name(after);
    out.subject.clone_from(&subject);
    out.names = [before.id, after.id].into_iter().flatten().map(str::to_owned).collect();
    if before.id != after.id {
        let id = |id: Option<&str>| id.map_or_else(|| "none".to_owned(), |id| format!("`{id}`"));
        let problem = format!("`operationId` changed from {} to {}", id(before.id), id(after.id));
        out.record("operation-id", problem, Effect::None, &after.pointer);
    }
    annotations(before, after, out);
    security::operation(before, after, changed, out);
    servers::operation(before, after, out);
    parameters::compare(schemas, before, after, out);
    out.subject = format!("{subject}, request");
    bodies::request(schemas, before, after, out);
    bodies::responses(schemas, before, after, &subject, out);
    out.subject = subject;
    incoming::callbacks(schemas, before, after, out);
}

fn annotations(before: &Operation<'_>, after: &Operation<'_>, out: &mut Recorder<'_>) {
    let (Some(Value::Object(old)), Some(Value::Object(new))) =
        (out.old.get(&before.pointer), out.new.get(&after.pointer))
    else {
        return;
    };
    for keyword in ["summary", "description", "tags", "externalDocs"] {
        if old.get(keyword) != new.get(keyword) {
            // The first tag names the group of the generated method.
            let rule = if keyword == "tags" { "tags" } else { "description" };
            out.record(rule, format!("`{keyword}` changed"), Effect::None, &after.pointer);
        }
    }
    if old.get("deprecated") != new.get("deprecated") {
        let now = new.get("deprecated") == Some(&Value::Bool(true));
        let problem = if now {
            "the operation is now deprecated"
        } else {
            "the operation is no longer deprecated"
        };
        out.record("deprecated", problem.to_owned(), Effect::None, &after.pointer);
    }
    let keywords: BTreeSet<&String> = old
        .keys()
        .chain(new.keys())
        .filter(|name| name.starts_with("x-"))
        .collect();
    for keyword in keywords {
        if old.get(keyword) != new.get(keyword) {
            out.record(
                "extension",
                format!("`{keyword}` changed"),
                Effect::None,
                &after.pointer,
            );
        }
    }
}
