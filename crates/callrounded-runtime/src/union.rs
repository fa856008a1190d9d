//! Reads what the document describes as one of several schemas. For generated types.
//!
//! serde's own untagged enumerations take the first variant that fits, and fail without saying where. Here a
//! discriminator chooses the variant, and an error has the path of the value that did not decode.

use std::{borrow::Cow, collections::HashMap};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::{
    lenient::{self, Step},
    raw::Raw,
};

/// A value that is one of several schemas, before it is known of which.
#[derive(Clone, Copy)]
pub struct Candidate<'a>(&'a str);

/// Where and why a variant did not decode.
pub struct Failure {
    path: Vec<Step>,
    /// Of a union inside, its own message.
    problem: String,
    /// How far decoding got.
    depth: usize,
}

impl Failure {
    fn here(problem: String) -> Self {
        Self {
            path: Vec::new(),
            problem,
            depth: 0,
        }
    }

    fn message(&self, union: &str) -> String {
        let path = Value::Array(self.path.iter().map(Step::to_json).collect());
        format!("{union}{path}: {}", self.problem)
    }
}

impl Candidate<'_> {
    /// Reads the value as one of the schemas.
    ///
    /// # Errors
    /// Where it does not decode as that.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let mut json = serde_json::Deserializer::from_str(self.0);
        serde_path_to_error::deserialize(&mut json).map_err(|error| Failure {
            path: lenient::steps(error.path()),
            depth: lenient::Place::of(&error).path.len(),
            problem: error.into_inner().to_string(),
        })
    }
}

/// What begins the message of a union that did not decode: of one that keeps JSON as a variant that is not known, and of one
/// that does not. The path inside it follows, then the message of that place.
const OPEN: &str = "in an open union at ";
const CLOSED: &str = "in a union at ";

/// Of the message of a union that did not decode: whether it is open, the path inside it, and the message there.
pub(crate) fn parse(message: &str) -> Option<(bool, Vec<Step>, &str)> {
    let (is_open, rest) = match message.strip_prefix(OPEN) {
        Some(rest) => (true, rest),
        None => (false, message.strip_prefix(CLOSED)?),
    };
    let mut paths = serde_json::Deserializer::from_str(rest).into_iter::<Vec<Value>>();
    let path = paths.next()?.ok()?;
    let problem = rest.get(paths.byte_offset()..)?.strip_prefix(": ")?;
    Some((is_open, path.into_iter().filter_map(Step::of_json).collect(), problem))
}

/// serde_json counts levels to keep the stack from overflowing, and each union begins to count anew. So the whole of it is
/// looked at before.
const MAX_DEPTH: usize = 127;

fn is_too_deep(json: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

fn read_raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
    let raw = Raw::deserialize(deserializer)?;
    match is_too_deep(raw.get()) {
        true => Err(D::Error::custom("recursion limit exceeded")),
        false => Ok(raw),
    }
}

/// The only key of an object that stands for the JSON in it, which is kept as a variant that is not known. The lenient
/// reader writes it in place of a value that does not decode as the variant which its discriminator chooses.
pub(crate) const KEEP: &str = "\u{0}callrounded: keep this as it came";

/// Reads the variant that the value of the property `tag` chooses. `known` gives `None` for a value that the document does
/// not list; then, and for what the lenient reader keeps, `other` takes the JSON. A null is read as `null`, if that is given.
///
/// # Errors
/// Where the value is no object, where the property is missing or no string, and where the variant does not decode.
pub fn by_tag<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    tag: &str,
    known: impl FnOnce(&str, Candidate<'_>) -> Option<Result<T, Failure>>,
    other: impl FnOnce(Value) -> T,
    null: Option<T>,
) -> Result<T, D::Error> {
    let raw = read_raw(deserializer)?;
    if let ("null", Some(null)) = (raw.get(), null) {
        return Ok(null);
    }
    let failed = |problem: String| D::Error::custom(Failure::here(problem).message(OPEN));
    let Ok(properties) = serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(raw.get()) else {
        return Err(failed("invalid type, expected an object".to_owned()));
    };
    let as_it_came = |text: &str| serde_json::from_str(text).map_err(D::Error::custom);
    if let (Some(kept), 1) = (properties.get(KEEP), properties.len()) {
        return as_it_came(kept.get()).map(other);
    }
    let Some(value) = properties.get(tag) else {
        return Err(failed(format!("missing field `{tag}`")));
    };
    let Ok(value) = serde_json::from_str::<Cow<'_, str>>(value.get()) else {
        return Err(failed(format!("invalid type of `{tag}`, expected a string")));
    };
    match known(&value, Candidate(raw.get())) {
        Some(read) => read.map_err(|failure| D::Error::custom(failure.message(OPEN))),
        None => as_it_came(raw.get()).map(other),
    }
}

/// One way to read a union.
pub type Branch<T> = fn(Candidate<'_>) -> Result<T, Failure>;

/// Reads the first variant that fits, and a null as `null`, if that is given.
///
/// # Errors
/// Where none fits: the error of the one that got furthest.
pub fn first_match<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    branches: &[Branch<T>],
    null: Option<T>,
) -> Result<T, D::Error> {
    let raw = read_raw(deserializer)?;
    if let ("null", Some(null)) = (raw.get(), null) {
        return Ok(null);
    }
    let mut furthest: Option<Failure> = None;
    for branch in branches {
        match branch(Candidate(raw.get())) {
            Ok(read) => return Ok(read),
            Err(failure) => {
                let is_further = |known: &Failure| failure.depth > known.depth;
                if furthest.as_ref().is_none_or(is_further) {
                    furthest = Some(failure);
                }
            }
        }
    }
    Err(match furthest {
        Some(failure) => D::Error::custom(failure.message(CLOSED)),
        None => D::Error::custom("a union of no schemas"),
    })
}

/// A deserializer that gives a struct from an object only. serde's derived code takes a list too, field by field in their
/// order, so that `["a"]` would be an object whose first field is `a`.
pub struct Object<D>(pub D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Object<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
