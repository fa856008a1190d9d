//! Compares request bodies and responses: media types, headers, and their schemas.

use std::collections::BTreeMap;

use callrounded_document::{Document, Operation, is_json, pointer};
use serde_json::{Value, json};

use super::{Effect, Recorder, directions::Directions, schemas::Schemas, shape::is_compound, unhandled::canonical};

pub(super) fn schema(
    schemas: &mut Schemas<'_>,
    one: &str,
    other: &str,
    directions: Directions,
    out: &mut Recorder<'_>,
) {
    let (before, after) = (pointer::join(one, "schema"), pointer::join(other, "schema"));
    match (out.old.get(&before).is_some(), out.new.get(&after).is_some()) {
        (true, true) => schemas.compare(&before, &after, directions, "", out),
        (false, true) => {
            let wire = if directions.request {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            out.record(
                "schema-described",
                "the value now has a schema".to_owned(),
                wire,
                &after,
            );
        }
        (true, false) => {
            let wire = if directions.response {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            out.record_removed(
                "schema-undescribed",
                "the value no longer has a schema".to_owned(),
                wire,
                &before,
            );
        }
        (false, false) => {}
    }
}

pub(super) fn request(
    schemas: &mut Schemas<'_>,
    before: &Operation<'_>,
    after: &Operation<'_>,
    out: &mut Recorder<'_>,
) {
    let body = |document: &Document, operation: &Operation<'_>| {
        let at = document.resolve(&pointer::join(&operation.pointer, "requestBody"))?;
        document.get(&at).is_some().then_some(at)
    };
    let required =
        |document: &Document, at: &str| document.get(&pointer::join(at, "required")) == Some(&Value::Bool(true));
    match (body(out.old, before), body(out.new, after)) {
        (None, None) => {}
        (Some(one), None) => {
            out.record_removed(
                "body-removed",
                "the request body was removed".to_owned(),
                Effect::Breaking,
                &one,
            );
        }
        (None, Some(other)) => {
            let (wire, problem) = if required(out.new, &other) {
                (Effect::Breaking, "a required request body was added")
            } else {
                (Effect::Compatible, "an optional request body was added")
            };
            out.record("body-added", problem.to_owned(), wire, &other);
        }
        (Some(one), Some(other)) => {
            match (required(out.old, &one), required(out.new, &other)) {
                (false, true) => {
                    out.record(
                        "body-required",
                        "the request body became required".to_owned(),
                        Effect::Breaking,
                        &other,
                    );
                }
                (true, false) => {
                    let problem = "the request body is no longer required".to_owned();
                    out.record("body-optional", problem, Effect::Compatible, &other);
                }
                _ => {}
            }
            description(&one, &other, out);
            media(schemas, &one, &other, Directions::REQUEST, out);
        }
    }
}

pub(super) fn description(one: &str, other: &str, out: &mut Recorder<'_>) {
    let of = |document: &Document, at: &str| document.get(&pointer::join(at, "description")).cloned();
    if of(out.old, one) != of(out.new, other) {
        out.record("description", "`description` changed".to_owned(), Effect::None, other);
    }
}

/// Compares the media types of a body, a parameter or a header.
pub(super) fn media(schemas: &mut Schemas<'_>, one: &str, other: &str, directions: Directions, out: &mut Recorder<'_>) {
    let (old, new) = (media_types(out.old, one), media_types(out.new, other));
    for (name, before) in &old {
        match new.get(name) {
            Some(after) => {
                schema(schemas, before, after, directions, out);
                let encoding = |document: &Document, at: &str| {
                    let encoding = document.get(&pointer::join(at, "encoding"));
                    encoding.map(canonical).filter(|encoding| *encoding != json!({}))
                };
                if encoding(out.old, before) != encoding(out.new, after) {
                    let problem = "the serialization of the parts (`encoding`) changed".to_owned();
                    out.record("encoding", problem, Effect::Breaking, after);
                }
                for keyword in ["example", "examples"] {
                    let of = |document: &Document, at: &str| document.get(&pointer::join(at, keyword)).cloned();
                    if of(out.old, before) != of(out.new, after) {
                        out.record("description", format!("`{keyword}` changed"), Effect::None, after);
                    }
                }
            }
            None => {
                let problem = format!("the media type {name} was removed");
                out.record_removed("media-type-removed", problem, Effect::Breaking, before);
            }
        }
    }
    for (name, after) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let problem = format!("the media type {name} was added");
        out.record("media-type-added", problem, Effect::Compatible, after);
    }
}

/// Returns the media types of a body by their normalized names: in lower case, with sorted parameters, and for JSON
/// without `charset=utf-8`, which is the default.
pub(super) fn media_types(document: &Document, at: &str) -> BTreeMap<String, String> {
    let key = |name: &str| {
        let mut parts = name.split(';').map(|part| part.trim().to_lowercase());
        let essence = parts.next().unwrap_or_default();
        let is_json = is_json(&essence);
        let mut parameters: Vec<String> = parts
            .filter(|part| !(is_json && matches!(part.as_str(), "charset=utf-8" | "charset=\"utf-8\"")))
            .collect();
        parameters.sort();
        parameters.insert(0, essence);
        parameters.join(";")
    };
    let content = pointer::join(at, "content");
    document.members(&content).map(|(name, at)| (key(name), at)).collect()
}

pub(super) fn responses(
    schemas: &mut Schemas<'_>,
    before: &Operation<'_>,
    after: &Operation<'_>,
    subject: &str,
    out: &mut Recorder<'_>,
) {
    let all = |document: &Document, operation: &Operation<'_>| -> BTreeMap<String, String> {
        let responses = pointer::join(&operation.pointer, "responses");
        let members = document
            .members(&responses)
            .filter(|(status, _)| !status.starts_with("x-"));
        members
            .filter_map(|(status, at)| Some((status.to_uppercase(), document.resolve(&at)?)))
            .collect()
    };
    let (old, new) = (all(out.old, before), all(out.new, after));
    let succeeds = |status: &str| status.starts_with('2') || status.starts_with('3');
    for (status, one) in &old {
        out.subject = format!("{subject}, response {}", status.to_lowercase());
        match new.get(status) {
            Some(other) => response(schemas, one, other, out),
            // A range or `default` that both documents have may cover the status.
            None if fallback(&old, status).is_some() && fallback(&new, status).is_some() => {
                if let Some(other) = fallback(&new, status) {
                    response(schemas, one, other, out);
                }
            }
            None => {
                let wire = if succeeds(status) {
                    Effect::Breaking
                } else {
                    Effect::Compatible
                };
                let problem = "the response was removed".to_owned();
                out.record_removed("response-removed", problem, wire, one);
            }
        }
    }
    for (status, other) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
        out.subject = format!("{subject}, response {}", status.to_lowercase());
        if let (Some(one), Some(_)) = (fallback(&old, status), fallback(&new, status)) {
            response(schemas, one, other, out);
            continue;
        }
        // A client handles any error status, but cannot decode a success that it was not generated for.
        let wire = if succeeds(status) {
            Effect::Breaking
        } else {
            Effect::Compatible
        };
        out.record("response-added", "the response was added".to_owned(), wire, other);
    }
}

fn response(schemas: &mut Schemas<'_>, one: &str, other: &str, out: &mut Recorder<'_>) {
    description(one, other, out);
    let links = |document: &Document, at: &str| document.get(&pointer::join(at, "links")).map(canonical);
    if links(out.old, one) != links(out.new, other) {
        // Links describe possible next calls, and are not on the wire.
        out.record("description", "`links` changed".to_owned(), Effect::None, other);
    }
    headers(schemas, one, other, out);
    media(schemas, one, other, Directions::RESPONSE, out);
}

/// Returns the response for a status that is not listed: that of its range (such as `4XX`), or else `default`.
fn fallback<'r>(responses: &'r BTreeMap<String, String>, status: &str) -> Option<&'r String> {
    let range = status.get(..1).map(|class| format!("{class}XX"));
    let range = range
        .filter(|range| range != status)
        .and_then(|range| responses.get(&range));
    range.or_else(|| responses.get("DEFAULT").filter(|_| status != "DEFAULT"))
}

fn headers(schemas: &mut Schemas<'_>, one: &str, other: &str, out: &mut Recorder<'_>) {
    let subject = out.subject.clone();
    let all = |document: &Document, at: &str| -> BTreeMap<String, String> {
        let headers = pointer::join(at, "headers");
        // OpenAPI 3.0 ignores a header of this name: the media type of the body defines it.
        let members = document
            .members(&headers)
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        members
            .filter_map(|(name, at)| Some((name.to_lowercase(), document.resolve(&at)?)))
            .collect()
    };
    let required =
        |document: &Document, at: &str| document.get(&pointer::join(at, "required")) == Some(&Value::Bool(true));
    let (old, new) = (all(out.old, one), all(out.new, other));
    for (name, before) in &old {
        out.subject = format!("{subject}, header {name}");
        match new.get(name) {
            Some(after) => {
                if required(out.old, before) && !required(out.new, after) {
                    let problem = "the header is no longer required".to_owned();
                    out.record("header-optional", problem, Effect::Breaking, after);
                } else if !required(out.old, before) && required(out.new, after) {
                    let problem = "the header became required".to_owned();
                    out.record("header-required", problem, Effect::Compatible, after);
                }
                let explode = |document: &Document, at: &str| {
                    let has = |field: &str, value: Value| document.get(&pointer::join(at, field)) == Some(&value);
                    has("explode", json!(true))
                };
                if explode(out.old, before) != explode(out.new, after)
                    && is_compound(out.old, before)
                    && is_compound(out.new, after)
                {
                    let problem = "the serialization (`explode`) changed".to_owned();
                    out.record("header-style", problem, Effect::Breaking, after);
                }
                description(before, after, out);
                schema(schemas, before, after, Directions::RESPONSE, out);
                media(schemas, before, after, Directions::RESPONSE, out);
            }
            None => {
                let wire = if required(out.old, before) {
                    Effect::Breaking
                } else {
                    Effect::Compatible
                };
                out.record_removed("header-removed", "the header was removed".to_owned(), wire, before);
            }
        }
    }
    for (name, after) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        out.subject = format!("{subject}, header {name}");
        out.record(
            "header-added",
            "the header was added".to_owned(),
            Effect::Compatible,
            after,
        );
    }
    out.subject = subject;
}
