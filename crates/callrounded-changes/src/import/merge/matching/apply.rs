//! Applies matches: schemas of theirs get our names. A schema that is inline on one side and a component on the other
//! becomes what it is in ours.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use callrounded_document::{pointer, traverse};
use serde_json::{Value, json};

use super::{Matched, Matcher, Outcome, SCHEMAS};
use crate::{
    diff,
    import::{
        names::{self, free_name},
        select,
    },
};

impl Matcher<'_> {
    /// Renames schemas of theirs to our names.
    pub(super) fn apply(mut self) -> Matched {
        self.resolve_candidates();
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        let mut copies: Vec<(String, String)> = Vec::new();
        for (our, theirs) in self.named.clone() {
            let [their] = theirs.iter().collect::<Vec<_>>()[..] else {
                continue;
            };
            match renamed.get(their) {
                // Theirs has one schema and ours has two.
                Some(_) => copies.push((our, their.clone())),
                None => {
                    renamed.insert(their.clone(), our);
                }
            }
        }
        self.convert_inline(&mut renamed);
        let mut theirs = self.theirs.value().clone();
        for (our, their) in copies {
            self.add_copy(&mut theirs, &our, &their);
        }
        self.rename_conflicts(&mut theirs, &mut renamed);
        names::rename_all(&mut theirs, &renamed);
        for (their, our) in renamed.iter().filter(|(their, our)| their != our) {
            let at = pointer::join(SCHEMAS, our);
            let is_theirs = self.before.pointer(&pointer::join(SCHEMAS, their)).is_some();
            if is_theirs && self.ours.get(&at).is_some() {
                self.record_match(&at, their, "");
            }
        }
        remove_unused(&self.before, &mut theirs);
        Matched {
            theirs,
            found: self.found,
            records: self.records,
        }
    }

    /// Resolves several schemas of theirs that match one of ours. Equivalent ones become one. Otherwise the one in
    /// `x-vendor-name`, or the one with our name, is used; without either, the match is ambiguous.
    fn resolve_candidates(&mut self) {
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
            // The schema with our name matches; the others are new.
            if theirs.contains(&our) {
                self.named.insert(our.clone(), BTreeSet::from([our]));
                continue;
            }
            let list = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("`, `");
            self.named.remove(&our);
            self.report(
                Outcome::Ambiguous,
                &at(&our),
                format!(
                    "schema {our} may be any of `{list}` in the vendor's document; set `x-vendor-name` to one of them"
                ),
            );
        }
    }

    /// Merges equivalent components into one: the one in `x-vendor-name`, otherwise the first.
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
        names::redirect_references(&mut value, &renamed);
        if let Some(components) = names::components(&mut value) {
            rest.iter().for_each(|other| {
                components.shift_remove(other);
            });
        }
        self.theirs = self.theirs.with_value(value);
        self.named.insert(our.to_owned(), BTreeSet::from([kept]));
    }

    /// Inlines schemas of theirs that are inline in ours, and makes inline schemas components that are components in
    /// ours. If theirs has another component of that name, the new one is only later renamed to it.
    fn convert_inline(&mut self, renamed: &mut BTreeMap<String, String>) {
        let mut value = self.theirs.value().clone();
        for (at, name) in self.inline_in_ours.clone() {
            let target = pointer::join(SCHEMAS, &name);
            let reached = traverse::reachable(&self.theirs, [target.clone()]);
            if renamed.contains_key(&name) || reached.contains(&target) {
                continue;
            }
            if let (Some(schema), Some(reference)) = (self.theirs.get(&target).cloned(), value.pointer_mut(&at)) {
                *reference = schema;
            }
        }
        let mut inline: Vec<(String, Vec<String>)> = self.inline_in_theirs.clone().into_iter().collect();
        // The innermost first, so that the pointers of all others stay valid.
        inline.sort_by_key(|(_, pointers)| Reverse(pointers.iter().map(|at| at.matches('/').count()).max()));
        for (our, pointers) in inline {
            let Some(first) = pointers.first() else { continue };
            // In other locations, theirs may have an equivalent component.
            let component = match self.named.get(&our).map(|names| names.iter().collect::<Vec<_>>()) {
                Some(names) if names.len() == 1 => names.first().map(|name| pointer::join(SCHEMAS, name)),
                Some(_) => continue,
                None => None,
            };
            let model = component.as_ref().unwrap_or(first);
            let is_same = |other: &String| diff::same_schema(&self.theirs, model, &self.theirs, other);
            if !pointers.iter().all(is_same) {
                continue;
            }
            let our_at = pointer::join(SCHEMAS, &our);
            let is_ours = |their: &str| diff::same_schema(self.ours, &our_at, &self.theirs, their);
            let is_taken = component.is_none() && self.theirs.get(&our_at).is_some();
            // If the component of this name in theirs is ours, or neither is, the inline schema stays inline.
            if is_taken && (is_ours(&our_at) || !is_ours(first)) {
                continue;
            }
            let name = if is_taken {
                free_name(&value, &format!("{our}Inline"))
            } else {
                our.clone()
            };
            let at = component.clone().unwrap_or_else(|| pointer::join(SCHEMAS, &name));
            let mut schema = value.pointer(first).cloned().unwrap_or_default();
            let nullable = schema
                .as_object_mut()
                .and_then(|schema| schema.shift_remove("nullable"));
            if let (Some(_), Some(values)) = (&nullable, schema.get_mut("enum").and_then(Value::as_array_mut)) {
                values.retain(|value| !value.is_null());
            }
            let reference = json!({ "$ref": format!("#{at}") });
            let replacement = match nullable {
                Some(Value::Bool(true)) => json!({ "oneOf": [reference, { "enum": [null] }] }),
                _ => reference,
            };
            for at in &pointers {
                if let Some(existing) = value.pointer_mut(at) {
                    *existing = replacement.clone();
                }
            }
            if let (None, Some(components)) = (component, names::components(&mut value)) {
                components.insert(name.clone(), schema);
                if name != our {
                    renamed.insert(name, our);
                }
            }
        }
        self.theirs = self.theirs.with_value(value);
    }

    /// Renames schemas of theirs that have the name of a different schema of ours.
    fn rename_conflicts(&mut self, theirs: &mut Value, renamed: &mut BTreeMap<String, String>) {
        let taken: Vec<String> = renamed.values().cloned().collect();
        for name in taken {
            let is_other = self.theirs.get(&pointer::join(SCHEMAS, &name)).is_some() && !renamed.contains_key(&name);
            if is_other {
                let free = free_name(theirs, &name);
                let at = pointer::join(SCHEMAS, &free);
                let what = format!(
                    "schema {free} corresponds to `{name}` in the vendor's document; our {name} is a different schema"
                );
                self.report(Outcome::Same, &at, what);
                self.records.push((at, "x-vendor-name", json!(name)));
                renamed.insert(name, free);
            }
        }
    }

    /// Adds a copy of a schema of theirs that matches a second schema of ours.
    fn add_copy(&mut self, theirs: &mut Value, our: &str, their: &str) {
        let at = pointer::join(SCHEMAS, our);
        let schema = theirs.pointer(&pointer::join(SCHEMAS, their)).cloned();
        let (Some(schema), None) = (schema, theirs.pointer(&at)) else {
            return;
        };
        let reference = format!("#{at}");
        for (at, _) in self.references.iter().filter(|(_, name)| name == our) {
            if let Some(Value::String(existing)) = theirs.pointer_mut(&pointer::join(at, "$ref")) {
                reference.clone_into(existing);
            }
        }
        if let Some(components) = names::components(theirs) {
            components.insert(our.to_owned(), schema);
        }
        self.record_match(&at, their, " too");
    }
}

/// Removes schemas that were used before matching and are not any more.
fn remove_unused(before: &Value, theirs: &mut Value) {
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
