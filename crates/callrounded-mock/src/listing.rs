//! Lists calls: both kinds of pages, and what is left out.
//!
//! Newest first. A cursor is the start of the last call of a page, as documented; so calls that start at the same moment
//! stand on one page together or are told apart by nothing, and a world that is to be walked gives each its own.

use serde_json::{Map, Value, json};

use crate::{
    behaviour::{Done, Input, Refusal},
    world::{Calls, Listed, moment},
};

pub(crate) fn list_calls(calls: &mut Calls, input: Input) -> Result<Done, Refusal> {
    let query = &input.query;
    let limit = number(query, "limit").max(1);
    let mut more = Map::new();
    let page: Vec<Listed<'_>> = if query.get("use_cursor") == Some(&json!(false)) {
        let page = number(query, "page").max(1);
        let found = || calls.newest_first(None).filter(|call| matches(call, &input));
        let total = if !input.filters.is_empty() {
            found().count()
        } else {
            calls.len()
        };
        more.insert("current_page".to_owned(), json!(page));
        more.insert("total_pages".to_owned(), json!(total.div_ceil(limit)));
        more.insert("total_items".to_owned(), json!(total));
        found().skip((page - 1).saturating_mul(limit)).take(limit).collect()
    } else {
        let cursor = moment(query.get("cursor"));
        if cursor.is_none() && query.contains_key("cursor") {
            return Err(Refusal::Invalid("the cursor is no date-time"));
        }
        let mut rest = calls.newest_first(cursor).filter(|call| matches(call, &input));
        let page: Vec<_> = rest.by_ref().take(limit).collect();
        if rest.next().is_some() {
            let last = page.last().and_then(|call| call.into_call().get("start_time").cloned());
            more.insert("next_cursor".to_owned(), last.unwrap_or_default());
        }
        page
    };
    more.insert("message".to_owned(), json!("Calls retrieved successfully"));
    more.insert("status".to_owned(), json!(200));
    let data = page
        .into_iter()
        .map(|call| shortened(call.into_call(), query))
        .collect();
    Ok(Done {
        data: Value::Array(data),
        more,
    })
}

fn matches(call: &Listed<'_>, input: &Input) -> bool {
    let mut filters = input.filters.iter();
    filters.all(|(filter, wanted)| filter.holds(call.property(&filter.property).as_deref(), wanted))
}

/// Without what is not asked for.
fn shortened(mut call: Value, query: &Map<String, Value>) -> Value {
    let wanted = |parameter: &str| query.get(parameter) == Some(&json!(true));
    if let Some(call) = call.as_object_mut() {
        if !wanted("include_transcript") {
            call.shift_remove("transcript");
            call.shift_remove("transcript_string");
        }
        if !wanted("include_variable_values") {
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
