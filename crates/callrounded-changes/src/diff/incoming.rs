//! What the service calls: webhooks and callbacks. What it sends is read by whoever is called, and the answers are sent by
//! them.

use std::collections::BTreeMap;

use callrounded_document::{Document, Operation, pointer};

use super::{
    Effect, Recorder, bodies, parameters,
    schemas::{Schemas, Ways},
    unread::operations_of,
};

/// The webhooks of the documents.
pub(super) fn webhooks(schemas: &mut Schemas<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (named(out.old, "/webhooks"), named(out.new, "/webhooks"));
    compare(schemas, &old, &new, "webhook", out);
}

/// The callbacks of an operation.
pub(super) fn callbacks(schemas: &mut Schemas<'_>, was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (callbacks_of(out.old, was), callbacks_of(out.new, is));
    compare(schemas, &old, &new, "callback", out);
}

/// By name, where each path item is.
fn named(document: &Document, at: &str) -> BTreeMap<String, String> {
    let members = document.members(at).filter(|(name, _)| !name.starts_with("x-"));
    members
        .filter_map(|(name, at)| Some((name.to_owned(), document.resolve(&at)?)))
        .collect()
}

/// By name and by where to.
fn callbacks_of(document: &Document, operation: &Operation<'_>) -> BTreeMap<String, String> {
    let callbacks = named(document, &pointer::join(&operation.pointer, "callbacks"));
    let each = |(name, at): (String, String)| {
        let items = named(document, &at).into_iter();
        items
            .map(|(to, at)| (format!("{name} to {to}"), at))
            .collect::<Vec<_>>()
    };
    callbacks.into_iter().flat_map(each).collect()
}

/// Pointers to the schemas that the service sends to whom it calls, and to those that it gets from them.
pub(super) fn schemas_of(document: &Document) -> (Vec<String>, Vec<String>) {
    let (mut sent, mut got) = (Vec::new(), Vec::new());
    let all = document.operations();
    let callbacks = all.iter().flat_map(|operation| callbacks_of(document, operation));
    let items: Vec<String> = named(document, "/webhooks")
        .into_iter()
        .chain(callbacks)
        .map(|(_, at)| at)
        .collect();
    for item in &items {
        for operation in operations_of(document, item).values() {
            let media = |at: &str| bodies::media_types(document, at).into_values();
            let schema = |media: String| pointer::join(&media, "schema");
            if let Some(body) = body(document, operation) {
                sent.extend(media(&body).map(schema));
            }
            for response in responses(document, operation).values() {
                got.extend(media(response).map(schema));
            }
        }
    }
    (sent, got)
}

fn body(document: &Document, operation: &Operation<'_>) -> Option<String> {
    document.resolve(&pointer::join(&operation.pointer, "requestBody"))
}

fn responses(document: &Document, operation: &Operation<'_>) -> BTreeMap<String, String> {
    named(document, &pointer::join(&operation.pointer, "responses"))
}

fn compare(
    schemas: &mut Schemas<'_>,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    kind: &str,
    out: &mut Recorder<'_>,
) {
    let subject = out.subject.clone();
    let about = |name: &str| match subject.is_empty() {
        true => format!("{kind} {name}"),
        false => format!("{subject}, {kind} {name}"),
    };
    let none = BTreeMap::new();
    for (name, was) in old {
        out.subject = about(name);
        let before = operations_of(out.old, was);
        let is = new.get(name);
        let after = is.map_or(none.clone(), |is| operations_of(out.new, is));
        for (method, one) in &before {
            match after.get(method) {
                Some(other) => operation(schemas, one, other, out),
                None => {
                    let problem = "the service does not call it any more".to_owned();
                    out.gone("incoming-removed", problem, Effect::Breaking, &one.pointer);
                }
            }
        }
        for (_, other) in after.iter().filter(|(method, _)| !before.contains_key(*method)) {
            let problem = "the service calls it by another method too".to_owned();
            out.add("incoming-added", problem, Effect::Compatible, &other.pointer);
        }
    }
    for (name, is) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        out.subject = about(name);
        let problem = "the service calls it now, if asked to".to_owned();
        out.add("incoming-added", problem, Effect::Compatible, is);
    }
    out.subject = subject;
}

fn operation(schemas: &mut Schemas<'_>, was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    match (body(out.old, was), body(out.new, is)) {
        (Some(one), Some(other)) => bodies::media(schemas, &one, &other, Ways::RESPONSE, out),
        (Some(one), None) => out.gone("body-removed", "the body is gone".to_owned(), Effect::Breaking, &one),
        (None, Some(other)) => out.add(
            "body-added",
            "there is a body now".to_owned(),
            Effect::Compatible,
            &other,
        ),
        (None, None) => {}
    }
    let (old, new) = (parameters::by_name(out.old, was), parameters::by_name(out.new, is));
    for ((_, name), one) in &old {
        match new.iter().find(|((_, other), _)| other == name) {
            Some((_, other)) => bodies::schema(schemas, one, other, Ways::RESPONSE, out),
            None => {
                let problem = format!("the parameter `{name}` is gone");
                out.gone("parameter-removed", problem, Effect::Breaking, one);
            }
        }
    }
    let (old, new) = (responses(out.old, was), responses(out.new, is));
    for (status, one) in &old {
        match new.get(status) {
            Some(other) => bodies::media(schemas, one, other, Ways::REQUEST, out),
            None => {
                let problem = format!("the answer {status} is no longer taken");
                out.gone("response-removed", problem, Effect::Breaking, one);
            }
        }
    }
    for (status, other) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
        let problem = format!("the answer {status} is taken too");
        out.add("response-added", problem, Effect::Compatible, other);
    }
}
