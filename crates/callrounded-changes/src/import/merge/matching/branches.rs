//! Which branch of a union is which branch of another one.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashSet},
};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::{Core, Walk, properties};

impl Walk<'_> {
    /// The branches of a union, each with the one of theirs that is most alike: first those of one name, and of those that are
    /// equally alike the ones in the same place.
    pub(super) fn branches(&mut self, our_at: &str, their_at: &str, is_read: bool) {
        let their_list = ["oneOf", "anyOf"].map(|keyword| pointer::join(their_at, keyword));
        let Some(their_list) = their_list.iter().find(|at| self.theirs.get(at).is_some()) else {
            return;
        };
        let (ours, theirs) = (branches(self.ours, our_at), branches(&self.theirs, their_list));
        let mut pairs = Vec::new();
        for (index, our) in ours.iter().enumerate() {
            for (place, their) in theirs.iter().enumerate() {
                let alike = our.alike(their);
                if alike > 0 {
                    let is_named_so = our.name.as_ref().is_some_and(|name| {
                        let name = self.chosen.get(name).unwrap_or(name);
                        their.name.as_ref() == Some(name)
                    });
                    pairs.push((is_named_so, alike, Reverse(index.abs_diff(place)), index, place));
                }
            }
        }
        pairs.sort_by(|one, other| other.cmp(one));
        let (mut done, mut taken) = (HashSet::new(), HashSet::new());
        for (.., index, place) in pairs {
            let (Some(our), Some(their)) = (ours.get(index), theirs.get(place)) else {
                continue;
            };
            if !done.contains(&index) && taken.insert(place) {
                done.insert(index);
                self.schema(&our.at, &their.at, is_read);
            }
        }
    }
}

/// A branch of a union, and what it can be recognized by.
struct Branch {
    at: String,
    /// The name of the component that it is.
    name: Option<String>,
    features: BTreeSet<String>,
}

impl Branch {
    /// How much two branches have in common, in hundredths.
    fn alike(&self, other: &Self) -> usize {
        let all = self.features.union(&other.features).count();
        let common = self.features.intersection(&other.features).count();
        (common * 100).checked_div(all).unwrap_or_default()
    }
}

fn branches(document: &Document, list: &str) -> Vec<Branch> {
    let count = document.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    let each = (0..count).map(|index| pointer::join(list, &index.to_string()));
    let each = each.filter_map(|at| {
        let core = Core::of(document, &at)?;
        Some(Branch {
            at,
            features: features(document, &core.at),
            name: core.name,
        })
    });
    each.collect()
}

/// What a schema can be recognized by: its properties, what they may be, and values.
fn features(document: &Document, at: &str) -> BTreeSet<String> {
    let mut found = stated(document, at);
    for (name, at) in properties(document, at) {
        let at = Core::of(document, &at).map_or(at, |core| core.at);
        found.extend(
            stated(document, &at)
                .into_iter()
                .map(|feature| format!("{name}: {feature}")),
        );
        found.insert(name);
    }
    if let (true, Some(kind)) = (found.is_empty(), document.text(&pointer::join(at, "type"))) {
        found.insert(kind.to_owned());
    }
    found
}

/// The values of an enumeration, and a format.
fn stated(document: &Document, at: &str) -> BTreeSet<String> {
    let values = document.get(&pointer::join(at, "enum")).and_then(Value::as_array);
    let mut found: BTreeSet<String> = values.into_iter().flatten().map(ToString::to_string).collect();
    found.extend(document.text(&pointer::join(at, "format")).map(str::to_owned));
    found
}
