//! What is sent and answered: bodies by their media types, headers, and the schemas of both.

use std::collections::BTreeMap;

use callrounded_document::{Document, Operation, is_json, pointer};
use serde_json::{Value, json};

use super::{
    Effect, Recorder,
    parameters::is_compound,
    schemas::{Schemas, Ways},
    unread::canonical,
};

pub(super) fn schema(schemas: &mut Schemas<'_>, one: &str, other: &str, ways: Ways, out: &mut Recorder<'_>) {
    let (was, is) = (pointer::join(one, "schema"), pointer::join(other, "schema"));
    match (out.old.get(&was).is_some(), out.new.get(&is).is_some()) {
        (true, true) => schemas.compare(&was, &is, ways, "", out),
        (false, true) => {
            let wire = if ways.request {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            out.add("schema-described", "the value is described now".to_owned(), wire, &is);
        }
        (true, false) => {
            let wire = if ways.response {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            out.gone(
                "schema-undescribed",
                "the value is no longer described".to_owned(),
                wire,
                &was,
            );
        }
        (false, false) => {}
    }
}

pub(super) fn request(schemas: &mut Schemas<'_>, was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let body = |document: &Document, operation: &Operation<'_>| {
        let at = document.resolve(&pointer::join(&operation.pointer, "requestBody"))?;
        document.get(&at).is_some().then_some(at)
    };
    let required =
        |document: &Document, at: &str| document.get(&pointer::join(at, "required")) == Some(&Value::Bool(true));
    match (body(out.old, was), body(out.new, is)) {
        (None, None) => {}
        (Some(one), None) => {
            out.gone("body-removed", "the body is gone".to_owned(), Effect::Breaking, &one);
        }
        (None, Some(other)) => {
            let (wire, problem) = match required(out.new, &other) {
                true => (Effect::Breaking, "a body is required now"),
                false => (Effect::Compatible, "a body may be sent now"),
            };
            out.add("body-added", problem.to_owned(), wire, &other);
        }
        (Some(one), Some(other)) => {
            match (required(out.old, &one), required(out.new, &other)) {
                (false, true) => {
                    out.add(
                        "body-required",
                        "the body became required".to_owned(),
                        Effect::Breaking,
                        &other,
                    );
                }
                (true, false) => {
                    let problem = "the body is no longer required".to_owned();
                    out.add("body-optional", problem, Effect::Compatible, &other);
                }
                _ => {}
            }
            description(&one, &other, out);
            media(schemas, &one, &other, Ways::REQUEST, out);
        }
    }
}

pub(super) fn description(one: &str, other: &str, out: &mut Recorder<'_>) {
    let of = |document: &Document, at: &str| document.get(&pointer::join(at, "description")).cloned();
    if of(out.old, one) != of(out.new, other) {
        out.add("description", "`description` changed".to_owned(), Effect::None, other);
    }
}

/// The media types of a body.
pub(super) fn media(schemas: &mut Schemas<'_>, one: &str, other: &str, ways: Ways, out: &mut Recorder<'_>) {
    let (old, new) = (media_types(out.old, one), media_types(out.new, other));
    for (name, was) in &old {
        match new.get(name) {
            Some(is) => {
                schema(schemas, was, is, ways, out);
                let encoding = |document: &Document, at: &str| {
                    let encoding = document.get(&pointer::join(at, "encoding"));
                    encoding.map(canonical).filter(|encoding| *encoding != json!({}))
                };
                if encoding(out.old, was) != encoding(out.new, is) {
                    let problem = "how its parts are written (`encoding`) changed".to_owned();
                    out.add("encoding", problem, Effect::Breaking, is);
                }
                for keyword in ["example", "examples"] {
                    let of = |document: &Document, at: &str| document.get(&pointer::join(at, keyword)).cloned();
                    if of(out.old, was) != of(out.new, is) {
                        out.add("description", format!("`{keyword}` changed"), Effect::None, is);
                    }
                }
            }
            None => {
                let problem = format!("the media type {name} is gone");
                out.gone("media-type-removed", problem, Effect::Breaking, was);
            }
        }
    }
    for (name, is) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let problem = format!("the media type {name} is new");
        out.add("media-type-added", problem, Effect::Compatible, is);
    }
}

/// The media types of a body, by how they are the same to a reader: JSON is UTF-8 whether that is said or not.
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
    was: &Operation<'_>,
    is: &Operation<'_>,
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
    let (old, new) = (all(out.old, was), all(out.new, is));
    let succeeds = |status: &str| status.starts_with('2') || status.starts_with('3');
    for (status, one) in &old {
        out.subject = format!("{subject}, response {}", status.to_lowercase());
        match new.get(status) {
            Some(other) => response(schemas, one, other, out),
            // Another that was there, and is there still, may be about it too.
            None if covering(&old, status).is_some() && covering(&new, status).is_some() => {
                if let Some(other) = covering(&new, status) {
                    response(schemas, one, other, out);
                }
            }
            None => {
                let wire = if succeeds(status) {
                    Effect::Breaking
                } else {
                    Effect::Compatible
                };
                let problem = "the response is gone".to_owned();
                out.gone("response-removed", problem, wire, one);
            }
        }
    }
    for (status, other) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
        out.subject = format!("{subject}, response {}", status.to_lowercase());
        if let (Some(one), Some(_)) = (covering(&old, status), covering(&new, status)) {
            response(schemas, one, other, out);
            continue;
        }
        // A client takes any refusal; a success that it was not made for it can't read.
        let wire = if succeeds(status) {
            Effect::Breaking
        } else {
            Effect::Compatible
        };
        out.add("response-added", "the response is new".to_owned(), wire, other);
    }
}

fn response(schemas: &mut Schemas<'_>, one: &str, other: &str, out: &mut Recorder<'_>) {
    description(one, other, out);
    let links = |document: &Document, at: &str| document.get(&pointer::join(at, "links")).map(canonical);
    if links(out.old, one) != links(out.new, other) {
        // They say what may be called next, and are not on the wire.
        out.add("description", "`links` changed".to_owned(), Effect::None, other);
    }
    headers(schemas, one, other, out);
    media(schemas, one, other, Ways::RESPONSE, out);
}

/// The response that counts for a status that is not listed.
fn covering<'r>(responses: &'r BTreeMap<String, String>, status: &str) -> Option<&'r String> {
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
        // 3.0 passes over this one: the media type of the body says it.
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
    for (name, was) in &old {
        out.subject = format!("{subject}, header {name}");
        match new.get(name) {
            Some(is) => {
                if required(out.old, was) && !required(out.new, is) {
                    let problem = "it is no longer required".to_owned();
                    out.add("header-optional", problem, Effect::Breaking, is);
                } else if !required(out.old, was) && required(out.new, is) {
                    let problem = "it became required".to_owned();
                    out.add("header-required", problem, Effect::Compatible, is);
                }
                let written = |document: &Document, at: &str| {
                    let is = |field: &str, value: Value| document.get(&pointer::join(at, field)) == Some(&value);
                    is("explode", json!(true))
                };
                if written(out.old, was) != written(out.new, is)
                    && is_compound(out.old, was)
                    && is_compound(out.new, is)
                {
                    let problem = "how it is written (`explode`) changed".to_owned();
                    out.add("header-style", problem, Effect::Breaking, is);
                }
                description(was, is, out);
                schema(schemas, was, is, Ways::RESPONSE, out);
                media(schemas, was, is, Ways::RESPONSE, out);
            }
            None => {
                let wire = if required(out.old, was) {
                    Effect::Breaking
                } else {
                    Effect::Compatible
                };
                out.gone("header-removed", "the header is gone".to_owned(), wire, was);
            }
        }
    }
    for (name, is) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        out.subject = format!("{subject}, header {name}");
        out.add("header-added", "the header is new".to_owned(), Effect::Compatible, is);
    }
    out.subject = subject;
}
