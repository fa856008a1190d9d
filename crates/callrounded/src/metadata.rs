//! What callers have, as the JSON object that is sent.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Error;

/// Takes pairs, a map, or a struct: anything that serializes to an object, or to a list of pairs of a name and a value.
pub(crate) fn to_object(metadata: impl Serialize) -> Result<Map<String, Value>, Error> {
    let value = serde_json::to_value(metadata)
        // What a `Serialize` of someone's own says may hold values.
        .map_err(|_| Error::invalid_input("the metadata can't be written as JSON, where names are texts"))?;
    match value {
        Value::Object(object) => Ok(object),
        // Nothing says that an empty list was to be one of pairs, and replacing all metadata by it can't be undone.
        Value::Array(pairs) if pairs.is_empty() => Err(not_an_object("an empty list")),
        Value::Array(pairs) => from_pairs(pairs),
        other => Err(not_an_object(match other {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            _ => "a text",
        })),
    }
}

fn from_pairs(pairs: Vec<Value>) -> Result<Map<String, Value>, Error> {
    let mut object = Map::new();
    for (index, pair) in pairs.into_iter().enumerate() {
        let pair = match pair {
            Value::Array(pair) => <[Value; 2]>::try_from(pair).ok(),
            _ => None,
        };
        let Some([Value::String(name), value]) = pair else {
            return Err(not_an_object(
                "a list of something other than pairs of a name and a value",
            ));
        };
        if object.contains_key(&name) {
            return Err(Error::invalid_input(format!(
                "pair {} of the metadata has the name of an earlier one; which value is meant?",
                index + 1
            )));
        }
        object.insert(name, value);
    }
    Ok(object)
}

fn not_an_object(what: &str) -> Error {
    Error::invalid_input(format!(
        "metadata is an object, and this is {what}; pass pairs such as [(\"source\", \"email\")], a map, or a struct"
    ))
}
