//! Parsing of request parameters into their documented types.

use callrounded_document::{Mismatch, Validator, json::Json, pointer};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{Contract, In, Operation, violations};

/// The parameters of a request, each of its documented type.
#[derive(Debug)]
pub(crate) struct Parameters {
    pub path: Map<String, Value>,
    /// The query parameters, with the documented defaults.
    pub query: Map<String, Value>,
    /// The names of the query parameters that were sent.
    pub sent_query: Vec<String>,
}

impl Contract {
    /// Parses the parameters of a request into JSON values of their documented types. Query parameters that were not
    /// sent have their documented defaults. Parameters that the document does not describe are ignored.
    ///
    /// # Errors
    /// The violations, if a value does not match its schema.
    pub fn parameters(
        &self,
        operation: &Operation,
        in_path: &[String],
        query: &str,
    ) -> Result<Parameters, Vec<Mismatch>> {
        let (mut path_values, mut query_values, mut findings) = (Map::new(), Map::new(), Vec::new());
        let mut sent_query = Vec::new();
        let names = operation.path.split('/');
        let names = names.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let in_path: Vec<(&str, &String)> = names.zip(in_path).collect();
        for (location, name, schema, validator) in &operation.parameters {
            let decoded = |text: &str| {
                percent_decode_str(&text.replace('+', " "))
                    .decode_utf8_lossy()
                    .into_owned()
            };
            let in_query = || -> Vec<String> {
                let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                let matching = pairs.filter(|(other, _)| decoded(other) == *name);
                matching.map(|(_, text)| decoded(text)).collect()
            };
            let (values, texts) = match location {
                In::Path => {
                    let matching = in_path.iter().filter(|(other, _)| other == name);
                    (&mut path_values, matching.map(|(_, text)| (*text).clone()).collect())
                }
                In::Query => (&mut query_values, in_query()),
            };
            let resolved = self.document.resolve(schema).unwrap_or_default();
            if *location == In::Query && !texts.is_empty() {
                sent_query.push(name.clone());
            }
            let Some(text) = texts.first().cloned() else {
                let default = self.document.get(&pointer::join(&resolved, "default"));
                values.extend(default.map(|default| (name.clone(), default.clone())));
                continue;
            };
            let items = || {
                let items = self.document.resolve(&pointer::join(&resolved, "items"));
                items.unwrap_or_default()
            };
            let parameter = pointer::split(schema).map_or("", |(parameter, _)| parameter);
            let value = match self.document.get_str(&pointer::join(&resolved, "type")) {
                Some("array") => {
                    // The values are in one string, or in one parameter each.
                    let values: Vec<String> = match self.document.list_separator(parameter) {
                        Some(separator) => text.split(separator).map(str::to_owned).collect(),
                        None => texts,
                    };
                    let items = items();
                    Value::Array(values.into_iter().map(|text| self.typed(&items, text)).collect())
                }
                Some(_) => self.typed(&resolved, text),
                None => infer_type(validator, text, texts),
            };
            for mut finding in violations(validator, &Json::of(&value)) {
                finding.pointer = pointer::join("", name);
                findings.push(finding);
            }
            values.insert(name.clone(), value);
        }
        if findings.is_empty() {
            Ok(Parameters {
                path: path_values,
                query: query_values,
                sent_query,
            })
        } else {
            Err(findings)
        }
    }

    /// Parses a value into the type that its schema states; a value that is not of this type becomes a string.
    fn typed(&self, schema: &str, text: String) -> Value {
        match self.document.get_str(&pointer::join(schema, "type")) {
            Some("integer" | "number" | "boolean") => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            _ => Value::String(text),
        }
    }
}

/// Parses a value of a schema without a type: a string, or else the first of JSON value and list that matches the
/// schema.
fn infer_type(validator: &Validator, text: String, texts: Vec<String>) -> Value {
    let json: Option<Value> = serde_json::from_str(&text)
        .ok()
        .filter(|value: &Value| !value.is_object());
    let list = || Value::Array(texts.into_iter().map(Value::String).collect());
    let string = Value::String(text);
    let others = json.into_iter().chain(std::iter::once_with(list));
    let mut all = std::iter::once(string.clone()).chain(others);
    all.find(|value| violations(validator, &Json::of(value)).is_empty())
        .unwrap_or(string)
}
