//! Requests and answers without keys and personal data. What is not known to be neither is taken for it.

use std::fmt::Write;

use callrounded_document::{
    Document,
    json::{Json, Kind, Node},
    pointer, walk,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::stand_in::StandIns;
use crate::contract::Operation;

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
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = self.parameter(operation, &decoded(name), &value.replace('+', " "));
            let name = encoded(&self.stand_ins.name(&decoded(name)));
            let separator = if index == 0 { '?' } else { '&' };
            let _ = write!(target, "{separator}{name}={value}");
        }
        target
    }

    fn parameter(&mut self, operation: &Operation, name: &str, value: &str) -> String {
        let at = operation.parameter(name);
        let may_be_shown = at.is_some_and(|at| self.document.may_be_shown(at));
        let value = decoded(value);
        let made = match may_be_shown && value.parse::<i64>().is_ok() {
            true => self.stand_ins.number(&value, true),
            false => self.stand_ins.text(&value, may_be_shown),
        };
        encoded(&made)
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
                    false => self.stand_ins.text(&original, shown),
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

    /// The sentence that the document has for such a place.
    fn is_default(&self, schema: &str, text: &str) -> bool {
        self.document.text(&pointer::join(schema, "default")) == Some(text)
    }
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
