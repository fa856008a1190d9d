//! Makes responses lenient, so that a missing field does not prevent decoding. In schemas that only occur in responses,
//! all properties become optional and nullable. The exceptions are those listed in `x-needed` and those that
//! distinguish the branches of a union. The document remains as strict as the vendor's reference, and the validator
//! checks payloads against it.

use callrounded_document::{Document, pointer};
use serde_json::{Value, json};

use super::tags::Tags;

pub(super) fn change(document: &Document, tags: &Tags, at: &str, schema: &mut Value) {
    let needed: Vec<&str> = document
        .get(&pointer::join(at, "x-needed"))
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let is_tag = |name: &str| tags.contains(&(at.to_owned(), name.to_owned()));
    let needed = |name: &str| needed.contains(&name) || is_tag(name);
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name.as_str().is_some_and(needed));
    }
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        let Some(property) = property.as_object_mut() else {
            continue;
        };
        // `nullable` has no effect without `type`. Such a property is optional already.
        if property.contains_key("type") && !needed(name) {
            property.insert("nullable".to_owned(), json!(true));
        }
    }
}
