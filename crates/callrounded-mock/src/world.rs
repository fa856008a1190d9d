//! The calls of a server, and the clock that they go by. A seeded call is made when it is looked at and kept only when it
//! has changed, so that a world of a million calls costs nothing to have.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use callrounded_document::{Document, json::Json, pointer, walk::Direction};
use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

const SEEDED: &str = "00000000-0000-4000-a000-";
const SEEDED_FROM: &str = "+33912345678";

/// The calls by their identifiers.
#[derive(Clone, Default)]
pub(crate) struct Calls {
    seeded: u32,
    /// Seeded calls, by number, that are not as they were seeded.
    changed: HashMap<u32, Value>,
    others: BTreeMap<String, Value>,
    /// Seeded calls in whose place there is another of the same identifier.
    replaced: HashSet<u32>,
    /// How many calls have been started here.
    started: u32,
    /// When the first call is made that is made here; after the seeded ones by default.
    now: Option<DateTime<Utc>>,
    shape: Shape,
}

/// What the document makes of the calls that are made here.
#[derive(Clone, Default)]
pub(crate) struct Shape {
    /// A call that fits the schema, of samples.
    sample: Map<String, Value>,
    /// The properties whose values here fit the schema.
    fitting: HashSet<String>,
}

impl Shape {
    /// By the schema of a call. Without one, the values of this server are taken as they are.
    pub fn of(document: &Document, schema: Option<&str>) -> Self {
        let (Some(schema), Value::Object(own)) = (schema, seeded(1)) else {
            return Self::default();
        };
        let Value::Object(sample) = document.sample(schema) else {
            return Self::default();
        };
        let properties = pointer::join(schema, "properties");
        let fits = |(name, value): &(String, Value)| {
            let validator = document.validator(&pointer::join(&properties, name), Some(Direction::Response));
            validator.is_ok_and(|validator| validator.accepts(&Json::of(value)))
        };
        let fitting = own.into_iter().filter(fits);
        Self {
            fitting: fitting.map(|(name, _)| name).collect(),
            sample,
        }
    }

    /// A call with these values where they fit, and samples for what else the schema describes.
    pub fn call(&self, own: Value) -> Value {
        let Value::Object(own) = own else { return own };
        if self.sample.is_empty() {
            return Value::Object(own);
        }
        let mut call = self.sample.clone();
        call.extend(own.into_iter().filter(|(name, _)| self.fitting.contains(name.as_str())));
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

    /// A call that is made here, as the document describes calls.
    pub fn made(&self, own: Value) -> Value {
        self.shape.call(own)
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

    /// All calls, the newest first, those only that began before the moment.
    pub fn newest_first(&self, before: Option<DateTime<Utc>>) -> impl Iterator<Item = Listed<'_>> {
        let is_before = move |began: Option<DateTime<Utc>>| before.is_none() || began < before;
        let others = self.others.values().map(|call| (start(call), call));
        let mut others: Vec<_> = others.filter(|(began, _)| is_before(*began)).collect();
        others.sort_by_key(|(began, _)| std::cmp::Reverse(*began));
        let mut others = others.into_iter().peekable();
        // The last of them, or the one after it where the moment has a fraction that is not counted.
        let last = before.map_or(self.seeded, |before| {
            let minutes = (before - minute(0)).num_minutes().clamp(0, i64::from(self.seeded));
            u32::try_from(minutes).unwrap_or(self.seeded)
        });
        let seeds = (1..=last).rev().filter(|number| !self.replaced.contains(number));
        let mut seeds = seeds
            .map(|number| (Some(minute(i64::from(number))), number))
            .skip_while(move |(began, _)| !is_before(*began))
            .peekable();
        std::iter::from_fn(move || {
            let other_is_next = match (others.peek(), seeds.peek()) {
                (Some((other, _)), Some((seed, _))) => other >= seed,
                (other, _) => other.is_some(),
            };
            match other_is_next {
                true => others.next().map(|(_, call)| Listed::Kept(call)),
                false => seeds.next().map(|(_, number)| match self.changed.get(&number) {
                    Some(call) => Listed::Kept(call),
                    None => Listed::Seeded(number, &self.shape),
                }),
            }
        })
    }

    /// The number and the moment of a call that is started now: each begins a minute after the one before.
    pub fn start(&mut self) -> (u32, DateTime<Utc>) {
        let moment = self.now();
        self.started = self.started.saturating_add(1);
        (self.seeded.saturating_add(self.started), moment)
    }

    /// When the next call would begin.
    pub fn now(&self) -> DateTime<Utc> {
        let first = self.now.unwrap_or_else(|| minute(i64::from(self.seeded) + 1));
        let since = TimeDelta::minutes(i64::from(self.started));
        first.checked_add_signed(since).unwrap_or(first)
    }

    /// Which of the seeded calls this is.
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

/// A call of a list, made only when it is looked at.
#[derive(Clone, Copy)]
pub(crate) enum Listed<'c> {
    Kept(&'c Value),
    Seeded(u32, &'c Shape),
}

impl Listed<'_> {
    /// A property by which a list is filtered. Of a seeded call the usual ones are known without making it.
    pub fn property(&self, name: &str) -> Option<Cow<'_, Value>> {
        let (number, shape) = match self {
            Self::Kept(call) => return call.get(name).map(Cow::Borrowed),
            Self::Seeded(number, shape) => (*number, shape),
        };
        Some(Cow::Owned(match name {
            "agent_id" => seeded_agent(number).into(),
            "type" => seeded_type(number).into(),
            "from_number" => SEEDED_FROM.into(),
            "to_number" => seeded_to(number).into(),
            "start_time" => written(minute(i64::from(number))).into(),
            _ => shape.call(seeded(number)).get(name)?.clone(),
        }))
    }

    pub fn into_call(self) -> Value {
        match self {
            Self::Kept(call) => call.clone(),
            Self::Seeded(number, shape) => shape.call(seeded(number)),
        }
    }
}

/// When a call began.
pub(crate) fn start(call: &Value) -> Option<DateTime<Utc>> {
    moment(call.get("start_time"))
}

/// A date-time, in UTC where it has no offset.
pub(crate) fn moment(value: Option<&Value>) -> Option<DateTime<Utc>> {
    let text = value?.as_str()?;
    let naive = || {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
            .ok()
            .map(|moment| moment.and_utc())
    };
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|moment| moment.to_utc())
        .or_else(naive)
}

pub(crate) fn written(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// The moment some minutes after the first that the server knows.
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
    match number.is_multiple_of(4) {
        true => "web_call",
        false => "phone_call",
    }
}

fn seeded_to(number: u32) -> String {
    format!("+336{:08}", number % 100_000_000)
}

/// A call as a seeded world holds it, one each minute.
fn seeded(number: u32) -> Value {
    let start = minute(i64::from(number));
    json!({
        "id": seeded_id(number),
        "organization_id": "00000000-0000-4000-b000-000000000001",
        "agent_id": seeded_agent(number),
        "type": seeded_type(number),
        "status": "completed",
        "metadata": {},
        "start_time": written(start),
        "end_time": written(start + TimeDelta::seconds(30)),
        "duration_seconds": 30,
        "cost": 0.05,
        "from_number": SEEDED_FROM,
        "to_number": seeded_to(number),
        "direction": "inbound",
        "transcript_string": "User: Hello",
        "transcript": [{ "role": "user", "start_time": written(start), "content": "Hello" }],
        "variable_values": [{ "name": "number", "type": "string", "value": number.to_string(), "timestamp": written(start) }],
    })
}
