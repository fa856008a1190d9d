//! Options that select calls, for `calls list` and `calls export`.

use std::{fmt, str::FromStr};

use callrounded::types::CallType;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use clap::Args;

use crate::exit::print_message;

/// Options that select calls.
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
    /// Only calls that started after this timestamp, such as 2026-01-01T00:00:00Z or 2026-01-01. Without an offset, it
    /// is UTC.
    #[arg(long, value_name = "TIMESTAMP")]
    pub after: Option<Timestamp>,
    /// Only calls that started before this timestamp.
    #[arg(long, value_name = "TIMESTAMP")]
    pub before: Option<Timestamp>,
    /// Includes transcripts.
    #[arg(long)]
    pub transcripts: bool,
    /// Includes variables.
    #[arg(long)]
    pub variables: bool,
}

impl Filters {
    /// Reports that a timestamp without an offset is read as UTC.
    pub fn report_assumptions(&self) {
        for (option, timestamp) in [("--after", self.after), ("--before", self.before)] {
            if let Some(Timestamp {
                time,
                has_offset: false,
            }) = timestamp
            {
                let time = time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
                print_message(format_args!("{option} has no UTC offset and is read as {time}"));
            }
        }
    }
}

/// A timestamp of an option, converted to UTC.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp {
    pub time: DateTime<Utc>,
    /// Whether the option had an offset.
    has_offset: bool,
}

/// Shows the time only: an export continues if the same time is given in another form.
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
                has_offset: true,
            });
        }
        let with_time = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M",
        ]
        .into_iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        let date_only = || text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN));
        match with_time.or_else(date_only) {
            Some(time) => Ok(Self {
                time: time.and_utc(),
                has_offset: false,
            }),
            None => {
                Err("expected a timestamp such as 2026-01-01T00:00:00Z, 2026-01-01T00:00:00 or 2026-01-01".to_owned())
            }
        }
    }
}

fn call_type(text: &str) -> Result<CallType, String> {
    if CallType::KNOWN.contains(&text) {
        Ok(CallType::from(text))
    } else {
        Err(format!("expected one of {}", CallType::KNOWN.join(", ")))
    }
}
