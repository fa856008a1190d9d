//! Progenitor follows `allOf` and the like without looking back. A schema that leads to itself through one has no end
//! there; one that multiplies its choices takes all the time there is.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use callrounded_document::{Diagnostic, Document, pointer};
use serde_json::Value;

use callrounded_document::walk;

/// More combinations than any real schema has.
const MOST_COMBINATIONS: usize = 256;
/// What, beside `anyOf` or `oneOf`, has to be merged into each of their schemas.
const MERGED: [&str; 4] = ["properties", "required", "additionalProperties", "items"];

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    // Merged is what stands in a schema itself. Where it only refers to another, the generator has an end.
    let mut edges: HashMap<String, Vec<String>> = HashMap::new();
    for (_, schema) in document.members("/components/schemas") {
        let mut targets = Vec::new();
        for inner in walk::schemas_in(document, &schema) {
            let reference = document
                .text(&pointer::join(&inner, "$ref"))
                .and_then(|text| text.strip_prefix('#'));
            if let Some(target) = reference.filter(|_| merges(document, &schema, &inner)) {
                targets.push(target.to_owned());
            }
            let list = pointer::join(&inner, "allOf");
            if document.get(&list).is_some() && is_endless(document, &list) {
                found.push(document.diagnostic(
                    &list,
                    "merging these schemas has no end: they have the same property, whose schemas lead back to them",
                    "describe the object with `properties`",
                ));
            }
            let combinations = combinations(document, &inner);
            if combinations > MOST_COMBINATIONS {
                found.push(document.diagnostic(
                    &pointer::join(&inner, "allOf"),
                    format!("this allows {combinations} combinations, and the generator would make a type of each"),
                    "describe the object with `properties`, or say less here",
                ));
            }
        }
        edges.insert(schema, targets);
    }
    for (_, schema) in document.members("/components/schemas") {
        if leads(&edges, &schema, &schema) {
            found.push(document.diagnostic(
                &schema,
                "the schema leads to itself through `allOf`, `anyOf` or `oneOf`, which the generator would follow without end",
                "refer to it from a property by `$ref` alone",
            ));
        }
    }
}

/// Whether what is at `inner` has to be merged with other schemas to make a type: it stands in a list of several, or in
/// one with keywords beside it, or the way there from the component is such lists alone.
fn merges(document: &Document, component: &str, inner: &str) -> bool {
    let (mut at, mut through_lists_alone) = (inner, inner != component);
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
                through_lists_alone = false;
                at = holder;
            }
            // `items`, `not` and `additionalProperties` hold the schema itself.
            _ => {
                through_lists_alone = false;
                at = list;
            }
        }
    }
    through_lists_alone
}

/// Whether a merge has no end: it merges the properties that two schemas have both, and those of these, and so on, until it comes
/// back to what it is merging.
fn is_endless(document: &Document, list: &str) -> bool {
    let start: BTreeSet<String> = parts(document, list).into_iter().collect();
    let mut way: Vec<BTreeSet<String>> = Vec::new();
    let mut done: HashSet<BTreeSet<String>> = HashSet::new();
    let mut waiting = vec![(start, 0)];
    while let Some((merged, depth)) = waiting.pop() {
        way.truncate(depth);
        if way.contains(&merged) || depth > MOST_COMBINATIONS {
            return true;
        }
        if merged.len() < 2 || !done.insert(merged.clone()) {
            continue;
        }
        for inner in met(document, &merged) {
            waiting.push((inner, depth + 1));
        }
        way.push(merged);
    }
    false
}

/// The schemas of a list, each with what it is put together from itself.
fn parts(document: &Document, list: &str) -> Vec<String> {
    let count = document.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .flat_map(|index| walk::parts(document, &pointer::join(list, &index.to_string())))
        .collect()
}

/// What several schemas have in one place: each property, their items, and all other properties.
fn met(document: &Document, schemas: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for schema in schemas {
        let properties = pointer::join(schema, "properties");
        let properties = document.members(&properties).map(|(name, at)| (format!("/{name}"), at));
        let others =
            ["items", "additionalProperties"].map(|keyword| (keyword.to_owned(), pointer::join(schema, keyword)));
        for (place, at) in properties.chain(others) {
            if document.get(&at).is_some_and(Value::is_object) {
                let target = document.resolve(&at).unwrap_or(at);
                places.entry(place).or_default().insert(target);
            }
        }
    }
    let met = places.into_values().filter(|schemas| schemas.len() > 1);
    met.map(|schemas| {
        schemas
            .iter()
            .flat_map(|schema| walk::parts(document, schema))
            .collect()
    })
    .collect()
}

fn leads(edges: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut waiting) = (HashSet::new(), vec![from]);
    while let Some(at) = waiting.pop() {
        for target in edges.get(at).into_iter().flatten() {
            if target == to {
                return true;
            }
            if seen.insert(target.as_str()) {
                waiting.push(target);
            }
        }
    }
    false
}

/// How many ways there are through the choices that an `allOf` joins.
fn combinations(document: &Document, schema: &str) -> usize {
    let list = pointer::join(schema, "allOf");
    let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .filter_map(|index| document.resolve(&pointer::join(&list, &index.to_string())))
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
