//! Numbers with all their digits, in values that hold numbers as doubles: `0.10` and `0.12345678901234567890` are sent back as they
//! were sent.
//!
//! serde_json keeps digits with its feature `arbitrary_precision` only, which would change what every other crate of the same build
//! reads. So a number that a double does not write in the same way is a string with a mark here, on the way through the server.

use callrounded_document::json::{Json, Kind, Node};
use serde_json::{Map, Number, Value, value::RawValue};

/// Begins a string that stands for a number. A string that begins so by itself has the mark twice.
const MARK: &str = "\u{f8ff}number ";

/// A text that is JSON, without loss.
pub(crate) fn read(text: &str) -> Option<Value> {
    Json::read(text).ok().map(|json| value(json.root()))
}

/// A payload without loss.
pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Number => {
            let digits = node.source();
            match serde_json::from_str::<Number>(digits) {
                Ok(number) if number.to_string() == digits => number.into(),
                _ => format!("{MARK}{digits}").into(),
            }
        }
        Kind::Array => node.elements().map(value).collect(),
        Kind::Object => {
            let members = node
                .members()
                .map(|(name, member)| (name.as_str().unwrap_or_default().into_owned(), value(member)));
            Value::Object(members.collect())
        }
        _ => match node.to_value() {
            Value::String(text) if text.starts_with(MARK) => format!("{MARK}{text}").into(),
            other => other,
        },
    }
}

/// The text of a value, with the digits that were read.
pub(crate) fn text(value: &Value) -> String {
    // A string is all that a value is made of that could not be written.
    serde_json::to_string(&Written(value)).unwrap_or_default()
}

/// A value as a payload.
pub(crate) fn json(value: &Value) -> Json {
    Json::read(text(value)).unwrap_or_else(|_| Json::of(&Value::Null))
}

/// The value as everyone else has it: with numbers as doubles.
pub(crate) fn rounded(value: &Value) -> Value {
    match value {
        Value::String(text) => match digits(text) {
            Some(Marked::Number(digits)) => serde_json::from_str(digits).unwrap_or_else(|_| digits.into()),
            Some(Marked::Text(text)) => text.into(),
            None => value.clone(),
        },
        Value::Array(values) => values.iter().map(rounded).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), rounded(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

enum Marked<'t> {
    Number(&'t str),
    Text(&'t str),
}

fn digits(text: &str) -> Option<Marked<'_>> {
    let rest = text.strip_prefix(MARK)?;
    Some(match rest.starts_with(MARK) {
        true => Marked::Text(rest),
        false => Marked::Number(rest),
    })
}

struct Written<'v>(&'v Value);

impl serde::Serialize for Written<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) => match digits(text) {
                Some(Marked::Number(digits)) => match RawValue::from_string(digits.to_owned()) {
                    Ok(raw) => raw.serialize(serializer),
                    Err(_) => serializer.serialize_str(digits),
                },
                Some(Marked::Text(text)) => serializer.serialize_str(text),
                None => serializer.serialize_str(text),
            },
            Value::Array(values) => serializer.collect_seq(values.iter().map(Written)),
            Value::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, Written(value))))
            }
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn digits_go_through() {
        for json in [
            "0.10",
            "[0.12345678901234567890,1e3,-0.0,12345678901234567890123]",
            r#"{"a":{"b":[1,1.5,"0.10",null,true]}}"#,
            "1e400",
            "\"\u{f8ff}number 0.10\"",
            "\"\u{f8ff}number \u{f8ff}number x\"",
        ] {
            assert_eq!(text(&read(json).unwrap()), json);
        }
    }

    #[test]
    fn a_rounded_value_is_that_of_serde_json() {
        for json in ["0.10", "[0.12345678901234567890,1e3]", r#"{"a":"\uf8ffnumber 1"}"#] {
            assert_eq!(
                rounded(&read(json).unwrap()),
                serde_json::from_str::<Value>(json).unwrap()
            );
        }
    }
}
