//! Looks up the schema for a location in a payload.

use callrounded_document::{
    Document, Mismatch,
    json::{Json, Kind, Node},
    pointer,
    traverse::member,
};

/// Returns the JSON pointer to the schema for the location `at` of a payload, where the schema is used.
pub(super) fn schema_of(document: &Document, root: &str, at: &str) -> Option<String> {
    let mut schema = root.to_owned();
    for token in pointer::tokens(at) {
        schema = member(document, &schema, &token)?;
    }
    Some(schema)
}

/// Checks whether a value may be shown. The document marks the property or the enumeration as not personal data.
pub(super) fn is_shown(document: &Document, root: &str, found: &Mismatch) -> bool {
    let of_property = schema_of(document, root, &found.pointer).is_some_and(|at| document.may_be_shown(&at));
    of_property || pointer::split(&found.schema).is_some_and(|(holder, _)| document.may_be_shown(holder))
}

/// Counts the values of a payload that have a schema.
pub(super) fn described(document: &Document, schema: &str, node: Node<'_>) -> usize {
    let inner = |token: &str, value: Node<'_>| {
        member(document, schema, token).map_or(0, |schema| 1 + described(document, &schema, value))
    };
    let of_members: usize = node
        .members()
        .map(|(name, value)| inner(&name.as_str().unwrap_or_default(), value))
        .sum();
    of_members + node.elements().map(|element| inner("0", element)).sum::<usize>()
}

/// Visits every string of a payload whose schema is a plain string or a date-time, without `enum` and `pattern`.
/// `visit` gets the pointer to that schema, and the string.
pub(super) fn strings(document: &Document, root: &str, payload: &Json, visit: &mut dyn FnMut(String, &str)) {
    visit_node(document, root, payload.root(), visit);
}

fn visit_node(document: &Document, schema: &str, node: Node<'_>, visit: &mut dyn FnMut(String, &str)) {
    match node.kind() {
        Kind::String => {
            let Some(at) = document.resolve(schema) else { return };
            let has = |keyword: &str| document.get(&pointer::join(&at, keyword)).is_some();
            let format = document.get_str(&pointer::join(&at, "format"));
            if document.get_str(&pointer::join(&at, "type")) == Some("string")
                && format.is_none_or(|format| format == "date-time")
                && !has("enum")
                && !has("pattern")
            {
                visit(at, &node.as_str().unwrap_or_default());
            }
        }
        Kind::Array => {
            for element in node.elements() {
                if let Some(inner) = member(document, schema, "0") {
                    visit_node(document, &inner, element, visit);
                }
            }
        }
        Kind::Object => {
            for (name, value) in node.members() {
                if let Some(inner) = member(document, schema, &name.as_str().unwrap_or_default()) {
                    visit_node(document, &inner, value, visit);
                }
            }
        }
        _ => {}
    }
}
