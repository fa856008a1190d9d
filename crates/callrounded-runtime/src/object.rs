//! Converts pairs, maps and structs of callers into free-form JSON objects.

use serde::Serialize;
use serde_json::{Map, Value};

/// Converts pairs, a map, or a struct into a JSON object: anything that serializes to an object, or to a list of
/// key-value pairs.
///
/// # Errors
/// If `object` cannot be serialized as JSON, is neither an object nor a list of pairs, is an empty list, or has a
/// duplicate key. The message contains no values.
pub fn to_object(object: impl Serialize) -> Result<Map<String, Value>, String> {
    let value = serde_json::to_value(object)
        // The message of a caller's own `Serialize` may contain values.
        .map_err(|_| "cannot be serialized as JSON; keys must be strings".to_owned())?;
    match value {
        Value::Object(object) => Ok(object),
        // An empty list may not be one of pairs. Replacing an object with it could not be undone.
        Value::Array(pairs) if pairs.is_empty() => Err(not_an_object("an empty list")),
        Value::Array(pairs) => from_pairs(pairs),
        other => Err(not_an_object(match other {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            _ => "a string",
        })),
    }
}

fn from_pairs(pairs: Vec<Value>) -> Result<Map<String, Value>, String> {
    let mut object = Map::new();
    for (index, pair) in pairs.into_iter().enumerate() {
        let pair = match pair {
            Value::Array(pair) => <[Value; 2]>::try_from(pair).ok(),
            _ => None,
        };
        let Some([Value::String(key), value]) = pair else {
            return Err(not_an_object("a list with an item that is not a key-value pair"));
        };
        if object.contains_key(&key) {
            return Err(format!("pair {} has the same key as an earlier pair", index + 1));
        }
        object.insert(key, value);
    }
    Ok(object)
}

fn not_an_object(found: &str) -> String {
    format!("expected an object, found {found}; pass pairs such as [(\"source\", \"email\")], a map, or a struct")
}

/// Adds entries to an object.
#[doc(hidden)]
pub fn add_entries(object: &mut Map<String, Value>, entries: Map<String, Value>) {
    if object.is_empty() {
        *object = entries;
    } else {
        object.extend(entries);
    }
}
