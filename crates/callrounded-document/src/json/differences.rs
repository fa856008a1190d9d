//! What differs between two payloads that should say the same, such as one and what a client makes of it.

use serde_json::Value;

use super::{Json, Kind, Node, number};
use crate::pointer;

/// A location where two payloads differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// JSON pointer to it.
    pub pointer: String,
    /// How they differ there.
    pub kind: DifferenceKind,
}

/// See [`Difference`].
#[derive(Clone, Debug, PartialEq)]
pub enum DifferenceKind {
    /// The first has the value, the second has not.
    Lost,
    /// The second has this value, the first has none.
    Added(Value),
    /// Both have a value, and not the same.
    Changed,
}

impl Json {
    /// Returns every difference between this payload and another. A null instead of an absent value is none, and neither is another
    /// notation of the same number, such as 300 and 300.0.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        compare(self.root(), other.root(), &String::new, &mut found);
        found
    }
}

/// `at` makes the pointer to the value, which is needed only where something is found.
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
    // Writers keep the order, so the next member is most often the one that is looked for.
    let others: Vec<(Node<'_>, Node<'_>)> = other.members().collect();
    let mut is_met = vec![false; others.len()];
    let mut next = 0;
    for (name, value) in one.members() {
        let at = || pointer::join(&at(), &name.as_str().unwrap_or_default());
        let is_named = |index: &usize| others.get(*index).is_some_and(|(other, _)| is_same_name(name, *other));
        let index = (next..others.len()).chain(0..next).find(is_named);
        match index.and_then(|index| others.get(index).map(|(_, value)| (index, *value))) {
            Some((index, other)) => {
                next = index + 1;
                if let Some(is_met) = is_met.get_mut(index) {
                    *is_met = true;
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
    for ((name, value), _) in others.iter().zip(is_met).filter(|(_, is_met)| !is_met) {
        if value.kind() != Kind::Null {
            found.push(Difference {
                pointer: pointer::join(&at(), &name.as_str().unwrap_or_default()),
                kind: DifferenceKind::Added(value.to_value()),
            });
        }
    }
}

fn is_same_name(one: Node<'_>, other: Node<'_>) -> bool {
    let (one_source, other_source) = (one.source(), other.source());
    one_source == other_source
        || (one_source.contains('\\') || other_source.contains('\\')) && one.as_str() == other.as_str()
}

fn is_same_number(one: &str, other: &str) -> bool {
    let (one, other) = (number(one), number(other));
    // Whole numbers beyond 2^53 are compared as such, not rounded to the same float.
    let whole = |number: &serde_json::Number| {
        number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .or_else(|| {
                // Exact: a float of this size and without a fraction is a whole number.
                number
                    .as_f64()
                    .filter(|float| float.fract() == 0.0 && float.abs() < 1e30)
                    .map(|float| float as i128)
            })
    };
    match (whole(&one), whole(&other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}
