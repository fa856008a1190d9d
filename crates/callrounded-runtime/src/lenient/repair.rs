//! Repairs JSON: skips one undecodable value after another until the rest can be decoded.

use std::collections::{HashMap, HashSet};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Budget, DecodeError, Decoded, Location, Step, format_path, without_values};
use crate::union;

/// The number of values that are skipped one by one. After that, the outermost list around the next one is skipped as a
/// whole, or its parent object if there is no list.
const MAX_SKIPPED: usize = 64;

/// JSON that cannot be decoded as received, and what has been skipped of it so far.
pub(super) struct Repair<'a> {
    text: &'a str,
    root: &'a str,
    /// The JSON without the skipped values.
    json: Value,
    /// For each list with removed elements, the original indexes of the remaining ones.
    original_indexes: HashMap<Vec<Step>, Vec<usize>>,
    /// The skipped paths. These and all paths below are those of the original text.
    skipped: Vec<Vec<Step>>,
    /// The open unions whose JSON is kept as the unknown variant.
    kept_unions: HashSet<Vec<Step>>,
    /// The value that was skipped last, and why. If its parent must be skipped too, the reason is the same.
    last_skipped: Option<(Vec<Step>, DecodeError)>,
}

impl<'a> Repair<'a> {
    pub(super) fn new(text: &'a str, root: &'a str, json: Value) -> Self {
        Self {
            text,
            root,
            json,
            original_indexes: HashMap::new(),
            skipped: Vec::new(),
            kept_unions: HashSet::new(),
            last_skipped: None,
        }
    }

    pub(super) fn run<T: DeserializeOwned>(mut self, budget: &mut Budget) -> Result<Decoded<T>, DecodeError> {
        loop {
            let location = match serde_path_to_error::deserialize::<_, T>(&self.json) {
                Ok(value) => {
                    let skipped = self.skipped.iter().map(|path| format_path(self.root, path)).collect();
                    return Ok(Decoded { value, skipped });
                }
                Err(error) => Location::of(&error),
            };
            let at = self.original_path(&location.path);
            let reason = match &self.last_skipped {
                // The replacement of the skipped value cannot be decoded either.
                Some((last, reason)) if *last == at => reason.clone(),
                _ => DecodeError {
                    path: format_path(self.root, &at),
                    problem: without_values(&location.problem),
                },
            };
            let mut depth = location.path.len();
            let has_many = self.skipped.len() >= MAX_SKIPPED;
            if !budget.take(self.text.len()) || has_many {
                let is_index = |step: &Step| matches!(step, Step::Index(_));
                // Without a list, the many values are in an object, such as a map.
                let otherwise = depth.saturating_sub(usize::from(has_many));
                depth = location.path.iter().position(is_index).unwrap_or(otherwise);
            }
            // If a value is required, its parent is skipped.
            loop {
                let at = at.get(..depth).unwrap_or_default().to_vec();
                if self.skip::<T>(&location, depth, &at) {
                    self.skipped.retain(|known| !known.starts_with(&at));
                    self.skipped.push(at.clone());
                    self.last_skipped = Some((at, reason));
                    break;
                }
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return Err(reason),
                }
            }
        }
    }

    /// Converts a path in `json` into the path in the original text.
    fn original_path(&self, path: &[Step]) -> Vec<Step> {
        let mut at = Vec::with_capacity(path.len());
        for step in path {
            let step = match (step, self.original_indexes.get(&at)) {
                (Step::Index(index), Some(indexes)) => Step::Index(indexes.get(*index).copied().unwrap_or(*index)),
                (step, _) => step.clone(),
            };
            at.push(step);
        }
        at
    }

    /// Skips the value at the first `depth` steps of the location's path. `at` is its path in the original text.
    /// Returns whether that was possible.
    fn skip<T: DeserializeOwned>(&mut self, location: &Location, depth: usize, at: &[Step]) -> bool {
        if location.unions.contains(&depth) && self.kept_unions.insert(at.to_vec()) {
            let original = serde_json::from_str(self.text).unwrap_or_default();
            return match (
                value_at(&original, at),
                value_at_mut(&mut self.json, location.path.get(..depth).unwrap_or_default()),
            ) {
                (Some(original), Some(value)) => {
                    *value = Value::Object(Map::from_iter([(union::KEEP.to_owned(), original.clone())]));
                    true
                }
                _ => false,
            };
        }
        let Some((last, parent)) = location.path.get(..depth).and_then(<[Step]>::split_last) else {
            return false;
        };
        match (value_at_mut(&mut self.json, parent), last) {
            (Some(Value::Object(properties)), Step::Key(key)) => match properties.get_mut(key) {
                None => false,
                // Null cannot be decoded either.
                Some(Value::Null) => self.remove_from_map::<T>(parent, key),
                Some(value) => {
                    *value = Value::Null;
                    true
                }
            },
            (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
                let count = items.len();
                items.remove(*index);
                let list = at.split_last().map(|(_, list)| list.to_vec()).unwrap_or_default();
                self.original_indexes
                    .entry(list)
                    .or_insert_with(|| (0..count).collect())
                    .remove(*index);
                true
            }
            _ => false,
        }
    }

    /// Removes the null at `key` if the parent is a map, in which any key is allowed. Returns whether it is one. A
    /// property of an object type is not removed, since an absent property may have a default.
    fn remove_from_map<T: DeserializeOwned>(&mut self, parent: &[Step], key: &str) -> bool {
        const UNKNOWN: &str = "\u{0}callrounded: no property has this name";
        self.rename(parent, key, Some(UNKNOWN));
        let stopped = serde_path_to_error::deserialize::<_, T>(&self.json)
            .err()
            .map(|error| Location::of(&error).path);
        let is_map = stopped
            .as_deref()
            .and_then(<[Step]>::split_last)
            .is_some_and(|(last, above)| above == parent && matches!(last, Step::Key(key) if key == UNKNOWN));
        self.rename(parent, UNKNOWN, (!is_map).then_some(key));
        is_map
    }

    /// Renames a key of an object, or removes it. The others keep their order.
    fn rename(&mut self, parent: &[Step], from: &str, to: Option<&str>) {
        if let Some(Value::Object(properties)) = value_at_mut(&mut self.json, parent) {
            let renamed = std::mem::take(properties).into_iter().filter_map(|(key, value)| {
                if key == from {
                    Some((to?.to_owned(), value))
                } else {
                    Some((key, value))
                }
            });
            *properties = renamed.collect();
        }
    }
}

fn value_at<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |at, step| match step {
        Step::Key(key) => at.get(key),
        Step::Index(index) => at.get(index),
    })
}

fn value_at_mut<'v>(value: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |at, step| match step {
        Step::Key(key) => at.get_mut(key),
        Step::Index(index) => at.get_mut(index),
    })
}
