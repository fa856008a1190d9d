//! Checks that bodies have one type each, as progenitor requires: one for the request, one for successful responses.

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
            // The parts of a multipart body have types and names of their own, which progenitor does not support.
            if essence(name).starts_with("multipart/") {
                found.push(document.diagnostic(
                    at,
                    format!("request bodies of type `{name}` are not supported"),
                    "describe the body as JSON or as a form, or remove the operation",
                ));
            }
            media_type(document, name, at, found);
        }
        [_, (second, at), ..] => found.push(document.diagnostic(
            at,
            format!("a request body must have one media type; `{second}` is a second one"),
            "keep the media type that the client should send",
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
                    format!("a response must have one JSON media type; `{name}` is a second one besides `{first}`"),
                    "keep the media type that the client should accept",
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
    // If there is a success status, `default` describes errors.
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
            format!(
                "an operation must have one type for success; the response {status} has a different type than {first}"
            ),
            "let both reference the same schema, or describe only the one that callers need typed",
        ));
    }
}

/// Checks whether a status may be that of a success, as `default` may.
fn is_success(status: &str) -> bool {
    matches!(status, "default" | "2XX") || status.parse::<u16>().is_ok_and(|status| (200..300).contains(&status))
}

/// Returns what distinguishes the type of a response from that of another: the schema of its JSON, raw bytes, or
/// nothing.
fn kind(document: &Document, response: &str) -> String {
    let content = pointer::join(response, "content");
    let media: Vec<(&str, String)> = document.members(&content).collect();
    match media.iter().find(|(name, _)| is_json(name)) {
        Some((_, at)) => {
            let schema = pointer::join(at, "schema");
            match document.get_str(&pointer::join(&schema, "$ref")) {
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
        found.push(document.diagnostic(at, "`encoding` is not supported", "remove it"));
    }
    if !is_json(name) {
        return;
    }
    let schema = pointer::join(at, "schema");
    match document.get(&schema) {
        None => found.push(document.diagnostic(
            at,
            "this JSON body has no schema",
            "add `schema`; `schema: {}` allows any value",
        )),
        Some(inline) if inline.get("$ref").is_none() && is_compound(inline) => found.push(document.diagnostic(
            &schema,
            "this body has an inline schema; all bodies of the operation with one would get the same type",
            "move the schema to components/schemas and reference it here",
        )),
        Some(_) => {}
    }
}

/// Checks whether a type would be generated for the schema.
fn is_compound(schema: &serde_json::Value) -> bool {
    ["properties", "allOf", "anyOf", "oneOf", "enum"]
        .iter()
        .any(|keyword| schema.get(*keyword).is_some())
}
