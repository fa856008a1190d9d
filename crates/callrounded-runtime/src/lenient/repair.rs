//! Skips what does not decode, value by value, until the rest does.

use std::collections::{HashMap, HashSet};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Budget, Decoded, Place, Step, Undecodable, without_values, written};
use crate::union;

/// With more values than this to skip, the outermost list that holds the next one is skipped as a whole, or without a list
/// the object that holds it.
const MAX_SKIPPED: usize = 64;

/// JSON that does not decode as it is, on its way to what does.
pub(super) struct Repair<'a> {
    text: &'a str,
    root: &'a str,
    /// What is still there.
    json: Value,
    /// For each list that lacks elements by now, the positions that the others had.
    left: HashMap<Vec<Step>, Vec<usize>>,
    /// Paths as they were in the text, as are all below.
    skipped: Vec<Vec<Step>>,
    kept: HashSet<Vec<Step>>,
    /// What was skipped last and why: the reason too for that which holds it to be skipped.
    last: Option<(Vec<Step>, Undecodable)>,
}

impl<'a> Repair<'a> {
    pub(super) fn new(text: &'a str, root: &'a str, json: Value) -> Self {
        Self {
            text,
            root,
            json,
            left: HashMap::new(),
            skipped: Vec::new(),
            kept: HashSet::new(),
            last: None,
        }
    }

    pub(super) fn run<T: DeserializeOwned>(mut self, budget: &mut Budget) -> Result<Decoded<T>, Undecodable> {
        loop {
            let place = match serde_path_to_error::deserialize::<_, T>(&self.json) {
                Ok(value) => {
                    let skipped = self.skipped.iter().map(|path| written(self.root, path)).collect();
                    return Ok(Decoded { value, skipped });
                }
                Err(error) => Place::of(&error),
            };
            let at = self.original(&place.path);
            let reason = match &self.last {
                // What takes its place did not fit either.
                Some((last, reason)) if *last == at => reason.clone(),
                _ => Undecodable {
                    path: written(self.root, &at),
                    problem: without_values(&place.problem),
                },
            };
            let mut depth = place.path.len();
            let has_many = self.skipped.len() >= MAX_SKIPPED;
            if !budget.take(self.text.len()) || has_many {
                let is_index = |step: &Step| matches!(step, Step::Index(_));
                // Without a list it is an object that holds so many, which a map can.
                let otherwise = depth.saturating_sub(usize::from(has_many));
                depth = place.path.iter().position(is_index).unwrap_or(otherwise);
            }
            // Where a value is needed, that which holds it goes.
            loop {
                let at = at.get(..depth).unwrap_or_default().to_vec();
                if self.skip::<T>(&place, depth, &at) {
                    self.skipped.retain(|known| !known.starts_with(&at));
                    self.skipped.push(at.clone());
                    self.last = Some((at, reason));
                    break;
                }
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return Err(reason),
                }
            }
        }
    }

    /// The path as it was in the text.
    fn original(&self, path: &[Step]) -> Vec<Step> {
        let mut at = Vec::with_capacity(path.len());
        for step in path {
            let step = match (step, self.left.get(&at)) {
                (Step::Index(index), Some(left)) => Step::Index(left.get(*index).copied().unwrap_or(*index)),
                (step, _) => step.clone(),
            };
            at.push(step);
        }
        at
    }

    /// Skips the value that is `depth` steps on the way to the place and was at `at` in the text; whether that was possible.
    fn skip<T: DeserializeOwned>(&mut self, place: &Place, depth: usize, at: &[Step]) -> bool {
        if place.unions.contains(&depth) && self.kept.insert(at.to_vec()) {
            let original = serde_json::from_str(self.text).unwrap_or_default();
            return match (
                value_at(&original, at),
                value_at_mut(&mut self.json, place.path.get(..depth).unwrap_or_default()),
            ) {
                (Some(original), Some(value)) => {
                    *value = Value::Object(Map::from_iter([(union::KEEP.to_owned(), original.clone())]));
                    true
                }
                _ => false,
            };
        }
        let Some((last, holder)) = place.path.get(..depth).and_then(<[Step]>::split_last) else {
            return false;
        };
        match (value_at_mut(&mut self.json, holder), last) {
            (Some(Value::Object(members)), Step::Key(key)) => match members.get_mut(key) {
                None => false,
                // A null did not fit either.
                Some(Value::Null) => self.remove_from_map::<T>(holder, key),
                Some(value) => {
                    *value = Value::Null;
                    true
                }
            },
            (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
                let count = items.len();
                items.remove(*index);
                let list = at.split_last().map(|(_, list)| list.to_vec()).unwrap_or_default();
                self.left
                    .entry(list)
                    .or_insert_with(|| (0..count).collect())
                    .remove(*index);
                true
            }
            _ => false,
        }
    }

    /// Removes the null that is at `key`, if all keys of that object are alike. From an object with properties of its own it
    /// is not removed, since an absent property may have a default.
    fn remove_from_map<T: DeserializeOwned>(&mut self, holder: &[Step], key: &str) -> bool {
        const UNKNOWN: &str = "\u{0}callrounded: no property has this name";
        self.rename(holder, key, Some(UNKNOWN));
        let stopped = serde_path_to_error::deserialize::<_, T>(&self.json)
            .err()
            .map(|error| Place::of(&error).path);
        let is_map = stopped
            .as_deref()
            .and_then(<[Step]>::split_last)
            .is_some_and(|(last, above)| above == holder && matches!(last, Step::Key(key) if key == UNKNOWN));
        self.rename(holder, UNKNOWN, (!is_map).then_some(key));
        is_map
    }

    /// Gives a key of an object another name, or removes it. The others keep their order.
    fn rename(&mut self, holder: &[Step], from: &str, to: Option<&str>) {
        if let Some(Value::Object(members)) = value_at_mut(&mut self.json, holder) {
            let renamed = std::mem::take(members)
                .into_iter()
                .filter_map(|(key, value)| match key == from {
                    true => Some((to?.to_owned(), value)),
                    false => Some((key, value)),
                });
            *members = renamed.collect();
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
