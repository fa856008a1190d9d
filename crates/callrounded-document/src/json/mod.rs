//! A strict JSON parser that keeps the location of each value, the notation of each number, and duplicate keys.
//!
//! serde_json keeps none of the three. Without them a finding has no location, `1.0` is not distinguished from `1`, and
//! only the last of several members with the same key is validated.

#[cfg(feature = "validate")]
mod decimal;
mod differences;
mod entries;
mod lookup;
mod node;
mod read;

use std::ops::Range;

use serde_json::{Number, Value};

#[cfg(feature = "validate")]
pub(crate) use decimal::Decimal;
pub use differences::{Difference, DifferenceKind};
use entries::Entries;
use lookup::{Lookup, Position};
pub use node::{Elements, Members, Node};
pub use read::ParseError;

use crate::{location::Location, pointer};

/// A JSON payload (RFC 8259) with its source text.
///
/// ```
/// use callrounded_document::json::Json;
///
/// let payload = Json::read("{\"score\":\n1.0}")?;
/// let score = payload.at("/score").unwrap();
/// assert_eq!(score.source(), "1.0");
/// assert_eq!(payload.location(score.span().start).line, 2);
/// # Ok::<(), callrounded_document::json::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Json {
    text: String,
    entries: Entries,
    violations: Vec<Violation>,
    lookup: Lookup,
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number of any size.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// Returns the kind of a [`serde_json::Value`].
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

/// A violation of I-JSON (RFC 7493): JSON that the grammar allows, but that parsers treat differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What is wrong.
    pub kind: ViolationKind,
    /// The bytes in the text.
    pub span: Range<usize>,
}

/// The kind of a [`Violation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// A duplicate key. The span is that of the later key.
    Duplicate {
        /// The bytes of the first key that is equal to it.
        first: Range<usize>,
    },
    /// A number that does not fit into a double.
    Overflow,
    /// An escape of one half of a surrogate pair without the other half.
    LoneSurrogate,
}

impl Json {
    /// Parses a payload. Objects and arrays may be nested up to 127 levels deep.
    ///
    /// # Errors
    /// The text is not JSON, nests deeper, or is larger than 4 GiB.
    pub fn read(text: impl Into<String>) -> Result<Self, ParseError> {
        let text = text.into();
        match read::read(&text) {
            Ok((entries, violations)) => Ok(Self {
                text,
                entries,
                violations,
                lookup: Lookup::default(),
            }),
            Err(error) => Err(error.with_text(text)),
        }
    }

    /// Creates a payload from a [`serde_json::Value`]. A value that nests deeper than 127 levels becomes `null`.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let text = value.to_string();
        // What serde_json writes is valid JSON, so only the nesting can be an error.
        Self::read(text).unwrap_or_else(|_| Self::null())
    }

    fn null() -> Self {
        let mut entries = Entries::default();
        entries.push(0..4);
        Self {
            text: "null".to_owned(),
            entries,
            violations: Vec::new(),
            lookup: Lookup::default(),
        }
    }

    /// Returns the source text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the violations of I-JSON, in the order of the text.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Returns the whole value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { json: self, index: 0 }
    }

    /// Returns the value at a JSON pointer.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<Node<'_>> {
        let mut node = self.root();
        for token in pointer::tokens(pointer) {
            node = match node.kind() {
                Kind::Array => node.element(index(&token)?)?,
                _ => node.get(&token)?,
            };
        }
        Some(node)
    }

    /// Returns the line and column of a byte of the text.
    #[must_use]
    pub fn location(&self, offset: usize) -> Location {
        let position = self.position(offset);
        Location {
            line: position.line + 1,
            column: position.column + 1,
        }
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        self.lookup.position(&self.text, offset)
    }

    /// Iterates over the keys and the scalar values in a range of bytes. The flag is `true` for a key.
    #[cfg(feature = "validate")]
    pub(crate) fn scalars(&self, window: Range<usize>) -> impl Iterator<Item = (Node<'_>, bool)> {
        // The entry before may extend into the range.
        let first = self.entries.first_from(window.start).saturating_sub(1);
        let nodes = (first..self.entries.count()).map(|index| Node { json: self, index });
        let nodes = nodes.take_while(move |node| self.entries.start(node.index) < window.end);
        let scalars = nodes.filter(|node| !matches!(node.kind(), Kind::Array | Kind::Object));
        scalars.map(|node| {
            let after = self.text.get(node.span().end..).unwrap_or_default();
            let is_key =
                node.kind() == Kind::String && after.trim_start_matches([' ', '\t', '\n', '\r']).starts_with(':');
            (node, is_key)
        })
    }

    /// Returns the JSON pointer to the innermost value that contains the byte at `offset`. A key belongs to the value
    /// of its member.
    #[must_use]
    pub fn pointer_to(&self, offset: usize) -> String {
        let mut at = String::new();
        let mut node = self.root();
        loop {
            let inner = match node.kind() {
                Kind::Array => node
                    .element_at(offset)
                    .map(|(index, element)| (index.to_string(), element)),
                _ => node
                    .members()
                    .find(|(key, value)| key.span().contains(&offset) || value.span().contains(&offset))
                    .map(|(key, value)| (key.as_str().unwrap_or_default().into_owned(), value)),
            };
            match inner {
                Some((token, inner)) => {
                    at = pointer::join(&at, &token);
                    node = inner;
                }
                None => return at,
            }
        }
    }
}

/// Parses an array index of a JSON pointer, which has no leading zeros.
fn index(token: &str) -> Option<usize> {
    let index: usize = token.parse().ok()?;
    (index.to_string() == token).then_some(index)
}

/// Returns the line and column of a byte of a text.
pub(crate) fn location(text: &str, offset: usize) -> Location {
    let position = Position::default().forward(text, offset);
    Location {
        line: position.line + 1,
        column: position.column + 1,
    }
}

/// Converts a JSON number to the nearest number of serde_json.
pub(crate) fn number(source: &str) -> Number {
    let integer = source.parse::<u64>().map(Number::from);
    let integer = integer.or_else(|_| source.parse::<i64>().map(Number::from));
    // Integers have no negative zero, so -0 becomes a double.
    integer
        .ok()
        .filter(|_| source != "-0")
        .or_else(|| Number::from_f64(source.parse().unwrap_or_default()))
        .unwrap_or_else(|| {
            let largest = if source.starts_with('-') { f64::MIN } else { f64::MAX };
            Number::from_f64(largest).unwrap_or_else(|| Number::from(0))
        })
}
