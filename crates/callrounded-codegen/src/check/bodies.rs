//! Bodies are such as progenitor makes one type of: one for the request, one for success.

use callrounded_document::{Diagnostic, Document, Operation, essence, is_json, pointer};

pub(super) fn check(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(body) = document.resolve(&pointer::join(&operation.pointer, "requestBody")) {
        request(document, &body, found);
    }
    responses(document, operation, found);
}

fn request(document: &Document, body: &str, found: &mut Vec<Diagnostic>) {
    let content = pointer::join(body, "content");
    let media: Vec<(&str, String)> = document.members(&content).collect();
    match media.as_slice() {
        [] => {}
        [(name, at)] => {
            // Their parts have types and names of their own.
            if essence(name).starts_with("multipart/") {
                found.push(document.diagnostic(
                    at,
                    format!("the generator can't send a body of type `{name}`"),
                    "describe it as JSON or as a form, or leave the operation out",
                ));
            }
            media_type(document, name, at, found);
        }
        [_, (second, at), ..] => found.push(document.diagnostic(
            at,
            format!("the generator takes one media type for a request body, and `{second}` is a second"),
            "keep the one that the client is to send",
        )),
    }
}

fn responses(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let list = pointer::join(&operation.pointer, "responses");
    let mut successes = Vec::new();
    for (status, at) in document.members(&list) {
        if status.starts_with("x-") {
            continue;
        }
        let Some(response) = document.resolve(&at) else {
            continue;
        };
        let content = pointer::join(&response, "content");
        let mut json = None;
        for (name, media) in document.members(&content) {
            media_type(document, name, &media, found);
            match json {
                Some(first) if is_json(name) => found.push(document.diagnostic(
                    &media,
                    format!("the generator reads one type of JSON, and `{name}` is a second beside `{first}`"),
                    "keep the one that the client is to accept",
                )),
                None if is_json(name) => json = Some(name),
                _ => {}
            }
        }
        let kind = kind(document, &response);
        if is_success(status) {
            successes.push((status, at.clone(), kind));
        }
    }
    // Beside a success, the default describes errors.
    if successes.iter().any(|(status, ..)| *status != "default") {
        successes.retain(|(status, ..)| *status != "default");
    }
    let mut successes = successes.into_iter();
    let Some((first, _, kind)) = successes.next() else {
        return;
    };
    for (status, at, _) in successes.filter(|(_, _, other)| *other != kind) {
        found.push(document.diagnostic(
            &at,
            format!("the generator supports one type of success per operation, and the response {status} has another than {first}"),
            "let both refer to the same schema, or describe only the one that callers need typed",
        ));
    }
}

/// Whether a status is one of success, as `default` may be.
fn is_success(status: &str) -> bool {
    matches!(status, "default" | "2XX") || status.parse::<u16>().is_ok_and(|status| (200..300).contains(&status))
}

/// What tells the type of one answer from that of another: the schema of its JSON, raw bytes, or nothing.
fn kind(document: &Document, response: &str) -> String {
    let content = pointer::join(response, "content");
    let media: Vec<(&str, String)> = document.members(&content).collect();
    match media.iter().find(|(name, _)| is_json(name)) {
        Some((_, at)) => {
            let schema = pointer::join(at, "schema");
            match document.text(&pointer::join(&schema, "$ref")) {
                Some(reference) => reference.to_owned(),
                None => document.get(&schema).map(ToString::to_string).unwrap_or_default(),
            }
        }
        None if media.is_empty() => "nothing".to_owned(),
        None => "bytes".to_owned(),
    }
}

fn media_type(document: &Document, name: &str, at: &str, found: &mut Vec<Diagnostic>) {
    if document.get(&pointer::join(at, "encoding")).is_some() {
        found.push(document.diagnostic(at, "the generator takes no `encoding`", "remove it"));
    }
    if !is_json(name) {
        return;
    }
    let schema = pointer::join(at, "schema");
    match document.get(&schema) {
        None => found.push(document.diagnostic(at, "this JSON body has no schema", "add `schema`; `schema: {}` allows anything")),
        Some(inline) if inline.get("$ref").is_none() && is_compound(inline) => found.push(document.diagnostic(
            &schema,
            "the schema of this body has no name, and the generator would give every such body of the operation the same type",
            "move it under components/schemas and refer to it here",
        )),
        Some(_) => {}
    }
}

fn is_compound(schema: &serde_json::Value) -> bool {
    ["properties", "allOf", "anyOf", "oneOf", "enum"]
        .iter()
        .any(|keyword| schema.get(*keyword).is_some())
}
