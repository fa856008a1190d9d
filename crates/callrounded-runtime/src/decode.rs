//! Decodes response bodies, for generated code: strictly first, and leniently if that fails.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use serde::{
    Deserializer as _,
    de::{DeserializeOwned, Error as _, SeqAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    Error, Page,
    lenient::{self, Budget, DecodeError, Decoded},
};

/// A decoded body without its envelope.
pub struct Unwrapped<T> {
    /// The data.
    pub data: T,
    /// The message of the envelope, if it has one.
    pub message: Option<String>,
}

/// Decodes a JSON body. An empty body is decoded as the JSON `empty`, which may be empty too.
///
/// # Errors
/// If lenient decoding does not yield a `T` either.
pub fn json<T: DeserializeOwned>(body: &[u8], empty: &str) -> Result<Decoded<T>, DecodeError> {
    // A string is faster to parse than bytes.
    let text = match body {
        [] => empty,
        body => str::from_utf8(body).unwrap_or_default(),
    };
    match serde_json::from_str(text) {
        Ok(value) => Ok(Decoded {
            value,
            skipped: Vec::new(),
        }),
        Err(_) => lenient::decode(text, "", &mut Budget::default()),
    }
}

/// Returns the body unchanged.
///
/// # Errors
/// Never.
pub fn bytes(body: &Bytes) -> Result<Decoded<Unwrapped<Bytes>>, DecodeError> {
    Ok(whole(body.clone()))
}

/// Converts the value of a property into a cursor. Any scalar is one; it is sent back as received.
#[must_use]
pub fn cursor(next: &impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(next).ok()? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Ignores the body, for a response that has no documented body.
///
/// # Errors
/// Never.
pub fn nothing() -> Result<Decoded<Unwrapped<()>>, DecodeError> {
    Ok(whole(()))
}

/// Adds a JSON body to a request, if there is one.
pub fn optional_json<T: serde::Serialize>(
    request: reqwest::RequestBuilder,
    body: Option<&T>,
) -> reqwest::RequestBuilder {
    match body {
        Some(body) => request.json(body),
        None => request,
    }
}

fn whole<T>(data: T) -> Decoded<Unwrapped<T>> {
    Decoded {
        value: Unwrapped { data, message: None },
        skipped: Vec::new(),
    }
}

/// Decodes a page of a list whose items are in the property `items`. `to_page` converts the typed body into a page.
///
/// If the body cannot be decoded strictly, each item is decoded separately, so that an undecodable item does not affect
/// the others.
///
/// # Errors
/// If the body is not an object with such a list, or more than 1000 items cannot be decoded.
pub fn page<B: DeserializeOwned, T: DeserializeOwned>(
    body: &[u8],
    items: &str,
    operation: &'static str,
    to_page: impl Fn(B) -> Unwrapped<Page<T>>,
) -> Result<Decoded<Unwrapped<Page<T>>>, DecodeError> {
    if let Some(body) = str::from_utf8(body)
        .ok()
        .and_then(|text| serde_json::from_str(text).ok())
    {
        return Ok(Decoded {
            value: to_page(body),
            skipped: Vec::new(),
        });
    }
    let invalid = |problem: &str| DecodeError {
        path: items.to_owned(),
        problem: problem.to_owned(),
    };
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| DecodeError::of_json(&error))?;
    let mut properties = envelope(whole)?;
    let list = properties
        .remove(items)
        .ok_or_else(|| invalid(&format!("the field `{items}` is missing")))?;
    let mut skipped = Vec::new();
    let mut rest = Map::new();
    for (key, raw) in properties {
        match serde_json::from_str(raw.get()) {
            Ok(value) => drop(rest.insert(key, value)),
            Err(_) => skipped.push(key),
        }
    }
    rest.insert(items.to_owned(), Value::Array(Vec::new()));
    let rest = Value::Object(rest).to_string();
    let decoded = lenient::decode::<B>(&rest, "", &mut Budget::default())?;
    skipped.extend(decoded.skipped);
    let mut unwrapped = to_page(decoded.value);
    let mut deserializer = serde_json::Deserializer::from_str(list.get());
    let list = deserializer.deserialize_seq(Items {
        property: items,
        operation,
        skipped: &mut skipped,
        item: std::marker::PhantomData,
    });
    unwrapped.data.items = list.map_err(|error| {
        let too_many = error.to_string().starts_with(TOO_MANY);
        invalid(if too_many { TOO_MANY } else { "expected a sequence" })
    })?;
    Ok(Decoded {
        value: unwrapped,
        skipped,
    })
}

/// Returns the properties of an object, without decoding their values.
pub(crate) fn envelope(whole: &RawValue) -> Result<BTreeMap<String, &RawValue>, DecodeError> {
    serde_json::from_str(whole.get()).map_err(|_| DecodeError {
        path: String::new(),
        problem: "expected an object".to_owned(),
    })
}

/// The maximum number of undecodable items on a page. With more, the page is an error.
const MAX_ERRORS: usize = 1_000;
const TOO_MANY: &str = "more than 1000 of its items cannot be decoded";

/// A visitor that decodes items one by one, so that a list with too many undecodable items fails early.
struct Items<'a, T> {
    property: &'a str,
    operation: &'static str,
    skipped: &'a mut Vec<String>,
    item: std::marker::PhantomData<T>,
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Items<'_, T> {
    type Value = Vec<Result<T, Error>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        let mut errors = 0;
        let mut budget = Budget::default();
        while let Some(json) = list.next_element::<&RawValue>()? {
            let path = format!("{}[{}]", self.property, items.len());
            let item = match lenient::decode::<T>(json.get(), &path, &mut budget) {
                Ok(decoded) => {
                    self.skipped.extend(decoded.skipped);
                    Ok(decoded.value)
                }
                Err(_) if errors == MAX_ERRORS => return Err(A::Error::custom(TOO_MANY)),
                Err(reason) => {
                    errors += 1;
                    // JSON that is not a valid `Value`, such as a number that is too large, becomes a string.
                    let json = serde_json::from_str(json.get()).unwrap_or_else(|_| json.get().into());
                    Err(Error::undecodable_item(json, reason).in_operation(self.operation))
                }
            };
            items.push(item);
        }
        Ok(items)
    }
}
