//! One page of calls.

use callrounded_api::types::CallListResponse;
use serde_json::Value;

use crate::{
    answer::{Envelope, Opened},
    error::Error,
    list::OPERATION,
    repair::{self, Repaired},
    types::Call,
    undecodable::Reason,
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

    /// Each call by itself, so that one that can't be read costs no other.
    fn repair(mut json: Value) -> Result<Repaired<Opened<Page>>, Reason> {
        let items = match json.get_mut("data").map(Value::take) {
            Some(Value::Array(items)) => items,
            other => {
                let problem = if other.is_none() {
                    "the field `data` is missing"
                } else {
                    "expected a sequence"
                };
                return Err(Reason {
                    path: "data".to_owned(),
                    problem: problem.to_owned(),
                });
            }
        };
        if let Some(data) = json.get_mut("data") {
            *data = Value::Array(Vec::new());
        }
        let Repaired { value, mut unread } = repair::read::<Self>(json, "")?;
        let mut opened = value.open();
        for (index, item) in items.into_iter().enumerate() {
            let call = match repair::read::<Call>(item.clone(), &format!("data[{index}]")) {
                Ok(read) => {
                    unread.extend(read.unread);
                    Ok(read.value)
                }
                Err(reason) => Err(Error::undecodable_item(item, reason).in_operation(OPERATION)),
            };
            opened.data.calls.push(call);
        }
        Ok(Repaired { value: opened, unread })
    }
}
