//! From a place in a payload to the schema that is used there.

use callrounded_document::{
    Deviation, Document,
    json::{Json, Kind, Node},
    pointer,
    walk::member,
};

/// JSON pointer to the schema that the document has for the place `at` of a payload, as it is used there.
pub(super) fn schema_of(document: &Document, root: &str, at: &str) -> Option<String> {
    let mut schema = root.to_owned();
    for token in pointer::tokens(at) {
        schema = member(document, &schema, &token)?;
    }
    Some(schema)
}

/// Whether the value may be shown: the document says so of the property, or of the list of values.
pub(super) fn is_shown(document: &Document, root: &str, found: &Deviation) -> bool {
    let of_property = schema_of(document, root, &found.pointer).is_some_and(|at| document.may_be_shown(&at));
    of_property || pointer::split(&found.schema).is_some_and(|(holder, _)| document.may_be_shown(holder))
}

/// How many values of a payload have a schema.
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

/// Every text of a payload whose schema says that it is one, or a date-time, and nothing more; with that schema.
pub(super) fn texts(document: &Document, root: &str, payload: &Json, see: &mut dyn FnMut(String, &str)) {
    walk(document, root, payload.root(), see);
}

fn walk(document: &Document, schema: &str, node: Node<'_>, see: &mut dyn FnMut(String, &str)) {
    match node.kind() {
        Kind::String => {
            let Some(at) = document.resolve(schema) else { return };
            let has = |keyword: &str| document.get(&pointer::join(&at, keyword)).is_some();
            let format = document.text(&pointer::join(&at, "format"));
            if document.text(&pointer::join(&at, "type")) == Some("string")
                && format.is_none_or(|format| format == "date-time")
                && !has("enum")
                && !has("pattern")
            {
                see(at, &node.as_str().unwrap_or_default());
            }
        }
        Kind::Array => {
            for element in node.elements() {
                if let Some(inner) = member(document, schema, "0") {
                    walk(document, &inner, element, see);
                }
            }
        }
        Kind::Object => {
            for (name, value) in node.members() {
                if let Some(inner) = member(document, schema, &name.as_str().unwrap_or_default()) {
                    walk(document, &inner, value, see);
                }
            }
        }
        _ => {}
    }
}
