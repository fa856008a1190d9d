//! What each operation does to the calls of the server: the one thing that the document can't say.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::listing::list_calls;

/// The calls by their identifiers, and the clock that they go by.
#[derive(Default)]
pub(crate) struct Calls {
    by_id: BTreeMap<String, Value>,
    started: i64,
}

/// What an operation is given: its path parameters, and its query and body with the documented defaults filled in.
pub(crate) struct Input {
    pub parameters: Vec<String>,
    pub query: Map<String, Value>,
    pub body: Value,
}

/// What an operation answers: the data, and what else the envelope holds but its defaults.
pub(crate) struct Done {
    pub data: Value,
    pub more: Map<String, Value>,
}

/// Why an operation does not succeed.
pub(crate) enum Refusal {
    NoSuchCall,
    Conflict(&'static str),
    Invalid(&'static str),
}

pub(crate) type Behaviour = fn(&mut Calls, Input) -> Result<Done, Refusal>;

/// The behaviour of the operation with this `operationId`.
pub(crate) fn of(operation: &str) -> Option<Behaviour> {
    match operation {
        "get_call" => Some(get_call),
        "list_calls" => Some(list_calls),
        "start_phone_call" => Some(start_phone_call),
        "terminate_call" => Some(terminate_call),
        "update_call" => Some(update_call),
        _ => None,
    }
}

impl From<Value> for Done {
    fn from(data: Value) -> Self {
        Self { data, more: Map::new() }
    }
}

impl Calls {
    pub fn insert(&mut self, id: String, call: Value) {
        self.by_id.insert(id, call);
    }

    pub fn get(&self, id: &str) -> Option<&Value> {
        self.by_id.get(id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.by_id.values()
    }

    /// The call that the path of a request names.
    fn named(&mut self, input: &Input) -> Result<&mut Value, Refusal> {
        let id = input.parameters.first();
        id.and_then(|id| self.by_id.get_mut(id)).ok_or(Refusal::NoSuchCall)
    }

    /// Sets the clock to after the calls that a world is seeded with.
    pub fn seed(&mut self, count: u32) {
        for number in 1..=count {
            self.insert(format!("00000000-0000-4000-a000-{number:012}"), seeded(number));
        }
        self.started = i64::from(count);
    }

    /// The next moment of a clock that goes on by a minute for each call that is made.
    fn tick(&mut self) -> (i64, DateTime<Utc>) {
        self.started += 1;
        (self.started, moment(self.started))
    }
}

/// The moment some minutes after the first that the server knows.
fn moment(minutes: i64) -> DateTime<Utc> {
    let first = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(19_358); // 2023-01-01
    first + TimeDelta::minutes(minutes)
}

fn written(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A call as a seeded world holds it, one each minute.
fn seeded(number: u32) -> Value {
    let start = moment(i64::from(number));
    json!({
        "id": format!("00000000-0000-4000-a000-{number:012}"),
        "organization_id": "00000000-0000-4000-b000-000000000001",
        "agent_id": format!("00000000-0000-4000-c000-{:012}", number % 3),
        "type": if number.is_multiple_of(4) { "web_call" } else { "phone_call" },
        "status": "completed",
        "metadata": {},
        "start_time": written(start),
        "end_time": written(start + TimeDelta::seconds(30)),
        "duration_seconds": 30,
        "cost": 0.05,
        "from_number": "+33912345678",
        "to_number": format!("+336{:08}", number % 100_000_000),
        "direction": "inbound",
        "transcript_string": "User: Hello",
        "transcript": [{ "role": "user", "start_time": written(start), "content": "Hello" }],
        "variable_values": [{ "name": "number", "type": "string", "value": number.to_string(), "timestamp": written(start) }],
    })
}

fn get_call(calls: &mut Calls, input: Input) -> Result<Done, Refusal> {
    calls.named(&input).map(|call| call.clone().into())
}

fn update_call(calls: &mut Calls, input: Input) -> Result<Done, Refusal> {
    let replace = input.body.get("override").and_then(Value::as_bool).unwrap_or_default();
    let call = calls.named(&input)?;
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

fn start_phone_call(calls: &mut Calls, input: Input) -> Result<Done, Refusal> {
    let (number, start) = calls.tick();
    let id = format!("00000000-0000-4000-8000-{number:012}");
    let field = |name: &str| input.body.get(name).cloned().unwrap_or_default();
    let variables = field("dynamic_variables_values");
    let variables = variables.as_object().into_iter().flatten();
    let variables: Vec<Value> = variables
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let call = json!({
        "id": id,
        "agent_id": field("agent_id"),
        "type": "phone_call",
        "status": "in_progress",
        "direction": "outbound",
        "from_number": field("from_number"),
        "to_number": field("to_number"),
        "start_time": written(start),
        "metadata": {},
        "transcript": [],
        "variable_values": variables,
    });
    calls.insert(id.clone(), call);
    let more = [("message".to_owned(), json!("Phone call started successfully"))];
    Ok(Done {
        data: json!({ "call_id": id }),
        more: more.into_iter().collect(),
    })
}

fn terminate_call(calls: &mut Calls, input: Input) -> Result<Done, Refusal> {
    let end = written(calls.tick().1);
    let call = calls.named(&input)?;
    if call.get("type").and_then(Value::as_str) == Some("web_call") {
        return Err(Refusal::Conflict("only phone calls can be terminated"));
    }
    if let Some(call) = call.as_object_mut() {
        // Ending what has ended changes nothing.
        if call.get("end_time").is_none_or(Value::is_null) {
            call.insert("status".to_owned(), json!("completed"));
            call.insert("end_time".to_owned(), json!(end));
        }
    }
    Ok(Value::Null.into())
}
