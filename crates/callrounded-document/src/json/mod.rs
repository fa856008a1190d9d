//! A JSON payload read strictly, and nothing of it lost: where each value stands, how each number is written, and
//! every name that is given twice.
//!
//! serde_json keeps none of the three, and without them a verdict has no place, `1.0` can't be told from `1`, and of
//! two members with one name the first is never looked at.

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
use lookup::{Lookup, Spot};
pub use node::{Elements, Members, Node};
pub use read::Unreadable;

use crate::{located::Place, pointer};

/// A payload that is JSON (RFC 8259), with the text that it was read from.
#[derive(Clone, Debug)]
pub struct Json {
    text: String,
    entries: Entries,
    flaws: Vec<Flaw>,
    lookup: Lookup,
}

/// What kind of value it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, of whatever size.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The kind of a value that is in memory.
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

/// What the grammar of JSON allows and no reader can rely on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
}

/// See [`Flaw`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// An object has the name already.
    Duplicate {
        /// Where the name stands first.
        first: Range<usize>,
    },
    /// The number is beyond what a double holds.
    Overflow,
    /// One half of a surrogate pair, which is no character.
    HalfCharacter,
}

impl Json {
    /// Reads the text of a payload.
    ///
    /// # Errors
    /// Where the text is not JSON: the place at which that shows, and what was probably meant.
    pub fn read(text: impl Into<String>) -> Result<Self, Unreadable> {
        let text = text.into();
        match read::read(&text) {
            Ok((entries, flaws)) => Ok(Self {
                text,
                entries,
                flaws,
                lookup: Lookup::default(),
            }),
            Err(refused) => Err(refused.of(text)),
        }
    }

    /// The payload that says the same as `value`.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let text = value.to_string();
        // serde_json writes nothing that is not JSON; what nests too deep to be read is taken for null.
        Self::read(text).unwrap_or_else(|_| Self::null())
    }

    fn null() -> Self {
        let mut entries = Entries::default();
        entries.push(0..4);
        Self {
            text: "null".to_owned(),
            entries,
            flaws: Vec::new(),
            lookup: Lookup::default(),
        }
    }

    /// The text that was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with the text itself, in its order.
    #[must_use]
    pub fn flaws(&self) -> &[Flaw] {
        &self.flaws
    }

    /// The value as a whole.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { json: self, index: 0 }
    }

    /// The value that a JSON pointer leads to.
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

    /// Line and column of a byte of the text.
    #[must_use]
    pub fn place(&self, offset: usize) -> Place {
        let spot = self.spot(offset);
        Place {
            line: spot.line + 1,
            column: spot.column + 1,
        }
    }

    pub(crate) fn spot(&self, offset: usize) -> Spot {
        self.lookup.spot(&self.text, offset)
    }

    /// The values in these bytes of the text that are neither arrays nor objects, and the names of members; whether it is a name is
    /// said with each.
    #[cfg(feature = "validate")]
    pub(crate) fn scalars(&self, window: Range<usize>) -> impl Iterator<Item = (Node<'_>, bool)> {
        // One that begins before may reach into them.
        let first = self.entries.first_from(window.start).saturating_sub(1);
        let nodes = (first..self.entries.count()).map(|index| Node { json: self, index });
        let nodes = nodes.take_while(move |node| self.entries.start(node.index) < window.end);
        let scalars = nodes.filter(|node| !matches!(node.kind(), Kind::Array | Kind::Object));
        scalars.map(|node| {
            let after = self.text.get(node.span().end..).unwrap_or_default();
            let is_name =
                node.kind() == Kind::String && after.trim_start_matches([' ', '\t', '\n', '\r']).starts_with(':');
            (node, is_name)
        })
    }

    /// JSON pointer to the innermost value around the byte at `offset`.
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
                    .find(|(name, value)| name.span().contains(&offset) || value.span().contains(&offset))
                    .map(|(name, value)| (name.as_str().unwrap_or_default().into_owned(), value)),
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

/// An index of an array as a JSON pointer writes it.
fn index(token: &str) -> Option<usize> {
    let index: usize = token.parse().ok()?;
    (index.to_string() == token).then_some(index)
}

/// Line and column of a byte of a text.
pub(crate) fn place(text: &str, offset: usize) -> Place {
    let spot = Spot::default().forward(text, offset);
    Place {
        line: spot.line + 1,
        column: spot.column + 1,
    }
}

/// A number as near as serde_json can hold it.
pub(crate) fn number(source: &str) -> Number {
    let whole = source.parse::<u64>().map(Number::from);
    let whole = whole.or_else(|_| source.parse::<i64>().map(Number::from));
    // A whole number has no negative zero.
    whole
        .ok()
        .filter(|_| source != "-0")
        .or_else(|| Number::from_f64(source.parse().unwrap_or_default()))
        .unwrap_or_else(|| {
            let largest = if source.starts_with('-') { f64::MIN } else { f64::MAX };
            Number::from_f64(largest).unwrap_or_else(|| Number::from(0))
        })
}
