//! Redaction of requests and responses: replaces API keys and personal data. Data that is not known to be public is
//! replaced.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use callrounded_document::{
    Document, Validator, is_json,
    json::{Json, Kind, Node},
    pointer, traverse,
};
use chrono::DateTime;
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::stand_in::{self, Context, StandIns};
use crate::{contract::Operation, recorded};

/// The description of a value in the document.
struct Description {
    /// The pointers to the schemas of the value. They are not resolved, because a mark next to a reference applies.
    at: Vec<String>,
    /// Whether the schemas have `x-personal-data: false`.
    is_public: bool,
    /// Whether the document contains the value.
    is_documented: bool,
}

/// The characters that are percent-encoded in paths and queries.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) struct Redactor<'d> {
    pub document: &'d Document,
    pub stand_ins: &'d mut StandIns,
    pub validators: &'d mut Validators,
}

/// A cache of the validators of schemas, by their pointers.
#[derive(Default)]
pub(super) struct Validators(HashMap<String, Option<Validator>>);

impl Validators {
    fn accepts(&mut self, document: &Document, at: &str, value: &Json) -> bool {
        let entry = self.0.entry(at.to_owned());
        let validator = entry.or_insert_with(|| document.validator(at, None).ok());
        validator.as_ref().is_some_and(|validator| validator.accepts(value))
    }
}

impl Redactor<'_> {
    /// Redacts path and query of a request.
    pub fn target(&mut self, operation: &Operation, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = operation.path.split('/').zip(path.split('/'));
        let segments: Vec<String> = segments
            .map(|(template, segment)| match parameter_name(template) {
                None => segment.to_owned(),
                Some(name) => self.parameter(operation, name, segment),
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
        let is_public = at.is_some_and(|at| self.document.may_be_shown(at));
        let value = decoded(value);
        let description = Description {
            at: at.map(|at| pointer::join(at, "schema")).into_iter().collect(),
            is_public,
            is_documented: false,
        };
        let is_of = |types: &[&str]| {
            let types_of = description.at.iter().filter_map(|at| self.type_of(at));
            types_of.into_iter().any(|kind| types.contains(&kind))
        };
        let redacted = match value.as_str() {
            "true" | "false" if is_public && is_of(&["boolean"]) => value,
            number if is_of(&["integer", "number"]) && serde_json::from_str::<serde_json::Number>(number).is_ok() => {
                self.number(&description, number)
            }
            _ => self.string(&description, &value),
        };
        encoded(&redacted)
    }

    fn type_of(&self, schema: &str) -> Option<&str> {
        let schema = self.document.resolve(schema)?;
        self.document.get_str(&pointer::join(&schema, "type"))
    }

    /// Redacts a body of the schema at `schema`, if that is documented, and returns it as one line.
    pub fn body(&mut self, schema: Option<&str>, body: &Json) -> String {
        let at: Vec<String> = schema.map(str::to_owned).into_iter().collect();
        let description = Description {
            is_public: at.iter().any(|at| self.document.may_be_shown(at)),
            at,
            is_documented: false,
        };
        let mut text = String::new();
        self.value(&description, body.root(), &mut text);
        text
    }

    fn value(&mut self, description: &Description, node: Node<'_>, text: &mut String) {
        match node.kind() {
            Kind::Null | Kind::Boolean => text.push_str(node.source()),
            Kind::Number => text.push_str(&self.number(description, node.source())),
            Kind::String => {
                let original = node.as_str().unwrap_or_default();
                write_string(&self.string(description, &original), text);
            }
            Kind::Array => {
                let schemas = self.schemas(&description.at, node);
                let inner = self.description(self.subschemas(&schemas, "items", None), false);
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
                let schemas = self.schemas(&description.at, node);
                text.push('{');
                for (index, (key, value)) in node.members().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    let key = key.as_str().unwrap_or_default();
                    let properties = self.subschemas(&schemas, "properties", Some(&key));
                    let is_property = !properties.is_empty();
                    if is_property {
                        write_string(&key, text);
                    } else {
                        write_string(&self.stand_ins.name(&key), text);
                    }
                    let at = if is_property {
                        properties
                    } else {
                        self.subschemas(&schemas, "additionalProperties", None)
                    };
                    let is_documented = value
                        .as_str()
                        .is_some_and(|value| self.discriminates(&schemas, &key, &value));
                    text.push(':');
                    let inner = self.description(at, is_documented);
                    self.value(&inner, value, text);
                }
                text.push('}');
            }
        }
    }

    fn description(&self, at: Vec<String>, is_documented: bool) -> Description {
        Description {
            is_public: !at.is_empty() && at.iter().all(|at| self.document.may_be_shown(at)),
            at,
            is_documented,
        }
    }

    /// Returns the pointers to the subschemas at a keyword of these schemas, or at a name below the keyword.
    fn subschemas(&self, schemas: &[String], keyword: &str, name: Option<&str>) -> Vec<String> {
        let at = schemas.iter().map(|schema| match name {
            Some(name) => pointer::join(&pointer::join(schema, keyword), name),
            None => pointer::join(schema, keyword),
        });
        at.filter(|at| self.document.get(at).is_some_and(Value::is_object))
            .collect()
    }

    /// Returns the pointers to all schemas that describe a value, with references resolved. Of a union these are the
    /// schemas that accept the value, or all if none does.
    fn schemas(&mut self, at: &[String], node: Node<'_>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut queue: Vec<String> = at.iter().rev().cloned().collect();
        let mut value = None;
        while let Some(next) = queue.pop() {
            let Some(at) = self.document.resolve(&next).filter(|at| !found.contains(at)) else {
                continue;
            };
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let list = pointer::join(&at, keyword);
                let mut branches: Vec<String> = self.document.items(&list).collect();
                if keyword != "allOf" && branches.len() > 1 {
                    let value = value.get_or_insert_with(|| Json::of(&node.to_value()));
                    let accepting: Vec<String> = branches
                        .iter()
                        .filter(|branch| self.validators.accepts(self.document, branch, value))
                        .cloned()
                        .collect();
                    if !accepting.is_empty() {
                        branches = accepting;
                    }
                }
                queue.extend(branches.into_iter().rev());
            }
            found.push(at);
        }
        found
    }

    /// Checks whether a property is the discriminator of a union, and its value selects one of the union's schemas.
    fn discriminates(&self, schemas: &[String], name: &str, value: &str) -> bool {
        schemas.iter().any(|schema| {
            let discriminator = pointer::join(schema, "discriminator");
            let mapping = pointer::join(&discriminator, "mapping");
            let is_schema_name = || {
                let branches = traverse::parts(self.document, schema).into_iter();
                branches
                    .filter(|branch| branch != schema)
                    .any(|branch| pointer::last(&branch) == value)
            };
            self.document.get_str(&pointer::join(&discriminator, "propertyName")) == Some(name)
                && (self.document.members(&mapping).any(|(mapped, _)| mapped == value) || is_schema_name())
        })
    }

    fn number(&mut self, description: &Description, original: &str) -> String {
        let value: Value = serde_json::from_str(original).unwrap_or_default();
        let is_in_enum = |schema: &String| {
            let values = self
                .document
                .get(&pointer::join(schema, "enum"))
                .and_then(Value::as_array);
            values.is_some_and(|values| values.contains(&value))
        };
        let schemas: Vec<String> = description
            .at
            .iter()
            .flat_map(|at| traverse::parts(self.document, at))
            .collect();
        let is_public = description.is_public || schemas.iter().any(is_in_enum);
        let stand_in = self.stand_ins.number(original, is_public);
        // The sample plus a multiple of the ordinal, so that different originals have different stand-ins.
        let ordinal = self.stand_ins.ordinal(original);
        let samples = description.at.iter().flat_map(|at| {
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
        let candidates: Vec<String> = std::iter::once(stand_in.clone()).chain(samples).collect();
        self.first_valid(description, original, candidates).unwrap_or(stand_in)
    }

    fn string(&mut self, description: &Description, original: &str) -> String {
        let mut context = Context::Any;
        let schemas: Vec<String> = description
            .at
            .iter()
            .flat_map(|at| traverse::parts(self.document, at))
            .collect();
        for schema in &schemas {
            let values = self
                .document
                .get(&pointer::join(schema, "enum"))
                .and_then(Value::as_array);
            if values.is_some_and(|values| values.iter().any(|value| value.as_str() == Some(original))) {
                context = Context::Documented;
            } else if description.is_public
                && context == Context::Any
                && values.is_some_and(|values| values.iter().any(Value::is_string))
            {
                context = Context::Enumeration;
            }
        }
        let is_default = |at: &String| self.document.get_str(&pointer::join(at, "default")) == Some(original);
        if description.is_documented || description.is_public && description.at.iter().any(is_default) {
            context = Context::Documented;
        }
        if description.is_public && context == Context::Any {
            context = Context::Public;
        }
        let stand_in = self.stand_ins.string(original, context);
        // An API key is replaced even if its stand-in is invalid against the document.
        if stand_in == original || self.stand_ins.has_key(original) {
            return stand_in;
        }
        let samples = description
            .at
            .iter()
            .filter_map(|at| self.document.sample(at).as_str().map(str::to_owned));
        let candidates = [
            stand_in.clone(),
            stand_in::same_form(original, self.stand_ins.ordinal(original)),
        ]
        .into_iter()
        .chain(samples);
        let others = candidates.filter(|candidate| candidate != original);
        let candidates: Vec<String> = others.map(|candidate| Value::from(candidate).to_string()).collect();
        let original = Value::from(original).to_string();
        let chosen = self.first_valid(description, &original, candidates);
        chosen
            .and_then(|chosen| serde_json::from_str(&chosen).ok())
            .unwrap_or(stand_in)
    }

    /// Returns the first candidate that is valid against the document; `None` if the original is not valid. All are
    /// JSON text.
    fn first_valid(&mut self, description: &Description, original: &str, candidates: Vec<String>) -> Option<String> {
        let mut is_valid = |text: &str| {
            let value = Json::read(text).ok();
            value.is_some_and(|value| {
                let mut at = description.at.iter();
                at.all(|at| self.validators.accepts(self.document, at, &value))
            })
        };
        if !is_valid(original) {
            return None;
        }
        candidates.into_iter().find(|candidate| is_valid(candidate))
    }

    /// Returns the recorded headers, without those whose value is not of the expected form.
    pub fn headers(&mut self, headers: &HeaderMap) -> BTreeMap<String, String> {
        let mut kept = BTreeMap::new();
        for (name, value) in headers {
            let (name, Ok(value)) = (name.as_str(), value.to_str()) else {
                continue;
            };
            if !recorded::is_recorded_header(name) || self.stand_ins.has_key(name) {
                continue;
            }
            let value = match name {
                "content-type" => value.split(';').next().map(str::trim).filter(|kind| is_json(kind)),
                _ if name.ends_with("-id") => {
                    kept.insert(name.to_owned(), self.stand_ins.string(value, Context::Any));
                    continue;
                }
                _ => Some(value).filter(|value| is_number_or_date(value)),
            };
            let value = value.filter(|value| !self.stand_ins.has_key(value));
            kept.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        }
        kept
    }
}

/// Checks whether a header value is a number of at most 13 characters, such as a delay or a timestamp in milliseconds,
/// or an HTTP date.
fn is_number_or_date(value: &str) -> bool {
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

/// Writes a string as JSON.
fn write_string(string: &str, out: &mut String) {
    let _ = write!(out, "{}", Value::from(string));
}

#[cfg(test)]
mod tests;
