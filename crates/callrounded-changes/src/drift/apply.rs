//! What was seen, written into the document with a note of how it was learned.

use callrounded_document::pointer;
use serde_json::{Value, json};

use super::{Drifted, Sighting};
use crate::yaml::Edited;

/// Writes what was seen into the document; whether it could be.
pub fn apply(document: &mut Edited, sighting: &Sighting) -> bool {
    let seen = format!("Seen in {} of {} recorded payloads.", sighting.payloads, sighting.of);
    match &sighting.drifted {
        Drifted::Property {
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
        Drifted::Value { list, value, shown } => {
            if !shown {
                return false;
            }
            let mut values = document
                .document()
                .get(list)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            if !values.iter().any(|known| known == value) {
                values.push(json!(value));
            }
            document.set(list, &Value::Array(values));
            if let Some((holder, _)) = pointer::split(list) {
                note(
                    document,
                    holder,
                    &format!("`{value}` was learned from recorded payloads."),
                );
            }
        }
        Drifted::Absent { schema, name, needed } => {
            let at = pointer::join(schema, "required");
            let mut names = document
                .document()
                .get(&at)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            names.retain(|known| known != name);
            if *needed {
                return false;
            }
            match names.is_empty() {
                true => document.remove(&at),
                false => document.set(&at, &Value::Array(names)),
            }
            let property = pointer::join(&pointer::join(schema, "properties"), name);
            note(document, &property, &format!("Not required: it was missing. {seen}"));
        }
        Drifted::Null { schema } => {
            if !nullable(document, schema) {
                return false;
            }
            note(document, schema, &format!("It was null. {seen}"));
        }
        Drifted::AlwaysNull { .. } => return false,
        Drifted::LocalTime { schema, others } => {
            if *others > 0 {
                return false;
            }
            document.set(&pointer::join(schema, "format"), &json!("date-time-local"));
            note(document, schema, &format!("It came without an offset. {seen}"));
        }
        Drifted::Format { schema, format } => {
            document.set(&pointer::join(schema, "format"), &json!(format));
            let times = sighting.count;
            note(
                document,
                schema,
                &format!("All of {times} texts in recorded payloads had this format."),
            );
        }
    }
    true
}

/// Lets the value at `at` be null.
fn nullable(document: &mut Edited, at: &str) -> bool {
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

/// Adds to the note of why something is described as it is. Beside a reference nothing counts.
fn note(document: &mut Edited, at: &str, text: &str) {
    let Some(schema) = document.document().get(at).and_then(Value::as_object) else {
        return;
    };
    if schema.contains_key("$ref") {
        return;
    }
    let there = schema
        .get("x-inferred")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned();
    if there.contains(text) {
        return;
    }
    let note = if there.is_empty() {
        text.to_owned()
    } else {
        format!("{there} {text}")
    };
    document.set(&pointer::join(at, "x-inferred"), &json!(note));
}
