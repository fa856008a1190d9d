//! A payload as the validator reads it: in place, with each number as it is written.

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

/// Payloads that were read by [`Json`].
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

/// A number as it is written.
pub(super) struct Written<'a>(&'a str);

impl JsonNumber for Written<'_> {
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
    type Number = Written<'a>;

    fn as_object(&self) -> Option<Self> {
        (self.kind() == Kind::Object).then_some(*self)
    }

    fn as_array(&self) -> Option<Self> {
        (self.kind() == Kind::Array).then_some(*self)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_str()
    }

    fn as_number(&self) -> Option<Written<'a>> {
        (self.kind() == Kind::Number).then(|| Written(self.source()))
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
            (Kind::String, Value::String(expected)) => self.as_str().is_some_and(|text| text == expected.as_str()),
            (Kind::Number, Value::Number(expected)) => Decimal::of(self.source()) == Decimal::of(&expected.to_string()),
            (Kind::Array, Value::Array(_)) | (Kind::Object, Value::Object(_)) => {
                plain(*self) == plain(Json::of(expected).root())
            }
            _ => false,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(Node::to_value(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        // What is alive at once are the nodes of one payload, and the one text of a name.
        u32::try_from(self.index())
            .ok()
            .map(|index| NodeIdentity::tagged(self.address(), index))
    }
}

impl<'a> Object<'a, Strict> for Node<'a> {
    type Node = Node<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = Named<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }

    fn get(&self, key: &String) -> Option<Node<'a>> {
        Node::get(self, key)
    }

    fn members(&self) -> Named<'a> {
        Named(Node::members(self))
    }
}

pub(super) struct Named<'a>(Members<'a>);

impl<'a> Iterator for Named<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.0.next()?;
        Some((name.as_str().unwrap_or_default(), value))
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
        Node::elements(self).all(|element| seen.insert(plain(element)))
    }
}

/// A value in a form that equal values share: members in the order of their names, of those with one name the last, and
/// numbers by what they are worth.
#[derive(PartialEq, Eq, Hash)]
enum Plain<'a> {
    Null,
    Boolean(bool),
    Number(Decimal),
    String(Cow<'a, str>),
    Array(Vec<Plain<'a>>),
    Object(BTreeMap<Cow<'a, str>, Plain<'a>>),
}

fn plain(node: Node<'_>) -> Plain<'_> {
    match node.kind() {
        Kind::Null => Plain::Null,
        Kind::Boolean => Plain::Boolean(node.as_bool().unwrap_or_default()),
        Kind::Number => Plain::Number(Decimal::of(node.source())),
        Kind::String => Plain::String(node.as_str().unwrap_or_default()),
        Kind::Array => Plain::Array(Node::elements(&node).map(plain).collect()),
        Kind::Object => {
            let members = Node::members(&node);
            Plain::Object(
                members
                    .map(|(name, value)| (name.as_str().unwrap_or_default(), plain(value)))
                    .collect(),
            )
        }
    }
}
