//! Properties that become fields of one type though they stand in several schemas.

use std::collections::HashSet;

use callrounded_document::{Document, pointer};
use serde_json::Value;

/// The properties that one type has with those of the schema, by `allOf`.
pub(super) fn beside(document: &Document, schema: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = HashSet::from([schema.to_owned()]);
    let mut below: Vec<String> = parts(document, schema);
    let mut at = schema.to_owned();
    while let Some((holder, index)) = part_of(&at) {
        let siblings = parts(document, holder);
        let siblings = siblings.into_iter().enumerate();
        // Of two that stand here, the second gives way.
        below.extend(siblings.filter_map(|(other, part)| {
            let is_reference = document.get(&pointer::join(&part, "$ref")).is_some();
            (other < index || other > index && is_reference).then_some(part)
        }));
        found.extend(own(document, holder));
        at = holder.to_owned();
    }
    while let Some(part) = below.pop() {
        let Some(part) = document.resolve(&part) else { continue };
        if seen.insert(part.clone()) {
            found.extend(own(document, &part));
            below.extend(parts(document, &part));
        }
    }
    found
}

fn own(document: &Document, schema: &str) -> Vec<String> {
    let list = pointer::join(schema, "properties");
    document.members(&list).map(|(name, _)| name.to_owned()).collect()
}

fn parts(document: &Document, schema: &str) -> Vec<String> {
    let list = pointer::join(schema, "allOf");
    let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .map(|index| pointer::join(&list, &index.to_string()))
        .collect()
}

/// The schema in whose `allOf` another stands, and where there.
fn part_of(schema: &str) -> Option<(&str, usize)> {
    let (list, index) = pointer::split(schema)?;
    let (holder, keyword) = pointer::split(list)?;
    (keyword == "allOf").then_some(())?;
    Some((holder, index.parse().ok()?))
}
