//! Parses JSON from users strictly: duplicate keys, and numbers that would lose digits, are errors.

use callrounded_document::json::{Json, Kind, Node, ViolationKind};
use serde_json::Value;

/// Parses a JSON value.
///
/// # Errors
/// A message if it is not JSON, has a duplicate key, or a number that cannot be sent with all digits. The message
/// quotes keys, but no values.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let json = parse(text)?;
    if is_exact(json.root()) {
        Ok(json.root().to_value())
    } else {
        Err(inexact_number())
    }
}

/// Parses JSON that is sent as it is written, so that no digit is lost.
///
/// # Errors
/// A message if it is not JSON, or has a duplicate key or half of a surrogate pair.
pub(crate) fn parse(text: &str) -> Result<Json, String> {
    let json = Json::read(text).map_err(|error| {
        let before = text.get(..error.offset).unwrap_or(text);
        format!(
            "invalid JSON at character {}: {}; {}",
            before.chars().count() + 1,
            error.problem,
            error.remedy
        )
    })?;
    for violation in json.violations() {
        let source = text.get(violation.span.clone()).unwrap_or_default();
        match &violation.kind {
            ViolationKind::Duplicate { .. } => {
                return Err(format!("duplicate key {source} in an object; keep one of them"));
            }
            ViolationKind::LoneSurrogate => {
                return Err("an escape is half of a surrogate pair; write both halves".to_owned());
            }
            // No digit is lost if it is sent as it is written. `read` rejects it.
            ViolationKind::Overflow => {}
        }
    }
    Ok(json)
}

fn inexact_number() -> String {
    "a number has more digits than can be sent; write it as a string, in quotes".to_owned()
}

/// Checks whether each number of a value keeps its digits when it is sent.
fn is_exact(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Number => node.is_exact_number(),
        Kind::Array => node.elements().all(is_exact),
        Kind::Object => node.members().all(|(_, value)| is_exact(value)),
        Kind::Null | Kind::Boolean | Kind::String => true,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::read;

    #[test]
    fn read_duplicate_key_or_inexact_number_is_error() {
        for (text, problem) in [
            (r#"{"a": 1, "a": 2}"#, r#"duplicate key "a" in an object"#),
            (r#"{"b": {"a": 1, "\u0061": 2}}"#, r#"duplicate key "\u0061""#),
            ("[12345678901234567890123]", "more digits than can be sent"),
            ("0.12345678901234567890", "more digits than can be sent"),
            ("1e999", "more digits than can be sent"),
            (r#""\ud83d""#, "half of a surrogate pair"),
            ("{'a': 1}", "invalid JSON at character 2"),
            ("", "invalid JSON at character 1"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(problem), "{text}: {message}");
        }
        for text in [
            "18446744073709551615",
            "-9223372036854775808",
            "0.10",
            "1.50e3",
            "[0.1, 1e22, -0.0, 100]",
        ] {
            assert!(read(text).is_ok(), "{text}: {:?}", read(text));
        }
    }
}
