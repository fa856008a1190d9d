//! The parameters of a request, of their documented types.

use callrounded_document::{Deviation, Validator, json::Json, pointer};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{Contract, In, Operation, misfits};

/// The parameters of a request, each of its documented type.
#[derive(Debug)]
pub(crate) struct Sent {
    pub path: Map<String, Value>,
    /// With the documented defaults.
    pub query: Map<String, Value>,
    /// The names of those in the query that were sent.
    pub given: Vec<String>,
}

impl Contract {
    /// The parameters of a request as JSON by their names, first those in the path, then those in the query: each of its
    /// documented type, with the documented defaults of the query; or what does not fit. Parameters that the document does not
    /// know are passed over.
    pub fn parameters(&self, operation: &Operation, in_path: &[String], query: &str) -> Result<Sent, Vec<Deviation>> {
        let (mut path_values, mut query_values, mut findings) = (Map::new(), Map::new(), Vec::new());
        let mut sent = Vec::new();
        let names = operation.path.split('/');
        let names = names.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let in_path: Vec<(&str, &String)> = names.zip(in_path).collect();
        for (place, name, schema, validator) in &operation.sent {
            let decoded = |text: &str| {
                percent_decode_str(&text.replace('+', " "))
                    .decode_utf8_lossy()
                    .into_owned()
            };
            let in_query = || -> Vec<String> {
                let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                let given = pairs.filter(|(given, _)| decoded(given) == *name);
                given.map(|(_, text)| decoded(text)).collect()
            };
            let (values, given) = match place {
                In::Path => {
                    let given = in_path.iter().filter(|(given, _)| given == name);
                    (&mut path_values, given.map(|(_, text)| (*text).clone()).collect())
                }
                In::Query => (&mut query_values, in_query()),
            };
            let resolved = self.document.resolve(schema).unwrap_or_default();
            if *place == In::Query && !given.is_empty() {
                sent.push(name.clone());
            }
            let Some(text) = given.first().cloned() else {
                let default = self.document.get(&pointer::join(&resolved, "default"));
                values.extend(default.map(|default| (name.clone(), default.clone())));
                continue;
            };
            let items = || {
                let items = self.document.resolve(&pointer::join(&resolved, "items"));
                items.unwrap_or_default()
            };
            let parameter = pointer::split(schema).map_or("", |(parameter, _)| parameter);
            let value = match self.document.text(&pointer::join(&resolved, "type")) {
                Some("array") => {
                    // In one string, or each value by itself.
                    let values: Vec<String> = match self.document.list_separator(parameter) {
                        Some(separator) => text.split(separator).map(str::to_owned).collect(),
                        None => given,
                    };
                    let items = items();
                    Value::Array(values.into_iter().map(|text| self.typed(&items, text)).collect())
                }
                Some(_) => self.typed(&resolved, text),
                None => of_some_type(validator, text, given),
            };
            for mut finding in misfits(validator, &Json::of(&value)) {
                finding.pointer = pointer::join("", name);
                findings.push(finding);
            }
            values.insert(name.clone(), value);
        }
        match findings.is_empty() {
            true => Ok(Sent {
                path: path_values,
                query: query_values,
                given: sent,
            }),
            false => Err(findings),
        }
    }

    /// A value that was sent as text, of the type that its schema states.
    fn typed(&self, schema: &str, text: String) -> Value {
        match self.document.text(&pointer::join(schema, "type")) {
            Some("integer" | "number" | "boolean") => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            _ => Value::String(text),
        }
    }
}

/// A value of a schema that states no type by itself: a text, or what else fits.
fn of_some_type(validator: &Validator, text: String, given: Vec<String>) -> Value {
    let plain: Option<Value> = serde_json::from_str(&text)
        .ok()
        .filter(|value: &Value| !value.is_object());
    let list = || Value::Array(given.into_iter().map(Value::String).collect());
    let text = Value::String(text);
    let others = plain.into_iter().chain(std::iter::once_with(list));
    let mut all = std::iter::once(text.clone()).chain(others);
    all.find(|value| misfits(validator, &Json::of(value)).is_empty())
        .unwrap_or(text)
}
