//! What an operation does that has no behaviour of its own: it responds from the document. The same request always has the
//! same response.

use callrounded_document::{Document, Pagination, pointer};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::{
    behaviour::{Done, Input, Refusal},
    contract::Operation,
    world::{moment, written},
};

/// How many items a list has that the document has no example of.
const ITEMS: usize = 25;

/// The data of a response and what else its envelope has; `None` if it has no body.
pub(crate) fn respond(document: &Document, operation: &Operation, input: &Input) -> Result<Option<Done>, Refusal> {
    let Some(schema) = operation.success_schema() else {
        return Ok(None);
    };
    if let (Some(pagination), Some(item)) = (&operation.pagination, &operation.item) {
        return page(document, operation, pagination, item, input).map(Some);
    }
    let example = operation.example.clone();
    let (data, mut more) = match (&operation.envelope, example) {
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
    let data = identified(document, &data_schema, data, &input.named);
    more.retain(|_, value| !value.is_null());
    Ok(Some(Done { data, more }))
}

/// A page of the list, by offset: a cursor is how many items come before.
fn page(
    document: &Document,
    operation: &Operation,
    pagination: &Pagination,
    item: &str,
    input: &Input,
) -> Result<Done, Refusal> {
    let items = items(document, operation, pagination, item);
    let wanted = |item: &&Value| {
        let mut filters = input.filters.iter();
        filters.all(|(filter, wanted)| filter.holds(item.get(&filter.property), wanted))
    };
    let found: Vec<&Value> = items.iter().filter(wanted).collect();
    let parameter = |name: &Option<String>| input.query.get(name.as_ref()?);
    let number = |name: &Option<String>| {
        let number = parameter(name).and_then(Value::as_u64);
        number.and_then(|number| usize::try_from(number).ok())
    };
    let size = number(&pagination.size).unwrap_or(10).max(1);
    let by_number = match &pagination.switch {
        Some(switch) => input.query.get(switch) == Some(&json!(false)),
        None => pagination.page.as_ref().is_some_and(|page| input.given.contains(page)),
    };
    let page = number(&pagination.page).unwrap_or(1).max(1);
    let start = match by_number {
        true => (page - 1).saturating_mul(size),
        false => match input.query.get(&pagination.cursor) {
            Some(cursor) => offset_of(cursor).ok_or(Refusal::Invalid("the cursor is not one of this server"))?,
            None => 0,
        },
    };
    let data: Vec<Value> = found
        .iter()
        .skip(start)
        .take(size)
        .map(|item| (*item).clone())
        .collect();
    let mut more = Map::new();
    if by_number {
        let pages = found.len().div_ceil(size);
        for (name, value) in [
            (&pagination.current, page),
            (&pagination.pages, pages),
            (&pagination.total, found.len()),
        ] {
            more.extend(name.clone().map(|name| (name, json!(value))));
        }
    } else if start.saturating_add(size) < found.len() {
        more.insert(
            pagination.next.clone(),
            cursor(document, operation, pagination, start + size),
        );
    }
    Ok(Done {
        data: Value::Array(data),
        more,
    })
}

/// The items of the example, or some that are made of the schema and have identifiers of their own.
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
                let value = match document.text(&pointer::join(at, "format")) {
                    Some("uuid") => format!("00000000-0000-4000-8000-{number:012}"),
                    _ => format!("{name}-{number}"),
                };
                item.insert(name.clone(), json!(value));
            }
            item
        })
        .collect()
}

/// The property that identifies an object: `id`, or the first whose name ends with it; a string.
fn identifier(document: &Document, schema: &str) -> Option<(String, String)> {
    let properties = pointer::join(schema, "properties");
    let texts = document.members(&properties).filter_map(|(name, at)| {
        let at = document.resolve(&at)?;
        let is_text = document.text(&pointer::join(&at, "type")) == Some("string");
        let is_free = document.get(&pointer::join(&at, "enum")).is_none();
        (is_text && is_free).then(|| (name.to_owned(), at))
    });
    let texts: Vec<(String, String)> = texts.collect();
    let exact = texts.iter().find(|(name, _)| name == "id");
    exact
        .or_else(|| texts.iter().find(|(name, _)| name.ends_with("_id")))
        .cloned()
}

/// The data with the values of the path: in properties of the same name, and as the identifier.
fn identified(document: &Document, schema: &str, mut data: Value, path: &Map<String, Value>) -> Value {
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

/// A value of the schema; of an object all properties, and not only the required ones.
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

/// The cursor for an offset, of the type that the document gives it.
fn cursor(document: &Document, operation: &Operation, pagination: &Pagination, offset: usize) -> Value {
    let schema = operation.success_schema().unwrap_or_default();
    let at = pointer::join(&pointer::join(schema, "properties"), &pagination.next);
    let at = document.resolve(&at).unwrap_or_default();
    let keyword = |name: &str| document.text(&pointer::join(&at, name));
    match (keyword("type"), keyword("format")) {
        (Some("integer" | "number"), _) => json!(offset),
        (_, Some("date-time")) => json!(written(
            DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(i64::try_from(offset).unwrap_or_default())
        )),
        _ => json!(offset.to_string()),
    }
}

fn offset_of(cursor: &Value) -> Option<usize> {
    let minutes = || moment(Some(cursor)).map(|moment| (moment - DateTime::<Utc>::UNIX_EPOCH).num_minutes());
    let number = cursor.as_u64().or_else(|| cursor.as_str()?.parse().ok());
    let number = number.or_else(|| u64::try_from(minutes()?).ok());
    usize::try_from(number?).ok()
}
