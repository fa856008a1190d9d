//! A value for a schema, made of nothing but the schema.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value, json};

use crate::{document::Document, pointer};

impl Document {
    /// A value that fits the schema at `pointer`: its example or default where it has one, else the smallest of its type,
    /// with the required properties of objects, which are
    /// null where they may be. A `pattern` and a `not` may keep it from fitting.
    #[must_use]
    pub fn sample(&self, pointer: &str) -> Value {
        sample(self, pointer, &mut BTreeSet::new()).unwrap_or_default()
    }
}

/// `None` where the schema holds itself, and so has no smallest value.
fn sample(document: &Document, at: &str, within: &mut BTreeSet<String>) -> Option<Value> {
    let at = document.resolve(at)?;
    if !within.insert(at.clone()) {
        return None;
    }
    let value = inside(document, &at, within);
    within.remove(&at);
    value
}

fn inside(document: &Document, at: &str, within: &mut BTreeSet<String>) -> Option<Value> {
    let keyword = |name: &str| document.get(&pointer::join(at, name));
    for given in ["example", "default"] {
        if let Some(value) = keyword(given).filter(|value| !value.is_null()) {
            return Some(value.clone());
        }
    }
    if let Some(values) = keyword("enum").and_then(Value::as_array) {
        return values.iter().find(|value| !value.is_null()).or(values.first()).cloned();
    }
    for list in ["oneOf", "anyOf"] {
        if let Some(branches) = keyword(list).and_then(Value::as_array) {
            let list = pointer::join(at, list);
            let mut samples = (0..branches.len())
                .filter_map(|index| sample(document, &pointer::join(&list, &index.to_string()), within));
            let first = samples.find(|value| !value.is_null());
            return merged(first.unwrap_or_default(), object(document, at, within));
        }
    }
    if let Some(parts) = keyword("allOf").and_then(Value::as_array) {
        let list = pointer::join(at, "allOf");
        let mut whole = object(document, at, within)?;
        for index in 0..parts.len() {
            let part = sample(document, &pointer::join(&list, &index.to_string()), within)?;
            whole = merged(whole, Some(part))?;
        }
        return Some(whole);
    }
    Some(match keyword("type").and_then(Value::as_str) {
        Some("string") => Value::String(text(document, at)),
        Some("integer" | "number") => number(document, at),
        Some("boolean") => Value::Bool(false),
        Some("array") => {
            let count = keyword("minItems").and_then(Value::as_u64).unwrap_or_default().min(100);
            let item = || sample(document, &pointer::join(at, "items"), within).unwrap_or_default();
            let item = (count > 0).then(item);
            Value::Array((0..count).filter_map(|_| item.clone()).collect())
        }
        _ if keyword("properties").is_some() || keyword("type").is_some() => return object(document, at, within),
        _ => Value::Null,
    })
}

/// The object of two, or the one that says more.
fn merged(one: Value, other: Option<Value>) -> Option<Value> {
    match (one, other?) {
        (Value::Object(mut one), Value::Object(other)) => {
            one.extend(other);
            Some(Value::Object(one))
        }
        (Value::Object(empty), other) if empty.is_empty() => Some(other),
        (one, _) => Some(one),
    }
}

fn object(document: &Document, at: &str, within: &mut BTreeSet<String>) -> Option<Value> {
    let required = document.get(&pointer::join(at, "required")).and_then(Value::as_array);
    let properties = pointer::join(at, "properties");
    let mut members = Map::new();
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        let property = pointer::join(&properties, name);
        let value = match document.get(&property) {
            Some(_) if may_be_null(document, &property) => Value::Null,
            Some(_) => sample(document, &property, within)?,
            None => Value::Null,
        };
        members.insert(name.to_owned(), value);
    }
    Some(Value::Object(members))
}

fn may_be_null(document: &Document, at: &str) -> bool {
    let Some(schema) = document.resolve(at).and_then(|at| document.get(&at)) else {
        return false;
    };
    let branches = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|list| schema.get(list)?.as_array());
    schema.get("nullable") == Some(&Value::Bool(true)) && schema.get("type").is_some()
        || branches
            .flatten()
            .any(|branch| branch.get("enum") == Some(&json!([null])))
}

fn text(document: &Document, at: &str) -> String {
    let number = |name: &str| document.get(&pointer::join(at, name)).and_then(Value::as_u64);
    let format = document.text(&pointer::join(at, "format"));
    let mut text = match format.unwrap_or_default() {
        "date-time" => "2023-01-01T00:00:00Z",
        "date-time-local" => "2023-01-01T00:00:00",
        "date" => "2023-01-01",
        "time" => "00:00:00Z",
        "duration" => "PT1S",
        "uuid" => "00000000-0000-4000-a000-000000000000",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/",
        "email" | "idn-email" => "user@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "e164" | "E.164" => "+33912345678",
        "byte" | "base64" => "AAAA",
        "decimal" => "0.5",
        "regex" => ".",
        "json-pointer" => "",
        _ => "text",
    }
    .to_owned();
    if format.is_none() {
        let least = number("minLength")
            .and_then(|least| usize::try_from(least).ok())
            .unwrap_or_default();
        while text.len() < least.min(10_000) {
            text.push('x');
        }
        if let Some(most) = number("maxLength").and_then(|most| usize::try_from(most).ok()) {
            text.truncate(most);
        }
    }
    text
}

fn number(document: &Document, at: &str) -> Value {
    let keyword = |name: &str| document.get(&pointer::join(at, name));
    let bound = |name: &str| keyword(name).and_then(Value::as_f64);
    let is_whole = document.text(&pointer::join(at, "type")) == Some("integer");
    let is_exclusive = |name: &str| keyword(name) == Some(&Value::Bool(true));
    let step = bound("multipleOf")
        .filter(|step| *step > 0.0)
        .unwrap_or(if is_whole { 1.0 } else { 0.5 });
    let mut value = match (bound("minimum"), bound("maximum")) {
        (Some(least), _) if is_exclusive("exclusiveMinimum") => (least / step).floor() * step + step,
        (Some(least), _) => (least / step).ceil() * step,
        (None, Some(most)) if is_exclusive("exclusiveMaximum") => ((most / step).ceil() * step - step).min(step),
        (None, Some(most)) => ((most / step).floor() * step).min(step),
        (None, None) => step,
    };
    if is_whole {
        value = value.round();
        return format!("{value}").parse::<Number>().map_or(json!(0), Value::Number);
    }
    Number::from_f64(value).map_or(json!(0), Value::Number)
}
