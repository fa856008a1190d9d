//! Which operations a change in something shared affects.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::operations;

/// Which operations use which components.
pub(super) struct Users(BTreeMap<String, BTreeSet<String>>);

impl Users {
    pub fn of(document: &Document) -> Self {
        let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut inside: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in document.operations() {
            let item = pointer::split(&operation.pointer)
                .map(|(item, _)| item)
                .unwrap_or_default();
            let mut waiting = BTreeSet::new();
            for at in [operation.pointer.clone(), pointer::join(item, "parameters")] {
                waiting.extend(components_in(document, &at));
            }
            let mut used = BTreeSet::new();
            while let Some(component) = waiting.pop_first() {
                if used.insert(component.clone()) {
                    let more = inside
                        .entry(component.clone())
                        .or_insert_with(|| components_in(document, &component));
                    waiting.extend(more.iter().cloned());
                }
            }
            for component in used {
                users.entry(component).or_default().insert(operations::name(&operation));
            }
        }
        Self(users)
    }

    /// Of the component that a place is in.
    pub fn of_place(&self, at: &str) -> Vec<String> {
        let component = component_of(at).and_then(|component| self.0.get(&component));
        component.into_iter().flatten().cloned().collect()
    }
}

/// The component that a place is in.
fn component_of(at: &str) -> Option<String> {
    let parts: Vec<&str> = at.split('/').take(4).collect();
    (parts.len() == 4 && at.starts_with("/components/")).then(|| parts.join("/"))
}

/// The components that are referred to below a place.
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
