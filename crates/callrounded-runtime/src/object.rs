//! Free-form JSON objects from what callers have: pairs, maps and structs.

use serde::Serialize;
use serde_json::{Map, Value};

/// Converts pairs, a map, or a struct into a JSON object: anything that serializes to an object, or to a list of pairs of a
/// key and a value.
///
/// # Errors
/// The problem, without any value.
pub fn to_object(object: impl Serialize) -> Result<Map<String, Value>, String> {
    let value = serde_json::to_value(object)
        // The message of a caller's own `Serialize` may hold values.
        .map_err(|_| "cannot be serialized as JSON; keys must be strings".to_owned())?;
    match value {
        Value::Object(object) => Ok(object),
        // An empty list is not known to be one of pairs, and replacing an object with it could not be undone.
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
            return Err(not_an_object(
                "a list of something other than pairs of a key and a value",
            ));
        };
        if object.contains_key(&key) {
            return Err(format!("pair {} repeats the key of an earlier pair", index + 1));
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
