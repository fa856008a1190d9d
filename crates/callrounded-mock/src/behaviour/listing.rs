//! The list of calls, newest first, with cursors and with page numbers.
//!
//! A cursor is the start time of the last call of a page, as documented. Paging by cursor therefore skips calls that
//! start at the same time as the last call of a page, so seeded calls all have different start times.

use serde_json::{Map, Value, json};

use super::{Input, Refusal, Success};
use crate::calls::{Calls, Listed, timestamp};

pub(super) fn list_calls(calls: &mut Calls, input: Input) -> Result<Success, Refusal> {
    let query = &input.query;
    let limit = number(query, "limit").max(1);
    let mut envelope = Map::new();
    let page: Vec<Listed<'_>> = if query.get("use_cursor") == Some(&json!(false)) {
        let page = number(query, "page").max(1);
        let matching = || calls.newest_first(None).filter(|call| matches(call, &input));
        let total = if !input.filters.is_empty() {
            matching().count()
        } else {
            calls.len()
        };
        envelope.insert("current_page".to_owned(), json!(page));
        envelope.insert("total_pages".to_owned(), json!(total.div_ceil(limit)));
        envelope.insert("total_items".to_owned(), json!(total));
        matching().skip((page - 1).saturating_mul(limit)).take(limit).collect()
    } else {
        let cursor = timestamp(query.get("cursor"));
        if cursor.is_none() && query.contains_key("cursor") {
            return Err(Refusal::Invalid("invalid cursor: expected a date-time"));
        }
        let mut rest = calls.newest_first(cursor).filter(|call| matches(call, &input));
        let page: Vec<_> = rest.by_ref().take(limit).collect();
        if rest.next().is_some() {
            let last = page.last().and_then(|call| call.into_call().get("start_time").cloned());
            envelope.insert("next_cursor".to_owned(), last.unwrap_or_default());
        }
        page
    };
    envelope.insert("message".to_owned(), json!("Calls retrieved successfully"));
    envelope.insert("status".to_owned(), json!(200));
    let data = page
        .into_iter()
        .map(|call| without_excluded(call.into_call(), query))
        .collect();
    Ok(Success {
        data: Value::Array(data),
        envelope,
    })
}

fn matches(call: &Listed<'_>, input: &Input) -> bool {
    let mut filters = input.filters.iter();
    filters.all(|(filter, wanted)| filter.matches(call.property(&filter.property).as_deref(), wanted))
}

/// Removes the properties that the query does not include.
fn without_excluded(mut call: Value, query: &Map<String, Value>) -> Value {
    let is_included = |parameter: &str| query.get(parameter) == Some(&json!(true));
    if let Some(call) = call.as_object_mut() {
        if !is_included("include_transcript") {
            call.shift_remove("transcript");
            call.shift_remove("transcript_string");
        }
        if !is_included("include_variable_values") {
            call.shift_remove("variable_values");
        }
    }
    call
}

fn number(query: &Map<String, Value>, name: &str) -> usize {
    query
        .get(name)
        .and_then(Value::as_u64)
        .and_then(|number| usize::try_from(number).ok())
        .unwrap_or_default()
}
