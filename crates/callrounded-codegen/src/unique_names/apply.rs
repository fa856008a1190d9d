//! Writes the substitutes into progenitor's copy of the document.

use std::collections::{HashMap, HashSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::UniqueNames;

impl UniqueNames {
    /// Replaces names by their substitutes in `value`, progenitor's copy of the document.
    pub fn apply(&self, document: &Document, value: &mut Value) {
        for (schema, renamed) in &self.values {
            let values = value.pointer_mut(schema).and_then(|schema| schema.get_mut("enum"));
            let Some(values) = values.and_then(Value::as_array_mut) else {
                continue;
            };
            let mut seen = HashSet::new();
            values.retain(|one| one.as_str().is_none_or(|string| seen.insert(string.to_owned())));
            for one in values {
                if let Some(substitute) = one.as_str().and_then(|string| renamed.get(string)) {
                    *one = Value::from(substitute.as_str());
                }
            }
        }
        // Inner schemas first, so that their pointers are still valid.
        let mut properties: Vec<_> = self.properties.iter().collect();
        properties.sort_by_key(|(schema, _)| std::cmp::Reverse(schema.len()));
        for (schema, renamed) in properties {
            let Some(schema) = value.pointer_mut(schema).and_then(Value::as_object_mut) else {
                continue;
            };
            let unique = |name: String| renamed.get(&name).cloned().unwrap_or(name);
            if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                *properties = std::mem::take(properties)
                    .into_iter()
                    .map(|(old, property)| (unique(old), property))
                    .collect();
            }
            let required = schema.get_mut("required").and_then(Value::as_array_mut);
            for one in required.into_iter().flatten() {
                if let Value::String(string) = one {
                    *string = unique(std::mem::take(string));
                }
            }
        }
        self.rename_parameters(document, value);
        self.rename_paths(document, value);
    }

    /// Moves all parameters of an operation with substitutes into the operation: other operations may share them under
    /// their original names.
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
                if let (Some(substitute), Value::Object(parameter)) =
                    (self.parameter(&operation.pointer, &at), &mut parameter)
                {
                    parameter.insert("name".to_owned(), Value::from(substitute));
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

    /// Replaces names in the paths, which contain path parameters.
    fn rename_paths(&self, document: &Document, value: &mut Value) {
        let mut paths: HashMap<&str, String> = HashMap::new();
        for operation in document.operations() {
            for (at, substitute) in self.parameters.get(&operation.pointer).into_iter().flatten() {
                let name = document.get_str(&pointer::join(at, "name")).unwrap_or_default();
                if document.get_str(&pointer::join(at, "in")) == Some("path") {
                    let path = paths.entry(operation.path).or_insert_with(|| operation.path.to_owned());
                    *path = path.replace(&format!("{{{name}}}"), &format!("{{{substitute}}}"));
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
