//! A value of a payload, and a way to those inside of it.

use std::{borrow::Cow, ops::Range, sync::Arc};

use serde_json::{Map, Value};

#[cfg(feature = "validate")]
use super::Decimal;
use super::{Json, Kind, number, read};

/// One value of a payload, or the name of a member.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub(super) json: &'a Json,
    pub(super) index: usize,
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
        let Range { start, end } = self.json.entries.scalar(self.index);
        // Without the quotes.
        let inner = self
            .json
            .text
            .get(start as usize + 1..(end as usize).saturating_sub(1))
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

    /// Whether it is a number that [`to_value`](Self::to_value) keeps every digit of.
    #[cfg(feature = "validate")]
    #[must_use]
    pub fn is_exact_number(&self) -> bool {
        self.kind() == Kind::Number && Decimal::of(self.source()) == Decimal::of(&number(self.source()).to_string())
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
    pub(super) fn element_at(&self, offset: usize) -> Option<(usize, Node<'a>)> {
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
