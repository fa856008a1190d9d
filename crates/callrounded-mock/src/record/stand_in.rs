//! Stand-ins: replacements for personal data in a recording. A stand-in has the form of its original, and equal
//! originals get equal stand-ins. Originals are kept only in memory, while the recording runs.

use std::collections::{HashMap, HashSet};

use callrounded_document::check::matches_format;
use chrono::{Days, NaiveDate, SecondsFormat, TimeDelta};

/// The stand-in for any string that contains an API key.
const KEY: &str = "api-key";

/// The prefix of stand-ins for property names that are not words, before a number.
const NAME: &str = "stand-in-";

/// The maximum length of a word. Longer property names and enumeration values are replaced.
const MAX_WORD_LENGTH: usize = 40;

/// The minimum length of an API key, or part of one, that is searched for inside other strings. Shorter ones would be
/// found in unrelated strings, so they are only compared with whole strings.
const MIN_PART_LENGTH: usize = 8;

#[derive(Default)]
pub(super) struct StandIns {
    /// The API keys and other credentials, in lower case.
    keys: HashSet<String>,
    strings: HashMap<String, String>,
    /// The number of stand-ins of each form.
    counts: HashMap<Form, u64>,
    numbers: HashMap<String, u64>,
    names: HashMap<String, u64>,
    ordinals: HashMap<String, u64>,
}

/// What the document states about a string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Nothing: the string may be personal data.
    Any,
    /// Its schema has `x-personal-data: false`. Timestamps and decimals are kept; a service can send anything else in
    /// it.
    Public,
    /// Its schema is public and has an enumeration. Words are kept, including values that are not documented yet.
    Enumeration,
    /// The document contains the string: as a value of an enumeration or a discriminator, or as a default.
    Documented,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Uuid,
    DateTime,
    /// A date-time without an offset.
    LocalDateTime,
    Date,
    Email,
    Phone,
    Uri,
    /// Digits that are not the notation of an integer, such as digits with leading zeros.
    Digits,
    /// Digits with a decimal point.
    Decimal,
    Text,
}

impl StandIns {
    /// Registers an API key, to keep it out of the recording.
    pub fn hide(&mut self, key: &str) {
        let key = key.trim().to_lowercase();
        if !key.is_empty() {
            self.keys.insert(key);
        }
    }

    /// Checks whether a string is an API key, contains one, or is a part of one.
    pub fn has_key(&self, string: &str) -> bool {
        let string = string.to_lowercase();
        self.keys.iter().any(|key| {
            *key == string
                || key.len() >= MIN_PART_LENGTH && string.contains(key.as_str())
                || string.len() >= MIN_PART_LENGTH && key.contains(&string)
        })
    }

    /// Returns the stand-in for a string, or the string itself if it may be kept.
    pub fn string(&mut self, original: &str, context: Context) -> String {
        if self.has_key(original) {
            return KEY.to_owned();
        }
        let is_kept = match context {
            Context::Any => false,
            Context::Public => is_timestamp(original) || is_decimal(original),
            Context::Enumeration => is_word(original),
            Context::Documented => true,
        };
        if is_kept || original.is_empty() {
            return original.to_owned();
        }
        // Treated as a number, so that an identifier has the same stand-in as a string and as a number.
        if original
            .parse::<u64>()
            .is_ok_and(|number| number.to_string() == original)
        {
            return self.number(original, false);
        }
        if let Some(stand_in) = self.strings.get(original) {
            return stand_in.clone();
        }
        let form = Form::of(original);
        let count = self.counts.entry(form).or_default();
        *count += 1;
        let stand_in = form.stand_in(original, *count);
        self.strings.insert(original.to_owned(), stand_in.clone());
        stand_in
    }

    /// Returns the stand-in for a number in JSON notation, or the number itself if it is public.
    pub fn number(&mut self, original: &str, is_public: bool) -> String {
        if is_public && !self.has_key(original) {
            return original.to_owned();
        }
        let next = self.numbers.len() as u64 + 1;
        let number = self.numbers.entry(original.to_owned()).or_insert(next);
        if original.contains(['.', 'e', 'E']) {
            format!("{number}.5")
        } else {
            number.to_string()
        }
    }

    /// Returns the ordinal of an original, counted from 1. Equal originals have equal ordinals.
    pub fn ordinal(&mut self, original: &str) -> u64 {
        let next = self.ordinals.len() as u64 + 1;
        *self.ordinals.entry(original.to_owned()).or_insert(next)
    }

    /// Returns the stand-in for a property name that the document does not have, or the name itself if it is a word.
    pub fn name(&mut self, original: &str) -> String {
        if is_word(original) && !original.starts_with(NAME) && !self.has_key(original) {
            return original.to_owned();
        }
        let next = self.names.len() as u64 + 1;
        let number = self.names.entry(original.to_owned()).or_insert(next);
        format!("{NAME}{number}")
    }
}

/// Checks whether a string looks like a property name or an enumeration value: letters, `_`, `-`, and at most 3 digits.
fn is_word(text: &str) -> bool {
    text.len() <= MAX_WORD_LENGTH
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        && text.chars().filter(char::is_ascii_digit).count() < 4
}

/// Checks whether a string is a number with a decimal point, without an exponent, and with or without a sign.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts = text.strip_prefix(['+', '-']).unwrap_or(text).split_once('.');
    parts.is_some_and(|(whole, decimals)| digits(whole) && digits(decimals))
}

/// Replaces letters and digits of a string and keeps its other characters. The digits of the result, or its letters if
/// it has no digits, encode `ordinal`.
pub(super) fn same_form(original: &str, ordinal: u64) -> String {
    let counts_in_digits = original.chars().any(|c| c.is_ascii_digit());
    let base: u8 = if counts_in_digits { 10 } else { 26 };
    let mut remaining = ordinal;
    let mut next = |first: u8| {
        let digit = u8::try_from(remaining % u64::from(base)).unwrap_or_default();
        remaining /= u64::from(base);
        char::from(first + digit)
    };
    let mut reversed: Vec<char> = original
        .chars()
        .rev()
        .map(|c| match c {
            '0'..='9' => next(b'0'),
            'A'..='Z' if !counts_in_digits => next(b'A'),
            'a'..='z' if !counts_in_digits => next(b'a'),
            'A'..='Z' => 'A',
            'a'..='z' => 'a',
            c if c.is_alphanumeric() => 'a',
            c => c,
        })
        .collect();
    reversed.reverse();
    reversed.into_iter().collect()
}

/// Checks whether a string is a date, or a date-time with or without an offset.
fn is_timestamp(text: &str) -> bool {
    matches_format("date", text)
        || matches_format("date-time", text)
        || matches_format("date-time", &format!("{}Z", text.replace(' ', "T")))
}

impl Form {
    fn of(text: &str) -> Self {
        [
            ("uuid", Self::Uuid),
            ("date-time", Self::DateTime),
            ("date", Self::Date),
            ("email", Self::Email),
            ("e164", Self::Phone),
            ("uri", Self::Uri),
        ]
        .into_iter()
        .find(|(format, _)| matches_format(format, text))
        .map_or_else(
            || match text {
                digits if digits.bytes().all(|b| b.is_ascii_digit()) => Self::Digits,
                timestamp if is_timestamp(timestamp) => Self::LocalDateTime,
                number if is_decimal(number) => Self::Decimal,
                _ => Self::Text,
            },
            |(_, form)| form,
        )
    }

    /// Returns the stand-in number `count` of this form.
    fn stand_in(self, original: &str, count: u64) -> String {
        let first = NaiveDate::default();
        match self {
            Self::Uuid => format!("00000000-0000-4000-9000-{count:012x}"),
            Self::DateTime => {
                let seconds = i64::try_from(count).ok().and_then(TimeDelta::try_seconds);
                let midnight = first.and_time(chrono::NaiveTime::MIN).and_utc();
                let time = seconds
                    .and_then(|seconds| midnight.checked_add_signed(seconds))
                    .unwrap_or(midnight);
                time.to_rfc3339_opts(SecondsFormat::Secs, true)
            }
            Self::LocalDateTime => {
                let separator = if original.contains(' ') { " " } else { "T" };
                let with_offset = Self::DateTime.stand_in(original, count);
                with_offset.trim_end_matches('Z').replace('T', separator)
            }
            Self::Decimal => {
                let decimals = original.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                format!("{count}.{:5<decimals$}", "")
            }
            Self::Date => first.checked_add_days(Days::new(count)).unwrap_or(first).to_string(),
            Self::Email => format!("person-{count}@example.com"),
            // The country code 999 is not assigned.
            Self::Phone => format!("+999{count:0width$}", width = original.len().saturating_sub(4)),
            Self::Uri => format!("https://example.com/{count}"),
            Self::Digits => format!("{count:0width$}", width = original.len()),
            Self::Text => {
                if original.contains(char::is_whitespace) {
                    format!("text {count}")
                } else {
                    format!("text-{count}")
                }
            }
        }
    }
}
