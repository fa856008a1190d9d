//! The effects of operations on the server's calls, which the document cannot express. Operations without a behaviour
//! here respond from the document (`generic.rs`).

mod listing;

use serde_json::{Map, Value, json};

use crate::{
    calls::{Calls, format_timestamp},
    filter::Filter,
};
use listing::list_calls;

/// The input of an operation, with the documented defaults of query and body filled in.
pub(crate) struct Input {
    /// The values in the path, in order.
    pub path_values: Vec<String>,
    /// The path parameters by name, each of its documented type.
    pub path: Map<String, Value>,
    pub query: Map<String, Value>,
    /// The names of the query parameters that were sent.
    pub sent_query: Vec<String>,
    /// The filters of a list, with the values that were sent.
    pub filters: Vec<(Filter, Value)>,
    pub body: Value,
}

/// The result of an operation: the data, and the properties of the envelope that differ from their defaults.
pub(crate) struct Success {
    pub data: Value,
    pub envelope: Map<String, Value>,
}

/// The reason why an operation fails.
pub(crate) enum Refusal {
    NoSuchCall,
    Conflict(&'static str),
    Invalid(&'static str),
}

/// The behaviour of an operation.
pub(crate) struct Behaviour {
    pub run: fn(&mut Calls, Input) -> Result<Success, Refusal>,
    /// The query parameters that it handles, besides filters and those for pagination.
    pub parameters: &'static [&'static str],
}

/// Returns the behaviour of the operation with this `operationId`; `None` if it responds from the document.
pub(crate) fn of(operation: &str) -> Option<Behaviour> {
    let run: fn(&mut Calls, Input) -> Result<Success, Refusal> = match operation {
        "get_call" => get_call,
        "list_calls" => list_calls,
        "start_phone_call" => start_phone_call,
        "terminate_call" => terminate_call,
        "update_call" => update_call,
        _ => return None,
    };
    let parameters: &[&str] = match operation {
        "list_calls" => &["include_transcript", "include_variable_values"],
        _ => &[],
    };
    Some(Behaviour { run, parameters })
}

impl From<Value> for Success {
    fn from(data: Value) -> Self {
        Self {
            data,
            envelope: Map::new(),
        }
    }
}

/// Returns the call that the path of a request identifies.
fn call_mut<'c>(calls: &'c mut Calls, input: &Input) -> Result<&'c mut Value, Refusal> {
    let id = input.id().ok_or(Refusal::NoSuchCall)?;
    calls.get_mut(id).ok_or(Refusal::NoSuchCall)
}

impl Input {
    fn id(&self) -> Option<&str> {
        self.path_values.first().map(String::as_str)
    }
}

fn get_call(calls: &mut Calls, input: Input) -> Result<Success, Refusal> {
    let call = input.id().and_then(|id| calls.get(id));
    call.map(|call| call.into_owned().into()).ok_or(Refusal::NoSuchCall)
}

fn update_call(calls: &mut Calls, input: Input) -> Result<Success, Refusal> {
    let replace = input.body.get("override").and_then(Value::as_bool).unwrap_or_default();
    let call = call_mut(calls, &input)?;
    if let (Some(new), Some(call)) = (
        input.body.get("metadata").and_then(Value::as_object),
        call.as_object_mut(),
    ) {
        let metadata = call.entry("metadata").or_insert(Value::Null);
        match metadata.as_object_mut() {
            Some(old) if !replace => old.extend(new.clone()),
            _ => *metadata = Value::Object(new.clone()),
        }
    }
    Ok(call.clone().into())
}

fn start_phone_call(calls: &mut Calls, input: Input) -> Result<Success, Refusal> {
    let (number, start) = calls.start();
    let id = format!("00000000-0000-4000-8000-{number:012}");
    let field = |name: &str| input.body.get(name).cloned().unwrap_or_default();
    let variables = field("dynamic_variables_values");
    let variables = variables.as_object().into_iter().flatten();
    let variables: Vec<Value> = variables
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let call = calls.new_call(json!({
        "id": id,
        "agent_id": field("agent_id"),
        "type": "phone_call",
        "status": "in_progress",
        "direction": "outbound",
        "from_number": field("from_number"),
        "to_number": field("to_number"),
        "start_time": format_timestamp(start),
        "metadata": {},
        "transcript": [],
        "variable_values": variables,
    }));
    calls.insert(id.clone(), call);
    let envelope = [("message".to_owned(), json!("Phone call started successfully"))];
    Ok(Success {
        data: json!({ "call_id": id }),
        envelope: envelope.into_iter().collect(),
    })
}

fn terminate_call(calls: &mut Calls, input: Input) -> Result<Success, Refusal> {
    let end = format_timestamp(calls.now());
    let call = call_mut(calls, &input)?;
    if call.get("type").and_then(Value::as_str) == Some("web_call") {
        return Err(Refusal::Conflict("only phone calls can be terminated"));
    }
    if let Some(call) = call.as_object_mut() {
        // Terminating a call that has ended changes nothing.
        if call.get("end_time").is_none_or(Value::is_null) {
            call.insert("status".to_owned(), json!("completed"));
            call.insert("end_time".to_owned(), json!(end));
        }
    }
    Ok(Value::Null.into())
}
