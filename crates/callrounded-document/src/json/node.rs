//! A value of a payload, with access to its content.

use std::{borrow::Cow, ops::Range, sync::Arc};

use serde_json::{Map, Value};

#[cfg(feature = "validate")]
use super::Decimal;
use super::{Json, Kind, number, read};

/// A value of a [`Json`] payload, or the key of a member.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub(super) json: &'a Json,
    pub(super) index: usize,
}

impl<'a> Node<'a> {
    /// Returns the kind of the value. A key is a string.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.json.entries.kind(self.index, &self.json.text)
    }

    /// Returns its bytes in the text, including the quotes of a string.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.json.entries.span(self.index, &self.json.text)
    }

    /// Returns its source text, including the quotes and escapes of a string.
    #[must_use]
    pub fn source(&self) -> &'a str {
        self.json.text.get(self.span()).unwrap_or_default()
    }

    /// Returns a number that is unique among the values of the payload.
    #[cfg(feature = "validate")]
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Returns a number that is unique among the payloads that exist at the same time.
    #[cfg(feature = "validate")]
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self.json).addr()
    }

    /// Returns the unescaped string, if it is a string. A lone surrogate is replaced by U+FFFD.
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'a, str>> {
        if self.kind() != Kind::String {
            return None;
        }
        let Range { start, end } = self.json.entries.scalar(self.index);
        let without_quotes = self
            .json
            .text
            .get(start as usize + 1..(end as usize).saturating_sub(1))
            .unwrap_or_default();
        Some(if !without_quotes.contains('\\') {
            Cow::Borrowed(without_quotes)
        } else {
            Cow::Owned(read::unescape(without_quotes))
        })
    }

    /// Returns the boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.source() == "true")
    }

    /// Checks whether it is a number that [`to_value`](Self::to_value) converts without loss of digits.
    #[cfg(feature = "validate")]
    #[must_use]
    pub fn is_exact_number(&self) -> bool {
        self.kind() == Kind::Number && Decimal::of(self.source()) == Decimal::of(&number(self.source()).to_string())
    }

    /// Iterates over the elements of an array. Empty for other kinds.
    pub fn elements(&self) -> Elements<'a> {
        self.content(Kind::Array)
    }

    /// Returns an element of an array by its index.
    #[must_use]
    pub fn element(&self, index: usize) -> Option<Node<'a>> {
        match self.long_elements() {
            Some(elements) => elements.get(index).map(|index| self.sibling(*index)),
            None => self.elements().nth(index),
        }
    }

    /// Returns the element that contains a byte of the text, with its index.
    pub(super) fn element_at(&self, offset: usize) -> Option<(usize, Node<'a>)> {
        let contains = |node: &Node<'a>| node.span().contains(&offset);
        match self.long_elements() {
            Some(elements) => {
                let starts_before = |index: &usize| self.json.entries.start(*index) <= offset;
                let index = elements.partition_point(starts_before).checked_sub(1)?;
                let node = self.sibling(*elements.get(index)?);
                contains(&node).then_some((index, node))
            }
            None => self.elements().enumerate().find(|(_, element)| contains(element)),
        }
    }

    fn sibling(&self, index: usize) -> Node<'a> {
        Node { index, ..*self }
    }

    /// Returns the entries of the elements, if it is a long array.
    fn long_elements(&self) -> Option<Arc<[usize]>> {
        if self.kind() != Kind::Array {
            return None;
        }
        let elements = || self.elements().map(|element| element.index).collect();
        let count = self.after() - self.index;
        self.json.lookup.elements(self.index, count, elements)
    }

    /// Iterates over the members of an object as pairs of key and value, including those with duplicate keys. Empty for
    /// other kinds.
    pub fn members(&self) -> Members<'a> {
        Members(self.content(Kind::Object))
    }

    /// Iterates over its content if it is of this kind.
    fn content(&self, kind: Kind) -> Elements<'a> {
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

    /// Returns the value of the member with this key. If the key is duplicate, returns the last.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        self.members()
            .filter(|(other, _)| other.as_str().is_some_and(|other| other == key))
            .last()
            .map(|(_, value)| value)
    }

    /// Converts it to a [`serde_json::Value`]. Of members with the same key the last is kept, and a number becomes the
    /// nearest that serde_json can represent.
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
                    .map(|(key, value)| (key.as_str().unwrap_or_default().into_owned(), value.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

/// An iterator over the elements of an array. See [`Node::elements`].
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

/// An iterator over the keys and values of an object. See [`Node::members`].
#[derive(Clone, Debug)]
pub struct Members<'a>(Elements<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Node<'a>, Node<'a>);

    fn next(&mut self) -> Option<(Node<'a>, Node<'a>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}
