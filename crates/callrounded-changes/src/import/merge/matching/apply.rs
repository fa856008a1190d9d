//! What becomes of schemas that were paired: theirs get our names, and what is written out on one side and named on the other
//! becomes what it is in ours.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use callrounded_document::{pointer, walk};
use serde_json::{Value, json};

use super::{Matched, Outcome, SCHEMAS, Walk};
use crate::{
    diff,
    import::{
        names::{self, free_name},
        select,
    },
};

impl Walk<'_> {
    /// Gives schemas of theirs the names of ours.
    pub(super) fn decide(mut self) -> Matched {
        self.fold();
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        let mut copies: Vec<(String, String)> = Vec::new();
        for (our, theirs) in self.named.clone() {
            let [their] = theirs.iter().collect::<Vec<_>>()[..] else {
                continue;
            };
            match renamed.get(their) {
                // Theirs has one schema where ours has two.
                Some(_) => copies.push((our, their.clone())),
                None => {
                    renamed.insert(their.clone(), our);
                }
            }
        }
        self.hoist(&renamed);
        let mut theirs = self.theirs.value().clone();
        for (our, their) in copies {
            self.copy(&mut theirs, &our, &their);
        }
        self.free(&mut theirs, &mut renamed);
        names::rename_all(&mut theirs, &renamed);
        for (their, our) in renamed.iter().filter(|(their, our)| their != our) {
            let at = pointer::join(SCHEMAS, our);
            if self.ours.get(&at).is_some() {
                self.same(&at, their, "");
            }
        }
        forget_unused(&self.before, &mut theirs);
        Matched {
            theirs,
            found: self.found,
            records: self.records,
        }
    }

    /// Where ours has one schema and theirs has several that state the same, or several objects in responses, they become one.
    fn fold(&mut self) {
        for (our, theirs) in self.named.clone() {
            let names: Vec<&String> = theirs.iter().collect();
            let [first, rest @ ..] = names.as_slice() else { continue };
            if rest.is_empty() {
                continue;
            }
            let at = |name: &str| pointer::join(SCHEMAS, name);
            let same = |other: &&&String| diff::same_schema(&self.theirs, &at(first), &self.theirs, &at(other));
            if rest.iter().filter(same).count() == rest.len() {
                self.merge_into(&our, &names);
                continue;
            }
            if let Some(chosen) = self.chosen.get(&our) {
                self.named.insert(our, BTreeSet::from([chosen.clone()]));
                continue;
            }
            // The one that has the name already is ours; the others are new.
            if theirs.contains(&our) {
                self.named.insert(our.clone(), BTreeSet::from([our]));
                continue;
            }
            let list = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("`, `");
            self.named.remove(&our);
            self.say(
                Outcome::Ambiguous,
                &at(&our),
                format!(
                    "schema {our} may be any of `{list}` in the vendor's document; set its `x-vendor-name` to choose"
                ),
            );
        }
    }

    /// Makes one component of several that state the same, the one that a former import chose or else the first.
    fn merge_into(&mut self, our: &str, names: &[&String]) {
        let chosen = self.chosen.get(our).filter(|chosen| names.contains(chosen));
        let Some(kept) = chosen.or(names.first().copied()).cloned() else {
            return;
        };
        let rest: Vec<String> = names
            .iter()
            .filter(|name| ***name != kept)
            .map(|name| (*name).clone())
            .collect();
        let mut value = self.theirs.value().clone();
        let renamed = rest.iter().map(|other| (other.clone(), kept.clone())).collect();
        names::point_elsewhere(&mut value, &renamed);
        if let Some(components) = names::components(&mut value) {
            rest.iter().for_each(|other| {
                components.shift_remove(other);
            });
        }
        self.theirs = self.theirs.with_value(value);
        self.named.insert(our.to_owned(), BTreeSet::from([kept]));
    }

    /// Gives a schema of theirs without a name the name that it has in ours, and writes one out that has no name in ours.
    fn hoist(&mut self, renamed: &BTreeMap<String, String>) {
        let mut value = self.theirs.value().clone();
        for (at, name) in self.outlined.clone() {
            let target = pointer::join(SCHEMAS, &name);
            let reached = walk::reachable(&self.theirs, [target.clone()]);
            if renamed.contains_key(&name) || reached.contains(&target) {
                continue;
            }
            if let (Some(schema), Some(place)) = (self.theirs.get(&target).cloned(), value.pointer_mut(&at)) {
                *place = schema;
            }
        }
        let mut inline: Vec<(String, Vec<String>)> = self.inline.clone().into_iter().collect();
        // What is inside another one comes first, so that its place is still there.
        inline.sort_by_key(|(_, places)| Reverse(places.iter().map(|at| at.matches('/').count()).max()));
        for (our, places) in inline {
            let Some(first) = places.first() else { continue };
            // In other places theirs has a component for it, which states the same.
            let component = match self.named.get(&our).map(|names| names.iter().collect::<Vec<_>>()) {
                Some(names) if names.len() == 1 => names.first().map(|name| pointer::join(SCHEMAS, name)),
                Some(_) => continue,
                None => None,
            };
            let model = component.as_ref().unwrap_or(first);
            let is_same = |other: &String| diff::same_schema(&self.theirs, model, &self.theirs, other);
            let at = component.clone().unwrap_or_else(|| pointer::join(SCHEMAS, &our));
            let is_taken = component.is_none() && value.pointer(&at).is_some();
            if is_taken || !places.iter().all(is_same) {
                continue;
            }
            let mut schema = value.pointer(first).cloned().unwrap_or_default();
            let nullable = schema
                .as_object_mut()
                .and_then(|schema| schema.shift_remove("nullable"));
            if let (Some(_), Some(values)) = (&nullable, schema.get_mut("enum").and_then(Value::as_array_mut)) {
                values.retain(|value| !value.is_null());
            }
            let reference = json!({ "$ref": format!("#{at}") });
            let place = match nullable {
                Some(Value::Bool(true)) => json!({ "oneOf": [reference, { "enum": [null] }] }),
                _ => reference,
            };
            for at in &places {
                if let Some(there) = value.pointer_mut(at) {
                    *there = place.clone();
                }
            }
            if let (None, Some(components)) = (component, names::components(&mut value)) {
                components.insert(our, schema);
            }
        }
        self.theirs = self.theirs.with_value(value);
    }

    /// Renames a schema of theirs that has the name of another one of ours.
    fn free(&mut self, theirs: &mut Value, renamed: &mut BTreeMap<String, String>) {
        let taken: Vec<String> = renamed.values().cloned().collect();
        for name in taken {
            let is_other = self.theirs.get(&pointer::join(SCHEMAS, &name)).is_some() && !renamed.contains_key(&name);
            if is_other {
                let free = free_name(theirs, &name);
                let at = pointer::join(SCHEMAS, &free);
                let what =
                    format!("schema {free} is `{name}` in the vendor's document, which is another one than our {name}");
                self.say(Outcome::Same, &at, what);
                self.records.push((at, "x-vendor-name", json!(name)));
                renamed.insert(name, free);
            }
        }
    }

    /// Where ours has two schemas and theirs has one, the second gets a copy of its own.
    fn copy(&mut self, theirs: &mut Value, our: &str, their: &str) {
        let at = pointer::join(SCHEMAS, our);
        let schema = theirs.pointer(&pointer::join(SCHEMAS, their)).cloned();
        let (Some(schema), None) = (schema, theirs.pointer(&at)) else {
            return;
        };
        let reference = format!("#{at}");
        for (place, _) in self.references.iter().filter(|(_, name)| name == our) {
            if let Some(Value::String(there)) = theirs.pointer_mut(&pointer::join(place, "$ref")) {
                reference.clone_into(there);
            }
        }
        if let Some(components) = names::components(theirs) {
            components.insert(our.to_owned(), schema);
        }
        self.same(&at, their, " too");
    }
}

/// Removes the schemas that were used before, and are not any more: their content is in others.
fn forget_unused(before: &Value, theirs: &mut Value) {
    let used = |document: &Value| {
        let mut used = BTreeSet::new();
        select::references(document, &mut used);
        used
    };
    let after = used(theirs);
    let unused: Vec<String> = used(before).difference(&after).map(|at| pointer::last(at)).collect();
    if let Some(components) = names::components(theirs) {
        for name in unused {
            components.shift_remove(&name);
        }
    }
}
