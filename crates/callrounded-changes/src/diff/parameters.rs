//! Parameters, by where they are sent and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::Value;

use super::{
    Effect, Recorder,
    aspects::aspects,
    bodies,
    schemas::{Schemas, Ways},
    shape::{Limit, Shape},
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
pub(super) fn by_name(document: &Document, operation: &Operation<'_>) -> BTreeMap<(String, String), String> {
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
        (style, explode, is_true(flag(document, at, "allowReserved")))
    };
    let (mut was, mut is) = (style(out.old, one), style(out.new, other));
    // It makes a difference to lists and objects only.
    if !(is_compound(out.old, one) && is_compound(out.new, other)) {
        (was.1, is.1) = (false, false);
    }
    if was != is {
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
    if !as_text(schemas, one, other, out) {
        bodies::schema(schemas, one, other, Ways::REQUEST, out);
    }
    bodies::media(schemas, one, other, Ways::REQUEST, out);
}

/// Whether a value may be a list or an object.
pub(super) fn is_compound(document: &Document, at: &str) -> bool {
    let shape = Shape::of(document, &[pointer::join(at, "schema")]);
    let compound = |types: &BTreeSet<String>| types.iter().any(|name| name == "array" || name == "object");
    shape.types.as_ref().is_none_or(compound) && shape.values.is_none()
}

/// Parameters are sent as texts: any text takes the number that was sent, and a list takes it as its one item. Compares what
/// became such a parameter, and says so.
fn as_text(schemas: &mut Schemas<'_>, one: &str, other: &str, out: &mut Recorder<'_>) -> bool {
    let (was_at, is_at) = (pointer::join(one, "schema"), pointer::join(other, "schema"));
    let (was, is) = (
        Shape::of(out.old, std::slice::from_ref(&was_at)),
        Shape::of(out.new, std::slice::from_ref(&is_at)),
    );
    let types = |shape: &Shape| shape.types.clone().unwrap_or_default();
    let is_only = |shape: &Shape, names: &[&str]| {
        let types = types(shape);
        !types.is_empty() && types.iter().all(|name| names.contains(&name.as_str()))
    };
    let any_text = Shape {
        types: Some(BTreeSet::from(["string".to_owned()])),
        default: is.default.clone(),
        ..Shape::default()
    };
    if is_only(&was, &["integer", "number", "boolean"]) && is == any_text {
        let from: Vec<String> = types(&was).into_iter().collect();
        let problem = format!(
            "the type changed from {} to string, which takes what was sent",
            from.join(" or ")
        );
        out.add("type", problem, Effect::Compatible, &is_at);
        let text = |value: &Option<Value>| match value {
            Some(Value::String(text)) => text.clone(),
            value => value.as_ref().map(Value::to_string).unwrap_or_default(),
        };
        if text(&was.default) != text(&is.default) {
            let only_default = |default: &Option<Value>| Shape {
                default: default.clone(),
                ..Shape::default()
            };
            let aspects = aspects(&only_default(&was.default), &only_default(&is.default));
            schemas.say(aspects, &is_at, Ways::REQUEST, "", out);
        }
        return true;
    }
    let text = |field: &str| out.new.text(&pointer::join(other, field));
    let is_repeated = matches!(text("in"), Some("query" | "cookie"))
        && text("style").is_none_or(|style| style == "form")
        && out.new.get(&pointer::join(other, "explode")) != Some(&Value::Bool(false));
    let takes_one = is.limits.get("minItems").is_none_or(|least| *least <= Limit::from(1));
    if is_only(&was, &["integer", "number", "boolean", "string"])
        && is_only(&is, &["array"])
        && is_repeated
        && takes_one
    {
        let problem = "it may be sent several times now".to_owned();
        out.add("type", problem, Effect::Compatible, &is_at);
        if !is.items.is_empty() {
            schemas.sides(vec![was_at], is.items, Ways::REQUEST, "", out);
        }
        return true;
    }
    false
}
