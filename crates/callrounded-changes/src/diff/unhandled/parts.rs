//! Splits schemas into keyword values and subschemas, as they are written.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::{
    Side,
    canonical::{canonical, data, is_annotation, is_default},
};

/// The values of a keyword in all schemas that a value has to match.
#[derive(Default)]
pub(super) struct KeywordValues {
    /// The pointer to its first occurrence.
    pub at: String,
    pub values: BTreeSet<String>,
}

/// The parts of schemas, all of which a value has to match. `allOf` and references are followed.
#[derive(Default)]
pub(super) struct Parts {
    /// The values by keyword.
    pub keywords: BTreeMap<String, KeywordValues>,
    /// The subschemas by their role: a property, the items, the branches of a union.
    pub subschemas: BTreeMap<String, Side>,
}

impl Parts {
    pub fn of(document: &Document, side: &Side) -> Self {
        let mut parts = Self::default();
        for at in side {
            parts.gather(document, at, &mut Vec::new());
        }
        parts
    }

    fn add_value(&mut self, keyword: &str, at: &str, value: &Value) {
        let entry = self
            .keywords
            .entry(keyword.to_owned())
            .or_insert_with(|| KeywordValues {
                at: at.to_owned(),
                values: BTreeSet::new(),
            });
        entry.values.insert(value.to_string());
    }

    fn add_subschema(&mut self, what: String, at: String) {
        self.subschemas.entry(what).or_default().push(at);
    }

    fn gather(&mut self, document: &Document, at: &str, seen: &mut Vec<String>) {
        if seen.iter().any(|other| other == at) {
            return;
        }
        seen.push(at.to_owned());
        match document.get(at) {
            Some(Value::Object(schema)) => {
                for (keyword, value) in schema.iter().filter(|(keyword, _)| !is_annotation(keyword)) {
                    self.keyword(document, keyword, value, &pointer::join(at, keyword), seen);
                }
            }
            // A schema that allows anything has no parts.
            Some(Value::Bool(true)) | None => {}
            Some(other) => self.add_value("not", at, other),
        }
        seen.pop();
    }

    fn keyword(&mut self, document: &Document, keyword: &str, value: &Value, at: &str, seen: &mut Vec<String>) {
        let items = || (0..value.as_array().map_or(0, Vec::len)).map(|index| pointer::join(at, &index.to_string()));
        match (keyword, value) {
            ("$ref", Value::String(reference)) => {
                match pointer::of_reference(reference).filter(|target| document.get(target).is_some()) {
                    Some(target) => self.gather(document, &target, seen),
                    // A reference that cannot be followed is compared literally.
                    None => self.add_value(keyword, at, value),
                }
            }
            ("allOf", Value::Array(_)) => items().for_each(|part| self.gather(document, &part, seen)),
            ("oneOf" | "anyOf", Value::Array(_)) => {
                let (null, others): (Vec<String>, Vec<String>) = items().partition(|at| is_null(document, at));
                if !null.is_empty() {
                    self.add_value("nullable", at, &Value::Bool(true));
                }
                match others.as_slice() {
                    [only] => self.gather(document, only, seen),
                    _ => {
                        self.add_value(keyword, at, &Value::from(others.len()));
                        for branch in others {
                            self.add_subschema(format!("|{keyword}"), branch);
                        }
                    }
                }
            }
            ("properties", Value::Object(properties)) => {
                for name in properties.keys() {
                    let at = pointer::join(at, name);
                    self.add_value("properties", &at, &Value::from(name.as_str()));
                    self.add_subschema(format!("property {name}"), at);
                }
            }
            ("items" | "not" | "additionalProperties", value) if !is_default(keyword, value) => {
                self.add_value(keyword, at, &Value::from(value.is_object()));
                self.add_subschema(keyword.to_owned(), at.to_owned());
            }
            // Definitions are compared where they are referenced.
            ("$defs" | "definitions", _) => {}
            ("type", value) => {
                let names = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                for name in names {
                    if name == "null" {
                        self.add_value("nullable", at, &Value::Bool(true))
                    } else {
                        self.add_value(keyword, at, name)
                    }
                }
            }
            ("discriminator", Value::Object(members)) => {
                for (name, value) in members {
                    if !matches!(name.as_str(), "propertyName" | "mapping") && !is_annotation(name) {
                        self.add_value(&format!("discriminator.{name}"), at, value);
                    }
                }
            }
            // `password` affects display and `decimal` rounding. Neither restricts the value.
            ("format", Value::String(format)) if matches!(format.as_str(), "password" | "decimal") => {}
            ("const" | "default", value) => {
                let keyword = if keyword == "const" { "enum" } else { keyword };
                self.add_value(keyword, at, &data(value));
            }
            ("enum", Value::Array(values)) => {
                for value in values.iter().filter(|value| !value.is_null()) {
                    self.add_value(keyword, at, &data(value));
                }
                if values.iter().any(Value::is_null) {
                    self.add_value("nullable", at, &Value::Bool(true));
                }
            }
            ("required", Value::Array(names)) => names.iter().for_each(|name| self.add_value(keyword, at, name)),
            (_, value) if is_default(keyword, value) => {}
            (_, value) => self.add_value(keyword, at, &canonical(value)),
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
