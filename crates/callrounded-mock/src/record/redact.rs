//! Requests and answers without keys and personal data. What is not known to be neither is taken for it.

use std::{collections::BTreeMap, fmt::Write};

use callrounded_document::{
    Document,
    json::{Json, Kind, Node},
    pointer, walk,
};
use chrono::DateTime;
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::stand_in::{Place, StandIns};
use crate::{contract::Operation, recorded};

/// What stands in paths and queries as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) struct Redactor<'d> {
    pub document: &'d Document,
    pub stand_ins: &'d mut StandIns,
}

impl Redactor<'_> {
    /// Path and query of a request.
    pub fn target(&mut self, operation: &Operation, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = operation.path.split('/').zip(path.split('/'));
        let segments: Vec<String> = segments
            .map(|(template, given)| match parameter_name(template) {
                None => given.to_owned(),
                Some(name) => self.parameter(operation, name, given),
            })
            .collect();
        let mut target = segments.join("/");
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        for (index, pair) in pairs.enumerate() {
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (name, Some(value.replace('+', " "))),
                None => (pair, None),
            };
            let name = decoded(name);
            target.push(if index == 0 { '?' } else { '&' });
            match operation.parameter(&name) {
                Some(_) => target.push_str(&name),
                None => target.push_str(&encoded(&self.stand_ins.name(&name))),
            }
            if let Some(value) = value {
                let value = self.parameter(operation, &name, &value);
                let _ = write!(target, "={value}");
            }
        }
        target
    }

    fn parameter(&mut self, operation: &Operation, name: &str, value: &str) -> String {
        let at = operation.parameter(name);
        let shown = at.is_some_and(|at| self.document.may_be_shown(at));
        let schema = at.map(|at| pointer::join(at, "schema")).filter(|_| shown);
        let value = decoded(value);
        let schema = schema.as_deref();
        let made = match schema.and_then(|schema| self.type_of(schema)) {
            Some("boolean") if value == "true" || value == "false" => value,
            Some("integer" | "number") if value.parse::<f64>().is_ok() => self.stand_ins.number(&value, true),
            _ => {
                let place = self.place(schema, shown);
                self.stand_ins.text(&value, place)
            }
        };
        encoded(&made)
    }

    fn type_of(&self, schema: &str) -> Option<&str> {
        let schema = self.document.resolve(schema)?;
        self.document.text(&pointer::join(&schema, "type"))
    }

    /// What is known of texts of this schema.
    fn place(&self, schema: Option<&str>, shown: bool) -> Place {
        let parts = |at| walk::parts(self.document, at).into_iter();
        let has_words = |part: String| {
            let values = self
                .document
                .get(&pointer::join(&part, "enum"))
                .and_then(Value::as_array);
            values.is_some_and(|values| values.iter().any(Value::is_string))
        };
        match schema {
            Some(at) if shown && parts(at).any(has_words) => Place::Enumeration,
            _ if shown => Place::Shown,
            _ => Place::Any,
        }
    }

    /// A body of the schema at `schema`, which may not be known, as one line.
    pub fn body(&mut self, schema: Option<&str>, body: &Json) -> String {
        let mut text = String::new();
        self.value(schema, body.root(), &mut text);
        text
    }

    fn value(&mut self, schema: Option<&str>, node: Node<'_>, text: &mut String) {
        let shown = schema.is_some_and(|at| self.document.may_be_shown(at));
        match node.kind() {
            Kind::Null | Kind::Boolean => text.push_str(node.source()),
            Kind::Number => text.push_str(&self.stand_ins.number(node.source(), shown)),
            Kind::String => {
                let original = node.as_str().unwrap_or_default();
                let made = match schema.is_some_and(|at| shown && self.is_default(at, &original)) {
                    true => original.into_owned(),
                    false => self.stand_ins.text(&original, self.place(schema, shown)),
                };
                quote(&made, text);
            }
            Kind::Array => {
                text.push('[');
                for (index, element) in node.elements().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    let inner = schema.and_then(|at| walk::member(self.document, at, "0"));
                    self.value(inner.as_deref(), element, text);
                }
                text.push(']');
            }
            Kind::Object => {
                text.push('{');
                for (index, (name, value)) in node.members().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    let name = name.as_str().unwrap_or_default();
                    let inner = schema.and_then(|at| walk::member(self.document, at, &name));
                    match inner.as_deref().is_some_and(is_property) {
                        true => quote(&name, text),
                        false => quote(&self.stand_ins.name(&name), text),
                    }
                    text.push(':');
                    self.value(inner.as_deref(), value, text);
                }
                text.push('}');
            }
        }
    }

    /// Whether it is the sentence that the document has for such a place.
    fn is_default(&self, schema: &str, text: &str) -> bool {
        self.document.text(&pointer::join(schema, "default")) == Some(text)
    }

    /// The headers that a client acts upon, where they hold what they are for.
    pub fn headers(&mut self, headers: &HeaderMap) -> BTreeMap<String, String> {
        let mut kept = BTreeMap::new();
        for (name, value) in headers {
            let (name, Ok(value)) = (name.as_str(), value.to_str()) else {
                continue;
            };
            if !recorded::has_header(name) || self.stand_ins.has_key(name) {
                continue;
            }
            let value = match name {
                "content-type" => value.split(';').next().map(str::trim).filter(|kind| is_json(kind)),
                _ if name.ends_with("-id") => {
                    kept.insert(name.to_owned(), self.stand_ins.text(value, Place::Any));
                    continue;
                }
                _ => Some(value).filter(|value| is_delay(value)),
            };
            let value = value.filter(|value| !self.stand_ins.has_key(value));
            kept.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        }
        kept
    }
}

fn is_json(kind: &str) -> bool {
    ["application/json", "application/problem+json"].contains(&kind)
}

/// Seconds, a moment in seconds or milliseconds, or a date as headers have it.
fn is_delay(value: &str) -> bool {
    let is_number = value.len() <= 13 && value.parse::<f64>().is_ok() && !value.starts_with(['+', '-']);
    is_number || DateTime::parse_from_rfc2822(value).is_ok()
}

/// Whether the schema is of a property that the document names, and not of all other names.
fn is_property(schema: &str) -> bool {
    pointer::split(schema).is_some_and(|(holder, _)| pointer::last(holder) == "properties")
}

fn parameter_name(template: &str) -> Option<&str> {
    template.strip_prefix('{')?.strip_suffix('}')
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn quote(text: &str, out: &mut String) {
    let _ = write!(out, "{}", Value::from(text));
}
