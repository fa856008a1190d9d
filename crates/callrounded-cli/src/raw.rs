//! Calls as the service sent them, with all fields and digits.

use std::{borrow::Cow, collections::BTreeMap, mem};

use bytes::Bytes;
use callrounded::{Page, Response, types::Call};
use serde_json::{Value, value::RawValue};

use crate::exit::Failure;

/// A page of calls as the service sent it.
pub(crate) struct RawPage {
    body: Bytes,
    ids: Vec<Option<String>>,
    pub next_cursor: Option<String>,
}

/// A call as the service sent it, with all fields and digits.
pub(crate) struct RawCall<'a> {
    /// The identifier, if the call has one that is a string.
    pub id: Option<Cow<'a, str>>,
    /// The JSON of the call on one line.
    pub line: Cow<'a, str>,
}

impl RawPage {
    /// Keeps the body and the identifiers; drops everything else that the client decoded.
    pub fn new(page: Response<Page<Call>>) -> Self {
        let body = page.body().clone();
        let mut page = page.into_inner();
        // Calls are large, so only their identifiers are moved.
        let ids = page.items.iter_mut().map(|call| call.as_mut().ok());
        Self {
            body,
            ids: ids.map(|call| call.map(|call| mem::take(&mut call.id))).collect(),
            next_cursor: page.next_cursor,
        }
    }

    /// Returns all calls of the page. A call that the client could only decode in part is returned as it was sent.
    ///
    /// # Errors
    /// [`Failure::InvalidResponse`] if the calls of the page cannot be distinguished, so that no call is lost.
    pub fn calls(&self) -> Result<Vec<RawCall<'_>>, Failure> {
        match str::from_utf8(&self.body) {
            Ok(body) => self.parse(body),
            // Bytes that are not UTF-8 are replaced by U+FFFD.
            Err(_) => {
                let body = String::from_utf8_lossy(&self.body);
                Ok(self.parse(&body)?.into_iter().map(RawCall::into_owned).collect())
            }
        }
    }

    fn parse<'a>(&'a self, body: &'a str) -> Result<Vec<RawCall<'a>>, Failure> {
        #[derive(serde::Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            data: Vec<&'a RawValue>,
        }
        let envelope: Envelope<'_> = serde_json::from_str(body).map_err(|_| {
            Failure::InvalidResponse("a page of calls is not JSON as documented; no call of it was written".to_owned())
        })?;
        if envelope.data.len() != self.ids.len() {
            return Err(Failure::InvalidResponse(
                "a page of calls is ambiguous, for example by a duplicate key `data`; no call of it was written"
                    .to_owned(),
            ));
        }
        let calls = envelope.data.iter().zip(&self.ids).map(|(raw, id)| RawCall {
            id: match id {
                Some(id) => Some(id.into()),
                None => {
                    let call = value(raw.get());
                    call.get("id").and_then(Value::as_str).map(|id| id.to_owned().into())
                }
            },
            line: to_single_line(raw.get()),
        });
        Ok(calls.collect())
    }
}

impl RawCall<'_> {
    fn into_owned(self) -> RawCall<'static> {
        RawCall {
            id: self.id.map(|id| id.into_owned().into()),
            line: self.line.into_owned().into(),
        }
    }

    /// Returns the call as a JSON value, for other output formats. Numbers are rounded to double precision.
    pub fn value(&self) -> Value {
        value(&self.line)
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| value_by_field(json))
}

/// Parses a call field by field. A field that has no value, such as a number that overflows, becomes a string with its
/// source text.
fn value_by_field(json: &str) -> Value {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap_or_default();
    let fields = fields.into_iter().map(|(key, raw)| {
        let value = serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().into());
        (key, value)
    });
    Value::Object(fields.collect())
}

/// Returns JSON on one line: unchanged if it is on one line, otherwise without the whitespace between its tokens.
pub(crate) fn to_single_line(json: &str) -> Cow<'_, str> {
    // Line breaks within strings are escaped.
    if memchr::memchr2(b'\n', b'\r', json.as_bytes()).is_none() {
        return json.into();
    }
    let mut line = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((between, string)) = rest.find('"').and_then(|quote| rest.split_at_checked(quote)) {
        line.extend(between.split_ascii_whitespace());
        let (string, after) = string.split_at_checked(string_length(string)).unwrap_or((string, ""));
        line.push_str(string);
        rest = after;
    }
    line.extend(rest.split_ascii_whitespace());
    line.into()
}

/// Returns the length in bytes of the string at the start of `json`, including its quotes.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::to_single_line;

    #[test]
    fn to_single_line_multiple_lines_removes_whitespace_between_tokens() {
        for (json, line) in [
            ("{ \"a b\" :\n\t1.50 }", "{\"a b\":1.50}"),
            ("[\"\\\" x\",\r\"\\\\\", \" y\" ]", r#"["\" x","\\"," y"]"#),
            ("{ \"a\": 1 }", "{ \"a\": 1 }"),
        ] {
            assert_eq!(to_single_line(json), line);
        }
    }
}
