//! Decodes JSON leniently: a value that does not have its documented type is skipped, and the rest is decoded.
//!
//! Decoding stops at the first value of another type. That value is skipped: a property becomes null, an element is
//! removed from its list, an entry is removed from its map, and a union keeps the JSON as its unknown variant. Then
//! decoding starts again. If the value is required, its parent is skipped instead. Apart from the documented defaults
//! of absent properties, everything in the result was in the JSON.

mod repair;

use std::fmt::Display;

use repair::Repair;
use serde::de::DeserializeOwned;
use serde_json::{Value, error::Category};
use serde_path_to_error::Segment;

use crate::union;

/// The size limit of JSON that is decoded leniently, in bytes. A tree of values takes many times the size of its JSON.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A limit on the bytes that are decoded in total, 64 MiB by default. After each skipped value all of the JSON is
/// decoded again. If the budget is exhausted, or 64 values have been skipped, the outermost list around the next such
/// value is skipped as a whole; without a list, its parent object.
#[derive(Clone, Debug)]
pub struct Budget {
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024 * 1024,
        }
    }
}

impl Budget {
    /// Takes bytes from the budget. Returns whether any are left.
    fn take(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_sub(bytes);
        self.bytes > 0
    }
}

/// A decoded value, and the paths of the fields that were skipped.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// The paths of skipped fields, such as `data.items[0].role`. Indexes are those of the JSON.
    pub skipped: Vec<String>,
}

/// Why and where JSON cannot be decoded. It does not contain the value, which may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The path of the value, such as `data.items[0].role`. Empty for the whole JSON.
    pub path: String,
    /// The problem, such as `expected a string`.
    pub problem: String,
}

impl<T> Decoded<T> {
    /// Converts the value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Decoded<U> {
        Decoded {
            value: convert(self.value),
            skipped: self.skipped,
        }
    }
}

impl DecodeError {
    /// Converts an error of serde_json. The path is empty.
    #[doc(hidden)]
    #[must_use]
    pub fn of_json(error: &serde_json::Error) -> Self {
        Self {
            path: String::new(),
            problem: syntax_problem(error).unwrap_or(OTHER_TYPE).to_owned(),
        }
    }

    /// Converts an error of serde with a path. `root` is the path of the decoded value and is prepended; it may be
    /// empty.
    pub fn of<E: Display>(error: &serde_path_to_error::Error<E>, root: &str) -> Self {
        Location::of(error).to_error(root)
    }
}

/// Decodes JSON leniently. Decimals keep all digits; if a value is skipped, those of the rest keep 17. `root` is the
/// path of `text` in the JSON around it and is prepended to all paths; it may be empty.
///
/// # Errors
/// If `text` is not valid JSON, if a value cannot be decoded and has no parent that can be skipped, or if a value
/// cannot be decoded and `text` is larger than 16 MiB.
pub fn decode<T: DeserializeOwned>(text: &str, root: &str, budget: &mut Budget) -> Result<Decoded<T>, DecodeError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let error = match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Ok(value) => {
            return Ok(Decoded {
                value,
                skipped: Vec::new(),
            });
        }
        Err(error) => error,
    };
    if text.len() > MAX_BYTES {
        return Err(DecodeError::of(&error, root));
    }
    match serde_json::from_str(text) {
        Ok(json) => Repair::new(text, root, json).run(budget),
        Err(error) => Err(DecodeError {
            path: root.to_owned(),
            problem: syntax_problem(&error).unwrap_or(OTHER_TYPE).to_owned(),
        }),
    }
}

/// Returns why a text is not valid JSON; `None` if the error is not about syntax.
#[must_use]
pub fn syntax_problem(error: &serde_json::Error) -> Option<&'static str> {
    match error.classify() {
        Category::Eof => Some("unexpected end of JSON"),
        Category::Syntax => Some("invalid JSON"),
        Category::Io | Category::Data => None,
    }
}

const OTHER_TYPE: &str = "the value is not of the expected type";

/// A segment of the path to a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl Step {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Key(key) => key.as_str().into(),
            Self::Index(index) => (*index).into(),
        }
    }

    pub(crate) fn of_json(json: Value) -> Option<Self> {
        match json {
            Value::String(key) => Some(Self::Key(key)),
            other => Some(Self::Index(usize::try_from(other.as_u64()?).ok()?)),
        }
    }
}

/// Where decoding stopped, and why.
pub(crate) struct Location {
    pub(crate) path: Vec<Step>,
    /// The lengths of the prefixes of the path that lead to an open union, which keeps JSON as its unknown variant.
    unions: Vec<usize>,
    pub(crate) problem: String,
}

impl Location {
    pub(crate) fn of<E: Display>(error: &serde_path_to_error::Error<E>) -> Self {
        let mut path = steps(error.path());
        let mut unions = Vec::new();
        let message = error.inner().to_string();
        let mut problem = message.as_str();
        while let Some((is_open, inside, inner)) = union::parse(problem) {
            if is_open {
                unions.push(path.len());
            }
            path.extend(inside);
            problem = inner;
        }
        Self {
            path,
            unions,
            problem: problem.to_owned(),
        }
    }

    fn to_error(&self, root: &str) -> DecodeError {
        DecodeError {
            path: format_path(root, &self.path),
            problem: without_values(&self.problem),
        }
    }
}

/// Returns the steps of a path, up to the first that serde does not report.
pub(crate) fn steps(path: &serde_path_to_error::Path) -> Vec<Step> {
    let known = path.iter().map_while(|segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    known.collect()
}

/// Formats a path, such as `data.items[0].role`.
fn format_path(root: &str, path: &[Step]) -> String {
    let mut text = root.to_owned();
    for step in path {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.push_str(&format!(".{key}")),
        }
    }
    text
}

/// Returns the part of serde's message that describes the expected type, without the part that may quote the value.
fn without_values(message: &str) -> String {
    // "… at line 1 column 20" refers to a body that the reader of the message does not see. A value may contain the
    // same words.
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_location = |text: &str| {
        text.split_once(" column ")
            .is_some_and(|(line, column)| is_number(line) && is_number(column))
    };
    let message = match message.rsplit_once(" at line ") {
        Some((before, location)) if is_location(location) => before,
        _ => message,
    };
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("the field {field} is missing");
    }
    // The last occurrence, since a value before it may contain the same words.
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => OTHER_TYPE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_values_omits_values() {
        assert_eq!(
            without_values("missing field `id` at line 1 column 9"),
            "the field `id` is missing"
        );
        let message = "invalid type: string \"+33612345678, expected soon\", expected f64 at line 1 column 20";
        assert_eq!(without_values(message), "expected f64");
        let message = "invalid type: string \"refund, expected Anna at line 2 column 3\", expected f64";
        assert_eq!(without_values(message), "expected f64");
        assert_eq!(
            without_values("secret at line 3"),
            "the value is not of the expected type"
        );
    }
}
