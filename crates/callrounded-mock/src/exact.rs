//! JSON values that keep all digits of their numbers: `0.10` and `0.12345678901234567890` are sent back as they were
//! received.
//!
//! serde_json keeps digits only with its feature `arbitrary_precision`, which would change how every other crate in the
//! same build reads numbers. Therefore a number that an `f64` would print differently is stored as a string that begins
//! with a marker.

use callrounded_document::json::{Json, Kind, Node};
use serde_json::{Map, Number, Value, value::RawValue};

/// The start of a string that represents a number. A string that itself starts with the marker has it twice.
const MARKER: &str = "\u{f8ff}number ";

/// How deep a received value may nest. Responses contain it in other values, and serde_json reads 127 levels.
const MAX_DEPTH: usize = 100;

/// Parses a value that responses may contain, such as the body of a request.
///
/// # Errors
/// What the text is instead.
pub(crate) fn parse(text: &str) -> Result<Json, String> {
    let json = Json::read(text).map_err(|error| format!("not JSON: {error}"))?;
    if nests_deeper(json.root(), MAX_DEPTH) {
        return Err(format!("nested more than {MAX_DEPTH} levels deep"));
    }
    Ok(json)
}

fn nests_deeper(node: Node<'_>, levels: usize) -> bool {
    let deeper = |child| nests_deeper(child, levels - 1);
    match node.kind() {
        Kind::Array | Kind::Object if levels == 0 => true,
        Kind::Array => node.elements().any(deeper),
        Kind::Object => node.members().any(|(_, child)| deeper(child)),
        _ => false,
    }
}

/// Parses a value that responses may contain, without loss of digits.
///
/// # Errors
/// What the text is instead.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    parse(text).map(|json| value(json.root()))
}

/// Converts a payload to a value without loss of digits.
pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Number => {
            let digits = node.source();
            match serde_json::from_str::<Number>(digits) {
                Ok(number) if number.to_string() == digits => number.into(),
                _ => format!("{MARKER}{digits}").into(),
            }
        }
        Kind::Array => node.elements().map(value).collect(),
        Kind::Object => {
            let members = node
                .members()
                .map(|(key, member)| (key.as_str().unwrap_or_default().into_owned(), value(member)));
            Value::Object(members.collect())
        }
        _ => match node.to_value() {
            Value::String(string) if string.starts_with(MARKER) => format!("{MARKER}{string}").into(),
            other => other,
        },
    }
}

/// Serializes a value to JSON text, with the digits that were read.
pub(crate) fn text(value: &Value) -> String {
    // Serialization does not fail: every key of a `Value` is a string.
    serde_json::to_string(&Exact(value)).unwrap_or_default()
}

/// Converts a value to a payload.
pub(crate) fn json(value: &Value) -> Json {
    Json::read(text(value)).unwrap_or_else(|_| Json::of(&Value::Null))
}

/// Converts a value to an ordinary one of serde_json, in which numbers are rounded to `f64`.
pub(crate) fn rounded(value: &Value) -> Value {
    match value {
        Value::String(string) => match marked(string) {
            Some(Marked::Number(digits)) => serde_json::from_str(digits).unwrap_or_else(|_| digits.into()),
            Some(Marked::String(string)) => string.into(),
            None => value.clone(),
        },
        Value::Array(values) => values.iter().map(rounded).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.clone(), rounded(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// The content of a string that starts with the marker.
enum Marked<'t> {
    Number(&'t str),
    String(&'t str),
}

fn marked(string: &str) -> Option<Marked<'_>> {
    let rest = string.strip_prefix(MARKER)?;
    Some(if rest.starts_with(MARKER) {
        Marked::String(rest)
    } else {
        Marked::Number(rest)
    })
}

/// Serializes a value with the digits that were read.
struct Exact<'v>(&'v Value);

impl serde::Serialize for Exact<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(string) => match marked(string) {
                Some(Marked::Number(digits)) => match RawValue::from_string(digits.to_owned()) {
                    Ok(raw) => raw.serialize(serializer),
                    Err(_) => serializer.serialize_str(digits),
                },
                Some(Marked::String(string)) => serializer.serialize_str(string),
                None => serializer.serialize_str(string),
            },
            Value::Array(values) => serializer.collect_seq(values.iter().map(Exact)),
            Value::Object(members) => serializer.collect_map(members.iter().map(|(key, value)| (key, Exact(value)))),
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn text_of_read_value_keeps_digits() {
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
    fn rounded_value_equals_value_of_serde_json() {
        for json in ["0.10", "[0.12345678901234567890,1e3]", r#"{"a":"\uf8ffnumber 1"}"#] {
            assert_eq!(
                rounded(&read(json).unwrap()),
                serde_json::from_str::<Value>(json).unwrap()
            );
        }
    }
}
