//! Compares requests that the service makes: webhooks and callbacks. Directions are reversed: the client receives the
//! request and sends the response.

use std::collections::BTreeMap;

use callrounded_document::{Document, Operation, pointer};

use super::{Effect, Recorder, bodies, directions::Directions, parameters, schemas::Schemas, unhandled::operations_of};

/// Compares the webhooks of the documents.
pub(super) fn webhooks(schemas: &mut Schemas<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (
        resolved_members(out.old, "/webhooks"),
        resolved_members(out.new, "/webhooks"),
    );
    compare(schemas, &old, &new, "webhook", out);
}

/// Compares the callbacks of an operation.
pub(super) fn callbacks(
    schemas: &mut Schemas<'_>,
    before: &Operation<'_>,
    after: &Operation<'_>,
    out: &mut Recorder<'_>,
) {
    let (old, new) = (callbacks_of(out.old, before), callbacks_of(out.new, after));
    compare(schemas, &old, &new, "callback", out);
}

/// Returns the pointers of the members of the object at `at`, by name. References are resolved and extensions left out.
fn resolved_members(document: &Document, at: &str) -> BTreeMap<String, String> {
    let members = document.members(at).filter(|(name, _)| !name.starts_with("x-"));
    members
        .filter_map(|(name, at)| Some((name.to_owned(), document.resolve(&at)?)))
        .collect()
}

/// Returns the pointers of the path items of an operation's callbacks, by the callback's name and URL expression.
fn callbacks_of(document: &Document, operation: &Operation<'_>) -> BTreeMap<String, String> {
    let callbacks = resolved_members(document, &pointer::join(&operation.pointer, "callbacks"));
    let each = |(name, at): (String, String)| {
        let items = resolved_members(document, &at).into_iter();
        items
            .map(|(to, at)| (format!("{name} to {to}"), at))
            .collect::<Vec<_>>()
    };
    callbacks.into_iter().flat_map(each).collect()
}

/// Returns pointers to the schemas that the service sends in webhooks and callbacks, and to those that it receives in
/// response.
pub(super) fn schemas_of(document: &Document) -> (Vec<String>, Vec<String>) {
    let (mut to_client, mut from_client) = (Vec::new(), Vec::new());
    let all = document.operations();
    let callbacks = all.iter().flat_map(|operation| callbacks_of(document, operation));
    let items: Vec<String> = resolved_members(document, "/webhooks")
        .into_iter()
        .chain(callbacks)
        .map(|(_, at)| at)
        .collect();
    for item in &items {
        for operation in operations_of(document, item).values() {
            let media = |at: &str| bodies::media_types(document, at).into_values();
            let schema = |media: String| pointer::join(&media, "schema");
            if let Some(body) = body(document, operation) {
                to_client.extend(media(&body).map(schema));
            }
            for response in responses(document, operation).values() {
                from_client.extend(media(response).map(schema));
            }
        }
    }
    (to_client, from_client)
}

fn body(document: &Document, operation: &Operation<'_>) -> Option<String> {
    document.resolve(&pointer::join(&operation.pointer, "requestBody"))
}

fn responses(document: &Document, operation: &Operation<'_>) -> BTreeMap<String, String> {
    resolved_members(document, &pointer::join(&operation.pointer, "responses"))
}

fn compare(
    schemas: &mut Schemas<'_>,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    kind: &str,
    out: &mut Recorder<'_>,
) {
    let subject = out.subject.clone();
    let subject_of = |name: &str| {
        if subject.is_empty() {
            format!("{kind} {name}")
        } else {
            format!("{subject}, {kind} {name}")
        }
    };
    let none = BTreeMap::new();
    for (name, before) in old {
        out.subject = subject_of(name);
        let old_operations = operations_of(out.old, before);
        let after = new.get(name);
        let new_operations = after.map_or(none.clone(), |after| operations_of(out.new, after));
        for (method, one) in &old_operations {
            match new_operations.get(method) {
                Some(other) => operation(schemas, one, other, out),
                None => {
                    let problem = "the service no longer sends this request".to_owned();
                    out.record_removed("incoming-removed", problem, Effect::Breaking, &one.pointer);
                }
            }
        }
        for (_, other) in new_operations
            .iter()
            .filter(|(method, _)| !old_operations.contains_key(*method))
        {
            let problem = "the service now also sends this request with another method".to_owned();
            out.record("incoming-added", problem, Effect::Compatible, &other.pointer);
        }
    }
    for (name, after) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        out.subject = subject_of(name);
        let problem = "the service now sends this request to those who subscribe to it".to_owned();
        out.record("incoming-added", problem, Effect::Compatible, after);
    }
    out.subject = subject;
}

fn operation(schemas: &mut Schemas<'_>, before: &Operation<'_>, after: &Operation<'_>, out: &mut Recorder<'_>) {
    match (body(out.old, before), body(out.new, after)) {
        (Some(one), Some(other)) => bodies::media(schemas, &one, &other, Directions::RESPONSE, out),
        (Some(one), None) => out.record_removed(
            "body-removed",
            "the request body was removed".to_owned(),
            Effect::Breaking,
            &one,
        ),
        (None, Some(other)) => out.record(
            "body-added",
            "a request body was added".to_owned(),
            Effect::Compatible,
            &other,
        ),
        (None, None) => {}
    }
    let (old, new) = (
        parameters::by_name(out.old, before),
        parameters::by_name(out.new, after),
    );
    for ((_, name), one) in &old {
        match new.iter().find(|((_, other), _)| other == name) {
            Some((_, other)) => bodies::schema(schemas, one, other, Directions::RESPONSE, out),
            None => {
                let problem = format!("the parameter `{name}` was removed");
                out.record_removed("parameter-removed", problem, Effect::Breaking, one);
            }
        }
    }
    let (old, new) = (responses(out.old, before), responses(out.new, after));
    for (status, one) in &old {
        match new.get(status) {
            Some(other) => bodies::media(schemas, one, other, Directions::REQUEST, out),
            None => {
                let problem = format!("the response {status} is no longer accepted");
                out.record_removed("response-removed", problem, Effect::Breaking, one);
            }
        }
    }
    for (status, other) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
        let problem = format!("the response {status} is now accepted");
        out.record("response-added", problem, Effect::Compatible, other);
    }
}
