//! Decimal numbers that keep every digit of the JSON.

mod value;

#[cfg(feature = "bigdecimal")]
mod bigdecimal;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use self::value::Value;
use crate::raw::Raw;

/// A decimal number that the document describes as a number.
pub type Decimal = Digits<false>;

/// A decimal number that the document describes as a string. A value that is created by this program is serialized as a
/// string.
pub type DecimalString = Digits<true>;

/// A decimal number, such as an amount of money. It keeps its digits as received and is never rounded to a binary
/// fraction.
///
/// JSON numbers and strings are accepted, whichever the document specifies. A received value is serialized as it was
/// received.
///
/// Equality and order are by value: `0.10` equals `0.1` and is less than `0.2`. [`as_str`](Self::as_str) returns the
/// digits. A received value that is not a number is kept unchanged. It equals only the same text and is greater than
/// all numbers.
///
/// To calculate, [`parse`](Self::parse) the digits as the decimal type of your choice, or convert to and from the types
/// of the crates `rust_decimal` and `bigdecimal` with the features of these names.
///
/// Inside `#[serde(flatten)]`, `#[serde(untagged)]` and `#[serde(tag = …)]`, serde buffers numbers as `f64`. They have
/// the shortest digits of that `f64`: `0.10` becomes `0.1`. Numbers in strings keep all digits there too.
///
/// ```
/// use callrounded_runtime::Decimal;
///
/// let cost: Decimal = "0.150".parse()?;
/// assert_eq!(cost, "0.15".parse()?);
/// assert_eq!(cost.as_str(), "0.150");
/// assert!(cost < "1e1".parse()?);
/// assert!("free".parse::<Decimal>().is_err());
/// # Ok::<(), callrounded_runtime::ParseDecimalError>(())
/// ```
#[derive(Clone)]
pub struct Digits<const STRING: bool> {
    /// The digits, or the JSON of a value that is neither a number nor a string.
    text: String,
    /// Whether it is serialized as a JSON string.
    quoted: bool,
}

/// The error for a text that is not a decimal number. The message does not contain the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseDecimalError;

impl<const STRING: bool> Digits<STRING> {
    /// Returns the digits as received, or the JSON of a value that is neither a number nor a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Parses the digits as another type, such as `f64`, which rounds, or a decimal type of another crate.
    ///
    /// # Errors
    /// If the other type cannot be parsed from the digits.
    pub fn parse<T: FromStr>(&self) -> Result<T, T::Err> {
        self.text.trim().parse()
    }

    fn value(&self) -> Result<Value<'_>, &str> {
        Value::of(self.text.trim()).ok_or(&self.text)
    }

    /// Creates a decimal from digits that are a JSON number.
    fn of_number(text: String) -> Self {
        Self { text, quoted: STRING }
    }
}

/// Accepts the syntax of JSON numbers, with an exponent of at most 32 bits.
impl<const STRING: bool> FromStr for Digits<STRING> {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        let is_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            && text.ends_with(|last: char| last.is_ascii_digit())
            && serde_json::from_str::<&RawValue>(text).is_ok()
            && Value::of(text).is_some();
        if is_number {
            Ok(Self::of_number(text.to_owned()))
        } else {
            Err(ParseDecimalError)
        }
    }
}

impl<const STRING: bool> TryFrom<&str> for Digits<STRING> {
    type Error = ParseDecimalError;

    fn try_from(text: &str) -> Result<Self, ParseDecimalError> {
        text.parse()
    }
}

impl<const STRING: bool> From<i64> for Digits<STRING> {
    fn from(number: i64) -> Self {
        Self::of_number(number.to_string())
    }
}

impl<const STRING: bool> PartialEq for Digits<STRING> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl<const STRING: bool> Eq for Digits<STRING> {}

impl<const STRING: bool> Hash for Digits<STRING> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value().hash(state);
    }
}

impl<const STRING: bool> Ord for Digits<STRING> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value().cmp(&other.value())
    }
}

impl<const STRING: bool> PartialOrd for Digits<STRING> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const STRING: bool> fmt::Display for Digits<STRING> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<const STRING: bool> fmt::Debug for Digits<STRING> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Text that is not a number may be anything, even personal data.
        match self.value() {
            Ok(_) if !self.text.trim_start().starts_with('+') => f.write_str(&self.text),
            _ => f.write_str("<unreadable>"),
        }
    }
}

impl fmt::Display for ParseDecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number; expected digits such as 12, -0.15 or 1.5e-7")
    }
}

impl std::error::Error for ParseDecimalError {}

impl<const STRING: bool> Serialize for Digits<STRING> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match RawValue::from_string(self.text.clone()) {
            Ok(raw) if !self.quoted => raw.serialize(serializer),
            _ => serializer.serialize_str(&self.text),
        }
    }
}

impl<'de, const STRING: bool> Deserialize<'de> for Digits<STRING> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Raw::deserialize(deserializer)?.into_string();
        // The check avoids the cost of an error for each number.
        let quoted = text.starts_with('"').then(|| serde_json::from_str(&text));
        Ok(match quoted {
            Some(Ok(text)) => Self { text, quoted: true },
            _ => Self { text, quoted: false },
        })
    }
}

#[cfg(feature = "schemars")]
impl<const STRING: bool> schemars::JsonSchema for Digits<STRING> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["number", "string"] })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn received(json: &str) -> Decimal {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn decimal_round_trip_keeps_every_digit() {
        for json in [
            "0.15",
            "0.1500",
            "12345678901234567890.123456789012345678901",
            "-3",
            "1.5e-7",
            "\"0.15\"",
            "\"free\"",
            "true",
        ] {
            let amount = received(json);
            assert_eq!(serde_json::to_string(&amount).unwrap(), json);
            assert_eq!(amount.as_str(), json.trim_matches('"'));
        }
    }

    #[test]
    fn decimal_in_json_value_is_deserialized() {
        let value = serde_json::json!({"a": 0.15, "b": "0.30"});
        let decimals: std::collections::BTreeMap<String, Decimal> = serde_json::from_value(value).unwrap();
        assert_eq!(
            (decimals["a"].as_str(), decimals["b"].parse::<f64>()),
            ("0.15", Ok(0.3))
        );
    }

    #[test]
    fn decimal_in_serde_buffer_is_deserialized() {
        #[derive(Deserialize)]
        struct Item {
            cost: Decimal,
        }
        #[derive(Deserialize)]
        #[serde(tag = "event")]
        enum Tagged {
            #[serde(rename = "ended")]
            Ended(Item),
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Untagged {
            Item(Item),
        }
        #[derive(Deserialize)]
        struct Flat {
            #[serde(flatten)]
            item: Item,
        }
        for (cost, digits) in [("0.10", "0.1"), ("\"0.10\"", "0.10"), ("3", "3"), ("-1e3", "-1000.0")] {
            let json = format!("{{\"event\": \"ended\", \"cost\": {cost}}}");
            let Tagged::Ended(tagged) = serde_json::from_str(&json).unwrap();
            let Untagged::Item(untagged) = serde_json::from_str(&json).unwrap();
            let flat: Flat = serde_json::from_str(&json).unwrap();
            for item in [tagged, untagged, flat.item] {
                assert_eq!(item.cost.as_str(), digits);
                assert_eq!(item.cost, received(cost));
            }
        }
    }

    #[test]
    fn decimal_string_from_str_is_serialized_as_string() {
        let amount: DecimalString = "0.10".parse().unwrap();
        assert_eq!(serde_json::to_string(&amount).unwrap(), "\"0.10\"");
        // A received value is serialized as it was received.
        for json in ["0.10", "\"0.10\""] {
            let amount: DecimalString = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&amount).unwrap(), json);
        }
    }

    #[test]
    fn decimal_from_str_accepts_only_json_numbers() {
        for text in ["0", "-0.15", "1e400", "12345678901234567890.12345678901234567890"] {
            assert_eq!(text.parse::<Decimal>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "free",
            "+1",
            ".5",
            "1.",
            "01",
            " 1",
            "1 ",
            "1,5",
            "0x1",
            "NaN",
            "1e3000000000",
            "\"1\"",
            "[1]",
            "-",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(ParseDecimalError), "{text}");
        }
        assert_eq!(Decimal::from(-7).as_str(), "-7");
    }

    #[test]
    fn decimal_equality_and_order_are_by_value() {
        for (one, other) in [
            ("0.10", "0.1"),
            ("1e3", "\"1000\""),
            ("-0", "0.000"),
            ("\" +.5\"", "5e-1"),
            ("1E2", "100"),
        ] {
            assert_eq!(received(one), received(other));
            assert_eq!(
                HashSet::from([received(one), received(other)]).len(),
                1,
                "{one} {other}"
            );
        }
        let ordered = [
            "-1e400",
            "-100",
            "-99.5",
            "-1e-400",
            "0",
            "1e-400",
            "0.1",
            "0.10000000000000000001",
            "2",
            "10",
            "9007199254740993",
            "1e20",
            "\"free\"",
            "true",
        ];
        for (index, one) in ordered.iter().enumerate() {
            for (other_index, other) in ordered.iter().enumerate() {
                assert_eq!(
                    received(one).cmp(&received(other)),
                    index.cmp(&other_index),
                    "{one} {other}"
                );
            }
        }
    }

    #[test]
    fn decimal_debug_omits_text_that_is_not_a_number() {
        assert_eq!(format!("{:?}", received("\"0.15\"")), "0.15");
        for json in ["\"+33612345678\"", "\" +33612345678\"", "\"Jane\"", "{\"a\":1}"] {
            assert_eq!(format!("{:?}", received(json)), "<unreadable>");
        }
    }
}
