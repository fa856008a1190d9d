//! Decoding of response bodies, for generated code: as a whole first, leniently if that fails.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use serde::{
    Deserializer as _,
    de::{DeserializeOwned, Error as _, SeqAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    Error, Page,
    lenient::{self, Budget, Decoded, Undecodable},
};

/// A decoded body, taken out of its envelope.
pub struct Opened<T> {
    /// The data.
    pub data: T,
    /// The message of the envelope.
    pub message: Option<String>,
}

/// Decodes a JSON body. `empty` is the JSON that an empty body stands for, if any.
///
/// # Errors
/// If not even lenient decoding yields a `T`.
pub fn json<T: DeserializeOwned>(body: &[u8], empty: &str) -> Result<Decoded<T>, Undecodable> {
    // As text, which is faster to parse than bytes.
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

/// Takes the body as it is: nothing is decoded.
///
/// # Errors
/// None.
pub fn bytes(body: &Bytes) -> Result<Decoded<Opened<Bytes>>, Undecodable> {
    Ok(whole(body.clone()))
}

/// The cursor that a property is: any scalar, as it is sent back.
#[must_use]
pub fn cursor(next: &impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(next).ok()? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Ignores the body of a response that has none.
///
/// # Errors
/// None.
pub fn nothing() -> Result<Decoded<Opened<()>>, Undecodable> {
    Ok(whole(()))
}

/// Adds a JSON body, if there is one.
pub fn optional_json<T: serde::Serialize>(
    request: reqwest::RequestBuilder,
    body: Option<&T>,
) -> reqwest::RequestBuilder {
    match body {
        Some(body) => request.json(body),
        None => request,
    }
}

fn whole<T>(data: T) -> Decoded<Opened<T>> {
    Decoded {
        value: Opened { data, message: None },
        skipped: Vec::new(),
    }
}

/// Decodes a page of a list whose items are in the property `items`. `open` makes a page of the typed body.
///
/// If the body does not decode as a whole, each item is decoded from its own JSON, so that one that cannot be decoded does not
/// affect the others.
///
/// # Errors
/// If the body is no object with such a list, or has too many items that cannot be decoded.
pub fn page<B: DeserializeOwned, T: DeserializeOwned>(
    body: &[u8],
    items: &str,
    operation: &'static str,
    open: impl Fn(B) -> Opened<Page<T>>,
) -> Result<Decoded<Opened<Page<T>>>, Undecodable> {
    if let Some(body) = str::from_utf8(body)
        .ok()
        .and_then(|text| serde_json::from_str(text).ok())
    {
        return Ok(Decoded {
            value: open(body),
            skipped: Vec::new(),
        });
    }
    let missing = |problem: &str| Undecodable {
        path: items.to_owned(),
        problem: problem.to_owned(),
    };
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| Undecodable::of_json(&error))?;
    let mut members = envelope(whole)?;
    let list = members
        .remove(items)
        .ok_or_else(|| missing(&format!("the field `{items}` is missing")))?;
    let mut skipped = Vec::new();
    let mut rest = Map::new();
    for (name, raw) in members {
        match serde_json::from_str(raw.get()) {
            Ok(value) => drop(rest.insert(name, value)),
            Err(_) => skipped.push(name),
        }
    }
    rest.insert(items.to_owned(), Value::Array(Vec::new()));
    let rest = Value::Object(rest).to_string();
    let read = lenient::decode::<B>(&rest, "", &mut Budget::default())?;
    skipped.extend(read.skipped);
    let mut opened = open(read.value);
    let mut deserializer = serde_json::Deserializer::from_str(list.get());
    let list = deserializer.deserialize_seq(Items {
        property: items,
        operation,
        skipped: &mut skipped,
        item: std::marker::PhantomData,
    });
    opened.data.items = list.map_err(|error| {
        let too_many = error.to_string().starts_with(TOO_MANY);
        missing(if too_many { TOO_MANY } else { "expected a sequence" })
    })?;
    Ok(Decoded { value: opened, skipped })
}

/// The members of an object, each as it is.
pub(crate) fn envelope(whole: &RawValue) -> Result<BTreeMap<String, &RawValue>, Undecodable> {
    serde_json::from_str(whole.get()).map_err(|_| Undecodable {
        path: String::new(),
        problem: "expected an object".to_owned(),
    })
}

/// How many items of a page may be undecodable before the page is given up.
const MAX_ERRORS: usize = 1_000;
const TOO_MANY: &str = "more than 1000 of its items cannot be decoded";

/// Decodes items one by one, so that a list of nonsense is given up early.
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
                Ok(read) => {
                    self.skipped.extend(read.skipped);
                    Ok(read.value)
                }
                Err(_) if errors == MAX_ERRORS => return Err(A::Error::custom(TOO_MANY)),
                Err(reason) => {
                    errors += 1;
                    // JSON that no `Value` can hold, such as a number that is too large, is given as a string.
                    let json = serde_json::from_str(json.get()).unwrap_or_else(|_| json.get().into());
                    Err(Error::undecodable_item(json, reason).in_operation(self.operation))
                }
            };
            items.push(item);
        }
        Ok(items)
    }
}
