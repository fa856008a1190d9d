//! What an answer that is no success says of itself, whatever it is, in words that are safe to print.

use callrounded_api::{RawAnswer, types::ApiError};
use serde_json::Value;

use crate::repair;

/// What a body that is no success says, read as liberally as can be: the pages document no such answer.
pub(crate) struct Said {
    pub is_envelope: bool,
    pub has_data: bool,
    pub message: Option<String>,
    pub error: Option<ApiError>,
    /// What is wrong with which field, in the form that validation frameworks give it.
    details: Vec<String>,
}

impl Said {
    pub fn by(body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let error = value.get("error").filter(|error| error.is_object());
        Self {
            is_envelope: value.is_object(),
            has_data: value.get("data").is_some_and(|data| !data.is_null()),
            // Not every server in front of the service wraps what it says in the envelope.
            message: text(value.get("message"))
                .or_else(|| text(value.get("error")))
                .or_else(|| text(value.get("detail"))),
            // What is of another type in it costs that field only.
            error: error
                .and_then(|error| repair::read(error.clone(), "").ok())
                .map(|read| read.value),
            details: value
                .get("detail")
                .or(value.get("errors"))
                .map(details_of)
                .unwrap_or_default(),
        }
    }

    /// In one line: the message, and what is wrong with which field.
    pub fn text(&self) -> Option<String> {
        let error = self.error.as_ref();
        let message = error.and_then(|error| error.message.as_ref()).or(self.message.as_ref());
        let details = error.and_then(|error| error.details.as_ref()).into_iter().flatten();
        let details = details.filter_map(|detail| match (&detail.field, &detail.message) {
            (Some(field), Some(message)) => Some(format!("{field}: {message}")),
            (None, Some(text)) | (Some(text), None) => Some(text.clone()),
            (None, None) => None,
        });
        let parts: Vec<String> = message
            .into_iter()
            .cloned()
            .chain(details)
            .chain(self.details.iter().cloned())
            .collect();
        (!parts.is_empty()).then(|| one_line(&parts.join("; ")))
    }
}

/// What came, in words that hold nothing of it.
pub(crate) fn describe(answer: &RawAnswer) -> String {
    let content_type = answer
        .headers
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    match (answer.body.len(), content_type) {
        (0, _) => "an empty body".to_owned(),
        (bytes, Some(content_type)) => format!("{bytes} bytes of {}", one_line(content_type)),
        (bytes, None) => format!("{bytes} bytes"),
    }
}

/// At most 300 characters, none of which ends the line or drives a terminal.
pub(crate) fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut line: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

/// `[{"loc": ["body", "metadata"], "msg": "…"}]` and its like, as "metadata: …". The values that such lists repeat
/// (`input`) are left out.
fn details_of(list: &Value) -> Vec<String> {
    let text = |entry: &Value, names: &[&str]| {
        names
            .iter()
            .find_map(|name| entry.get(name)?.as_str().map(str::to_owned))
    };
    let entries = list.as_array().into_iter().flatten();
    entries
        .filter_map(|entry| {
            let message = text(entry, &["msg", "message", "detail", "title"])?;
            let field = match entry.get("loc").and_then(Value::as_array) {
                Some(path) => path
                    .iter()
                    .filter_map(Value::as_str)
                    .filter(|part| *part != "body")
                    .collect::<Vec<_>>()
                    .join("."),
                None => text(entry, &["field", "path", "pointer"]).unwrap_or_default(),
            };
            Some(if field.is_empty() {
                message
            } else {
                format!("{field}: {message}")
            })
        })
        .collect()
}
