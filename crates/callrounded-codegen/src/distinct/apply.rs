//! The other names in progenitor's copy of the document.

use std::collections::{HashMap, HashSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::Distinct;

impl Distinct {
    /// Gives progenitor's copy of the document the other names.
    pub fn apply(&self, document: &Document, value: &mut Value) {
        for (schema, renamed) in &self.values {
            let values = value.pointer_mut(schema).and_then(|schema| schema.get_mut("enum"));
            let Some(values) = values.and_then(Value::as_array_mut) else {
                continue;
            };
            let mut seen = HashSet::new();
            values.retain(|one| one.as_str().is_none_or(|text| seen.insert(text.to_owned())));
            for one in values {
                if let Some(given) = one.as_str().and_then(|text| renamed.get(text)) {
                    *one = Value::from(given.as_str());
                }
            }
        }
        // From the inside, so that the places of what is inside are still what they were.
        let mut properties: Vec<_> = self.properties.iter().collect();
        properties.sort_by_key(|(schema, _)| std::cmp::Reverse(schema.len()));
        for (schema, renamed) in properties {
            let Some(schema) = value.pointer_mut(schema).and_then(Value::as_object_mut) else {
                continue;
            };
            let name = |name: String| renamed.get(&name).cloned().unwrap_or(name);
            if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                *properties = std::mem::take(properties)
                    .into_iter()
                    .map(|(old, property)| (name(old), property))
                    .collect();
            }
            let required = schema.get_mut("required").and_then(Value::as_array_mut);
            for one in required.into_iter().flatten() {
                if let Value::String(text) = one {
                    *text = name(std::mem::take(text));
                }
            }
        }
        self.rename_parameters(document, value);
        self.rename_paths(document, value);
    }

    /// Puts all parameters of an operation into it, since others may share them under their own names.
    fn rename_parameters(&self, document: &Document, value: &mut Value) {
        let renamed: HashSet<&str> = self
            .parameters
            .keys()
            .filter_map(|at| Some(pointer::split(at)?.0))
            .collect();
        let mut lists: Vec<(String, Vec<Value>)> = Vec::new();
        for operation in document.operations() {
            if pointer::split(&operation.pointer).is_none_or(|(item, _)| !renamed.contains(item)) {
                continue;
            }
            let parameters = document.parameters(&operation).into_iter().filter_map(|at| {
                let mut parameter = value.pointer(&at)?.clone();
                if let (Some(given), Value::Object(parameter)) =
                    (self.parameter(&operation.pointer, &at), &mut parameter)
                {
                    parameter.insert("name".to_owned(), Value::from(given));
                }
                Some(parameter)
            });
            lists.push((operation.pointer.clone(), parameters.collect()));
        }
        for (operation, parameters) in lists {
            if let Some(Value::Object(operation)) = value.pointer_mut(&operation) {
                operation.insert("parameters".to_owned(), Value::Array(parameters));
            }
        }
        for item in renamed {
            if let Some(Value::Object(item)) = value.pointer_mut(item) {
                item.shift_remove("parameters");
            }
        }
    }

    /// The parameters in a path stand in its text too.
    fn rename_paths(&self, document: &Document, value: &mut Value) {
        let mut paths: HashMap<&str, String> = HashMap::new();
        for operation in document.operations() {
            for (at, given) in self.parameters.get(&operation.pointer).into_iter().flatten() {
                let name = document.text(&pointer::join(at, "name")).unwrap_or_default();
                if document.text(&pointer::join(at, "in")) == Some("path") {
                    let path = paths.entry(operation.path).or_insert_with(|| operation.path.to_owned());
                    *path = path.replace(&format!("{{{name}}}"), &format!("{{{given}}}"));
                }
            }
        }
        if paths.is_empty() {
            return;
        }
        if let Some(Value::Object(items)) = value.get_mut("paths") {
            *items = std::mem::take(items)
                .into_iter()
                .map(|(path, item)| (paths.get(path.as_str()).cloned().unwrap_or(path), item))
                .collect();
        }
    }
}
