//! The calls of a server, and the clock that they go by. A seeded call is made when it is looked at and kept only when it
//! has changed, so that a world of a million calls costs nothing to have.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

const SEEDED: &str = "00000000-0000-4000-a000-";

/// The calls by their identifiers.
#[derive(Default)]
pub(crate) struct Calls {
    seeded: u32,
    /// Seeded calls, by number, that are not as they were seeded.
    changed: HashMap<u32, Value>,
    others: BTreeMap<String, Value>,
    /// How many moments of the clock have been taken.
    ticks: i64,
    /// When the first call is made that is made here; after the seeded ones by default.
    now: Option<DateTime<Utc>>,
}

impl Calls {
    pub fn new(seeded: u32, now: Option<DateTime<Utc>>) -> Self {
        Self {
            seeded,
            now,
            ticks: i64::from(seeded),
            ..Self::default()
        }
    }

    pub fn insert(&mut self, id: String, call: Value) {
        self.others.insert(id, call);
    }

    pub fn len(&self) -> usize {
        self.others.len() + usize::try_from(self.seeded).unwrap_or(usize::MAX)
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
        Some(self.changed.entry(number).or_insert_with(|| seeded(number)))
    }

    /// All calls, the newest first, those only that began before the moment.
    pub fn newest_first(&self, before: Option<DateTime<Utc>>) -> impl Iterator<Item = Cow<'_, Value>> {
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
        let seeds = (1..=last).rev();
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
                true => others.next().map(|(_, call)| Cow::Borrowed(call)),
                false => seeds.next().map(|(_, number)| self.seed(number)),
            }
        })
    }

    /// The next moment of a clock that goes on by a minute for each call that is made, and its number.
    pub fn tick(&mut self) -> (i64, DateTime<Utc>) {
        self.ticks += 1;
        let moment = match self.now {
            Some(now) => now + TimeDelta::minutes(self.ticks - i64::from(self.seeded) - 1),
            None => minute(self.ticks),
        };
        (self.ticks, moment)
    }

    /// Which of the seeded calls this is.
    fn number(&self, id: &str) -> Option<u32> {
        let number = id.strip_prefix(SEEDED)?.parse().ok()?;
        ((1..=self.seeded).contains(&number) && seeded_id(number) == id).then_some(number)
    }

    fn seed(&self, number: u32) -> Cow<'_, Value> {
        match self.changed.get(&number) {
            Some(call) => Cow::Borrowed(call),
            None => Cow::Owned(seeded(number)),
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

/// A call as a seeded world holds it, one each minute.
fn seeded(number: u32) -> Value {
    let start = minute(i64::from(number));
    json!({
        "id": seeded_id(number),
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
