//! Compares parameters, paired by location (`in`) and name.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::Value;

use super::{
    Effect, Recorder, bodies,
    directions::Directions,
    keyword_changes::keyword_changes,
    limit::Limit,
    schemas::Schemas,
    shape::{Shape, is_compound},
};

pub(super) fn compare(
    schemas: &mut Schemas<'_>,
    before: &Operation<'_>,
    after: &Operation<'_>,
    out: &mut Recorder<'_>,
) {
    let subject = out.subject.clone();
    let (mut old, mut new) = (by_name(out.old, before), by_name(out.new, after));
    // Path parameters are paired by their position in the path.
    let in_path = |path: &str| -> Vec<String> {
        let names = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
        names.map(|(name, _)| name.to_owned()).collect()
    };
    for (old_name, new_name) in in_path(before.path).into_iter().zip(in_path(after.path)) {
        let key = |name: &str| ("path".to_owned(), name.to_owned());
        if let (Some(one), Some(other)) = (old.remove(&key(&old_name)), new.remove(&key(&new_name))) {
            out.subject = format!("{subject}, parameter {new_name}");
            if old_name != new_name {
                let problem = format!("the path parameter `{old_name}` was renamed to `{new_name}`");
                out.record("parameter-renamed", problem, Effect::None, &other);
            }
            parameter(schemas, &one, &other, out);
        }
    }
    for ((location, name), one) in &old {
        out.subject = format!("{subject}, parameter {name}");
        match new.get(&(location.clone(), name.clone())) {
            Some(other) => parameter(schemas, one, other, out),
            None => {
                let problem = format!("the {location} parameter `{name}` was removed");
                out.record_removed("parameter-removed", problem, Effect::Breaking, one);
            }
        }
    }
    for ((location, name), other) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        out.subject = format!("{subject}, parameter {name}");
        let required = out.new.get(&pointer::join(other, "required")) == Some(&Value::Bool(true));
        let (wire, problem) = if required {
            (
                Effect::Breaking,
                format!("the {location} parameter `{name}` was added and is required"),
            )
        } else {
            (
                Effect::Compatible,
                format!("the {location} parameter `{name}` was added"),
            )
        };
        out.record("parameter-added", problem, wire, other);
    }
    out.subject = subject;
}

/// Returns the pointers of an operation's parameters by location (`in`) and name. Names of headers are in lower case.
pub(super) fn by_name(document: &Document, operation: &Operation<'_>) -> BTreeMap<(String, String), String> {
    let string = |at: &str, field: &str| {
        document
            .get_str(&pointer::join(at, field))
            .unwrap_or_default()
            .to_owned()
    };
    // OpenAPI 3.0 ignores parameters of these names: other keywords define these headers.
    const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];
    let parameters = document.parameters(operation).into_iter();
    parameters
        .filter(|at| {
            string(at, "in") != "header" || !IGNORED_HEADERS.contains(&string(at, "name").to_lowercase().as_str())
        })
        .map(|at| {
            let location = string(&at, "in");
            let name = string(&at, "name");
            let name = if location == "header" {
                name.to_lowercase()
            } else {
                name
            };
            ((location, name), at)
        })
        .collect()
}

pub(super) fn parameter(schemas: &mut Schemas<'_>, one: &str, other: &str, out: &mut Recorder<'_>) {
    let flag = |document: &Document, at: &str, name: &str| document.get(&pointer::join(at, name)).cloned();
    let is_true = |value: Option<Value>| value == Some(Value::Bool(true));
    let (was_required, is_required) = (
        is_true(flag(out.old, one, "required")),
        is_true(flag(out.new, other, "required")),
    );
    match (was_required, is_required) {
        (false, true) => out.record(
            "parameter-required",
            "the parameter became required".to_owned(),
            Effect::Breaking,
            other,
        ),
        (true, false) => {
            out.record(
                "parameter-optional",
                "the parameter is no longer required".to_owned(),
                Effect::Compatible,
                other,
            );
        }
        _ => {}
    }
    let location = out.new.get_str(&pointer::join(other, "in")).unwrap_or_default();
    let style = |document: &Document, at: &str| {
        let default = if matches!(location, "query" | "cookie") {
            "form"
        } else {
            "simple"
        };
        let style = document
            .get_str(&pointer::join(at, "style"))
            .unwrap_or(default)
            .to_owned();
        let explode = flag(document, at, "explode").map_or(style == "form", |value| value == Value::Bool(true));
        (style, explode, is_true(flag(document, at, "allowReserved")))
    };
    let (mut before, mut after) = (style(out.old, one), style(out.new, other));
    // `explode` only affects arrays and objects.
    if !(is_compound(out.old, one) && is_compound(out.new, other)) {
        (before.1, after.1) = (false, false);
    }
    if before != after {
        let problem = "the serialization (`style`, `explode`, `allowReserved`) changed".to_owned();
        out.record("parameter-style", problem, Effect::Breaking, other);
    }
    match (
        is_true(flag(out.old, one, "allowEmptyValue")),
        is_true(flag(out.new, other, "allowEmptyValue")),
    ) {
        (true, false) => {
            let problem = "an empty value is no longer allowed".to_owned();
            out.record("parameter-empty", problem, Effect::Breaking, other);
        }
        (false, true) => out.record(
            "parameter-empty",
            "an empty value is now allowed".to_owned(),
            Effect::Compatible,
            other,
        ),
        _ => {}
    }
    for keyword in ["description", "example", "examples"] {
        if flag(out.old, one, keyword) != flag(out.new, other, keyword) {
            out.record("description", format!("`{keyword}` changed"), Effect::None, other);
        }
    }
    if is_true(flag(out.old, one, "deprecated")) != is_true(flag(out.new, other, "deprecated")) {
        out.record("deprecated", "`deprecated` changed".to_owned(), Effect::None, other);
    }
    if !compare_serialized(schemas, one, other, out) {
        bodies::schema(schemas, one, other, Directions::REQUEST, out);
    }
    bodies::media(schemas, one, other, Directions::REQUEST, out);
}

/// Compares parameters whose new type accepts the serialized values of the old one, and returns whether this is such a
/// case. Parameters are sent as strings, so a string accepts a serialized number, and an array accepts a single value
/// as its one item.
fn compare_serialized(schemas: &mut Schemas<'_>, one: &str, other: &str, out: &mut Recorder<'_>) -> bool {
    let (before_at, after_at) = (pointer::join(one, "schema"), pointer::join(other, "schema"));
    let (before, after) = (
        Shape::of(out.old, std::slice::from_ref(&before_at)),
        Shape::of(out.new, std::slice::from_ref(&after_at)),
    );
    let types = |shape: &Shape| shape.types.clone().unwrap_or_default();
    let is_only = |shape: &Shape, names: &[&str]| {
        let types = types(shape);
        !types.is_empty() && types.iter().all(|name| names.contains(&name.as_str()))
    };
    let any_string = Shape {
        types: Some(BTreeSet::from(["string".to_owned()])),
        default: after.default.clone(),
        ..Shape::default()
    };
    if is_only(&before, &["integer", "number", "boolean"]) && after == any_string {
        let from: Vec<String> = types(&before).into_iter().collect();
        let problem = format!(
            "the type changed from {} to string, which accepts the previous values",
            from.join(" or ")
        );
        out.record("type", problem, Effect::Compatible, &after_at);
        let string = |value: &Option<Value>| match value {
            Some(Value::String(string)) => string.clone(),
            value => value.as_ref().map(Value::to_string).unwrap_or_default(),
        };
        if string(&before.default) != string(&after.default) {
            let only_default = |default: &Option<Value>| Shape {
                default: default.clone(),
                ..Shape::default()
            };
            let keyword_changes = keyword_changes(&only_default(&before.default), &only_default(&after.default));
            schemas.report(keyword_changes, &after_at, Directions::REQUEST, "", out);
        }
        return true;
    }
    let string = |field: &str| out.new.get_str(&pointer::join(other, field));
    let is_repeated = matches!(string("in"), Some("query" | "cookie"))
        && string("style").is_none_or(|style| style == "form")
        && out.new.get(&pointer::join(other, "explode")) != Some(&Value::Bool(false));
    let allows_one = after
        .limits
        .get("minItems")
        .is_none_or(|minimum| *minimum <= Limit::from(1));
    if is_only(&before, &["integer", "number", "boolean", "string"])
        && is_only(&after, &["array"])
        && is_repeated
        && allows_one
    {
        let problem = "the parameter can now be repeated".to_owned();
        out.record("type", problem, Effect::Compatible, &after_at);
        if !after.items.is_empty() {
            schemas.compare_sides(vec![before_at], after.items, Directions::REQUEST, "", out);
        }
        return true;
    }
    false
}
