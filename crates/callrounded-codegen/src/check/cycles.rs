//! Progenitor follows `allOf` and the like without looking back. A schema that leads to itself through one has no end
//! there; one that multiplies its choices takes all the time there is.

use std::collections::{HashMap, HashSet};

use callrounded_document::{Diagnostic, Document, pointer};
use serde_json::Value;

use callrounded_document::walk;

/// More combinations than any real schema has.
const MOST_COMBINATIONS: usize = 256;
/// What, beside `anyOf` or `oneOf`, has to be merged into each of their schemas.
const MERGED: [&str; 4] = ["properties", "required", "additionalProperties", "items"];

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    let mut edges: HashMap<String, Vec<(String, bool)>> = HashMap::new();
    for (_, schema) in document.members("/components/schemas") {
        let mut targets = Vec::new();
        for inner in walk::schemas_in(document, &schema) {
            let reference = document
                .text(&pointer::join(&inner, "$ref"))
                .and_then(|text| text.strip_prefix('#'));
            if let Some(target) = reference {
                targets.push((target.to_owned(), merges(document, &schema, &inner)));
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
        let start = edges.get(&schema).into_iter().flatten();
        let merging = start
            .filter(|(_, merges)| *merges)
            .any(|(target, _)| *target == schema || leads(&edges, target, &schema));
        if merging {
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

fn leads(edges: &HashMap<String, Vec<(String, bool)>>, from: &str, to: &str) -> bool {
    let (mut seen, mut waiting) = (HashSet::new(), vec![from]);
    while let Some(at) = waiting.pop() {
        for (target, _) in edges.get(at).into_iter().flatten() {
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
