//! Decodes JSON leniently: a value that does not have its documented type costs that value, not the whole.
//!
//! Decoding stops at the first value that does not fit. That value is skipped: null takes the place of a property, an
//! element is left out of its list, an entry of a map is removed, and a union keeps the JSON as a variant that is not
//! known. Then decoding starts again. Where the value is needed, that which holds it is skipped instead. So nothing in the
//! result was not in the JSON, other than the documented default of an absent property.

mod repair;

use std::fmt::Display;

use repair::Repair;
use serde::de::DeserializeOwned;
use serde_json::{Value, error::Category};
use serde_path_to_error::Segment;

use crate::union;

/// What is larger is not repaired: as a tree it takes many times its size.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// How many bytes may be decoded to read something leniently. Each skipped value costs a decoding of all around it. When
/// it is spent, the outermost list that holds the next such value is skipped as a whole.
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
    fn take(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_sub(bytes);
        self.bytes > 0
    }
}

/// What was read, and the paths of what was skipped, such as `data.items[0].role`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// The skipped paths, by the positions that elements have in the JSON.
    pub skipped: Vec<String>,
}

/// Where JSON did not decode and why, without the value, which may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undecodable {
    /// Such as `data.items[0].role`. Empty for the whole.
    pub path: String,
    /// Such as `expected a string`.
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

impl Undecodable {
    /// Why JSON cannot be parsed.
    #[doc(hidden)]
    #[must_use]
    pub fn of_json(error: &serde_json::Error) -> Self {
        Self {
            path: String::new(),
            problem: syntax_problem(error).unwrap_or(OTHER_TYPE).to_owned(),
        }
    }

    /// Takes where and why from an error of serde. `root` is the path of what was decoded.
    pub fn of<E: Display>(error: &serde_path_to_error::Error<E>, root: &str) -> Self {
        Place::of(error).undecodable(root)
    }
}

/// Reads JSON leniently. Amounts keep their digits where nothing is skipped. `root` is the path of the JSON in what it is
/// taken from, for the paths; it may be empty.
///
/// # Errors
/// Where the text is no JSON, and where nothing is left when all that does not decode is skipped.
pub fn decode<T: DeserializeOwned>(text: &str, root: &str, budget: &mut Budget) -> Result<Decoded<T>, Undecodable> {
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
        return Err(Undecodable::of(&error, root));
    }
    match serde_json::from_str(text) {
        Ok(json) => Repair::new(text, root, json).run(budget),
        Err(error) => Err(Undecodable {
            path: root.to_owned(),
            problem: syntax_problem(&error).unwrap_or(OTHER_TYPE).to_owned(),
        }),
    }
}

/// Why a text is no JSON, if that is what the error is about.
#[must_use]
pub fn syntax_problem(error: &serde_json::Error) -> Option<&'static str> {
    match error.classify() {
        Category::Eof => Some("it ends early"),
        Category::Syntax => Some("it is not JSON"),
        Category::Io | Category::Data => None,
    }
}

const OTHER_TYPE: &str = "the value does not fit its type";

/// A step on the way to a value.
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
pub(crate) struct Place {
    pub(crate) path: Vec<Step>,
    /// The lengths of the parts of the path that lead to a union which keeps JSON as a variant that is not known.
    unions: Vec<usize>,
    pub(crate) problem: String,
}

impl Place {
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

    fn undecodable(&self, root: &str) -> Undecodable {
        Undecodable {
            path: written(root, &self.path),
            problem: without_values(&self.problem),
        }
    }
}

/// The steps of a path, as far as they are known.
pub(crate) fn steps(path: &serde_path_to_error::Path) -> Vec<Step> {
    let known = path.iter().map_while(|segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    known.collect()
}

/// `data.items[0].role`
fn written(root: &str, path: &[Step]) -> String {
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

/// The part of serde's message that speaks of the type and not of the value.
fn without_values(message: &str) -> String {
    // "… at line 1 column 20" counts bytes of a body that the reader of the message doesn't see. The same words may stand in a
    // value.
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = |text: &str| {
        text.split_once(" column ")
            .is_some_and(|(line, column)| is_number(line) && is_number(column))
    };
    let message = match message.rsplit_once(" at line ") {
        Some((before, place)) if is_place(place) => before,
        _ => message,
    };
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("the field {field} is missing");
    }
    // The last one: what stands before may be a value that holds the same words.
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => OTHER_TYPE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_values_keeps_no_value() {
        assert_eq!(
            without_values("missing field `id` at line 1 column 9"),
            "the field `id` is missing"
        );
        let said = "invalid type: string \"+33612345678, expected soon\", expected f64 at line 1 column 20";
        assert_eq!(without_values(said), "expected f64");
        let said = "invalid type: string \"refund, expected Anna at line 2 column 3\", expected f64";
        assert_eq!(without_values(said), "expected f64");
        assert_eq!(without_values("secret at line 3"), "the value does not fit its type");
    }
}
