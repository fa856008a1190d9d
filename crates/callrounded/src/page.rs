//! One page of calls.

use std::{collections::BTreeMap, fmt};

use callrounded_api::{
    lenient::{self, Budget, Decoded, Undecodable},
    types::CallListResponse,
};
use serde::{
    Deserializer as _,
    de::{Error as _, SeqAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    answer::{Envelope, Opened, Shown},
    error::Error,
    list::OPERATION,
    types::Call,
};

/// One page of calls.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page {
    /// The calls in their order. One that can't be read at all, since it has no `id`, is an error in its place, with its
    /// JSON in [`Error::item`].
    pub calls: Vec<Result<Call, Error>>,
    /// Where the next page begins, just as it came; `None` on the last page, and with pages by number.
    pub next_cursor: Option<String>,
    /// The number of this page, counted from 1; with pages by number only.
    pub current_page: Option<i64>,
    /// How many pages there are; with pages by number only.
    pub total_pages: Option<i64>,
    /// How many calls there are on all pages; with pages by number only.
    pub total_items: Option<i64>,
}

impl Envelope for CallListResponse {
    type Data = Page;

    fn open(self) -> Opened<Page> {
        let calls = self.data.into_iter().map(Ok).collect();
        let next_cursor = self
            .next_cursor
            .map(|cursor| cursor.as_str().to_owned())
            .filter(|cursor| !cursor.is_empty());
        let page = Page {
            calls,
            next_cursor,
            current_page: self.current_page,
            total_pages: self.total_pages,
            total_items: self.total_items,
        };
        Opened {
            data: page,
            message: self.message,
            error: self.error,
        }
    }

    /// Each call by itself, from its own text, so that one that can't be read costs no other, and no digit of it.
    fn decode(body: &[u8]) -> Result<Decoded<Opened<Page>>, Undecodable> {
        let missing = |problem: &str| Undecodable {
            path: "data".to_owned(),
            problem: problem.to_owned(),
        };
        let mut members: BTreeMap<String, &RawValue> = serde_json::from_slice(body).map_err(|error| Undecodable {
            path: String::new(),
            problem: lenient::syntax_problem(&error)
                .unwrap_or("expected an object")
                .to_owned(),
        })?;
        let data = members
            .remove("data")
            .ok_or_else(|| missing("the field `data` is missing"))?;
        let mut skipped = Vec::new();
        let mut envelope = Map::new();
        for (name, raw) in members {
            match serde_json::from_str(raw.get()) {
                Ok(value) => drop(envelope.insert(name, value)),
                Err(_) => skipped.push(name),
            }
        }
        envelope.insert("data".to_owned(), Value::Array(Vec::new()));
        let envelope = Value::Object(envelope).to_string();
        let read = lenient::decode::<Self>(&envelope, "", &mut Budget::default())?;
        skipped.extend(read.skipped);
        let mut opened = read.value.open();
        let mut items = serde_json::Deserializer::from_str(data.get());
        let items = items.deserialize_seq(Items { skipped: &mut skipped });
        opened.data.calls = items.map_err(|error| {
            let too_many = error.to_string().starts_with(TOO_MANY);
            missing(if too_many { TOO_MANY } else { "expected a sequence" })
        })?;
        Ok(Decoded { value: opened, skipped })
    }
}

/// A page has at most a thousand calls. With more errors than that there is no sense in it.
const MOST_ERRORS: usize = 1_000;
const TOO_MANY: &str = "more than 1000 of its entries can't be read";

/// Reads calls one by one, so that a list without any sense in it is given up early.
struct Items<'a> {
    skipped: &'a mut Vec<String>,
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Vec<Result<Call, Error>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of calls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut calls = Vec::new();
        let mut errors = 0;
        let mut budget = Budget::default();
        while let Some(item) = items.next_element::<&RawValue>()? {
            let call = match lenient::decode::<Call>(item.get(), &format!("data[{}]", calls.len()), &mut budget) {
                Ok(read) => {
                    self.skipped.extend(read.skipped);
                    Ok(read.value)
                }
                Err(_) if errors == MOST_ERRORS => return Err(A::Error::custom(TOO_MANY)),
                Err(reason) => {
                    errors += 1;
                    // What is no JSON value, such as one with a number beyond all bounds, is given as its text.
                    let json = serde_json::from_str(item.get()).unwrap_or_else(|_| item.get().into());
                    Err(Error::undecodable_item(json, reason).in_operation(OPERATION))
                }
            };
            calls.push(call);
        }
        Ok(calls)
    }
}

impl Shown for Page {
    fn shown(&self) -> &dyn fmt::Debug {
        self
    }
}
