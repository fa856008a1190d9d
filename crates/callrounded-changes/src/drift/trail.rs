//! From a place in a payload to the schema that is used there.

use callrounded_document::{
    Deviation, Document,
    json::{Json, Kind, Node},
    pointer,
};
use serde_json::Value;

/// The schemas that a value of the schema at `at` has to fit, or one of: itself, and what it is put together from.
fn parts(document: &Document, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![at.to_owned()];
    while let Some(next) = waiting.pop() {
        let Some(at) = document.resolve(&next).filter(|at| !found.contains(at)) else {
            continue;
        };
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let list = pointer::join(&at, keyword);
            let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            waiting.extend((0..count).map(|index| pointer::join(&list, &index.to_string())));
        }
        found.push(at);
    }
    found
}

/// The schema of a member or item; its references not followed.
fn step(document: &Document, at: &str, token: &str) -> Option<String> {
    parts(document, at).into_iter().find_map(|part| {
        let property = pointer::join(&pointer::join(&part, "properties"), token);
        let items = pointer::join(&part, "items");
        let others = pointer::join(&part, "additionalProperties");
        let is_index = token.bytes().all(|b| b.is_ascii_digit());
        [property, items, others]
            .into_iter()
            .enumerate()
            .find(|(kind, at)| document.get(at).is_some_and(Value::is_object) && (*kind != 1 || is_index))
            .map(|(_, at)| at)
    })
}

/// JSON pointer to the schema that the document has for the place `at` of a payload, as it is used there.
pub(super) fn schema_of(document: &Document, root: &str, at: &str) -> Option<String> {
    let mut schema = root.to_owned();
    for token in pointer::tokens(at) {
        schema = step(document, &schema, &token)?;
    }
    Some(schema)
}

/// Whether the value may be shown: the document says so of the property, or of the list of values.
pub(super) fn is_shown(document: &Document, root: &str, found: &Deviation) -> bool {
    let marked = |at: &str| document.get(&pointer::join(at, "x-personal-data")) == Some(&Value::Bool(false));
    let of_property = schema_of(document, root, &found.pointer).is_some_and(|at| marked(&at));
    of_property || pointer::split(&found.schema).is_some_and(|(holder, _)| marked(holder))
}

/// How many values of a payload have a schema.
pub(super) fn described(document: &Document, schema: &str, node: Node<'_>) -> usize {
    let inner = |token: &str, value: Node<'_>| {
        step(document, schema, token).map_or(0, |schema| 1 + described(document, &schema, value))
    };
    let of_members: usize = node
        .members()
        .map(|(name, value)| inner(&name.as_str().unwrap_or_default(), value))
        .sum();
    of_members + node.elements().map(|element| inner("0", element)).sum::<usize>()
}

/// Every text of a payload whose schema says that it is one and nothing more, with that schema.
pub(super) fn texts(document: &Document, root: &str, payload: &Json, see: &mut dyn FnMut(String, &str)) {
    walk(document, root, payload.root(), see);
}

fn walk(document: &Document, schema: &str, node: Node<'_>, see: &mut dyn FnMut(String, &str)) {
    match node.kind() {
        Kind::String => {
            let Some(at) = document.resolve(schema) else { return };
            let has = |keyword: &str| document.get(&pointer::join(&at, keyword)).is_some();
            if document.text(&pointer::join(&at, "type")) == Some("string")
                && !has("format")
                && !has("enum")
                && !has("pattern")
            {
                see(at, &node.as_str().unwrap_or_default());
            }
        }
        Kind::Array => {
            for element in node.elements() {
                if let Some(inner) = step(document, schema, "0") {
                    walk(document, &inner, element, see);
                }
            }
        }
        Kind::Object => {
            for (name, value) in node.members() {
                if let Some(inner) = step(document, schema, &name.as_str().unwrap_or_default()) {
                    walk(document, &inner, value, see);
                }
            }
        }
        _ => {}
    }
}
