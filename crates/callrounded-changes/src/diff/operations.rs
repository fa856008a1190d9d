//! The operations of both documents, paired by method and path: the names of path parameters are nobody's on the wire.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::Value;

use super::{
    Effect, Recorder,
    schemas::{Schemas, Ways},
    security, servers,
};

pub(super) fn compare(schemas: &mut Schemas<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (by_route(out.old), by_route(out.new));
    for (route, was) in &old {
        match new.get(route) {
            None => {
                out.subject = name(was);
                out.names = was.id.into_iter().map(str::to_owned).collect();
                let problem = format!("the operation {} {} is gone", was.method.as_str(), was.path);
                out.gone("operation-removed", problem, Effect::Breaking, &was.pointer);
            }
            Some(is) => operation(schemas, was, is, out),
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
fn by_route(document: &Document) -> BTreeMap<(&'static str, String), Operation<'_>> {
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

fn name(operation: &Operation<'_>) -> String {
    let path = || format!("{} {}", operation.method.as_str(), operation.path);
    operation.id.map_or_else(path, str::to_owned)
}

pub(super) fn operation(schemas: &mut Schemas<'_>, was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let subject = name(is);
    out.subject.clone_from(&subject);
    out.names = [was.id, is.id].into_iter().flatten().map(str::to_owned).collect();
    if was.id != is.id {
        let id = |id: Option<&str>| id.map_or_else(|| "none".to_owned(), |id| format!("`{id}`"));
        let problem = format!("the operationId changed from {} to {}", id(was.id), id(is.id));
        out.add("operation-id", problem, Effect::None, &is.pointer);
    }
    texts(was, is, out);
    security::operation(was, is, out);
    servers::operation(was, is, out);
    parameters(schemas, was, is, out);
    out.subject = format!("{subject}, request");
    request(schemas, was, is, out);
    responses(schemas, was, is, &subject, out);
}

fn texts(was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (out.old.get(&was.pointer), out.new.get(&is.pointer))
    else {
        return;
    };
    for keyword in ["summary", "description", "tags", "externalDocs"] {
        if old.get(keyword) != new.get(keyword) {
            out.add("description", format!("`{keyword}` changed"), Effect::None, &is.pointer);
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

fn parameters(schemas: &mut Schemas<'_>, was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let subject = out.subject.clone();
    let (mut old, mut new) = (by_name(out.old, was), by_name(out.new, is));
    // Path parameters are told apart by their place in the path.
    let in_path = |path: &str| -> Vec<String> {
        let names = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
        names.map(|(name, _)| name.to_owned()).collect()
    };
    for (before, after) in in_path(was.path).into_iter().zip(in_path(is.path)) {
        let key = |name: &str| ("path".to_owned(), name.to_owned());
        if let (Some(one), Some(other)) = (old.remove(&key(&before)), new.remove(&key(&after))) {
            out.subject = format!("{subject}, parameter {after}");
            if before != after {
                let problem = format!("the path parameter `{before}` is called `{after}` now");
                out.add("parameter-renamed", problem, Effect::None, &other);
            }
            parameter(schemas, &one, &other, out);
        }
    }
    for ((place, name), one) in &old {
        out.subject = format!("{subject}, parameter {name}");
        match new.get(&(place.clone(), name.clone())) {
            Some(other) => parameter(schemas, one, other, out),
            None => {
                let problem = format!("the {place} parameter `{name}` is gone");
                out.gone("parameter-removed", problem, Effect::Breaking, one);
            }
        }
    }
    for ((place, name), other) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        out.subject = format!("{subject}, parameter {name}");
        let required = out.new.get(&pointer::join(other, "required")) == Some(&Value::Bool(true));
        let (wire, problem) = match required {
            true => (
                Effect::Breaking,
                format!("the {place} parameter `{name}` is new and required"),
            ),
            false => (Effect::Compatible, format!("the {place} parameter `{name}` is new")),
        };
        out.add("parameter-added", problem, wire, other);
    }
    out.subject = subject;
}

/// Parameters by where they go and what they are called; headers are called the same in any case.
fn by_name(document: &Document, operation: &Operation<'_>) -> BTreeMap<(String, String), String> {
    let text = |at: &str, field: &str| document.text(&pointer::join(at, field)).unwrap_or_default().to_owned();
    // What 3.0 passes over: these are said by other means.
    const OTHERS: [&str; 3] = ["accept", "authorization", "content-type"];
    let parameters = document.parameters(operation).into_iter();
    parameters
        .filter(|at| text(at, "in") != "header" || !OTHERS.contains(&text(at, "name").to_lowercase().as_str()))
        .map(|at| {
            let place = text(&at, "in");
            let name = text(&at, "name");
            let name = if place == "header" { name.to_lowercase() } else { name };
            ((place, name), at)
        })
        .collect()
}

pub(super) fn parameter(schemas: &mut Schemas<'_>, one: &str, other: &str, out: &mut Recorder<'_>) {
    let flag = |document: &Document, at: &str, name: &str| document.get(&pointer::join(at, name)).cloned();
    let is_true = |value: Option<Value>| value == Some(Value::Bool(true));
    let (before, after) = (
        is_true(flag(out.old, one, "required")),
        is_true(flag(out.new, other, "required")),
    );
    match (before, after) {
        (false, true) => out.add(
            "parameter-required",
            "it became required".to_owned(),
            Effect::Breaking,
            other,
        ),
        (true, false) => {
            out.add(
                "parameter-optional",
                "it is no longer required".to_owned(),
                Effect::Compatible,
                other,
            );
        }
        _ => {}
    }
    let place = out.new.text(&pointer::join(other, "in")).unwrap_or_default();
    let style = |document: &Document, at: &str| {
        let default = if matches!(place, "query" | "cookie") {
            "form"
        } else {
            "simple"
        };
        let style = document.text(&pointer::join(at, "style")).unwrap_or(default).to_owned();
        let explode = flag(document, at, "explode").map_or(style == "form", |value| value == Value::Bool(true));
        // It makes a difference to lists and objects only.
        let schema = document
            .resolve(&pointer::join(at, "schema"))
            .and_then(|at| document.get(&at));
        let compound = schema.is_none_or(|schema| {
            schema
                .get("type")
                .is_none_or(|name| name == "array" || name == "object")
        });
        (style, compound && explode, is_true(flag(document, at, "allowReserved")))
    };
    if style(out.old, one) != style(out.new, other) {
        let problem = "how it is written (`style`, `explode`, `allowReserved`) changed".to_owned();
        out.add("parameter-style", problem, Effect::Breaking, other);
    }
    match (
        is_true(flag(out.old, one, "allowEmptyValue")),
        is_true(flag(out.new, other, "allowEmptyValue")),
    ) {
        (true, false) => {
            let problem = "it may no longer be empty".to_owned();
            out.add("parameter-empty", problem, Effect::Breaking, other);
        }
        (false, true) => out.add(
            "parameter-empty",
            "it may be empty now".to_owned(),
            Effect::Compatible,
            other,
        ),
        _ => {}
    }
    for keyword in ["description", "example", "examples"] {
        if flag(out.old, one, keyword) != flag(out.new, other, keyword) {
            out.add("description", format!("`{keyword}` changed"), Effect::None, other);
        }
    }
    if is_true(flag(out.old, one, "deprecated")) != is_true(flag(out.new, other, "deprecated")) {
        out.add("deprecated", "`deprecated` changed".to_owned(), Effect::None, other);
    }
    schema(schemas, one, other, Ways::REQUEST, out);
    media(schemas, one, other, Ways::REQUEST, out);
}

fn schema(schemas: &mut Schemas<'_>, one: &str, other: &str, ways: Ways, out: &mut Recorder<'_>) {
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

fn request(schemas: &mut Schemas<'_>, was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
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

fn description(one: &str, other: &str, out: &mut Recorder<'_>) {
    let of = |document: &Document, at: &str| document.get(&pointer::join(at, "description")).cloned();
    if of(out.old, one) != of(out.new, other) {
        out.add("description", "`description` changed".to_owned(), Effect::None, other);
    }
}

/// The media types of a body.
fn media(schemas: &mut Schemas<'_>, one: &str, other: &str, ways: Ways, out: &mut Recorder<'_>) {
    let types = |document: &Document, at: &str| -> BTreeMap<String, String> {
        let content = pointer::join(at, "content");
        let members = document.members(&content);
        members.map(|(name, at)| (name.to_lowercase(), at)).collect()
    };
    let (old, new) = (types(out.old, one), types(out.new, other));
    for (name, was) in &old {
        match new.get(name) {
            Some(is) => {
                schema(schemas, was, is, ways, out);
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

fn responses(
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
            Some(other) => {
                description(one, other, out);
                headers(schemas, one, other, out);
                media(schemas, one, other, Ways::RESPONSE, out);
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
        // A client takes any refusal; a success that it was not made for it can't read.
        let wire = if succeeds(status) {
            Effect::Breaking
        } else {
            Effect::Compatible
        };
        out.add("response-added", "the response is new".to_owned(), wire, other);
    }
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
