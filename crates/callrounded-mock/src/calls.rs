//! The calls of a server, and their clock. Seeded calls are generated lazily and stored only once they are changed, so
//! a server with a million calls needs no memory for them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use callrounded_document::{Document, json::Json, pointer, traverse::Direction};
use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

const SEEDED: &str = "00000000-0000-4000-a000-";
const SEEDED_FROM: &str = "+33912345678";

/// The calls of a server.
#[derive(Clone, Default)]
pub(crate) struct Calls {
    /// The number of seeded calls.
    seeded: u32,
    /// The seeded calls that were changed, by number.
    changed: HashMap<u32, Value>,
    /// All other calls, by identifier.
    others: BTreeMap<String, Value>,
    /// The numbers of the seeded calls that were replaced by a call in `others` with the same identifier.
    replaced: HashSet<u32>,
    /// The number of calls that were started on this server.
    started: u32,
    /// The start time of the first of these; by default after the seeded calls.
    now: Option<DateTime<Utc>>,
    shape: Shape,
}

/// The form in which the document describes a call.
#[derive(Clone, Default)]
pub(crate) struct Shape {
    /// A sample of the schema.
    sample: Map<String, Value>,
    /// The properties whose generated values are valid against the schema.
    valid: HashSet<String>,
}

impl Shape {
    /// Returns the shape for the schema of a call. Without a schema, generated values are not changed.
    pub fn of(document: &Document, schema: Option<&str>) -> Self {
        let (Some(schema), Value::Object(generated)) = (schema, seeded(1)) else {
            return Self::default();
        };
        let Value::Object(sample) = document.sample(schema) else {
            return Self::default();
        };
        let properties = pointer::join(schema, "properties");
        let is_valid = |(name, value): &(String, Value)| {
            let validator = document.validator(&pointer::join(&properties, name), Some(Direction::Response));
            validator.is_ok_and(|validator| validator.accepts(&Json::of(value)))
        };
        let valid = generated.into_iter().filter(is_valid);
        Self {
            valid: valid.map(|(name, _)| name).collect(),
            sample,
        }
    }

    /// Returns a call with these values if they are valid, and with samples for the other properties of the schema.
    pub fn call(&self, values: Value) -> Value {
        let Value::Object(values) = values else { return values };
        if self.sample.is_empty() {
            return Value::Object(values);
        }
        let mut call = self.sample.clone();
        call.extend(
            values
                .into_iter()
                .filter(|(name, _)| self.valid.contains(name.as_str())),
        );
        Value::Object(call)
    }
}

impl Calls {
    pub fn new(seeded: u32, now: Option<DateTime<Utc>>, shape: Shape) -> Self {
        Self {
            seeded,
            now,
            shape,
            ..Self::default()
        }
    }

    /// Returns a new call with these values, in the form that the document describes.
    pub fn new_call(&self, values: Value) -> Value {
        self.shape.call(values)
    }

    pub fn insert(&mut self, id: String, call: Value) {
        self.replaced.extend(self.number(&id));
        self.others.insert(id, call);
    }

    pub fn len(&self) -> usize {
        self.others.len() + usize::try_from(self.seeded).unwrap_or(usize::MAX) - self.replaced.len()
    }

    pub fn get(&self, id: &str) -> Option<Cow<'_, Value>> {
        match self.others.get(id) {
            Some(call) => Some(Cow::Borrowed(call)),
            None => self.number(id).map(|number| self.seed(number)),
        }
    }

    pub fn get_mut(&mut self, id: &str) -> Option<&mut Value> {
        if self.others.contains_key(id) {
            return self.others.get_mut(id);
        }
        let number = self.number(id)?;
        Some(
            self.changed
                .entry(number)
                .or_insert_with(|| self.shape.call(seeded(number))),
        )
    }

    /// Iterates over the calls from newest to oldest. With `before`, only calls that started before that time are
    /// included.
    pub fn newest_first(&self, before: Option<DateTime<Utc>>) -> impl Iterator<Item = Listed<'_>> {
        let is_before = move |start: Option<DateTime<Utc>>| before.is_none() || start < before;
        let others = self.others.values().map(|call| (start_time(call), call));
        let mut others: Vec<_> = others.filter(|(start, _)| is_before(*start)).collect();
        others.sort_by_key(|(start, _)| std::cmp::Reverse(*start));
        let mut others = others.into_iter().peekable();
        // The number of the last seeded call that does not start after `before`. `is_before` below excludes it if it
        // starts at that time.
        let last = before.map_or(self.seeded, |before| {
            let minutes = (before - minute(0)).num_minutes().clamp(0, i64::from(self.seeded));
            u32::try_from(minutes).unwrap_or(self.seeded)
        });
        let seeds = (1..=last).rev().filter(|number| !self.replaced.contains(number));
        let mut seeds = seeds
            .map(|number| (Some(minute(i64::from(number))), number))
            .skip_while(move |(start, _)| !is_before(*start))
            .peekable();
        std::iter::from_fn(move || {
            let other_is_next = match (others.peek(), seeds.peek()) {
                (Some((other, _)), Some((seed, _))) => other >= seed,
                (other, _) => other.is_some(),
            };
            if other_is_next {
                others.next().map(|(_, call)| Listed::Stored(call))
            } else {
                seeds.next().map(|(_, number)| match self.changed.get(&number) {
                    Some(call) => Listed::Stored(call),
                    None => Listed::Seeded(number, &self.shape),
                })
            }
        })
    }

    /// Returns number and start time for a new call. Each call starts one minute after the previous one.
    pub fn start(&mut self) -> (u32, DateTime<Utc>) {
        let start = self.now();
        self.started = self.started.saturating_add(1);
        (self.seeded.saturating_add(self.started), start)
    }

    /// Returns the start time of the next call.
    pub fn now(&self) -> DateTime<Utc> {
        let first = self.now.unwrap_or_else(|| minute(i64::from(self.seeded) + 1));
        let since = TimeDelta::minutes(i64::from(self.started));
        first.checked_add_signed(since).unwrap_or(first)
    }

    /// Returns the number of the seeded call with this identifier; `None` if it is not that of a seeded call.
    fn number(&self, id: &str) -> Option<u32> {
        let number = id.strip_prefix(SEEDED)?.parse().ok()?;
        ((1..=self.seeded).contains(&number) && seeded_id(number) == id).then_some(number)
    }

    fn seed(&self, number: u32) -> Cow<'_, Value> {
        match self.changed.get(&number) {
            Some(call) => Cow::Borrowed(call),
            None => Cow::Owned(self.shape.call(seeded(number))),
        }
    }
}

/// A call of a list. A seeded call is generated only when it is needed.
#[derive(Clone, Copy)]
pub(crate) enum Listed<'c> {
    Stored(&'c Value),
    Seeded(u32, &'c Shape),
}

impl Listed<'_> {
    /// Returns a property by which a list is filtered. The usual ones of a seeded call do not require generating the
    /// call.
    pub fn property(&self, name: &str) -> Option<Cow<'_, Value>> {
        let (number, shape) = match self {
            Self::Stored(call) => return call.get(name).map(Cow::Borrowed),
            Self::Seeded(number, shape) => (*number, shape),
        };
        Some(Cow::Owned(match name {
            "agent_id" => seeded_agent(number).into(),
            "type" => seeded_type(number).into(),
            "from_number" => SEEDED_FROM.into(),
            "to_number" => seeded_to(number).into(),
            "start_time" => format_timestamp(minute(i64::from(number))).into(),
            _ => shape.call(seeded(number)).get(name)?.clone(),
        }))
    }

    pub fn into_call(self) -> Value {
        match self {
            Self::Stored(call) => call.clone(),
            Self::Seeded(number, shape) => shape.call(seeded(number)),
        }
    }
}

/// Returns the start time of a call.
fn start_time(call: &Value) -> Option<DateTime<Utc>> {
    timestamp(call.get("start_time"))
}

/// Parses a date-time. Without an offset it is in UTC.
pub(crate) fn timestamp(value: Option<&Value>) -> Option<DateTime<Utc>> {
    let text = value?.as_str()?;
    let naive = || {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
            .ok()
            .map(|time| time.and_utc())
    };
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.to_utc())
        .or_else(naive)
}

/// Formats a timestamp by RFC 3339, in UTC.
pub(crate) fn format_timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Returns the time this many minutes after 2023-01-01T00:00:00Z.
fn minute(minutes: i64) -> DateTime<Utc> {
    let first = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(19_358); // 2023-01-01
    first + TimeDelta::minutes(minutes)
}

fn seeded_id(number: u32) -> String {
    format!("{SEEDED}{number:012}")
}

fn seeded_agent(number: u32) -> String {
    format!("00000000-0000-4000-c000-{:012}", number % 3)
}

fn seeded_type(number: u32) -> &'static str {
    if number.is_multiple_of(4) {
        "web_call"
    } else {
        "phone_call"
    }
}

fn seeded_to(number: u32) -> String {
    format!("+336{:08}", number % 100_000_000)
}

/// Generates the seeded call with this number. The calls start at intervals of one minute.
fn seeded(number: u32) -> Value {
    let start = minute(i64::from(number));
    json!({
        "id": seeded_id(number),
        "organization_id": "00000000-0000-4000-b000-000000000001",
        "agent_id": seeded_agent(number),
        "type": seeded_type(number),
        "status": "completed",
        "metadata": {},
        "start_time": format_timestamp(start),
        "end_time": format_timestamp(start + TimeDelta::seconds(30)),
        "duration_seconds": 30,
        "cost": 0.05,
        "from_number": SEEDED_FROM,
        "to_number": seeded_to(number),
        "direction": "inbound",
        "transcript_string": "User: Hello",
        "transcript": [{ "role": "user", "start_time": format_timestamp(start), "content": "Hello" }],
        "variable_values": [{
            "name": "number",
            "type": "string",
            "value": number.to_string(),
            "timestamp": format_timestamp(start),
        }],
    })
}
