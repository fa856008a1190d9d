//! Deserializes values that the document describes as one of several schemas. For generated types.
//!
//! serde's untagged enums choose the first variant that matches, and their errors have no path. Here a discriminator
//! chooses the variant if there is one, and an error has the path of the value that cannot be decoded.

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

/// The JSON of a value whose variant is not chosen yet.
#[derive(Clone, Copy)]
pub struct Candidate<'a>(&'a str);

/// Why and where a variant cannot be decoded.
pub struct Failure {
    path: Vec<Step>,
    /// The message of serde, or that of a nested union.
    problem: String,
    /// The length of the path, including the paths inside nested unions.
    depth: usize,
}

impl Failure {
    fn at_root(problem: String) -> Self {
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
    /// Decodes the value as the type of one variant.
    ///
    /// # Errors
    /// If the value is not a `T`.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let mut json = serde_json::Deserializer::from_str(self.0);
        serde_path_to_error::deserialize(&mut json).map_err(|error| Failure {
            path: lenient::steps(error.path()),
            depth: lenient::Location::of(&error).path.len(),
            problem: error.into_inner().to_string(),
        })
    }
}

/// The prefix of the message for an open union, which keeps JSON as its unknown variant. The path inside the union
/// follows as JSON, then the message of the inner error.
const OPEN: &str = "in an open union at ";
/// The same prefix for a union without an unknown variant.
const CLOSED: &str = "in a union at ";

/// Parses the message of a union that cannot be decoded. Returns whether the union is open, the path inside it, and the
/// message of the inner error.
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

/// The maximum nesting depth. serde_json limits it to prevent a stack overflow, but each union starts a new count. So
/// the depth of a union is checked before it is decoded.
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
    if is_too_deep(raw.get()) {
        Err(D::Error::custom("recursion limit exceeded"))
    } else {
        Ok(raw)
    }
}

/// The single key of an object that wraps JSON to keep as the unknown variant. Lenient decoding wraps a value that
/// cannot be decoded as the variant that its discriminator chooses.
pub(crate) const KEEP: &str = "\u{0}callrounded: keep this as received";

/// Decodes the variant that the property `tag` chooses. `known` decodes the variant of a tag, or returns `None` for a
/// tag that the document does not list. In that case, and for a value that lenient decoding has wrapped (see `KEEP`),
/// `other` converts the JSON into the unknown variant. A JSON null is decoded as `null`, if that is `Some`.
///
/// # Errors
/// If the value is not an object, if the property is missing or not a string, or if the variant cannot be decoded.
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
    let failed = |problem: String| D::Error::custom(Failure::at_root(problem).message(OPEN));
    let Ok(properties) = serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(raw.get()) else {
        return Err(failed("invalid type, expected an object".to_owned()));
    };
    let to_value = |text: &str| serde_json::from_str(text).map_err(D::Error::custom);
    if let (Some(kept), 1) = (properties.get(KEEP), properties.len()) {
        return to_value(kept.get()).map(other);
    }
    let Some(value) = properties.get(tag) else {
        return Err(failed(format!("missing field `{tag}`")));
    };
    let Ok(value) = serde_json::from_str::<Cow<'_, str>>(value.get()) else {
        return Err(failed(format!("invalid type of `{tag}`, expected a string")));
    };
    match known(&value, Candidate(raw.get())) {
        Some(decoded) => decoded.map_err(|failure| D::Error::custom(failure.message(OPEN))),
        None => to_value(raw.get()).map(other),
    }
}

/// A function that decodes a value as one variant of a union.
pub type Branch<T> = fn(Candidate<'_>) -> Result<T, Failure>;

/// Decodes the first variant that matches. A JSON null is decoded as `null`, if that is `Some`.
///
/// # Errors
/// If no variant matches: the error with the longest path.
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
            Ok(decoded) => return Ok(decoded),
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
        None => D::Error::custom("the union has no variants"),
    })
}

/// A deserializer that accepts only an object for a struct. serde's derived code also accepts a list with the fields in
/// order, so that `["a"]` would be decoded as an object whose first field is `a`.
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
