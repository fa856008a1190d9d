//! The one error of this crate: what happened, what the service said, and what came over the wire.

mod make;

use std::{convert::Infallible, error::Error as StdError, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use callrounded_api::{
    RawAnswer,
    types::{ApiError, ApiErrorDetail},
};
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use crate::{
    answer::request_id,
    error_kind::ErrorKind,
    said::{bounded, one_line},
};

/// Why something did not succeed.
///
/// `Display` is one line that says what happened; the cause, if there is one, is the [`source`](StdError::source) and not
/// repeated in the line. Neither it nor `Debug` holds the key, headers, body, or anything that was sent. They do hold the
/// message that the service itself gives for an error, without what it repeats there of the request. The rest is there for
/// the asking: [`headers`](Self::headers), [`body`](Self::body), and the message in full, [`message`](Self::message),
/// [`api_error`](Self::api_error) and [`details`](Self::details).
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    kind: Option<ErrorKind>,
    operation: Option<&'static str>,
    /// In words of our own.
    problem: String,
    /// In those of the service.
    said: Option<String>,
    path: Option<String>,
    message: Option<String>,
    api_error: Option<ApiError>,
    details: Vec<ApiErrorDetail>,
    answer: Option<Arc<RawAnswer>>,
    /// The beginning of the body.
    beginning: Option<String>,
    attempts: u32,
    retry_after: Option<Duration>,
    item: Option<Value>,
    cursor: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// The request id repeats the key or what was sent, and so is not printed.
    hides_request_id: bool,
}

impl Error {
    /// What kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::UnexpectedStatus)
    }

    /// The `operationId` of what was tried, such as `update_call`; `None` where nothing was.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The HTTP status, if an answer came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The headers of the answer, if one came.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// The identifier that the service gave the exchange, if it gave one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// The body of the answer as it came, if one came. It may hold personal data.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.answer.as_ref().map(|answer| &answer.body)
    }

    /// The beginning of the body of the answer as text, if an answer came: at most 500 characters in one line, and `…` where
    /// it goes on, without those that drive a terminal. It may hold personal data.
    #[must_use]
    pub fn excerpt(&self) -> Option<String> {
        self.0.beginning.as_ref().map(|text| bounded(text, 500))
    }

    /// How often it was sent, or tried to be; 0 where there was nothing to send. Status, headers and body are those of the last
    /// answer that came, which may be that to an earlier attempt.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the service asks to wait before the next request, with an answer such as 429 or 503. `None` where it does
    /// not say, or nothing that makes sense.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The headers of the answer that speak of limits to the rate of requests, as they came: `Retry-After`, and all whose
    /// name has `ratelimit` or `rate-limit` in it.
    pub fn rate_limit_headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers().into_iter().flatten().filter(|(name, _)| {
            let name = name.as_str();
            name.starts_with("retry-after") || name.contains("ratelimit") || name.contains("rate-limit")
        })
    }

    /// What is wrong with which field of the request, where the service says it: in its `error` object, or in a list
    /// `detail` as validation frameworks give it.
    #[must_use]
    pub fn details(&self) -> &[ApiErrorDetail] {
        &self.0.details
    }

    /// The `error` object of the answer, if it had one.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.api_error.as_ref()
    }

    /// The `message` of the answer's envelope, if it had one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Where in the answer the field is that did not decode, such as `data.transcript[0].start_time`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The JSON of the call in a list that could not be read; `None` with any other error. It may hold personal data.
    #[must_use]
    pub fn item(&self) -> Option<&Value> {
        self.0.item.as_ref()
    }

    /// Where a walk over calls that ended with this error can go on: the cursor of the page that could not be had, for
    /// [`ListCalls::cursor`](crate::ListCalls::cursor). `None` where that was the first page.
    #[must_use]
    pub fn resume_cursor(&self) -> Option<&str> {
        self.0.cursor.as_deref()
    }

    /// Whether the time allowed ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether the key was not accepted.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == ErrorKind::Authentication
    }

    /// Whether a call may have been started or not.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.kind() == ErrorKind::OutcomeUnknown
    }

    /// Whether there is no such call.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether the service did not accept the request.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.kind() == ErrorKind::InvalidRequest
    }

    /// Whether there were too many requests.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Whether the service failed.
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.kind() == ErrorKind::Server
    }

    /// Whether the service succeeded but its answer could not be read.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.problem)?;
        if let Some(said) = &self.0.said {
            write!(f, ": {}", one_line(said))?;
        }
        if self.is_outcome_unknown() {
            f.write_str("; whether a call was started is not known")?;
        }
        let id = self.request_id().filter(|_| !self.0.hides_request_id).map(one_line);
        match (id, self.0.attempts) {
            (None, 0 | 1) => Ok(()),
            (Some(id), 0 | 1) => write!(f, " [request id {id}]"),
            (None, attempts) => write!(f, " [{attempts} attempts]"),
            (Some(id), attempts) => write!(f, " [request id {id}, {attempts} attempts]"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.kind()).field("problem", &self.to_string());
        if let Some(answer) = &self.0.answer {
            debug.field("answer", answer);
        }
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
