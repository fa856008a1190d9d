//! Responses to requests.

use std::time::Duration;

use bytes::Bytes;
use callrounded_document::Mismatch;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::exact;

/// The final statuses: the others are informational or invalid.
pub(crate) const FINAL_STATUSES: std::ops::RangeInclusive<u16> = 200..=599;

/// A response to a request.
#[derive(Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// The violations of the document in the request, if it is rejected for them.
    pub problems: Vec<String>,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
            body: Bytes::from(exact::text(body)),
            problems: Vec::new(),
        }
    }

    pub fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().extend(self.headers);
        response
    }

    /// Returns a response without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            problems: Vec::new(),
        }
    }

    /// Returns a response with this content, or a 500 if status or content type is invalid.
    pub fn raw(status: u16, content_type: &str, body: &[u8]) -> Self {
        match HeaderValue::from_str(content_type) {
            Ok(content_type) if FINAL_STATUSES.contains(&status) => Self {
                status,
                headers: vec![(header::CONTENT_TYPE, content_type)],
                body: Bytes::copy_from_slice(body),
                problems: Vec::new(),
            },
            _ => Self::refusal(
                500,
                "mock_error",
                "invalid response in an expectation: expected a status from 200 to 599 and a valid content type",
                &[],
            ),
        }
    }

    /// Returns an error in the envelope, with an `error` object as documented.
    pub fn refusal(status: u16, kind: &str, message: &str, findings: &[Mismatch]) -> Self {
        let details: Vec<Value> = findings
            .iter()
            .map(|finding| json!({ "field": field(finding), "message": finding.problem }))
            .collect();
        let error = json!({ "details": details, "message": message, "status": status, "type": kind });
        Self::json(status, &json!({ "message": message, "error": error, "status": status }))
    }

    /// Returns the error for a request that is invalid against the document.
    pub fn invalid(status: u16, kind: &str, message: &str, findings: &[Mismatch]) -> Self {
        let problems = match findings {
            [] => vec![message.to_owned()],
            findings => findings
                .iter()
                .map(|finding| format!("{}: {}", field(finding), finding.problem))
                .collect(),
        };
        Self {
            problems,
            ..Self::refusal(status, kind, message, findings)
        }
    }

    /// Returns the error for a status that an expectation sets.
    pub fn of_status(status: u16) -> Self {
        if !FINAL_STATUSES.contains(&status) {
            return Self::refusal(
                500,
                "mock_error",
                "invalid status in an expectation: expected 200 to 599",
                &[],
            );
        }
        let kind = match status {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found",
            409 => "conflict",
            422 => "validation_error",
            429 => "rate_limit_error",
            500.. => "server_error",
            _ => "error",
        };
        Self::refusal(status, kind, "this status was set by an expectation", &[])
    }

    /// Returns a 429 with `Retry-After` and `X-RateLimit` headers.
    pub fn rate_limit(retry_after: Duration) -> Self {
        let mut reply = Self::of_status(429);
        // The header has whole seconds; rounding down would be too early.
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        for (name, value) in [
            (header::RETRY_AFTER, seconds),
            (HeaderName::from_static("x-ratelimit-limit"), 60),
            (HeaderName::from_static("x-ratelimit-remaining"), 0),
            (HeaderName::from_static("x-ratelimit-reset"), seconds),
        ] {
            reply.headers.push((name, HeaderValue::from(value)));
        }
        reply
    }
}

/// Returns the location of a violation in the notation of the service, such as `metadata.source`.
fn field(finding: &Mismatch) -> String {
    match finding.pointer.trim_start_matches('/') {
        "" => "body".to_owned(),
        pointer => pointer.replace('/', "."),
    }
}
