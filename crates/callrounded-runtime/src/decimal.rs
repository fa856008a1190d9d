//! An amount as the service writes it, digit for digit.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::raw::Raw;

/// A decimal number that the document describes as a number.
pub type Decimal = Digits<false>;

/// A decimal number that the document describes as a string. What is made here is written as a string.
pub type DecimalString = Digits<true>;

/// A decimal number of an answer, such as an amount of money: its digits as they came, never rounded to a binary
/// fraction. It may have come as a number or as a string, whatever the document says, and is written as it came.
///
/// Calculate with the decimal type of your choice: [`parse`](Self::parse) reads the digits into it.
///
/// Two are equal if they are written alike.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Digits<const STRING: bool> {
    /// The digits; of something that was neither number nor text, its JSON.
    text: String,
    quoted: bool,
}

impl<const STRING: bool> Digits<STRING> {
    /// The digits as they came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The digits as another type, such as a decimal of another crate or `f64`, which rounds.
    ///
    /// # Errors
    /// That type's own, where it does not take the digits.
    pub fn parse<T: FromStr>(&self) -> Result<T, T::Err> {
        self.text.trim().parse()
    }
}

impl<const STRING: bool> From<&str> for Digits<STRING> {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            quoted: STRING || serde_json::from_str::<serde_json::Number>(text).is_err(),
        }
    }
}

impl<const STRING: bool> FromStr for Digits<STRING> {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
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
        if serde_json::from_str::<serde_json::Number>(&self.text).is_ok() {
            f.write_str(&self.text)
        } else {
            f.write_str("<unreadable>")
        }
    }
}

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
        let text = Raw::deserialize(deserializer)?.into_text();
        // A failure to read a number as a text would be made for nothing.
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
    use super::*;

    #[test]
    fn every_digit_is_kept() {
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
            let amount: Decimal = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&amount).unwrap(), json);
            assert_eq!(amount.as_str(), json.trim_matches('"'));
        }
    }

    #[test]
    fn it_is_read_from_values_and_with_paths_too() {
        let value = serde_json::json!({"a": 0.15, "b": "0.30"});
        let read: std::collections::BTreeMap<String, Decimal> = serde_json::from_value(value).unwrap();
        assert_eq!((read["a"].as_str(), read["b"].parse::<f64>()), ("0.15", Ok(0.3)));
        assert_eq!(
            format!("{:?} {:?}", read["a"], Decimal::from("+336")),
            "0.15 <unreadable>"
        );
    }

    #[test]
    fn decimal_of_a_string_is_written_as_a_string() {
        let amount: DecimalString = "0.10".parse().unwrap();
        assert_eq!(serde_json::to_string(&amount).unwrap(), "\"0.10\"");
        // What came is written as it came.
        for json in ["0.10", "\"0.10\""] {
            let amount: DecimalString = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&amount).unwrap(), json);
        }
    }
}
