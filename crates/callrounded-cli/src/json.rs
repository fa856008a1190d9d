//! JSON from users, who are told of what another reader would pass over: a name that stands twice, digits that would be lost.

use callrounded_document::json::{FlawKind, Json, Kind, Node};
use serde_json::Value;

/// Reads a JSON value. The problem quotes names, but no values.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let json = checked(text)?;
    match is_exact(json.root()) {
        true => Ok(json.root().to_value()),
        false => Err(rounded()),
    }
}

/// Checks JSON that is sent as it is written.
pub(crate) fn checked(text: &str) -> Result<Json, String> {
    let json = Json::read(text).map_err(|unreadable| {
        let before = text.get(..unreadable.offset).unwrap_or(text);
        format!(
            "it is not JSON at character {}: {}; {}",
            before.chars().count() + 1,
            unreadable.problem,
            unreadable.remedy
        )
    })?;
    for flaw in json.flaws() {
        let source = text.get(flaw.span.clone()).unwrap_or_default();
        match &flaw.kind {
            FlawKind::Duplicate { .. } => return Err(format!("{source} stands twice in an object; keep one of them")),
            FlawKind::HalfCharacter => return Err("an escape is half a character; write both halves".to_owned()),
            // Nothing is lost where it is sent as it is written; `read` refuses it.
            FlawKind::Overflow => {}
        }
    }
    Ok(json)
}

fn rounded() -> String {
    "a number has more digits than can be sent; write it as a string, in quotes".to_owned()
}

/// Whether each number in it has the same digits when it is sent.
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
    fn what_would_be_lost_is_refused() {
        for (text, problem) in [
            (r#"{"a": 1, "a": 2}"#, r#""a" stands twice in an object"#),
            (r#"{"b": {"a": 1, "\u0061": 2}}"#, r#""\u0061" stands twice"#),
            ("[12345678901234567890123]", "more digits than can be sent"),
            ("0.12345678901234567890", "more digits than can be sent"),
            ("1e999", "more digits than can be sent"),
            (r#""\ud83d""#, "half a character"),
            ("{'a': 1}", "not JSON at character 2"),
            ("", "not JSON at character 1"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(problem), "{text}: {said}");
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
