//! What each operation does to the calls of the server: the one thing that the document can't say.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The calls by their identifiers.
pub(crate) type Calls = BTreeMap<String, Value>;

/// What an operation is given: its path parameters, and its body with the documented defaults filled in.
pub(crate) struct Input {
    pub parameters: Vec<String>,
    pub body: Value,
}

/// Why an operation does not succeed.
pub(crate) enum Refusal {
    NoSuchCall,
}

/// The data of the answer.
pub(crate) type Behaviour = fn(&mut Calls, Input) -> Result<Value, Refusal>;

/// The behaviour of the operation with this `operationId`.
pub(crate) fn of(operation: &str) -> Option<Behaviour> {
    match operation {
        "update_call" => Some(update_call),
        _ => None,
    }
}

fn update_call(calls: &mut Calls, input: Input) -> Result<Value, Refusal> {
    let call = input
        .parameters
        .first()
        .and_then(|id| calls.get_mut(id))
        .ok_or(Refusal::NoSuchCall)?;
    let replace = input.body.get("override").and_then(Value::as_bool).unwrap_or_default();
    if let (Some(new), Some(call)) = (
        input.body.get("metadata").and_then(Value::as_object),
        call.as_object_mut(),
    ) {
        let metadata = call.entry("metadata").or_insert(Value::Null);
        match metadata.as_object_mut() {
            Some(old) if !replace => old.extend(new.clone()),
            _ => *metadata = Value::Object(Map::clone(new)),
        }
    }
    Ok(call.clone())
}
