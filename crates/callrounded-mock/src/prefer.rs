//! The header `Prefer` (RFC 7240), with which a request chooses its response: `code=503`, `example=NAME`.

use callrounded_document::{Document, is_json, pointer};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::{
    contract::{Contract, Operation, example_of},
    exact,
    reply::{FINAL_STATUSES, Reply},
};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The preference of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Preference {
    code: Option<String>,
    example: Option<String>,
}

impl Preference {
    /// Reads the preference; `None` if the request has none of these.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut preference = Self::default();
        let values = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
        for token in values.flat_map(|value| value.split([',', ';'])) {
            let (name, value) = token.split_once('=').unwrap_or((token, ""));
            let value = value.trim().trim_matches('"').to_owned();
            // The first value of a name counts.
            match name.trim().to_ascii_lowercase().as_str() {
                "code" if preference.code.is_none() => preference.code = Some(value),
                "example" if preference.example.is_none() => preference.example = Some(value),
                _ => {}
            }
        }
        Some(preference).filter(|preference| *preference != Self::default())
    }

    /// Returns the response from the document, or an error if the preference is invalid.
    pub fn respond(&self, contract: &Contract, operation: &Operation) -> Reply {
        let status = match self.code.as_deref().map(str::parse) {
            None => operation.success_status(),
            Some(Ok(status)) if FINAL_STATUSES.contains(&status) => status,
            Some(_) => {
                return Reply::refusal(
                    400,
                    "mock_error",
                    "invalid header Prefer: `code` must be a status from 200 to 599",
                    &[],
                );
            }
        };
        let Some(name) = &self.example else {
            return self.applied(documented(contract, operation, status));
        };
        let document = &contract.document;
        let media = media(document, operation, status);
        let examples = media.map(|media| pointer::join(&media, "examples")).unwrap_or_default();
        let Some(example) = example_of(document, &pointer::join(&examples, name)) else {
            let names: Vec<&str> = document.members(&examples).map(|(name, _)| name).collect();
            let expected = if names.is_empty() {
                "the document has none".to_owned()
            } else {
                format!("expected one of {}", names.join(", "))
            };
            let message = format!(
                "invalid header Prefer: unknown `example` for response {status} of {}; {expected}",
                operation.id
            );
            return Reply::refusal(404, "mock_error", &message, &[]);
        };
        self.applied(json(operation, status, &example))
    }

    fn applied(&self, mut reply: Reply) -> Reply {
        let code = self.code.as_ref().map(|code| format!("code={code}"));
        let example = self.example.as_ref().map(|name| format!("example=\"{name}\""));
        let all: Vec<String> = code.into_iter().chain(example).collect();
        let value = HeaderValue::from_str(&all.join(", "));
        reply.headers.extend(value.ok().map(|value| (APPLIED, value)));
        reply
    }
}

/// Returns the response that the document describes for a status: its first example, or a sample of its schema.
pub(crate) fn documented(contract: &Contract, operation: &Operation, status: u16) -> Reply {
    let document = &contract.document;
    let Some(media) = media(document, operation, status) else {
        return match status {
            400.. => Reply::of_status(status),
            _ => Reply::empty(status),
        };
    };
    let body = first_example(document, &media).unwrap_or_else(|| document.sample(&pointer::join(&media, "schema")));
    json(operation, status, &body)
}

fn json(operation: &Operation, status: u16, body: &Value) -> Reply {
    Reply::raw(status, operation.response_type(status), exact::text(body).as_bytes())
}

/// Returns the pointer to the JSON media type of the response with this status.
fn media(document: &Document, operation: &Operation, status: u16) -> Option<String> {
    let responses = pointer::join(&operation.pointer, "responses");
    let names = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
    let response = names
        .iter()
        .find_map(|name| document.resolve(&pointer::join(&responses, name)))?;
    let content = pointer::join(&response, "content");
    document
        .members(&content)
        .find(|(name, _)| is_json(name))
        .map(|(_, at)| at)
}

fn first_example(document: &Document, media: &str) -> Option<Value> {
    if let Some(example) = document.get(&pointer::join(media, "example")) {
        return Some(example.clone());
    }
    let examples = pointer::join(media, "examples");
    let mut examples = document.members(&examples);
    examples.find_map(|(_, at)| example_of(document, &at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn prefer_header_in_notations_of_rfc_7240_is_parsed() {
        for (values, code, example) in [
            (&["code=503"][..], Some("503"), None),
            (&["respond-async, CODE = \"404\"; x=1"], Some("404"), None),
            (&["wait=10", "example=documented"], None, Some("documented")),
            (
                &["code=200, code=500, example=\"two words\""],
                Some("200"),
                Some("two words"),
            ),
            (&["return=minimal"], None, None),
        ] {
            let headers: HeaderMap = values
                .iter()
                .map(|value| (PREFER, HeaderValue::from_static(value)))
                .collect();
            let expected = Preference {
                code: code.map(str::to_owned),
                example: example.map(str::to_owned),
            };
            let expected = Some(expected).filter(|expected| *expected != Preference::default());
            assert_eq!(Preference::of(&headers), expected, "{values:?}");
        }
    }
}
