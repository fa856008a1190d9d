//! Property tests of the comparison, with random documents. Equivalent rewrites are no change on the wire, each kind of
//! change is reported with its effect, and no difference goes unreported.
//!
//! `DIFF_ROUNDS` multiplies the number of pairs of documents, which is 167 for all properties together.

use std::env;

use crate::made::{Made, mutations, rewrites};
use callrounded_changes::diff::{Diff, Effect, diff};
use callrounded_document::Document;
use fastrand::Rng;
use serde_json::{Value, json};

fn pairs(count: u64) -> u64 {
    count * env::var("DIFF_ROUNDS").map_or(1, |rounds| rounds.parse::<u64>().unwrap())
}

fn parsed(name: &str, value: &Value) -> Document {
    Document::parse(name, &value.to_string()).unwrap()
}

fn shown(found: &Diff) -> String {
    let changes = found.changes.iter().map(|change| {
        format!(
            "{} {} {}: {} #{}",
            change.wire, change.rule, change.subject, change.problem, change.pointer
        )
    });
    changes.collect::<Vec<_>>().join("\n")
}

/// Returns the lines in which two documents differ.
fn changed(old: &Value, new: &Value) -> String {
    let (old, new) = (format!("{old:#}"), format!("{new:#}"));
    similar::TextDiff::from_lines(&old, &new)
        .unified_diff()
        .context_radius(2)
        .to_string()
}

#[test]
fn diff_equivalent_rewrite_is_no_wire_change() {
    for seed in 0..pairs(20) {
        let mut rng = Rng::with_seed(seed);
        let made = Made::new(&mut rng);
        let mut value = made.value.clone();
        let mut applied = Vec::new();
        for _ in 0..3 {
            let (name, rewrite) = rewrites()[rng.usize(..rewrites().len())];
            if rewrite(&mut value, &mut rng) {
                applied.push(name);
            }
        }
        let (old, new) = (parsed("old.json", &made.value), parsed("new.json", &value));
        for (from, to) in [(&old, &new), (&new, &old)] {
            let found = diff(from, to);
            assert_eq!(
                found.wire(),
                Effect::None,
                "seed {seed}, {applied:?}:\n{}\n{}",
                shown(&found),
                changed(&made.value, &value)
            );
        }
    }
}

#[test]
fn diff_mutation_has_expected_effect() {
    let kinds = mutations();
    assert!(
        kinds.len() >= 60,
        "expected at least 60 kinds of changes, found {}",
        kinds.len()
    );
    for seed in 0..pairs(120) {
        let mut rng = Rng::with_seed(seed);
        let index = usize::try_from(seed).unwrap() % kinds.len();
        let (name, wire, mutate) = kinds[index];
        // Not every document has the part that the mutation changes.
        let (made, value) = std::iter::repeat_with(|| {
            let made = Made::new(&mut rng);
            let mut value = made.value.clone();
            mutate(&mut value, &made, &mut rng).then_some((made, value))
        })
        .take(100)
        .flatten()
        .next()
        .unwrap_or_else(|| panic!("none of 100 documents has the part that {name:?} changes"));
        assert_ne!(value, made.value, "mutation {name:?} did not change the document");
        let found = diff(&parsed("old.json", &made.value), &parsed("new.json", &value));
        assert!(
            !found.changes.is_empty(),
            "seed {seed}, {name}: no change was reported\n{}",
            changed(&made.value, &value)
        );
        assert_eq!(
            found.wire(),
            wire,
            "seed {seed}, {name}:\n{}\n{}",
            shown(&found),
            changed(&made.value, &value)
        );
    }
}

/// Collects the pointers of all values except annotations and their contents.
fn collect_pointers(value: &Value, at: String, found: &mut Vec<String>) {
    let is_significant = |name: &str| {
        !name.starts_with("x-") && !["description", "summary", "title", "example", "examples", "info"].contains(&name)
    };
    match value {
        Value::Object(members) => {
            let is_map = at.ends_with("/properties") || at.ends_with("/schemas");
            for (name, value) in members.iter().filter(|(name, _)| is_map || is_significant(name)) {
                let at = callrounded_document::pointer::join(&at, name);
                found.push(at.clone());
                collect_pointers(value, at, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = format!("{at}/{index}");
                found.push(at.clone());
                collect_pointers(value, at, found);
            }
        }
        _ => {}
    }
}

#[test]
fn diff_random_edit_is_reported() {
    for seed in 0..pairs(27) {
        let mut rng = Rng::with_seed(seed);
        let made = Made::new(&mut rng);
        let mut all = Vec::new();
        collect_pointers(&made.value, String::new(), &mut all);
        let at = all[rng.usize(..all.len())].clone();
        let (parent, name) = callrounded_document::pointer::split(&at).unwrap();
        let mut value = made.value.clone();
        if at == "/openapi" {
            continue;
        }
        let parent = value.pointer_mut(parent).unwrap();
        match (rng.u8(..3), parent) {
            (0, Value::Object(members)) => drop(members.shift_remove(&name)),
            (0, Value::Array(items)) => drop(items.remove(name.parse().unwrap())),
            (1, Value::Object(members)) => {
                members.insert(format!("mystery{}", rng.u16(..)), json!(1));
            }
            _ => alter(value.pointer_mut(&at).unwrap(), &mut rng),
        }
        if value == made.value {
            continue;
        }
        let found = diff(&parsed("old.json", &made.value), &parsed("new.json", &value));
        assert!(
            !found.changes.is_empty() || is_insignificant(&made.value, &value, &at),
            "seed {seed}: no change was reported for {at}\n{}",
            changed(&made.value, &value)
        );
    }
}

/// Changes a value into a different one.
fn alter(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(_) => *value = json!(rng.u16(1000..)),
        Value::String(text) => text.push_str(&rng.u16(1000..).to_string()),
        Value::Object(members) => drop(members.insert("mystery".to_owned(), json!(rng.u16(..)))),
        Value::Array(items) => items.push(json!(format!("mystery{}", rng.u16(..)))),
        Value::Null => *value = json!(1),
    }
}

/// Checks whether the difference at a pointer is insignificant: a flag that is off, an empty list, the type beside an
/// `enum`, or an unused security scheme.
fn is_insignificant(old: &Value, new: &Value, at: &str) -> bool {
    let off = |value: Option<&Value>| matches!(value, None | Some(Value::Bool(false)));
    let empty = |value: Option<&Value>| value.is_none_or(|value| value == &json!([]));
    let is_scheme =
        at.starts_with("/components/securitySchemes") && new.pointer("/components/securitySchemes/key").is_some();
    let is_listed = at
        .strip_suffix("/type")
        .is_some_and(|schema| new.pointer(&format!("{schema}/enum")).is_some());
    is_listed && new.pointer(at).is_none()
        || off(old.pointer(at)) && off(new.pointer(at))
        || empty(old.pointer(at)) && empty(new.pointer(at))
        || is_scheme && at.split('/').count() <= 4
}
