//! Lets the validator read payloads without a copy, and numbers with their source text.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
};

use jsonschema::{
    JsonType,
    json::{Array, Json as Representation, JsonNumber, NodeIdentity, Object},
};
use serde_json::{Number, Value};

use crate::json::{self, Decimal, Elements, Json, Kind, Members, Node};

/// The representation of payloads that [`Json`] parsed.
#[derive(Debug)]
pub(super) struct Strict;

impl Representation for Strict {
    type Node<'a> = Node<'a>;
    type PreparedKey = String;
    type StringBuffer = Option<Json>;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut Option<Json>, string: &str, f: impl FnOnce(Node<'_>) -> T) -> T {
        f(buffer.insert(Json::of(&Value::from(string))).root())
    }
}

/// A number as its source text.
pub(super) struct SourceNumber<'a>(&'a str);

impl JsonNumber for SourceNumber<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(json::number(self.0))
    }

    fn is_integer(&self) -> bool {
        self.is_written_as_integer()
    }

    fn is_written_as_integer(&self) -> bool {
        !self.0.contains(['.', 'e', 'E'])
    }
}

impl<'a> jsonschema::json::Node<'a, Strict> for Node<'a> {
    type Object = Node<'a>;
    type Array = Node<'a>;
    type Number = SourceNumber<'a>;

    fn as_object(&self) -> Option<Self> {
        (self.kind() == Kind::Object).then_some(*self)
    }

    fn as_array(&self) -> Option<Self> {
        (self.kind() == Kind::Array).then_some(*self)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_str()
    }

    fn as_number(&self) -> Option<SourceNumber<'a>> {
        (self.kind() == Kind::Number).then(|| SourceNumber(self.source()))
    }

    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::Boolean => JsonType::Boolean,
            Kind::Number => JsonType::Number,
            Kind::String => JsonType::String,
            Kind::Array => JsonType::Array,
            Kind::Object => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.kind(), expected) {
            (Kind::Null, Value::Null) => true,
            (Kind::Boolean, Value::Bool(expected)) => self.as_bool() == Some(*expected),
            (Kind::String, Value::String(expected)) => self.as_str().is_some_and(|actual| actual == expected.as_str()),
            (Kind::Number, Value::Number(expected)) => Decimal::of(self.source()) == Decimal::of(&expected.to_string()),
            (Kind::Array, Value::Array(_)) | (Kind::Object, Value::Object(_)) => {
                canonical(*self) == canonical(Json::of(expected).root())
            }
            _ => false,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(Node::to_value(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        // The address distinguishes the payload from the key string, which is the only other one that exists at the
        // same time.
        u32::try_from(self.index())
            .ok()
            .map(|index| NodeIdentity::tagged(self.address(), index))
    }
}

impl<'a> Object<'a, Strict> for Node<'a> {
    type Node = Node<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = NamedMembers<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }

    fn get(&self, key: &String) -> Option<Node<'a>> {
        Node::get(self, key)
    }

    fn members(&self) -> NamedMembers<'a> {
        NamedMembers(Node::members(self))
    }
}

pub(super) struct NamedMembers<'a>(Members<'a>);

impl<'a> Iterator for NamedMembers<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.0.next()?;
        Some((key.as_str().unwrap_or_default(), value))
    }
}

impl<'a> Array<'a, Strict> for Node<'a> {
    type Node = Node<'a>;
    type ElementsIter = Elements<'a>;

    fn len(&self) -> usize {
        self.elements().count()
    }

    fn elements(&self) -> Elements<'a> {
        Node::elements(self)
    }

    fn is_unique(&self) -> bool {
        let mut seen = HashSet::new();
        Node::elements(self).all(|element| seen.insert(canonical(element)))
    }
}

/// The canonical form of a value, which is the same for all equal values. Members are sorted by key, the last of
/// several members with the same key is kept, and numbers are exact decimals.
#[derive(PartialEq, Eq, Hash)]
enum Canonical<'a> {
    Null,
    Boolean(bool),
    Number(Decimal),
    String(Cow<'a, str>),
    Array(Vec<Canonical<'a>>),
    Object(BTreeMap<Cow<'a, str>, Canonical<'a>>),
}

fn canonical(node: Node<'_>) -> Canonical<'_> {
    match node.kind() {
        Kind::Null => Canonical::Null,
        Kind::Boolean => Canonical::Boolean(node.as_bool().unwrap_or_default()),
        Kind::Number => Canonical::Number(Decimal::of(node.source())),
        Kind::String => Canonical::String(node.as_str().unwrap_or_default()),
        Kind::Array => Canonical::Array(Node::elements(&node).map(canonical).collect()),
        Kind::Object => {
            let members = Node::members(&node);
            Canonical::Object(
                members
                    .map(|(key, value)| (key.as_str().unwrap_or_default(), canonical(value)))
                    .collect(),
            )
        }
    }
}
