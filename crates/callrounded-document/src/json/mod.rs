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
mod read;

use std::{borrow::Cow, ops::Range, sync::Arc};

use serde_json::{Map, Number, Value};

#[cfg(feature = "validate")]
pub(crate) use decimal::Decimal;
pub use differences::{Difference, DifferenceKind};
use entries::Entries;
use lookup::{Lookup, Spot};
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

/// One value of a payload, or the name of a member.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    json: &'a Json,
    index: usize,
}

impl<'a> Node<'a> {
    /// What kind of value it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.json.entries.kind(self.index, &self.json.text)
    }

    /// The bytes of the text that it takes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.json.entries.span(self.index, &self.json.text)
    }

    /// As it is written.
    #[must_use]
    pub fn source(&self) -> &'a str {
        self.json.text.get(self.span()).unwrap_or_default()
    }

    /// What tells it from the other values of the payload.
    #[cfg(feature = "validate")]
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// What tells the payload from others that are there at the same time.
    #[cfg(feature = "validate")]
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self.json).addr()
    }

    /// The text, of a text.
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'a, str>> {
        if self.kind() != Kind::String {
            return None;
        }
        let source = self.source();
        let inner = source
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or_default();
        Some(match inner.contains('\\') {
            false => Cow::Borrowed(inner),
            true => Cow::Owned(read::unescape(inner)),
        })
    }

    /// Whether it is true, of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.source() == "true")
    }

    /// The elements, of a list; none of anything else.
    pub fn elements(&self) -> Elements<'a> {
        self.inside(Kind::Array)
    }

    /// The element with this index, of a list.
    #[must_use]
    pub fn element(&self, index: usize) -> Option<Node<'a>> {
        match self.long_elements() {
            Some(elements) => elements.get(index).map(|index| self.sibling(*index)),
            None => self.elements().nth(index),
        }
    }

    /// The element around a byte of the text, with its index.
    fn element_at(&self, offset: usize) -> Option<(usize, Node<'a>)> {
        let around = |node: &Node<'a>| node.span().contains(&offset);
        match self.long_elements() {
            Some(elements) => {
                let starts = |index: &usize| self.json.entries.start(*index) <= offset;
                let index = elements.partition_point(starts).checked_sub(1)?;
                let node = self.sibling(*elements.get(index)?);
                around(&node).then_some((index, node))
            }
            None => self.elements().enumerate().find(|(_, element)| around(element)),
        }
    }

    fn sibling(&self, index: usize) -> Node<'a> {
        Node { index, ..*self }
    }

    /// The entries of the elements, of a list with many of them.
    fn long_elements(&self) -> Option<Arc<[usize]>> {
        if self.kind() != Kind::Array {
            return None;
        }
        let elements = || self.elements().map(|element| element.index).collect();
        let count = self.after() - self.index;
        self.json.lookup.elements(self.index, count, elements)
    }

    /// The names and values of the members, of an object; none of anything else.
    pub fn members(&self) -> Members<'a> {
        Members(self.inside(Kind::Object))
    }

    /// What is in it, if it is of this kind.
    fn inside(&self, kind: Kind) -> Elements<'a> {
        let is_of_kind = self.kind() == kind;
        Elements {
            json: self.json,
            next: self.index + 1,
            end: if is_of_kind { self.after() } else { 0 },
        }
    }

    fn after(&self) -> usize {
        self.json.entries.after(self.index, &self.json.text)
    }

    /// The member with this name; the last of them where there are several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Node<'a>> {
        self.members()
            .filter(|(other, _)| other.as_str().is_some_and(|other| other == name))
            .last()
            .map(|(_, value)| value)
    }

    /// The same as serde_json has it: of two members with one name the last, numbers as near as it can hold them.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Boolean => Value::Bool(self.source() == "true"),
            Kind::Number => Value::Number(number(self.source())),
            Kind::String => Value::String(self.as_str().unwrap_or_default().into_owned()),
            Kind::Array => self.elements().map(|element| element.to_value()).collect(),
            Kind::Object => Value::Object(
                self.members()
                    .map(|(name, value)| (name.as_str().unwrap_or_default().into_owned(), value.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
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

/// The elements of a list.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    json: &'a Json,
    next: usize,
    end: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let node = (self.next < self.end).then_some(Node {
            json: self.json,
            index: self.next,
        })?;
        self.next = node.after();
        Some(node)
    }
}

/// The names and values of the members of an object.
#[derive(Clone, Debug)]
pub struct Members<'a>(Elements<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Node<'a>, Node<'a>);

    fn next(&mut self) -> Option<(Node<'a>, Node<'a>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}
