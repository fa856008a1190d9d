//! Why something did not decode, without the values that did not.
//!
//! serde puts the offending value into its message. In an answer that value may be what a caller said or their number,
//! so only what was expected, and where, is kept.

use std::fmt::Display;

/// Where decoding stopped, and why.
pub(crate) struct Reason {
    /// Such as `data.transcript[0].role`.
    pub path: String,
    /// Such as `expected a string`.
    pub problem: String,
}

impl Reason {
    /// `root` names what was decoded; the path starts there, or is empty where `root` is and the whole was wrong.
    pub(crate) fn of<E: Display>(error: &serde_path_to_error::Error<E>, root: &str) -> Self {
        let inner = error.path().to_string();
        let path = match (root, inner.as_str()) {
            (_, ".") => root.to_owned(),
            ("", inner) => inner.to_owned(),
            (_, inner) if inner.starts_with('[') => format!("{root}{inner}"),
            (_, inner) => format!("{root}.{inner}"),
        };
        Self {
            path,
            problem: without_values(&error.inner().to_string()),
        }
    }
}

/// The part of serde's message that speaks of the type and not of the value.
fn without_values(message: &str) -> String {
    // "… at line 1 column 20" counts bytes of a body that the reader of the message doesn't see.
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("the field {field} is missing");
    }
    // The last one: what stands before may be a value that holds the same words.
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if message.starts_with("EOF ") => "the text ends in the middle".to_owned(),
        None => "the value does not fit its type".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_gets_through() {
        assert_eq!(
            without_values("missing field `id` at line 1 column 9"),
            "the field `id` is missing"
        );
        let said = "invalid type: string \"+33612345678, expected soon\", expected f64 at line 1 column 20";
        assert_eq!(without_values(said), "expected f64");
        assert_eq!(without_values("secret at line 3"), "the value does not fit its type");
    }
}
