//! Bounds and multiples of numbers as exact decimals. The keywords of the validator would compare doubles.

use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

use super::{formats::Options, representation::Strict};
use crate::json::{Decimal, Kind, Node};

pub(super) fn with_numbers(options: Options<'_>) -> Options<'_> {
    options
        .with_keyword("minimum", |parent, limit, _| compile(Bound::Minimum, parent, limit))
        .with_keyword("maximum", |parent, limit, _| compile(Bound::Maximum, parent, limit))
        .with_keyword("multipleOf", |parent, limit, _| compile(Bound::Multiple, parent, limit))
}

/// Returns the problem and the remedy for an error of one of these keywords, whose message is `message`.
pub(super) fn describe(keyword: &str, message: &str) -> Option<(String, &'static str)> {
    Some(match keyword {
        "minimum" => (
            format!("the number is {message}"),
            "raise it, or lower `minimum` in the document",
        ),
        "maximum" => (
            format!("the number is {message}"),
            "lower it, or raise `maximum` in the document",
        ),
        "multipleOf" => (
            format!("the number is {message}"),
            "round it, or change `multipleOf` in the document",
        ),
        _ => return None,
    })
}

#[derive(Clone, Copy)]
enum Bound {
    Minimum,
    Maximum,
    Multiple,
}

struct Limit {
    bound: Bound,
    exclusive: bool,
    limit: Decimal,
    shown: String,
}

type CompiledKeyword<'a> = Result<Box<dyn for<'i> Keyword<'i, Strict>>, ValidationError<'a>>;

fn compile<'a>(bound: Bound, parent: &'a Map<String, Value>, limit: &'a Value) -> CompiledKeyword<'a> {
    let flag = match bound {
        Bound::Minimum => "exclusiveMinimum",
        Bound::Maximum => "exclusiveMaximum",
        Bound::Multiple => "",
    };
    let shown = limit.to_string();
    Ok(Box::new(Limit {
        bound,
        exclusive: parent.get(flag) == Some(&Value::Bool(true)),
        limit: Decimal::of(&shown),
        shown,
    }))
}

impl<'i> Keyword<'i, Strict> for Limit {
    fn validate(&self, instance: Node<'i>) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        let shown = &self.shown;
        Err(ValidationError::custom(match (self.bound, self.exclusive) {
            (Bound::Minimum, false) => format!("less than {shown}"),
            (Bound::Minimum, true) => format!("not greater than {shown}"),
            (Bound::Maximum, false) => format!("greater than {shown}"),
            (Bound::Maximum, true) => format!("not less than {shown}"),
            (Bound::Multiple, _) => format!("not a multiple of {shown}"),
        }))
    }

    fn is_valid(&self, instance: Node<'i>) -> bool {
        if instance.kind() != Kind::Number {
            return true;
        }
        let number = Decimal::of(instance.source());
        match (self.bound, self.exclusive) {
            (Bound::Minimum, false) => number >= self.limit,
            (Bound::Minimum, true) => number > self.limit,
            (Bound::Maximum, false) => number <= self.limit,
            (Bound::Maximum, true) => number < self.limit,
            (Bound::Multiple, _) => number.is_multiple_of(&self.limit),
        }
    }
}
