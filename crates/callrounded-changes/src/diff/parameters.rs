//! Parameters, by where they are sent and what they are called.

use std::collections::BTreeMap;

use callrounded_document::{Document, Operation, pointer};
use serde_json::Value;

use super::{
    Effect, Recorder, bodies,
    schemas::{Schemas, Ways},
};

pub(super) fn compare(schemas: &mut Schemas<'_>, was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
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
    bodies::schema(schemas, one, other, Ways::REQUEST, out);
    bodies::media(schemas, one, other, Ways::REQUEST, out);
}
