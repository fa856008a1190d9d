//! Properties of several schemas that become fields of one type.

use std::collections::HashSet;

use callrounded_document::{Document, pointer};

/// Returns the properties that share a type with those of the schema because of `allOf`.
pub(super) fn sibling_properties(document: &Document, schema: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = HashSet::from([schema.to_owned()]);
    let mut below: Vec<String> = parts(document, schema);
    let mut at = schema.to_owned();
    while let Some((holder, index)) = containing_schema(&at) {
        let siblings = parts(document, holder);
        let siblings = siblings.into_iter().enumerate();
        // Of two inline schemas, the second gets the substitute.
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
    document.items(&list).collect()
}

/// Returns the schema whose `allOf` contains `schema`, and the index in the list.
fn containing_schema(schema: &str) -> Option<(&str, usize)> {
    let (list, index) = pointer::split(schema)?;
    let (holder, keyword) = pointer::split(list)?;
    (keyword == "allOf").then_some(())?;
    Some((holder, index.parse().ok()?))
}
