//! What a request gets.

use std::time::Duration;

use bytes::Bytes;
use callrounded_document::Deviation;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::exact;

/// Statuses that end an exchange.
pub(crate) const IS_STATUS: std::ops::RangeInclusive<u16> = 200..=599;

/// The answer to a request.
#[derive(Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// What does not fit the document in the request, if it is refused for that.
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

    /// A response without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            problems: Vec::new(),
        }
    }

    /// Whatever a test wants to be answered, if HTTP has it.
    pub fn raw(status: u16, content_type: &str, body: &[u8]) -> Self {
        match HeaderValue::from_str(content_type) {
            Ok(content_type) if IS_STATUS.contains(&status) => Self {
                status,
                headers: vec![(header::CONTENT_TYPE, content_type)],
                body: Bytes::copy_from_slice(body),
                problems: Vec::new(),
            },
            _ => Self::refusal(
                500,
                "mock_error",
                "the mock server was told to answer what no HTTP answer can be",
                &[],
            ),
        }
    }

    /// The envelope of an error, in the shape that the documentation shows for its `error` object.
    pub fn refusal(status: u16, kind: &str, message: &str, findings: &[Deviation]) -> Self {
        let details: Vec<Value> = findings
            .iter()
            .map(|finding| json!({ "field": field(finding), "message": finding.problem }))
            .collect();
        let error = json!({ "details": details, "message": message, "status": status, "type": kind });
        Self::json(status, &json!({ "message": message, "error": error, "status": status }))
    }

    /// The refusal of a request that does not fit the document.
    pub fn invalid(status: u16, kind: &str, message: &str, findings: &[Deviation]) -> Self {
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

    /// The refusal of a status that a test asked for.
    pub fn of_status(status: u16) -> Self {
        if !IS_STATUS.contains(&status) {
            return Self::refusal(
                500,
                "mock_error",
                "the mock server was told to answer what is no final status",
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
        Self::refusal(status, kind, "the mock server was told to answer so", &[])
    }

    /// 429, with when to come back.
    pub fn rate_limit(retry_after: Duration) -> Self {
        let mut reply = Self::of_status(429);
        // Whole seconds are all that the header can say; less would be too early.
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

/// Where a request does not fit, in the form of the service's messages: `metadata.source`.
fn field(finding: &Deviation) -> String {
    match finding.pointer.trim_start_matches('/') {
        "" => "body".to_owned(),
        pointer => pointer.replace('/', "."),
    }
}
