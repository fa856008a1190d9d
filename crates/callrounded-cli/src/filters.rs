//! Options that select calls, for `calls list` and `calls export`.

use std::{fmt, str::FromStr};

use callrounded::types::CallType;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use clap::Args;

use crate::exit::say;

/// Which calls.
#[derive(Args, Clone, Debug)]
pub(crate) struct Filters {
    /// Only calls that this agent handled.
    #[arg(long, value_name = "ID")]
    pub agent: Option<String>,
    /// Only calls of this type: phone_call or web_call.
    #[arg(long = "type", value_name = "TYPE", value_parser = call_type)]
    pub call_type: Option<CallType>,
    /// Only calls from this number, such as +33612345678.
    #[arg(long, value_name = "NUMBER")]
    pub from: Option<String>,
    /// Only calls to this number.
    #[arg(long, value_name = "NUMBER")]
    pub to: Option<String>,
    /// Only calls that began after this timestamp, such as 2026-01-01T00:00:00Z or 2026-01-01. Without an offset it is read as UTC.
    #[arg(long, value_name = "TIMESTAMP")]
    pub after: Option<Timestamp>,
    /// Only calls that began before this timestamp.
    #[arg(long, value_name = "TIMESTAMP")]
    pub before: Option<Timestamp>,
    /// With their transcripts.
    #[arg(long)]
    pub transcripts: bool,
    /// With their variables.
    #[arg(long)]
    pub variables: bool,
}

impl Filters {
    /// Reports how a timestamp without an offset is read.
    pub fn say_assumptions(&self) {
        for (option, timestamp) in [("--after", self.after), ("--before", self.before)] {
            if let Some(Timestamp {
                time,
                names_offset: false,
            }) = timestamp
            {
                let time = time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
                say(format_args!("{option} names no offset from UTC and is read as {time}"));
            }
        }
    }
}

/// A timestamp, in UTC.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp {
    pub time: DateTime<Utc>,
    names_offset: bool,
}

/// An export goes on where it is given in another form.
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.time, f)
    }
}

impl FromStr for Timestamp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self {
                time: time.to_utc(),
                names_offset: true,
            });
        }
        let of_time = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M",
        ]
        .into_iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        let of_day = || text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN));
        match of_time.or_else(of_day) {
            Some(time) => Ok(Self {
                time: time.and_utc(),
                names_offset: false,
            }),
            None => {
                Err("expected a timestamp such as 2026-01-01T00:00:00Z, 2026-01-01T00:00:00 or 2026-01-01".to_owned())
            }
        }
    }
}

fn call_type(text: &str) -> Result<CallType, String> {
    match CallType::KNOWN.contains(&text) {
        true => Ok(CallType::from(text)),
        false => Err(format!("it is one of {}", CallType::KNOWN.join(", "))),
    }
}
