//! Parses the bodies of error responses, which have various formats, and formats them so that they can be printed
//! safely.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    RawResponse,
    lenient::{self, Budget},
};

/// The `error` object of a response body. All fields are optional, since services differ.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The type of the error, such as `generic_error`.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// The description of the error.
    pub message: Option<String>,
    /// The HTTP status of the error.
    pub status: Option<i64>,
    /// The problems with fields of the request.
    pub details: Option<Vec<ErrorDetail>>,
}

/// A problem with one field of a request.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The name or path of the field.
    pub field: Option<String>,
    /// The description of the problem.
    pub message: Option<String>,
}

/// The error that a response body reports. It is parsed as leniently as possible, since error responses are rarely
/// documented.
pub(crate) struct ReportedError {
    /// Whether the body is an object.
    pub is_envelope: bool,
    pub has_data: bool,
    pub has_error: bool,
    has_status: bool,
    pub message: Option<String>,
    pub error: Option<ErrorBody>,
    /// The problems with fields: from the `error` object, then from the lists of validation frameworks.
    pub details: Vec<ErrorDetail>,
}

impl ReportedError {
    pub fn parse(body: &[u8]) -> Self {
        // A larger body is not an error message, and a tree of values takes many times the size of its JSON.
        let body = if body.len() <= MAX_BODY_BYTES { body } else { b"" };
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let has = |key: &str| value.get(key).is_some_and(|value| !value.is_null());
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        // A field of another type is skipped.
        let error: Option<ErrorBody> = value
            .get("error")
            .filter(|error| error.is_object())
            .and_then(|error| lenient::decode(&error.to_string(), "", &mut Budget::default()).ok())
            .map(|decoded| decoded.value);
        let documented = error.as_ref().and_then(|error| error.details.clone());
        let details = documented.into_iter().flatten();
        let framework = value.get("detail").or(value.get("errors")).map(framework_details);
        Self {
            is_envelope: value.is_object(),
            has_data: has("data"),
            has_error: has("error"),
            has_status: value.get("status").is_some_and(Value::is_number),
            // Proxies in front of the service do not use its format.
            message: text(value.get("message"))
                .or_else(|| text(value.get("error")))
                .or_else(|| text(value.get("detail"))),
            details: details
                .chain(framework.into_iter().flatten())
                .take(MAX_DETAILS)
                .collect(),
            error,
        }
    }

    /// Returns whether the service sent the body, and not a proxy or a server at another address. The body must be an
    /// object. If responses have an envelope (a property for their data), it must also have an error object, a status,
    /// or details.
    pub fn is_from_service(&self, has_envelope: bool) -> bool {
        let reports_error = self.error.is_some() || self.has_status || !self.details.is_empty();
        self.is_envelope && (!has_envelope || reports_error)
    }

    /// Returns the message and the problems with fields as one string; `None` if the body has neither.
    pub fn summary(&self) -> Option<String> {
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
        (!parts.is_empty()).then(|| parts.join("; ").chars().take(MAX_MESSAGE_CHARS).collect())
    }
}

/// Describes the body of a response by its size and media type, without quoting it.
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

/// Returns the media type without parameters, if it is valid. No other part of the header is safe to print.
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

/// The size limit of a body that is parsed for an error message, in bytes.
const MAX_BODY_BYTES: usize = 256 * 1024;

const MAX_DETAILS: usize = 100;

/// The maximum length of a stored message, in characters. It is larger than what is printed, so that secrets are
/// removed before the message is truncated for printing.
pub(crate) const MAX_MESSAGE_CHARS: usize = 4_000;

/// Formats a text as one line of at most 300 characters.
pub(crate) fn one_line(text: &str) -> String {
    printable_line(text, 300)
}

/// Returns whether a character is neither a line break nor a terminal control, and does not change the direction of
/// text.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Formats a text as one line of at most `max_chars` characters, followed by `…` if the text is longer. Characters that
/// are not printable become spaces.
pub(crate) fn printable_line(text: &str, max_chars: usize) -> String {
    let mut line: String = text
        .chars()
        .take(max_chars)
        .map(|c| if is_printable(c) { c } else { ' ' })
        .collect();
    if text.chars().nth(max_chars).is_some() {
        line.push('…');
    }
    line
}

/// Parses lists of validation frameworks, such as `[{"loc": ["body", "name"], "msg": "…"}]`. Rejected values, which
/// such lists repeat as `input`, are omitted.
fn framework_details(list: &Value) -> Vec<ErrorDetail> {
    let text = |entry: &Value, keys: &[&str]| keys.iter().find_map(|key| entry.get(key)?.as_str().map(str::to_owned));
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
            Value::String(key) if key == "body" && text.is_empty() => {}
            Value::String(key) if text.is_empty() => text.push_str(key),
            Value::String(key) => text.push_str(&format!(".{key}")),
            Value::Number(index) => text.push_str(&format!("[{index}]")),
            _ => {}
        }
    }
    text
}

/// Returns the beginning of a body as text: at most 4000 bytes. Invalid UTF-8 is replaced.
pub(crate) fn beginning(body: &[u8]) -> String {
    let beginning = body.get(..MAX_MESSAGE_CHARS).unwrap_or(body);
    String::from_utf8_lossy(beginning).into_owned()
}
