//! Merges schemas, keyword by keyword and property by property.

use std::collections::BTreeSet;

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::{Merger, Outcome, is_ours};
use crate::{
    diff,
    import::{fields::members, select},
};

impl Merger<'_> {
    pub(super) fn schemas(&mut self) {
        let holder = "/components/schemas";
        let theirs = self.their(holder).unwrap_or_default();
        let mut new: Vec<(String, String, Value)> = Vec::new();
        for (name, value) in members(&theirs) {
            let at = pointer::join(holder, name);
            if self.our(&at).is_none() {
                new.push((name.clone(), at, value.clone()));
                continue;
            }
            let outcome = if self.schema(&at, &at) {
                Outcome::Changed
            } else {
                Outcome::Kept
            };
            self.report(outcome, &at, format!("schema {name}"));
        }
        self.add(new);
        // Schemas that only ours has are removed if operations used them before the merge and do not any more.
        let after = used(self.ours.document().value());
        for at in used(&self.before).difference(&after) {
            let name = pointer::last(at);
            if pointer::join(holder, &name) == *at && theirs.get(&name).is_none() {
                self.ours.remove(at);
                self.report(Outcome::Gone, at, format!("schema {name}"));
            }
        }
    }

    /// Adds new schemas: those that our operations use, and those that their operations do not use either.
    fn add(&mut self, mut new: Vec<(String, String, Value)>) {
        let theirs = used(self.theirs.value());
        loop {
            let ours = used(self.ours.document().value());
            let is_wanted = |(_, at, _): &(String, String, Value)| ours.contains(at) || !theirs.contains(at);
            let (wanted, left): (Vec<_>, Vec<_>) = new.into_iter().partition(is_wanted);
            if wanted.is_empty() {
                return;
            }
            for (name, at, value) in wanted {
                let value = self.with_source(&value);
                self.ours.set(&at, &value);
                self.report(Outcome::New, &at, format!("schema {name}"));
            }
            new = left;
        }
    }

    /// Merges a schema. Returns whether ours changed.
    pub(super) fn schema(&mut self, our_at: &str, their_at: &str) -> bool {
        let (Some(our), Some(their)) = (self.our(our_at), self.their(their_at)) else {
            if let Some(their) = self.their(their_at) {
                self.ours.set(our_at, &their);
                return true;
            }
            return false;
        };
        if diff::same_schema(self.ours.document(), our_at, &self.theirs, their_at) {
            return false;
        }
        if our.get("$ref").is_some() || their.get("$ref").is_some() {
            self.ours.set(our_at, &with_our_annotations(&our, their));
            return true;
        }
        for (keyword, value) in members(&their).filter(|(keyword, _)| !is_ours(keyword)) {
            let (our_at, their_at) = (pointer::join(our_at, keyword), pointer::join(their_at, keyword));
            match (keyword.as_str(), our.get(keyword.as_str())) {
                ("properties", Some(_)) => self.properties(&our_at, &their_at),
                ("items" | "additionalProperties" | "not", Some(Value::Object(_))) if value.is_object() => {
                    self.schema(&our_at, &their_at);
                }
                // The order of the names has no meaning.
                ("required", Some(old)) if same_names(old, value) => {}
                (_, Some(old)) if old == value => {}
                (_, old) => {
                    self.report_keyword(&our_at, old, Some(value));
                    self.ours.set(&our_at, value);
                }
            }
        }
        for (keyword, old) in members(&our) {
            if !is_ours(keyword) && their.get(keyword.as_str()).is_none() {
                let at = pointer::join(our_at, keyword);
                self.report_keyword(&at, Some(old), None);
                self.ours.remove(&at);
            }
        }
        true
    }

    /// Reports the change of a keyword.
    fn report_keyword(&mut self, at: &str, old: Option<&Value>, new: Option<&Value>) {
        let schema = pointer::split(at).map(|(schema, _)| schema).unwrap_or_default();
        // The schema of a parameter is reported with the name of the parameter.
        let parameter = pointer::split(schema).and_then(|(holder, _)| self.our(&pointer::join(holder, "name")));
        let name = match parameter {
            Some(Value::String(name)) => name,
            _ => pointer::last(schema),
        };
        let what = format!("{} of {name}: {}", pointer::last(at), difference(old, new));
        self.report(Outcome::Changed, at, what);
    }

    fn properties(&mut self, our_at: &str, their_at: &str) {
        let (our, their) = (
            self.our(our_at).unwrap_or_default(),
            self.their(their_at).unwrap_or_default(),
        );
        for (name, value) in members(&their) {
            let at = pointer::join(our_at, name);
            match our.get(name.as_str()) {
                Some(_) => {
                    if self.schema(&at, &pointer::join(their_at, name)) {
                        self.report(Outcome::Changed, &at, format!("property {name}"));
                    }
                }
                None => {
                    let value = self.with_source(value);
                    self.ours.set(&at, &value);
                    self.report(Outcome::New, &at, format!("property {name}"));
                }
            }
        }
        for (name, _) in members(&our).filter(|(name, _)| their.get(name.as_str()).is_none()) {
            let at = pointer::join(our_at, name);
            self.ours.remove(&at);
            self.report(Outcome::Gone, &at, format!("property {name}"));
            self.remove_from_needed(our_at, name);
        }
    }

    /// Removes a property that no longer exists from `x-needed` of its schema.
    fn remove_from_needed(&mut self, properties: &str, name: &str) {
        let Some((schema, _)) = pointer::split(properties) else {
            return;
        };
        let at = pointer::join(schema, "x-needed");
        let needed = self.our(&at).and_then(|needed| Some(needed.as_array()?.clone()));
        let Some(needed) = needed.filter(|needed| needed.iter().any(|one| one == name)) else {
            return;
        };
        let left: Vec<Value> = needed.into_iter().filter(|one| one != name).collect();
        if left.is_empty() {
            self.ours.remove(&at);
        } else {
            self.ours.set(&at, &Value::Array(left));
        }
        self.report(Outcome::Changed, &at, format!("x-needed: removed {name}"));
    }
}

/// Describes the difference between two values of a keyword.
fn difference(old: Option<&Value>, new: Option<&Value>) -> String {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(_) | Value::Array(_) => None,
        other => Some(other.to_string()),
    };
    let none = Value::Array(Vec::new());
    let is_list = |value: Option<&Value>| value.is_none_or(Value::is_array);
    if is_list(old)
        && is_list(new)
        && let (Value::Array(old), Value::Array(new)) = (old.unwrap_or(&none), new.unwrap_or(&none))
    {
        let missing = |from: &[Value], list: &[Value]| -> Vec<String> {
            let missing = from.iter().filter(|value| !list.contains(value));
            missing.filter_map(plain).collect()
        };
        let parts = [("added", missing(new, old)), ("removed", missing(old, new))];
        let parts = parts.iter().filter(|(_, values)| !values.is_empty());
        let parts: Vec<String> = parts
            .map(|(word, values)| format!("{word} {}", values.join(", ")))
            .collect();
        return if parts.is_empty() {
            "changed".to_owned()
        } else {
            parts.join(", ")
        };
    }
    match (old.map(plain), new.map(plain)) {
        (None, Some(Some(new))) => format!("added {new}"),
        (Some(Some(old)), None) => format!("removed {old}"),
        (Some(Some(old)), Some(Some(new))) => format!("changed from {old} to {new}"),
        (None, _) => "added".to_owned(),
        (_, None) => "removed".to_owned(),
        _ => "changed".to_owned(),
    }
}

fn used(document: &Value) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    select::references(document, &mut used);
    used
}

/// Returns their schema with our annotations.
fn with_our_annotations(our: &Value, their: Value) -> Value {
    let annotations: Map<String, Value> = members(our)
        .filter(|(keyword, _)| is_ours(keyword))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect();
    if annotations.is_empty() {
        return their;
    }
    // OpenAPI 3.0 ignores siblings of a reference.
    let mut out = match their.get("$ref") {
        Some(_) => Map::from_iter([("allOf".to_owned(), json!([their]))]),
        None => their.as_object().cloned().unwrap_or_default(),
    };
    out.extend(annotations);
    Value::Object(out)
}

fn same_names(one: &Value, other: &Value) -> bool {
    let names = |value: &Value| -> Option<BTreeSet<String>> {
        let list = value.as_array()?.iter();
        Some(list.filter_map(|name| Some(name.as_str()?.to_owned())).collect())
    };
    names(one) == names(other)
}
