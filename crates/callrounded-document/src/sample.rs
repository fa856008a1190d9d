//! Generates a sample value from a schema.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value, json};

use crate::{document::Document, pointer};

impl Document {
    /// Returns a value for the schema at `pointer`: its example or default, or else a minimal value of its type.
    /// Objects have their required properties, which are null where that is allowed.
    ///
    /// Null if the schema does not resolve, or has no finite value because it requires itself. The value may violate a `pattern` or a `not`.
    #[must_use]
    pub fn sample(&self, pointer: &str) -> Value {
        sample(self, pointer, &mut BTreeSet::new()).unwrap_or_default()
    }
}

/// Returns `None` if the schema requires itself, so that no value is finite. `ancestors` are the schemas around it.
fn sample(document: &Document, at: &str, ancestors: &mut BTreeSet<String>) -> Option<Value> {
    let at = document.resolve(at)?;
    if !ancestors.insert(at.clone()) {
        return None;
    }
    let value = resolved_sample(document, &at, ancestors);
    ancestors.remove(&at);
    value
}

fn resolved_sample(document: &Document, at: &str, ancestors: &mut BTreeSet<String>) -> Option<Value> {
    let keyword = |name: &str| document.get(&pointer::join(at, name));
    for name in ["example", "default"] {
        if let Some(value) = keyword(name).filter(|value| !value.is_null()) {
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
                .filter_map(|index| sample(document, &pointer::join(&list, &index.to_string()), ancestors));
            let first = samples.find(|value| !value.is_null());
            return merged(first.unwrap_or_default(), object(document, at, ancestors));
        }
    }
    if let Some(parts) = keyword("allOf").and_then(Value::as_array) {
        let list = pointer::join(at, "allOf");
        let mut whole = object(document, at, ancestors)?;
        for index in 0..parts.len() {
            let part = sample(document, &pointer::join(&list, &index.to_string()), ancestors)?;
            whole = merged(whole, Some(part))?;
        }
        return Some(whole);
    }
    Some(match keyword("type").and_then(Value::as_str) {
        Some("string") => Value::String(string(document, at)),
        Some("integer" | "number") => number(document, at),
        Some("boolean") => Value::Bool(false),
        Some("array") => {
            let count = keyword("minItems").and_then(Value::as_u64).unwrap_or_default().min(100);
            let item = || sample(document, &pointer::join(at, "items"), ancestors).unwrap_or_default();
            let item = (count > 0).then(item);
            Value::Array((0..count).filter_map(|_| item.clone()).collect())
        }
        _ if keyword("properties").is_some() || keyword("type").is_some() => return object(document, at, ancestors),
        _ => Value::Null,
    })
}

/// Merges two objects. If one value is no object, returns the first, unless that is an empty object.
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

fn object(document: &Document, at: &str, ancestors: &mut BTreeSet<String>) -> Option<Value> {
    let required = document.get(&pointer::join(at, "required")).and_then(Value::as_array);
    let properties = pointer::join(at, "properties");
    let mut members = Map::new();
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        let property = pointer::join(&properties, name);
        let value = match document.get(&property) {
            Some(_) if may_be_null(document, &property) => Value::Null,
            Some(_) => sample(document, &property, ancestors)?,
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

fn string(document: &Document, at: &str) -> String {
    let number = |name: &str| document.get(&pointer::join(at, name)).and_then(Value::as_u64);
    let format = document.get_str(&pointer::join(at, "format"));
    let mut string = match format.unwrap_or_default() {
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
        let minimum = number("minLength")
            .and_then(|minimum| usize::try_from(minimum).ok())
            .unwrap_or_default();
        while string.len() < minimum.min(10_000) {
            string.push('x');
        }
        if let Some(maximum) = number("maxLength").and_then(|maximum| usize::try_from(maximum).ok()) {
            string.truncate(maximum);
        }
    }
    string
}

fn number(document: &Document, at: &str) -> Value {
    let keyword = |name: &str| document.get(&pointer::join(at, name));
    let bound = |name: &str| keyword(name).and_then(Value::as_f64);
    let is_integer = document.get_str(&pointer::join(at, "type")) == Some("integer");
    let is_exclusive = |name: &str| keyword(name) == Some(&Value::Bool(true));
    let step = bound("multipleOf")
        .filter(|step| *step > 0.0)
        .unwrap_or(if is_integer { 1.0 } else { 0.5 });
    let mut value = match (bound("minimum"), bound("maximum")) {
        (Some(minimum), _) if is_exclusive("exclusiveMinimum") => (minimum / step).floor() * step + step,
        (Some(minimum), _) => (minimum / step).ceil() * step,
        (None, Some(maximum)) if is_exclusive("exclusiveMaximum") => ((maximum / step).ceil() * step - step).min(step),
        (None, Some(maximum)) => ((maximum / step).floor() * step).min(step),
        (None, None) => step,
    };
    if is_integer {
        value = value.round();
        return format!("{value}").parse::<Number>().map_or(json!(0), Value::Number);
    }
    Number::from_f64(value).map_or(json!(0), Value::Number)
}
