//! Writes observations into the document, each with a note about its origin.

use callrounded_document::pointer;
use serde_json::{Value, json};

use super::{Drift, Sighting};
use crate::yaml::Editor;

/// Writes an observation into the document. Returns whether the document was edited.
///
/// It does not write:
///
/// - values that may be personal data
/// - the absence of a property that is needed (`x-needed`)
/// - properties whose type is unknown
/// - date-times of which only some lack an offset
/// - null where the schema has no place for it
pub fn apply(document: &mut Editor, sighting: &Sighting) -> bool {
    let seen = format!("Seen in {} of {} recorded payloads.", sighting.payloads, sighting.of);
    match &sighting.drift {
        Drift::Property {
            schema,
            name,
            inferred,
            components,
        } => {
            for (name, component) in components {
                document.set(&pointer::join("/components/schemas", name), component);
            }
            let at = pointer::join(&pointer::join(schema, "properties"), name);
            document.set(&at, inferred);
        }
        Drift::Value { shown: false, .. } | Drift::Absent { needed: true, .. } | Drift::AlwaysNull { .. } => {
            return false;
        }
        Drift::Value { list, value, .. } => add_value(document, list, value),
        Drift::Absent { schema, name, .. } => {
            make_optional(document, schema, name);
            let property = pointer::join(&pointer::join(schema, "properties"), name);
            add_note(
                document,
                &property,
                &format!("Not required: the property was absent. {seen}"),
            );
        }
        Drift::Null { schema } => {
            if !make_nullable(document, schema) {
                return false;
            }
            add_note(document, schema, &format!("The value was null. {seen}"));
        }
        Drift::LocalTime { schema, others } => {
            if *others > 0 {
                return false;
            }
            document.set(&pointer::join(schema, "format"), &json!("date-time-local"));
            add_note(document, schema, &format!("The date-time had no offset. {seen}"));
        }
        Drift::Format { schema, format } => {
            document.set(&pointer::join(schema, "format"), &json!(format));
            let count = sighting.count;
            add_note(
                document,
                schema,
                &format!("All {count} strings in recorded payloads had this format."),
            );
        }
    }
    true
}

/// Adds a value to the `enum` at `list`.
fn add_value(document: &mut Editor, list: &str, value: &str) {
    let mut values = array(document, list);
    if !values.iter().any(|known| known == value) {
        values.push(json!(value));
    }
    document.set(list, &Value::Array(values));
    if let Some((holder, _)) = pointer::split(list) {
        add_note(document, holder, &format!("`{value}` was seen in recorded payloads."));
    }
}

/// Removes a property from the `required` of its schema.
fn make_optional(document: &mut Editor, schema: &str, name: &str) {
    let at = pointer::join(schema, "required");
    let mut names = array(document, &at);
    names.retain(|known| known != name);
    if names.is_empty() {
        document.remove(&at);
    } else {
        document.set(&at, &Value::Array(names));
    }
}

fn array(document: &Editor, at: &str) -> Vec<Value> {
    let array = document.document().get(at).and_then(Value::as_array);
    array.cloned().unwrap_or_default()
}

/// Makes the schema at `at` nullable. Returns whether it could.
fn make_nullable(document: &mut Editor, at: &str) -> bool {
    let Some(schema) = document.document().get(at).and_then(Value::as_object).cloned() else {
        return false;
    };
    if let Some(reference) = schema.get("$ref") {
        document.set(at, &json!({ "oneOf": [{ "$ref": reference }, { "enum": [null] }] }));
        return true;
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = schema.get(keyword) {
            let mut branches = branches.clone();
            branches.push(json!({ "enum": [null] }));
            document.set(&pointer::join(at, keyword), &Value::Array(branches));
            return true;
        }
    }
    if !schema.contains_key("type") {
        return false;
    }
    document.set(&pointer::join(at, "nullable"), &json!(true));
    if let Some(Value::Array(values)) = schema.get("enum") {
        let mut values = values.clone();
        values.push(Value::Null);
        document.set(&pointer::join(at, "enum"), &Value::Array(values));
    }
    true
}

/// Appends a sentence to the `x-inferred` note of a schema. A reference gets none: OpenAPI 3.0 ignores its siblings.
fn add_note(document: &mut Editor, at: &str, text: &str) {
    let Some(schema) = document.document().get(at).and_then(Value::as_object) else {
        return;
    };
    if schema.contains_key("$ref") {
        return;
    }
    let existing = schema
        .get("x-inferred")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned();
    if existing.contains(text) {
        return;
    }
    let note = if existing.is_empty() {
        text.to_owned()
    } else {
        format!("{existing} {text}")
    };
    document.set(&pointer::join(at, "x-inferred"), &json!(note));
}
