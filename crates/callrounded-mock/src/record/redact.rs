//! Requests and answers without keys and personal data. What is not known to be neither is taken for it.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use callrounded_document::{
    Document, Validator, is_json,
    json::{Json, Kind, Node},
    pointer, walk,
};
use chrono::DateTime;
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::stand_in::{self, Place, StandIns};
use crate::{contract::Operation, recorded};

/// What is known of a value.
struct Described {
    /// The schemas that it has to fit, where they are used: a mark beside a reference counts.
    at: Vec<String>,
    /// Whether it is marked as no personal data.
    shown: bool,
    /// Whether it is a word of the document.
    known: bool,
}

/// What stands in paths and queries as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) struct Redactor<'d> {
    pub document: &'d Document,
    pub stand_ins: &'d mut StandIns,
    pub checks: &'d mut Checks,
}

/// Schemas of the document that were made ready to check values with, by their pointers.
#[derive(Default)]
pub(super) struct Checks(HashMap<String, Option<Validator>>);

impl Checks {
    fn accepts(&mut self, document: &Document, at: &str, value: &Json) -> bool {
        let check = self.0.entry(at.to_owned());
        let check = check.or_insert_with(|| document.validator(at, None).ok());
        check.as_ref().is_some_and(|check| check.accepts(value))
    }
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
        let value = decoded(value);
        let described = Described {
            at: at.map(|at| pointer::join(at, "schema")).into_iter().collect(),
            shown,
            known: false,
        };
        let is_of = |types: &[&str]| {
            let types_of = described.at.iter().filter_map(|at| self.type_of(at));
            types_of.into_iter().any(|kind| types.contains(&kind))
        };
        let made = match value.as_str() {
            "true" | "false" if shown && is_of(&["boolean"]) => value,
            number if is_of(&["integer", "number"]) && serde_json::from_str::<serde_json::Number>(number).is_ok() => {
                self.number(&described, number)
            }
            _ => self.text(&described, &value),
        };
        encoded(&made)
    }

    fn type_of(&self, schema: &str) -> Option<&str> {
        let schema = self.document.resolve(schema)?;
        self.document.text(&pointer::join(&schema, "type"))
    }

    /// A body of the schema at `schema`, which may not be known, as one line.
    pub fn body(&mut self, schema: Option<&str>, body: &Json) -> String {
        let at: Vec<String> = schema.map(str::to_owned).into_iter().collect();
        let described = Described {
            shown: at.iter().any(|at| self.document.may_be_shown(at)),
            at,
            known: false,
        };
        let mut text = String::new();
        self.value(&described, body.root(), &mut text);
        text
    }

    fn value(&mut self, described: &Described, node: Node<'_>, text: &mut String) {
        match node.kind() {
            Kind::Null | Kind::Boolean => text.push_str(node.source()),
            Kind::Number => text.push_str(&self.number(described, node.source())),
            Kind::String => {
                let original = node.as_str().unwrap_or_default();
                quote(&self.text(described, &original), text);
            }
            Kind::Array => {
                let parts = self.parts(&described.at, node);
                let inner = self.described(self.all(&parts, "items", None), false);
                text.push('[');
                for (index, element) in node.elements().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    self.value(&inner, element, text);
                }
                text.push(']');
            }
            Kind::Object => {
                let parts = self.parts(&described.at, node);
                text.push('{');
                for (index, (name, value)) in node.members().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    let name = name.as_str().unwrap_or_default();
                    let properties = self.all(&parts, "properties", Some(&name));
                    let is_property = !properties.is_empty();
                    match is_property {
                        true => quote(&name, text),
                        false => quote(&self.stand_ins.name(&name), text),
                    }
                    let at = match is_property {
                        true => properties,
                        false => self.all(&parts, "additionalProperties", None),
                    };
                    let known = value
                        .as_str()
                        .is_some_and(|value| self.discriminates(&parts, &name, &value));
                    text.push(':');
                    let inner = self.described(at, known);
                    self.value(&inner, value, text);
                }
                text.push('}');
            }
        }
    }

    fn described(&self, at: Vec<String>, known: bool) -> Described {
        Described {
            shown: !at.is_empty() && at.iter().all(|at| self.document.may_be_shown(at)),
            at,
            known,
        }
    }

    /// The schemas at a keyword of these, or at a name below it.
    fn all(&self, parts: &[String], keyword: &str, name: Option<&str>) -> Vec<String> {
        let at = parts.iter().map(|part| match name {
            Some(name) => pointer::join(&pointer::join(part, keyword), name),
            None => pointer::join(part, keyword),
        });
        at.filter(|at| self.document.get(at).is_some_and(Value::is_object))
            .collect()
    }

    /// Everything that describes a value, references followed: of a union the schemas that accept the value, or all of them
    /// where none does.
    fn parts(&mut self, at: &[String], node: Node<'_>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut waiting: Vec<String> = at.iter().rev().cloned().collect();
        let mut value = None;
        while let Some(next) = waiting.pop() {
            let Some(at) = self.document.resolve(&next).filter(|at| !found.contains(at)) else {
                continue;
            };
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let list = pointer::join(&at, keyword);
                let count = self.document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
                let mut branches: Vec<String> = (0..count)
                    .map(|index| pointer::join(&list, &index.to_string()))
                    .collect();
                if keyword != "allOf" && count > 1 {
                    let value = value.get_or_insert_with(|| Json::of(&node.to_value()));
                    let fitting: Vec<String> = branches
                        .iter()
                        .filter(|branch| self.checks.accepts(self.document, branch, value))
                        .cloned()
                        .collect();
                    if !fitting.is_empty() {
                        branches = fitting;
                    }
                }
                waiting.extend(branches.into_iter().rev());
            }
            found.push(at);
        }
        found
    }

    /// Whether a property of this name and value decides which schema of a union an object is of.
    fn discriminates(&self, parts: &[String], name: &str, value: &str) -> bool {
        parts.iter().any(|part| {
            let discriminator = pointer::join(part, "discriminator");
            let mapping = pointer::join(&discriminator, "mapping");
            let is_named = || {
                let branches = walk::parts(self.document, part).into_iter();
                branches
                    .filter(|branch| branch != part)
                    .any(|branch| pointer::last(&branch) == value)
            };
            self.document.text(&pointer::join(&discriminator, "propertyName")) == Some(name)
                && (self.document.members(&mapping).any(|(known, _)| known == value) || is_named())
        })
    }

    fn number(&mut self, described: &Described, original: &str) -> String {
        let value: Value = serde_json::from_str(original).unwrap_or_default();
        let is_known = |part: &String| {
            let values = self
                .document
                .get(&pointer::join(part, "enum"))
                .and_then(Value::as_array);
            values.is_some_and(|values| values.contains(&value))
        };
        let parts: Vec<String> = described
            .at
            .iter()
            .flat_map(|at| walk::parts(self.document, at))
            .collect();
        let shown = described.shown || parts.iter().any(is_known);
        let made = self.stand_ins.number(original, shown);
        // Others by as many steps as there are stand-ins, so that two originals stay two.
        let ordinal = self.stand_ins.ordinal(original);
        let samples = described.at.iter().flat_map(|at| {
            let step = self.document.resolve(at).map(|at| pointer::join(&at, "multipleOf"));
            let step = step.and_then(|step| self.document.get(&step)).and_then(Value::as_u64);
            let sample = self.document.sample(at);
            let other = sample.as_i64().zip(i64::try_from(ordinal * step.unwrap_or(1)).ok());
            let other = other.and_then(|(sample, more)| sample.checked_add(more));
            other
                .map(|other| other.to_string())
                .into_iter()
                .chain([sample.to_string()])
        });
        let candidates: Vec<String> = std::iter::once(made.clone()).chain(samples).collect();
        self.fitting(described, original, candidates).unwrap_or(made)
    }

    fn text(&mut self, described: &Described, original: &str) -> String {
        let mut place = Place::Any;
        let parts: Vec<String> = described
            .at
            .iter()
            .flat_map(|at| walk::parts(self.document, at))
            .collect();
        for part in &parts {
            let values = self
                .document
                .get(&pointer::join(part, "enum"))
                .and_then(Value::as_array);
            if values.is_some_and(|values| values.iter().any(|value| value.as_str() == Some(original))) {
                place = Place::Known;
            } else if described.shown
                && place == Place::Any
                && values.is_some_and(|values| values.iter().any(Value::is_string))
            {
                place = Place::Enumeration;
            }
        }
        let is_default = |at: &String| self.document.text(&pointer::join(at, "default")) == Some(original);
        if described.known || described.shown && described.at.iter().any(is_default) {
            place = Place::Known;
        }
        if described.shown && place == Place::Any {
            place = Place::Shown;
        }
        let made = self.stand_ins.text(original, place);
        // A key is hidden whatever the document asks for.
        if made == original || self.stand_ins.has_key(original) {
            return made;
        }
        let samples = described
            .at
            .iter()
            .filter_map(|at| self.document.sample(at).as_str().map(str::to_owned));
        let candidates = [
            made.clone(),
            stand_in::alike(original, self.stand_ins.ordinal(original)),
        ]
        .into_iter()
        .chain(samples);
        let others = candidates.filter(|text| text != original);
        let candidates: Vec<String> = others.map(|text| Value::from(text).to_string()).collect();
        let original = Value::from(original).to_string();
        let chosen = self.fitting(described, &original, candidates);
        chosen
            .and_then(|chosen| serde_json::from_str(&chosen).ok())
            .unwrap_or(made)
    }

    /// The first that fits the document as the original does. All are JSON.
    fn fitting(&mut self, described: &Described, original: &str, candidates: Vec<String>) -> Option<String> {
        let mut accepted = |text: &str| {
            let value = Json::read(text).ok();
            value.is_some_and(|value| {
                let mut at = described.at.iter();
                at.all(|at| self.checks.accepts(self.document, at, &value))
            })
        };
        if !accepted(original) {
            return None;
        }
        candidates.into_iter().find(|candidate| accepted(candidate))
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

/// Seconds, a moment in seconds or milliseconds, or a date as headers have it.
fn is_delay(value: &str) -> bool {
    let is_number = value.len() <= 13 && value.parse::<f64>().is_ok() && !value.starts_with(['+', '-']);
    is_number || DateTime::parse_from_rfc2822(value).is_ok()
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

#[cfg(test)]
mod tests;
