//! Finds the operations that use a component, and are affected by its changes.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::operations;

/// The operations that use each component, by the pointer of the component.
pub(super) struct Usage(BTreeMap<String, BTreeSet<String>>);

impl Usage {
    pub fn of(document: &Document) -> Self {
        let mut usage: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut nested: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in document.operations() {
            let item = pointer::split(&operation.pointer)
                .map(|(item, _)| item)
                .unwrap_or_default();
            let mut pending = BTreeSet::new();
            for at in [operation.pointer.clone(), pointer::join(item, "parameters")] {
                pending.extend(components_in(document, &at));
            }
            let mut reached = BTreeSet::new();
            while let Some(component) = pending.pop_first() {
                if reached.insert(component.clone()) {
                    let more = nested
                        .entry(component.clone())
                        .or_insert_with(|| components_in(document, &component));
                    pending.extend(more.iter().cloned());
                }
            }
            for component in reached {
                usage.entry(component).or_default().insert(operations::name(&operation));
            }
        }
        Self(usage)
    }

    /// Returns the operations that use the component at or around this pointer.
    pub fn operations_at(&self, at: &str) -> Vec<String> {
        let component = component_of(at).and_then(|component| self.0.get(&component));
        component.into_iter().flatten().cloned().collect()
    }
}

/// Returns the pointer to the component at or around this pointer.
fn component_of(at: &str) -> Option<String> {
    let parts: Vec<&str> = at.split('/').take(4).collect();
    (parts.len() == 4 && at.starts_with("/components/")).then(|| parts.join("/"))
}

/// Returns the pointers to the components that are referenced at or below this pointer.
fn components_in(document: &Document, at: &str) -> BTreeSet<String> {
    fn gather(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    found.extend(pointer::of_reference(reference).and_then(|at| component_of(&at)));
                }
                members.values().for_each(|value| gather(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| gather(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    gather(document.get(at).unwrap_or(&Value::Null), &mut found);
    found
}
