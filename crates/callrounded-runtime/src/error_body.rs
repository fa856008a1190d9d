//! What the body of an error response reports, in whatever form, and how it is printed safely.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    RawResponse,
    lenient::{self, Budget},
};

/// The `error` object of a response body. Every field is optional, since services differ.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The type of the error, such as `generic_error`.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// What went wrong.
    pub message: Option<String>,
    /// The HTTP status that belongs to the error.
    pub status: Option<i64>,
    /// What is wrong with which field.
    pub details: Option<Vec<ErrorDetail>>,
}

/// What is wrong with one field of a request.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The field.
    pub field: Option<String>,
    /// What is wrong with it.
    pub message: Option<String>,
}

/// What a body reports, read as leniently as possible: error responses are rarely documented.
pub(crate) struct Said {
    pub is_envelope: bool,
    pub has_data: bool,
    pub has_error: bool,
    has_status: bool,
    pub message: Option<String>,
    pub error: Option<ErrorBody>,
    /// What is wrong with which field: from the `error` object, then from the lists of validation frameworks.
    pub details: Vec<ErrorDetail>,
}

impl Said {
    pub fn by(body: &[u8]) -> Self {
        // A larger body is no message, and would take many times its size as a tree.
        let body = if body.len() <= LARGEST { body } else { b"" };
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let has = |key: &str| value.get(key).is_some_and(|value| !value.is_null());
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        // A field of another type is skipped.
        let error: Option<ErrorBody> = value
            .get("error")
            .filter(|error| error.is_object())
            .and_then(|error| lenient::decode(&error.to_string(), "", &mut Budget::default()).ok())
            .map(|read| read.value);
        let documented = error.as_ref().and_then(|error| error.details.clone());
        let details = documented.into_iter().flatten();
        let framework = value.get("detail").or(value.get("errors")).map(details_of);
        Self {
            is_envelope: value.is_object(),
            has_data: has("data"),
            has_error: has("error"),
            has_status: value.get("status").is_some_and(Value::is_number),
            // Proxies in front of the service do not use its envelope.
            message: text(value.get("message"))
                .or_else(|| text(value.get("error")))
                .or_else(|| text(value.get("detail"))),
            details: details
                .chain(framework.into_iter().flatten())
                .take(MOST_DETAILS)
                .collect(),
            error,
        }
    }

    /// Whether the service sent this, and not a proxy or a server at another address: an object, and where responses have an
    /// envelope (a property for their data), one with the error, the status, or what is wrong with which field.
    pub fn is_of_service(&self, has_envelope: bool) -> bool {
        let reports_one = self.error.is_some() || self.has_status || !self.details.is_empty();
        self.is_envelope && (!has_envelope || reports_one)
    }

    /// Returns the message, and what is wrong with which field.
    pub fn text(&self) -> Option<String> {
        let error = self.error.as_ref();
        let message = error.and_then(|error| error.message.as_ref()).or(self.message.as_ref());
        let details = self
            .details
            .iter()
            .filter_map(|detail| match (&detail.field, &detail.message) {
                (Some(field), Some(message)) => Some(format!("{field}: {message}")),
                (None, Some(text)) | (Some(text), None) => Some(text.clone()),
                (None, None) => None,
            });
        let parts: Vec<String> = message.into_iter().cloned().chain(details).collect();
        (!parts.is_empty()).then(|| parts.join("; ").chars().take(KEPT).collect())
    }
}

/// Describes a response without quoting it.
pub(crate) fn describe(response: &RawResponse) -> String {
    let content_type = response
        .headers
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(media_type);
    match (response.body.len(), content_type) {
        (0, _) => "an empty body".to_owned(),
        (bytes, Some(media_type)) => format!("{bytes} bytes of {media_type}"),
        (bytes, None) => format!("{bytes} bytes"),
    }
}

/// Returns the media type without parameters, if it is a valid one. Nothing else of the header is printed.
fn media_type(header: &str) -> Option<&str> {
    let media_type = header.split(';').next()?.trim();
    let is_name = |name: &str| {
        (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let (main, sub) = media_type.split_once('/')?;
    (is_name(main) && is_name(sub)).then_some(media_type)
}

/// The size limit of a body that is searched for messages, in bytes.
const LARGEST: usize = 256 * 1024;

const MOST_DETAILS: usize = 100;

/// How many characters of a message are kept: more than are shown, so that a secret is removed before it can be cut in two.
pub(crate) const KEPT: usize = 4_000;

/// At most 300 characters, without line breaks and terminal control characters.
pub(crate) fn one_line(text: &str) -> String {
    bounded(text, 300)
}

/// Excludes line breaks, terminal controls and marks that change the direction of text.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

pub(crate) fn bounded(text: &str, longest: usize) -> String {
    let mut line: String = text
        .chars()
        .take(longest)
        .map(|c| if is_printable(c) { c } else { ' ' })
        .collect();
    if text.chars().nth(longest).is_some() {
        line.push('…');
    }
    line
}

/// Reads `[{"loc": ["body", "name"], "msg": "…"}]` and similar lists. The values that they repeat (`input`) are left out.
fn details_of(list: &Value) -> Vec<ErrorDetail> {
    let text = |entry: &Value, names: &[&str]| {
        names
            .iter()
            .find_map(|name| entry.get(name)?.as_str().map(str::to_owned))
    };
    let entries = list.as_array().into_iter().flatten();
    entries
        .filter_map(|entry| {
            let message = match entry {
                Value::String(message) => message.clone(),
                _ => text(entry, &["msg", "message", "detail", "title"])?,
            };
            let field = match entry.get("loc").and_then(Value::as_array) {
                Some(path) => Some(location(path)),
                None => text(entry, &["field", "path", "pointer"]),
            };
            Some(ErrorDetail {
                field: field.filter(|field| !field.is_empty()),
                message: Some(message),
            })
        })
        .collect()
}

/// Formats `["body", "items", 0, "role"]` as `items[0].role`.
fn location(path: &[Value]) -> String {
    let mut text = String::new();
    for part in path {
        match part {
            Value::String(name) if name == "body" && text.is_empty() => {}
            Value::String(name) if text.is_empty() => text.push_str(name),
            Value::String(name) => text.push_str(&format!(".{name}")),
            Value::Number(index) => text.push_str(&format!("[{index}]")),
            _ => {}
        }
    }
    text
}

/// Returns the beginning of a body as text.
pub(crate) fn beginning(body: &[u8]) -> String {
    let beginning = body.get(..KEPT).unwrap_or(body);
    String::from_utf8_lossy(beginning).into_owned()
}
