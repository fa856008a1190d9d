//! Responses of operations without a behaviour of their own, which are made from the document. The same request always
//! gets the same response.

use callrounded_document::{Document, Pagination, pointer};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::{
    behaviour::{Input, Refusal, Success},
    calls::{format_timestamp, timestamp},
    contract::Operation,
};

/// The number of items in a list for which the document has no example.
const ITEMS: usize = 25;

/// Returns the data and envelope of a response; `None` if it has no body.
pub(crate) fn respond(document: &Document, operation: &Operation, input: &Input) -> Result<Option<Success>, Refusal> {
    let Some(schema) = operation.success_schema() else {
        return Ok(None);
    };
    if let (Some(pagination), Some(item)) = (&operation.pagination, &operation.item) {
        return page(document, operation, pagination, item, input).map(Some);
    }
    let example = operation.example.clone();
    let (data, mut envelope) = match (&operation.envelope, example) {
        (Some(property), Some(Value::Object(mut example))) => {
            let data = example.shift_remove(property);
            (data, example)
        }
        (Some(_), _) => (None, Map::new()),
        (None, example) => (example, Map::new()),
    };
    let data_schema = match &operation.envelope {
        Some(property) => pointer::join(&pointer::join(schema, "properties"), property),
        None => schema.to_owned(),
    };
    let data = data.unwrap_or_else(|| sample(document, &data_schema));
    let data = with_identifier(document, &data_schema, data, &input.path);
    envelope.retain(|_, value| !value.is_null());
    Ok(Some(Success { data, envelope }))
}

/// Returns a page of the list. The cursor of a page is its offset: the number of items before it.
fn page(
    document: &Document,
    operation: &Operation,
    pagination: &Pagination,
    item: &str,
    input: &Input,
) -> Result<Success, Refusal> {
    let items = items(document, operation, pagination, item);
    let matches = |item: &&Value| {
        let mut filters = input.filters.iter();
        filters.all(|(filter, wanted)| filter.matches(item.get(&filter.property), wanted))
    };
    let matching: Vec<&Value> = items.iter().filter(matches).collect();
    let parameter = |name: &Option<String>| input.query.get(name.as_ref()?);
    let number = |name: &Option<String>| {
        let number = parameter(name).and_then(Value::as_u64);
        number.and_then(|number| usize::try_from(number).ok())
    };
    let size = number(&pagination.size).unwrap_or(10).max(1);
    let by_number = match &pagination.switch {
        Some(switch) => input.query.get(switch) == Some(&json!(false)),
        None => {
            let page = pagination.page.as_ref();
            page.is_some_and(|page| input.sent_query.contains(page))
        }
    };
    let page = number(&pagination.page).unwrap_or(1).max(1);
    let start = if by_number {
        (page - 1).saturating_mul(size)
    } else {
        match input.query.get(&pagination.cursor) {
            Some(cursor) => {
                parse_offset(cursor).ok_or(Refusal::Invalid("invalid cursor: expected one that this server sent"))?
            }
            None => 0,
        }
    };
    let data: Vec<Value> = matching
        .iter()
        .skip(start)
        .take(size)
        .map(|item| (*item).clone())
        .collect();
    let mut envelope = Map::new();
    if by_number {
        let pages = matching.len().div_ceil(size);
        for (name, value) in [
            (&pagination.current, page),
            (&pagination.pages, pages),
            (&pagination.total, matching.len()),
        ] {
            envelope.extend(name.clone().map(|name| (name, json!(value))));
        }
    } else if start.saturating_add(size) < matching.len() {
        envelope.insert(
            pagination.next.clone(),
            cursor(document, operation, pagination, start + size),
        );
    }
    Ok(Success {
        data: Value::Array(data),
        envelope,
    })
}

/// Returns the items of the example, or items that are made from the schema and differ in their identifiers.
fn items(document: &Document, operation: &Operation, pagination: &Pagination, item: &str) -> Vec<Value> {
    let example = operation
        .example
        .as_ref()
        .and_then(|example| example.get(&pagination.items));
    if let Some(Value::Array(items)) = example {
        return items.clone();
    }
    let sample = sample(document, item);
    let id = identifier(document, item);
    (1..=ITEMS)
        .map(|number| {
            let mut item = sample.clone();
            if let (Some((name, at)), Some(item)) = (&id, item.as_object_mut()) {
                let value = match document.get_str(&pointer::join(at, "format")) {
                    Some("uuid") => format!("00000000-0000-4000-8000-{number:012}"),
                    _ => format!("{name}-{number}"),
                };
                item.insert(name.clone(), json!(value));
            }
            item
        })
        .collect()
}

/// Returns name and pointer of the string property that identifies an object: `id`, or the first whose name ends with
/// `_id`.
fn identifier(document: &Document, schema: &str) -> Option<(String, String)> {
    let properties = pointer::join(schema, "properties");
    let strings = document.members(&properties).filter_map(|(name, at)| {
        let at = document.resolve(&at)?;
        let is_string = document.get_str(&pointer::join(&at, "type")) == Some("string");
        let is_free = document.get(&pointer::join(&at, "enum")).is_none();
        (is_string && is_free).then(|| (name.to_owned(), at))
    });
    let strings: Vec<(String, String)> = strings.collect();
    let exact = strings.iter().find(|(name, _)| name == "id");
    exact
        .or_else(|| strings.iter().find(|(name, _)| name.ends_with("_id")))
        .cloned()
}

/// Sets the values of the path in the data: in properties of the same name, and as the identifier.
fn with_identifier(document: &Document, schema: &str, mut data: Value, path: &Map<String, Value>) -> Value {
    let schema = document.resolve(schema).unwrap_or_default();
    let Some(object) = data.as_object_mut() else {
        return data;
    };
    let properties = pointer::join(&schema, "properties");
    for (name, value) in path {
        if document.get(&pointer::join(&properties, name)).is_some() {
            object.insert(name.clone(), value.clone());
        }
    }
    if let (Some((name, _)), Some((last, value))) = (identifier(document, &schema), path.iter().next_back())
        && (last == "id" || last.ends_with("_id"))
        && name == "id"
    {
        object.insert(name, value.clone());
    }
    data
}

/// Returns a sample of the schema. An object has all its properties, not only the required ones.
fn sample(document: &Document, schema: &str) -> Value {
    let schema = document.resolve(schema).unwrap_or_default();
    let mut sample = document.sample(&schema);
    if let Some(object) = sample.as_object_mut() {
        for (name, at) in document.members(&pointer::join(&schema, "properties")) {
            let value = document.sample(&at);
            let is_null = object.get(name).is_none_or(Value::is_null);
            if is_null && !value.is_null() {
                object.insert(name.to_owned(), value);
            }
        }
    }
    sample
}

/// Returns the cursor for an offset, of the type in the document.
fn cursor(document: &Document, operation: &Operation, pagination: &Pagination, offset: usize) -> Value {
    let schema = operation.success_schema().unwrap_or_default();
    let at = pointer::join(&pointer::join(schema, "properties"), &pagination.next);
    let at = document.resolve(&at).unwrap_or_default();
    let keyword = |name: &str| document.get_str(&pointer::join(&at, name));
    match (keyword("type"), keyword("format")) {
        (Some("integer" | "number"), _) => json!(offset),
        (_, Some("date-time")) => json!(format_timestamp(
            DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(i64::try_from(offset).unwrap_or_default())
        )),
        _ => json!(offset.to_string()),
    }
}

fn parse_offset(cursor: &Value) -> Option<usize> {
    let minutes = || timestamp(Some(cursor)).map(|time| (time - DateTime::<Utc>::UNIX_EPOCH).num_minutes());
    let number = cursor.as_u64().or_else(|| cursor.as_str()?.parse().ok());
    let number = number.or_else(|| u64::try_from(minutes()?).ok());
    usize::try_from(number?).ok()
}
