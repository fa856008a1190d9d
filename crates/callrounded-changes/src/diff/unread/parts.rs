//! Schemas as they are written, taken apart: what each keyword says, and which schemas are inside.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::{
    Side,
    canonical::{canonical, data, is_default, is_text},
};

/// What a keyword says, by all schemas that a value has to fit.
#[derive(Default)]
pub(super) struct Said {
    /// Where it stands first.
    pub at: String,
    pub values: BTreeSet<String>,
}

/// Schemas that a value has to fit all of, taken apart: `allOf` and references are followed.
#[derive(Default)]
pub(super) struct Parts {
    /// By keyword.
    pub said: BTreeMap<String, Said>,
    /// Schemas inside, by what they are of: a property, the items, the branches of a choice.
    pub held: BTreeMap<String, Side>,
}

impl Parts {
    pub fn of(document: &Document, side: &Side) -> Self {
        let mut parts = Self::default();
        for at in side {
            parts.gather(document, at, &mut Vec::new());
        }
        parts
    }

    fn say(&mut self, keyword: &str, at: &str, value: &Value) {
        let said = self.said.entry(keyword.to_owned()).or_insert_with(|| Said {
            at: at.to_owned(),
            values: BTreeSet::new(),
        });
        said.values.insert(value.to_string());
    }

    fn hold(&mut self, what: String, at: String) {
        self.held.entry(what).or_default().push(at);
    }

    fn gather(&mut self, document: &Document, at: &str, seen: &mut Vec<String>) {
        if seen.iter().any(|other| other == at) {
            return;
        }
        seen.push(at.to_owned());
        match document.get(at) {
            Some(Value::Object(schema)) => {
                for (keyword, value) in schema.iter().filter(|(keyword, _)| !is_text(keyword)) {
                    self.keyword(document, keyword, value, &pointer::join(at, keyword), seen);
                }
            }
            // A schema that allows anything says nothing.
            Some(Value::Bool(true)) | None => {}
            Some(other) => self.say("not", at, other),
        }
        seen.pop();
    }

    fn keyword(&mut self, document: &Document, keyword: &str, value: &Value, at: &str, seen: &mut Vec<String>) {
        let items = || (0..value.as_array().map_or(0, Vec::len)).map(|index| pointer::join(at, &index.to_string()));
        match (keyword, value) {
            ("$ref", Value::String(reference)) => {
                match pointer::of_reference(reference).filter(|target| document.get(target).is_some()) {
                    Some(target) => self.gather(document, &target, seen),
                    // What can't be followed is compared as it is written.
                    None => self.say(keyword, at, value),
                }
            }
            ("allOf", Value::Array(_)) => items().for_each(|part| self.gather(document, &part, seen)),
            ("oneOf" | "anyOf", Value::Array(_)) => {
                let (null, others): (Vec<String>, Vec<String>) = items().partition(|at| is_null(document, at));
                if !null.is_empty() {
                    self.say("nullable", at, &Value::Bool(true));
                }
                match others.as_slice() {
                    [only] => self.gather(document, only, seen),
                    _ => {
                        self.say(keyword, at, &Value::from(others.len()));
                        for branch in others {
                            self.hold(format!("|{keyword}"), branch);
                        }
                    }
                }
            }
            ("properties", Value::Object(properties)) => {
                for name in properties.keys() {
                    let at = pointer::join(at, name);
                    self.say("properties", &at, &Value::from(name.as_str()));
                    self.hold(format!("property {name}"), at);
                }
            }
            ("items" | "not" | "additionalProperties", value) if !is_default(keyword, value) => {
                self.say(keyword, at, &Value::from(value.is_object()));
                self.hold(keyword.to_owned(), at.to_owned());
            }
            // What refers to them is compared.
            ("$defs" | "definitions", _) => {}
            ("type", value) => {
                let names = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                for name in names {
                    match name == "null" {
                        true => self.say("nullable", at, &Value::Bool(true)),
                        false => self.say(keyword, at, name),
                    }
                }
            }
            ("discriminator", Value::Object(members)) => {
                for (name, value) in members {
                    if !matches!(name.as_str(), "propertyName" | "mapping") && !is_text(name) {
                        self.say(&format!("discriminator.{name}"), at, value);
                    }
                }
            }
            // How to show a text, and not to round a number, say nothing of what the value is.
            ("format", Value::String(format)) if matches!(format.as_str(), "password" | "decimal") => {}
            ("const" | "default", value) => {
                let keyword = if keyword == "const" { "enum" } else { keyword };
                self.say(keyword, at, &data(value));
            }
            ("enum", Value::Array(values)) => {
                for value in values.iter().filter(|value| !value.is_null()) {
                    self.say(keyword, at, &data(value));
                }
                if values.iter().any(Value::is_null) {
                    self.say("nullable", at, &Value::Bool(true));
                }
            }
            ("required", Value::Array(names)) => names.iter().for_each(|name| self.say(keyword, at, name)),
            (_, value) if is_default(keyword, value) => {}
            (_, value) => self.say(keyword, at, &canonical(value)),
        }
    }
}

fn is_null(document: &Document, at: &str) -> bool {
    let schema = document.resolve(at).and_then(|at| document.get(&at));
    schema.is_some_and(|schema| {
        let values = schema.get("enum").and_then(Value::as_array);
        schema.get("type").is_some_and(|name| name == "null")
            || values.is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
    })
}
