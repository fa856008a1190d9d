//! Edits of documents for fuzz targets. Random bytes are hardly ever a document, so they select edits of one that is.
#![cfg(feature = "tools")]

use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

/// Documents of several generators and the one of this workspace.
pub const DOCUMENTS: [&str; 5] = [
    include_str!("../../generators/fastapi/documents/tickets.json"),
    include_str!("../../generators/fastapi/documents/rounded.json"),
    include_str!("../../generators/spectacular/documents/appointments.json"),
    include_str!("../../generators/tsoa/documents/campaigns.json"),
    include_str!("../../generators/utoipa/documents/recordings.json"),
];

const MAX_EDITS: usize = 8;

/// Returns one of the documents with two of its paths, since many small documents find more than a few large ones.
pub fn document(input: &mut Unstructured<'_>) -> Value {
    let text = input.choose(&DOCUMENTS).copied().unwrap_or(DOCUMENTS[0]);
    let mut document: Value = serde_json::from_str(text).unwrap_or_default();
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        let first = input.choose_index(paths.len()).unwrap_or_default();
        *paths = std::mem::take(paths).into_iter().skip(first).take(2).collect();
    }
    document
}

/// Makes up to eight edits that the input selects.
pub fn edit(document: &mut Value, input: &mut Unstructured<'_>) {
    for _ in 0..MAX_EDITS {
        if input.is_empty() || edit_once(document, input).is_err() {
            break;
        }
    }
}

fn edit_once(document: &mut Value, input: &mut Unstructured<'_>) -> Result<()> {
    let mut pointers = Vec::new();
    collect(document, String::new(), &mut pointers);
    let at = input.choose(&pointers)?.clone();
    let other = input.choose(&pointers)?.clone();
    let copied = document.pointer(&other).cloned().unwrap_or_default();
    let value = match input.int_in_range(0..=5)? {
        0 => return Ok(remove(document, &at)),
        1 => return rename(document, &at, input),
        2 => return add_keyword(document, &at, copied, input),
        3 => scalar(input)?,
        4 => json!({ "$ref": format!("#{other}") }),
        _ => copied,
    };
    if let Some(target) = document.pointer_mut(&at) {
        *target = value;
    }
    Ok(())
}

fn collect(value: &Value, at: String, pointers: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => (0..).map(|index: usize| index.to_string()).zip(items).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inner {
        let inner = format!("{at}/{key}");
        pointers.push(inner.clone());
        collect(value, inner, pointers);
    }
}

fn split(at: &str) -> Option<(&str, String)> {
    let (holder, key) = at.rsplit_once('/')?;
    Some((holder, key.replace("~1", "/").replace("~0", "~")))
}

fn remove(document: &mut Value, at: &str) {
    let Some((holder, key)) = split(at) else { return };
    match document.pointer_mut(holder) {
        Some(Value::Object(members)) => drop(members.shift_remove(&key)),
        Some(Value::Array(items)) => {
            if let Ok(index) = key.parse::<usize>() {
                items.remove(index);
            }
        }
        _ => {}
    }
}

fn rename(document: &mut Value, at: &str, input: &mut Unstructured<'_>) -> Result<()> {
    let name = name(input)?;
    let Some((holder, key)) = split(at) else { return Ok(()) };
    if let Some(Value::Object(members)) = document.pointer_mut(holder) {
        let renamed = std::mem::take(members).into_iter().map(|(old, value)| {
            let key = if old == key { name.clone() } else { old };
            (key, value)
        });
        *members = renamed.collect::<Map<_, _>>();
    }
    Ok(())
}

fn add_keyword(document: &mut Value, at: &str, copied: Value, input: &mut Unstructured<'_>) -> Result<()> {
    let name = name(input)?;
    let value = if input.arbitrary()? { copied } else { scalar(input)? };
    if let Some(Value::Object(members)) = document.pointer_mut(at) {
        members.insert(name, value);
    }
    Ok(())
}

fn name(input: &mut Unstructured<'_>) -> Result<String> {
    const NAMES: [&str; 44] = [
        "type",
        "properties",
        "items",
        "required",
        "nullable",
        "enum",
        "const",
        "format",
        "pattern",
        "default",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "additionalProperties",
        "discriminator",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "minLength",
        "maxItems",
        "readOnly",
        "writeOnly",
        "description",
        "deprecated",
        "example",
        "$ref",
        "in",
        "name",
        "schema",
        "content",
        "parameters",
        "requestBody",
        "responses",
        "200",
        "default",
        "get",
        "post",
        "operationId",
        "x-pagination",
        "x-needed",
        "x-personal-data",
        "self",
        "Type",
    ];
    if input.ratio(7, 8)? {
        return Ok((*input.choose(&NAMES)?).to_owned());
    }
    let length = input.int_in_range(0..=6)?;
    (0..length).map(|_| input.arbitrary::<char>()).collect()
}

fn scalar(input: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match input.int_in_range(0..=10)? {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!([]),
        4 => json!({}),
        5 => json!(input.arbitrary::<i64>()?),
        6 => json!(input.arbitrary::<f64>()?),
        7 => json!(name(input)?),
        8 => json!([name(input)?, "null"]),
        9 => {
            let types = ["string", "integer", "number", "boolean", "array", "object", "null"];
            json!({ "type": *input.choose(&types)? })
        }
        _ => json!(*input.choose(&[
            "3.0.3",
            "3.1.0",
            "application/json",
            "date-time",
            "int32",
            "path",
            "query"
        ])?),
    })
}
