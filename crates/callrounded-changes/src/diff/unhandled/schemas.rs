//! Compares the keywords of schemas, from schema to schema.

use std::collections::BTreeSet;

use callrounded_document::{Document, pointer, structure::Object};

use super::{
    CONDITIONS, Difference, EVALUATING_CONDITIONS, Side, Traversal, canonical, is_handled,
    parts::{KeywordValues, Parts},
};
use crate::diff::directions::Directions;

impl Traversal<'_> {
    pub(super) fn schema_in(&mut self, before: &str, after: &str, directions: Directions) {
        let (before, after) = (pointer::join(before, "schema"), pointer::join(after, "schema"));
        if self.old.get(&before).is_some() && self.new.get(&after).is_some() {
            self.schema(vec![before], vec![after], directions);
        }
    }

    pub(super) fn schema(&mut self, before: Side, after: Side, directions: Directions) {
        if !self.seen.insert((before.clone(), after.clone(), directions)) {
            return;
        }
        let (old, new) = (Parts::of(self.old, &before), Parts::of(self.new, &after));
        let names: BTreeSet<&String> = old.keywords.keys().chain(new.keywords.keys()).collect();
        let has_unevaluated = names.iter().any(|name| name.starts_with("unevaluated"));
        for name in names {
            let (one, other) = (old.keywords.get(name), new.keywords.get(name));
            let values = |entry: Option<&KeywordValues>| entry.map(|entry| entry.values.clone());
            if values(one) != values(other) {
                let at = |entry: Option<&KeywordValues>| entry.map(|entry| entry.at.clone());
                self.found.push(Difference {
                    old: at(one),
                    new: at(other),
                    keyword: name.clone(),
                    is_condition: CONDITIONS.contains(&name.as_str())
                        || EVALUATING_CONDITIONS.contains(&name.as_str()) && !has_unevaluated,
                    is_handled: is_handled(Object::Schema, name),
                    directions,
                    schemas: Some((before.clone(), after.clone())),
                });
            }
        }
        for (name, (one, other)) in old
            .subschemas
            .iter()
            .filter_map(|(name, one)| Some((name, (one, new.subschemas.get(name)?))))
        {
            if name.starts_with('|') {
                self.branches(one, other, directions, (&before, &after))
            } else {
                self.schema(one.clone(), other.clone(), directions)
            }
        }
    }

    /// Pairs the branches of a union that are the same component, or are written identically.
    fn branches(&mut self, old: &Side, new: &Side, directions: Directions, (before, after): (&Side, &Side)) {
        let mut new = new.clone();
        let target = |document: &Document, at: &str| document.resolve(at).filter(|target| target != at);
        let mut has_unpaired = false;
        for one in old {
            let same = |other: &String| match (target(self.old, one), target(self.new, other)) {
                (None, None) => self.old.get(one).map(canonical) == self.new.get(other).map(canonical),
                (one, other) => one == other,
            };
            match new.iter().position(same) {
                Some(index) => {
                    let other = new.remove(index);
                    self.schema(vec![one.clone()], vec![other], directions);
                }
                None => has_unpaired = true,
            }
        }
        if has_unpaired || !new.is_empty() {
            self.found.push(Difference {
                old: old.first().cloned(),
                new: new.first().cloned(),
                is_condition: false,
                keyword: "oneOf".to_owned(),
                is_handled: true,
                directions,
                schemas: Some((before.clone(), after.clone())),
            });
        }
    }
}
