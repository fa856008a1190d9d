//! Rejects schemas on which progenitor would not terminate. It follows `allOf`, `anyOf` and `oneOf` without detecting
//! cycles, and generates a type for each combination of choices.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use callrounded_document::{Diagnostic, Document, pointer};
use serde_json::Value;

use callrounded_document::traverse;

/// The limit of combinations. No real schema has more.
const MAX_COMBINATIONS: usize = 256;
/// Keywords that are merged into each schema of an `anyOf` or `oneOf` beside them.
const MERGED: [&str; 4] = ["properties", "required", "additionalProperties", "items"];

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    // Only what a schema contains itself is merged. progenitor does not follow a schema that is only a reference.
    let mut edges: HashMap<String, Vec<String>> = HashMap::new();
    for (_, schema) in document.members("/components/schemas") {
        let mut targets = Vec::new();
        for inner in traverse::schemas_in(document, &schema) {
            let reference = document
                .get_str(&pointer::join(&inner, "$ref"))
                .and_then(|reference| reference.strip_prefix('#'));
            if let Some(target) = reference.filter(|_| merges(document, &schema, &inner)) {
                targets.push(target.to_owned());
            }
            let list = pointer::join(&inner, "allOf");
            if document.get(&list).is_some() && is_infinite(document, &list) {
                found.push(document.diagnostic(
                    &list,
                    "merging these schemas never ends: they share a property whose schemas reference them again",
                    "describe the object with `properties`",
                ));
            }
            let combinations = combinations(document, &inner);
            if combinations > MAX_COMBINATIONS {
                found.push(document.diagnostic(
                    &pointer::join(&inner, "allOf"),
                    format!(
                        "each combination of choices is a type: found {combinations}, the limit is {MAX_COMBINATIONS}"
                    ),
                    "describe the object with `properties`, or reduce the choices",
                ));
            }
        }
        edges.insert(schema, targets);
    }
    for (_, schema) in document.members("/components/schemas") {
        if reaches(&edges, &schema, &schema) {
            found.push(document.diagnostic(
                &schema,
                "the schema contains itself through `allOf`, `anyOf` or `oneOf`, which would never end",
                "reference it from a property, with nothing but `$ref`",
            ));
        }
    }
}

/// Checks whether the schema at `inner` is merged with other schemas into a type. It is if it is in a list of several
/// schemas, in a list with other keywords beside it, or if only such lists are between it and the component.
fn merges(document: &Document, component: &str, inner: &str) -> bool {
    let (mut at, mut only_lists) = (inner, inner != component);
    while at != component {
        let Some((list, _)) = pointer::split(at) else {
            return false;
        };
        let keyword = pointer::last(list);
        let Some((holder, _)) = pointer::split(list) else {
            return false;
        };
        let several = document.get(list).and_then(Value::as_array).map_or(0, Vec::len) > 1;
        let beside = MERGED
            .iter()
            .any(|keyword| document.get(&pointer::join(holder, keyword)).is_some());
        match keyword.as_str() {
            "allOf" if several || beside => return true,
            "anyOf" | "oneOf" if beside => return true,
            "allOf" | "anyOf" | "oneOf" => at = holder,
            "properties" => {
                only_lists = false;
                at = holder;
            }
            // `items`, `not` and `additionalProperties` contain the schema directly.
            _ => {
                only_lists = false;
                at = list;
            }
        }
    }
    only_lists
}

/// Checks whether a merge never ends. progenitor merges the properties that two schemas share, then those of these, and
/// so on. It does not end if it reaches schemas that it is already merging.
fn is_infinite(document: &Document, list: &str) -> bool {
    let start: BTreeSet<String> = parts(document, list).into_iter().collect();
    let mut path: Vec<BTreeSet<String>> = Vec::new();
    let mut done: HashSet<BTreeSet<String>> = HashSet::new();
    let mut pending = vec![(start, 0)];
    while let Some((merged, depth)) = pending.pop() {
        path.truncate(depth);
        if path.contains(&merged) || depth > MAX_COMBINATIONS {
            return true;
        }
        if merged.len() < 2 || !done.insert(merged.clone()) {
            continue;
        }
        for inner in shared(document, &merged) {
            pending.push((inner, depth + 1));
        }
        path.push(merged);
    }
    false
}

/// Returns the schemas of a list, and the schemas of which each is composed.
fn parts(document: &Document, list: &str) -> Vec<String> {
    document
        .items(list)
        .flat_map(|at| traverse::parts(document, &at))
        .collect()
}

/// Returns the groups of schemas that are merged because several of `schemas` have them at the same location: the same
/// property, their items, or their additional properties.
fn shared(document: &Document, schemas: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let mut locations: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for schema in schemas {
        let properties = pointer::join(schema, "properties");
        let properties = document.members(&properties).map(|(name, at)| (format!("/{name}"), at));
        let keywords =
            ["items", "additionalProperties"].map(|keyword| (keyword.to_owned(), pointer::join(schema, keyword)));
        for (location, at) in properties.chain(keywords) {
            if document.get(&at).is_some_and(Value::is_object) {
                let target = document.resolve(&at).unwrap_or(at);
                locations.entry(location).or_default().insert(target);
            }
        }
    }
    let shared = locations.into_values().filter(|schemas| schemas.len() > 1);
    shared
        .map(|schemas| {
            schemas
                .iter()
                .flat_map(|schema| traverse::parts(document, schema))
                .collect()
        })
        .collect()
}

/// Checks whether a path of at least one edge leads from one schema to another.
fn reaches(edges: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut pending) = (HashSet::new(), vec![from]);
    while let Some(at) = pending.pop() {
        for target in edges.get(at).into_iter().flatten() {
            if target == to {
                return true;
            }
            if seen.insert(target.as_str()) {
                pending.push(target);
            }
        }
    }
    false
}

/// Counts the combinations of the choices that an `allOf` joins.
fn combinations(document: &Document, schema: &str) -> usize {
    let list = pointer::join(schema, "allOf");
    document
        .items(&list)
        .filter_map(|at| document.resolve(&at))
        .map(|member| {
            let choices = |keyword| {
                document
                    .get(&pointer::join(&member, keyword))
                    .and_then(Value::as_array)
                    .map_or(1, Vec::len)
            };
            choices("oneOf").max(choices("anyOf")).max(1)
        })
        .fold(1, usize::saturating_mul)
}
