//! Matches the branches of unions.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashSet},
};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::{Matcher, Resolved, properties};

impl Matcher<'_> {
    /// Matches each branch of a union with the most similar one of theirs. Branches of the same name are matched first;
    /// of equally similar ones, those at the closest index.
    pub(super) fn match_branches(&mut self, our_at: &str, their_at: &str, is_read: bool) {
        let their_list = ["oneOf", "anyOf"].map(|keyword| pointer::join(their_at, keyword));
        let Some(their_list) = their_list.iter().find(|at| self.theirs.get(at).is_some()) else {
            return;
        };
        let (ours, theirs) = (branches(self.ours, our_at), branches(&self.theirs, their_list));
        let mut pairs = Vec::new();
        for (our_index, our) in ours.iter().enumerate() {
            for (their_index, their) in theirs.iter().enumerate() {
                let similarity = our.similarity(their);
                if similarity > 0 {
                    let has_same_name = our.name.as_ref().is_some_and(|name| {
                        let name = self.chosen.get(name).unwrap_or(name);
                        their.name.as_ref() == Some(name)
                    });
                    let distance = Reverse(our_index.abs_diff(their_index));
                    pairs.push((has_same_name, similarity, distance, our_index, their_index));
                }
            }
        }
        pairs.sort_by(|one, other| other.cmp(one));
        let (mut our_matched, mut their_matched) = (HashSet::new(), HashSet::new());
        for (.., our_index, their_index) in pairs {
            let (Some(our), Some(their)) = (ours.get(our_index), theirs.get(their_index)) else {
                continue;
            };
            if !our_matched.contains(&our_index) && their_matched.insert(their_index) {
                our_matched.insert(our_index);
                self.match_schemas(&our.at, &their.at, is_read);
            }
        }
    }
}

/// A branch of a union, and the features by which it is matched.
struct Branch {
    at: String,
    /// The name of the component, if it is one.
    name: Option<String>,
    features: BTreeSet<String>,
}

impl Branch {
    /// Returns the similarity of two branches: the percentage of features that they have in common, from 0 to 100.
    fn similarity(&self, other: &Self) -> usize {
        let all = self.features.union(&other.features).count();
        let common = self.features.intersection(&other.features).count();
        (common * 100).checked_div(all).unwrap_or_default()
    }
}

fn branches(document: &Document, list: &str) -> Vec<Branch> {
    let each = document.items(list);
    let each = each.filter_map(|at| {
        let resolved = Resolved::of(document, &at)?;
        Some(Branch {
            at,
            features: features(document, &resolved.at),
            name: resolved.name,
        })
    });
    each.collect()
}

/// Returns the features of a schema: its properties, and their formats and enum values. Without these, its type.
fn features(document: &Document, at: &str) -> BTreeSet<String> {
    let mut found = values_and_format(document, at);
    for (name, at) in properties(document, at) {
        let at = Resolved::of(document, &at).map_or(at, |resolved| resolved.at);
        found.extend(
            values_and_format(document, &at)
                .into_iter()
                .map(|feature| format!("{name}: {feature}")),
        );
        found.insert(name);
    }
    if let (true, Some(kind)) = (found.is_empty(), document.get_str(&pointer::join(at, "type"))) {
        found.insert(kind.to_owned());
    }
    found
}

/// Returns the enum values and the format of a schema.
fn values_and_format(document: &Document, at: &str) -> BTreeSet<String> {
    let values = document.get(&pointer::join(at, "enum")).and_then(Value::as_array);
    let mut found: BTreeSet<String> = values.into_iter().flatten().map(ToString::to_string).collect();
    found.extend(document.get_str(&pointer::join(at, "format")).map(str::to_owned));
    found
}
