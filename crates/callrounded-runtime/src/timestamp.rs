//! Timestamps as received from the service. The vendor's reference does not specify their format.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use chrono::{DateTime, FixedOffset, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

/// A timestamp. It keeps the text as received, and [`utc`](Self::utc) parses it.
///
/// RFC 3339 is accepted with any offset and precision. ISO 8601 without an offset is treated as UTC, and
/// [`has_offset`](Self::has_offset) returns `false`. If a received value cannot be parsed, the response is still
/// decoded: the text is kept, and [`utc`](Self::utc) returns `None`.
///
/// Equality and order are by time: `16:30:00+02:00` equals `14:30:00Z`. A value that cannot be parsed equals only the
/// same text, and is greater than all others. Timestamps can be compared with chrono's [`DateTime`], and chrono
/// calculates with them:
///
/// ```
/// use callrounded_runtime::Timestamp;
/// use chrono::{DateTime, TimeDelta, Utc};
///
/// let start: Timestamp = "2023-06-15T14:30:00Z".parse()?;
/// let end: Timestamp = "2023-06-15T16:35:00+02:00".parse()?;
/// assert!(start < end);
/// assert!(start > DateTime::<Utc>::UNIX_EPOCH);
/// let duration = end.utc().zip(start.utc()).map(|(end, start)| end - start);
/// assert_eq!(duration, Some(TimeDelta::minutes(5)));
/// # Ok::<(), callrounded_runtime::ParseTimestampError>(())
/// ```
#[derive(Clone)]
pub struct Timestamp {
    text: Text,
    /// Whether it was a JSON string. Any other value is serialized as received, without quotes.
    quoted: bool,
}

/// The error for a text that is not a timestamp. The message does not contain the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseTimestampError;

/// The text of a timestamp. Timestamps are short and numerous, so most are stored without an allocation.
#[derive(Clone)]
enum Text {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Box<str>),
}

/// The maximum length that is stored inline, in bytes. Most services send 20 to 29. RFC 3339 with nanoseconds and an
/// offset has 35.
const SHORT: usize = 30;

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Self::Short { length, bytes } => {
                let text = bytes.get(..usize::from(*length)).unwrap_or_default();
                str::from_utf8(text).unwrap_or_default()
            }
            Self::Long(text) => text,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(target), Ok(length)) => {
                target.copy_from_slice(text.as_bytes());
                Self::Short { length, bytes }
            }
            _ => Self::Long(text.into()),
        }
    }
}

impl Timestamp {
    /// Returns the text as received, or the JSON of a value that is not a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Returns the time in UTC; `None` if the text cannot be parsed.
    #[must_use]
    pub fn utc(&self) -> Option<DateTime<Utc>> {
        self.with_offset()
            .map(|time| time.with_timezone(&Utc))
            .or_else(|| self.naive().map(|time| time.and_utc()))
    }

    /// Returns the time with its original offset; `None` if the text has no offset or cannot be parsed.
    #[must_use]
    pub fn with_offset(&self) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(self.as_str())
            // ISO 8601 also allows offsets without a colon, or without minutes.
            .or_else(|_| DateTime::parse_from_str(self.as_str(), "%Y-%m-%dT%H:%M:%S%.f%#z"))
            .or_else(|_| DateTime::parse_from_str(self.as_str(), "%Y-%m-%d %H:%M:%S%.f%#z"))
            .or_else(|_| DateTime::parse_from_str(self.as_str(), "%Y-%m-%dT%H:%M%#z"))
            .ok()
    }

    /// Returns whether the text is a valid timestamp with an offset.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        self.with_offset().is_some()
    }

    fn received(text: &str) -> Self {
        Self {
            text: text.into(),
            quoted: true,
        }
    }

    /// Returns the key for equality and order.
    fn key(&self) -> Result<DateTime<Utc>, &str> {
        self.utc().ok_or(self.as_str())
    }

    fn naive(&self) -> Option<NaiveDateTime> {
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(self.as_str(), format).ok())
    }
}

impl<Z: TimeZone> From<DateTime<Z>> for Timestamp {
    fn from(time: DateTime<Z>) -> Self {
        Self {
            text: Text::from(time.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true).as_str()),
            quoted: true,
        }
    }
}

/// Accepts every format that [`utc`](Timestamp::utc) parses.
impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        let timestamp = Self::received(text);
        match timestamp.utc() {
            Some(_) => Ok(timestamp),
            None => Err(ParseTimestampError),
        }
    }
}

impl TryFrom<&str> for Timestamp {
    type Error = ParseTimestampError;

    fn try_from(text: &str) -> Result<Self, ParseTimestampError> {
        text.parse()
    }
}

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a timestamp; expected ISO 8601, such as 2023-06-15T14:30:00Z")
    }
}

impl std::error::Error for ParseTimestampError {}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() || self.key() == other.key()
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<Z: TimeZone> PartialEq<DateTime<Z>> for Timestamp {
    fn eq(&self, other: &DateTime<Z>) -> bool {
        self.utc().is_some_and(|time| time == *other)
    }
}

/// A timestamp that cannot be parsed is neither less nor greater than a time.
impl<Z: TimeZone> PartialOrd<DateTime<Z>> for Timestamp {
    fn partial_cmp(&self, other: &DateTime<Z>) -> Option<Ordering> {
        self.utc()?.partial_cmp(other)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A text that cannot be parsed may be anything, even personal data.
        if self.utc().is_some() {
            f.write_str(self.as_str())
        } else {
            f.write_str("<unreadable>")
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<Value>(self.as_str()) {
            Ok(value) if !self.quoted => value.serialize(serializer),
            _ => serializer.serialize_str(self.as_str()),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

/// A visitor that accepts any JSON value.
struct AnyJson;

impl AnyJson {
    fn from_json(value: &Value) -> Timestamp {
        Timestamp {
            text: value.to_string().as_str().into(),
            quoted: false,
        }
    }
}

impl<'de> de::Visitor<'de> for AnyJson {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp")
    }

    fn visit_str<E>(self, text: &str) -> Result<Timestamp, E> {
        Ok(Timestamp::received(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Timestamp, E> {
        Ok(Self::from_json(&value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Timestamp, E> {
        Ok(Self::from_json(&value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Timestamp, E> {
        Ok(Self::from_json(&value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Timestamp, E> {
        Ok(Self::from_json(&value.into()))
    }

    fn visit_unit<E>(self) -> Result<Timestamp, E> {
        Ok(Self::from_json(&Value::Null))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Timestamp, A::Error> {
        Value::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(|value| Self::from_json(&value))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Timestamp, A::Error> {
        Value::deserialize(de::value::MapAccessDeserializer::new(map)).map(|value| Self::from_json(&value))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests;
