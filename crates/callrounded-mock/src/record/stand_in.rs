//! What stands in a recording in place of what may not: of the same form, and the same wherever the original was the same.
//! Originals are kept in memory only, while the recording runs.

use std::collections::{HashMap, HashSet};

use callrounded_document::check::fits;
use chrono::{Days, NaiveDate, SecondsFormat, TimeDelta};

/// What stands for any text with a key in it.
const KEY: &str = "api-key";

/// What names that are no plain words become, with a number.
const NAME: &str = "stand-in-";

/// Longer names and values of enumerations are taken for texts that say something.
const LONGEST_WORD: usize = 40;

/// Shorter keys, and shorter parts of keys, are found only where they stand alone: inside of texts they would be found
/// everywhere.
const SHORTEST_PART: usize = 8;

#[derive(Default)]
pub(super) struct StandIns {
    /// In lower case.
    keys: HashSet<String>,
    texts: HashMap<String, String>,
    /// How many stand-ins of each form there are.
    counts: HashMap<Form, u64>,
    numbers: HashMap<String, u64>,
    names: HashMap<String, u64>,
    ordinals: HashMap<String, u64>,
}

/// What is known of a place where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing: whatever stands there may be personal.
    Any,
    /// It is marked as no personal data. Moments stay; a service can write anything else into it.
    Shown,
    /// It is marked and has an enumeration, whose values are words, those too that the document does not know yet.
    Enumeration,
    /// It is a word of the document: a value of an enumeration or a discriminator, or a default.
    Known,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Uuid,
    DateTime,
    /// Without an offset.
    LocalDateTime,
    Date,
    Email,
    Telephone,
    Uri,
    /// Digits with a zero in front; others are numbers.
    Digits,
    /// Digits with a decimal point.
    Decimal,
    Text,
}

impl StandIns {
    /// Keeps this key out of everything.
    pub fn hide(&mut self, key: &str) {
        let key = key.trim().to_lowercase();
        if !key.is_empty() {
            self.keys.insert(key);
        }
    }

    /// Whether a text is a key, has one in it, or is a part of one.
    pub fn has_key(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.keys.iter().any(|key| {
            *key == text
                || key.len() >= SHORTEST_PART && text.contains(key.as_str())
                || text.len() >= SHORTEST_PART && key.contains(&text)
        })
    }

    /// What stands for a text.
    pub fn text(&mut self, original: &str, place: Place) -> String {
        if self.has_key(original) {
            return KEY.to_owned();
        }
        let stays = match place {
            Place::Any => false,
            Place::Shown => is_moment(original) || is_decimal(original),
            Place::Enumeration => is_word(original),
            Place::Known => true,
        };
        if stays || original.is_empty() {
            return original.to_owned();
        }
        // As a number, so that an identifier is the same where it is written as a text and where as a number.
        if original
            .parse::<u64>()
            .is_ok_and(|number| number.to_string() == original)
        {
            return self.number(original, false);
        }
        if let Some(known) = self.texts.get(original) {
            return known.clone();
        }
        let form = Form::of(original);
        let count = self.counts.entry(form).or_default();
        *count += 1;
        let made = form.make(original, *count);
        self.texts.insert(original.to_owned(), made.clone());
        made
    }

    /// What stands for a number, as it is written.
    pub fn number(&mut self, original: &str, may_be_shown: bool) -> String {
        if may_be_shown && !self.has_key(original) {
            return original.to_owned();
        }
        let next = self.numbers.len() as u64 + 1;
        let number = self.numbers.entry(original.to_owned()).or_insert(next);
        match original.contains(['.', 'e', 'E']) {
            true => format!("{number}.5"),
            false => number.to_string(),
        }
    }

    /// A number for an original, the same one each time, counted from 1.
    pub fn ordinal(&mut self, original: &str) -> u64 {
        let next = self.ordinals.len() as u64 + 1;
        *self.ordinals.entry(original.to_owned()).or_insert(next)
    }

    /// What stands for a name of an object which the document does not have.
    pub fn name(&mut self, original: &str) -> String {
        if is_word(original) && !original.starts_with(NAME) && !self.has_key(original) {
            return original.to_owned();
        }
        let next = self.names.len() as u64 + 1;
        let number = self.names.entry(original.to_owned()).or_insert(next);
        format!("{NAME}{number}")
    }
}

/// What names of fields and values of enumerations look like: letters, with a few digits at most.
fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_WORD
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        && text.chars().filter(char::is_ascii_digit).count() < 4
}

/// A number with a point and no exponent, with a sign or without.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts = text.strip_prefix(['+', '-']).unwrap_or(text).split_once('.');
    parts.is_some_and(|(whole, decimals)| digits(whole) && digits(decimals))
}

/// A text with other letters and digits, and all else of it. Its digits, or the letters of what has none, count up to `ordinal`.
pub(super) fn alike(original: &str, ordinal: u64) -> String {
    let counts_in_digits = original.chars().any(|c| c.is_ascii_digit());
    let base: u8 = if counts_in_digits { 10 } else { 26 };
    let mut left = ordinal;
    let mut next = |first: u8| {
        let digit = u8::try_from(left % u64::from(base)).unwrap_or_default();
        left /= u64::from(base);
        char::from(first + digit)
    };
    let mut made: Vec<char> = original
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
    made.reverse();
    made.into_iter().collect()
}

/// A date, or a date with a time, with or without an offset.
fn is_moment(text: &str) -> bool {
    fits("date", text) || fits("date-time", text) || fits("date-time", &format!("{}Z", text.replace(' ', "T")))
}

impl Form {
    fn of(text: &str) -> Self {
        [
            ("uuid", Self::Uuid),
            ("date-time", Self::DateTime),
            ("date", Self::Date),
            ("email", Self::Email),
            ("e164", Self::Telephone),
            ("uri", Self::Uri),
        ]
        .into_iter()
        .find(|(format, _)| fits(format, text))
        .map_or_else(
            || match text {
                digits if digits.bytes().all(|b| b.is_ascii_digit()) => Self::Digits,
                moment if is_moment(moment) => Self::LocalDateTime,
                number if is_decimal(number) => Self::Decimal,
                _ => Self::Text,
            },
            |(_, form)| form,
        )
    }

    /// The stand-in number `count` of this form.
    fn make(self, original: &str, count: u64) -> String {
        let first = NaiveDate::default();
        match self {
            Self::Uuid => format!("00000000-0000-4000-9000-{count:012x}"),
            Self::DateTime => {
                let seconds = i64::try_from(count).ok().and_then(TimeDelta::try_seconds);
                let moment = first.and_time(chrono::NaiveTime::MIN).and_utc();
                let moment = seconds
                    .and_then(|seconds| moment.checked_add_signed(seconds))
                    .unwrap_or(moment);
                moment.to_rfc3339_opts(SecondsFormat::Secs, true)
            }
            Self::LocalDateTime => {
                let separator = if original.contains(' ') { " " } else { "T" };
                let made = Self::DateTime.make(original, count);
                made.trim_end_matches('Z').replace('T', separator)
            }
            Self::Decimal => {
                let decimals = original.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                format!("{count}.{:5<decimals$}", "")
            }
            Self::Date => first.checked_add_days(Days::new(count)).unwrap_or(first).to_string(),
            Self::Email => format!("person-{count}@example.com"),
            // No country has this code.
            Self::Telephone => format!("+999{count:0width$}", width = original.len().saturating_sub(4)),
            Self::Uri => format!("https://example.com/{count}"),
            Self::Digits => format!("{count:0width$}", width = original.len()),
            Self::Text => match original.contains(char::is_whitespace) {
                true => format!("text {count}"),
                false => format!("text-{count}"),
            },
        }
    }
}
