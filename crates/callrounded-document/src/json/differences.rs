//! Differences between two payloads, such as one and its round trip through generated types.

use serde_json::Value;

use super::{Json, Kind, Node, number};
use crate::pointer;

/// A location where two payloads differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// JSON pointer to the value.
    pub pointer: String,
    /// How they differ.
    pub kind: DifferenceKind,
}

/// The kind of a [`Difference`].
#[derive(Clone, Debug, PartialEq)]
pub enum DifferenceKind {
    /// Only the first payload has the value.
    Lost,
    /// Only the second payload has the value, which is this.
    Added(Value),
    /// The values are not equal.
    Changed,
}

impl Json {
    /// Returns every difference between this payload and another. Null is equal to an absent member, and numbers are
    /// equal in any notation, such as 300 and 300.0.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        compare(self.root(), other.root(), &String::new, &mut found);
        found
    }
}

/// `at` builds the pointer to the value, which is needed only if there is a difference.
fn compare(one: Node<'_>, other: Node<'_>, at: &dyn Fn() -> String, found: &mut Vec<Difference>) {
    let is_same = match (one.kind(), other.kind()) {
        (Kind::Object, Kind::Object) => return members(one, other, at, found),
        (Kind::Array, Kind::Array) => {
            if one.elements().count() == other.elements().count() {
                for (index, (one, other)) in one.elements().zip(other.elements()).enumerate() {
                    compare(one, other, &|| pointer::join(&at(), &index.to_string()), found);
                }
                return;
            }
            false
        }
        (Kind::Number, Kind::Number) => one.source() == other.source() || is_same_number(one.source(), other.source()),
        (Kind::String, Kind::String) => one.source() == other.source() || one.as_str() == other.as_str(),
        (Kind::Boolean, Kind::Boolean) | (Kind::Null, Kind::Null) => one.source() == other.source(),
        _ => false,
    };
    if !is_same {
        found.push(Difference {
            pointer: at(),
            kind: DifferenceKind::Changed,
        });
    }
}

fn members(one: Node<'_>, other: Node<'_>, at: &dyn Fn() -> String, found: &mut Vec<Difference>) {
    let others: Vec<(Node<'_>, Node<'_>)> = other.members().collect();
    let mut is_matched = vec![false; others.len()];
    // Most serializers keep the order, so the search starts at the member after the last match.
    let mut next = 0;
    for (key, value) in one.members() {
        let at = || pointer::join(&at(), &key.as_str().unwrap_or_default());
        let has_key = |index: &usize| others.get(*index).is_some_and(|(other, _)| is_same_key(key, *other));
        let index = (next..others.len()).chain(0..next).find(has_key);
        match index.and_then(|index| others.get(index).map(|(_, value)| (index, *value))) {
            Some((index, other)) => {
                next = index + 1;
                if let Some(is_matched) = is_matched.get_mut(index) {
                    *is_matched = true;
                }
                compare(value, other, &at, found);
            }
            None if value.kind() == Kind::Null => {}
            None => found.push(Difference {
                pointer: at(),
                kind: DifferenceKind::Lost,
            }),
        }
    }
    for ((key, value), _) in others.iter().zip(is_matched).filter(|(_, is_matched)| !is_matched) {
        if value.kind() != Kind::Null {
            found.push(Difference {
                pointer: pointer::join(&at(), &key.as_str().unwrap_or_default()),
                kind: DifferenceKind::Added(value.to_value()),
            });
        }
    }
}

fn is_same_key(one: Node<'_>, other: Node<'_>) -> bool {
    let (one_source, other_source) = (one.source(), other.source());
    one_source == other_source
        || (one_source.contains('\\') || other_source.contains('\\')) && one.as_str() == other.as_str()
}

fn is_same_number(one: &str, other: &str) -> bool {
    let (one, other) = (number(one), number(other));
    // Integers beyond 2^53 are compared as integers: as doubles, different ones could be equal.
    let integer = |number: &serde_json::Number| {
        number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .or_else(|| {
                // Exact: a double in this range without a fraction is an integer.
                number
                    .as_f64()
                    .filter(|float| float.fract() == 0.0 && float.abs() < 1e30)
                    .map(|float| float as i128)
            })
    };
    match (integer(&one), integer(&other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}
