//! The one error type: what happened, what the service reported, and what was received.

mod make;

use std::{convert::Infallible, error::Error as StdError, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    ErrorBody, ErrorDetail, ErrorKind, RawResponse,
    error_body::{bounded, one_line},
    response::{body_as, request_id},
};

/// Why an operation failed.
///
/// `Display` is one line that describes what happened. The cause, if there is one, is the [`source`](StdError::source) and not
/// repeated in the line: for [`ErrorKind::Connect`], host, port, and why there is no connection. Neither `Display` nor `Debug` contains the API key, headers, the body, or anything that was sent. They
/// do contain the error message of the service, without what it repeats of the request. Everything else is available from
/// accessors: [`headers`](Self::headers), [`body`](Self::body), and the full message as [`message`](Self::message),
/// [`api_error`](Self::api_error) and [`details`](Self::details).
///
/// A clone shares response and source with the original.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone, Default)]
struct Inner {
    kind: Option<ErrorKind>,
    operation: Option<&'static str>,
    /// What happened, in words of this crate.
    problem: String,
    /// What the service reports.
    said: Option<String>,
    path: Option<String>,
    message: Option<String>,
    api_error: Option<ErrorBody>,
    details: Vec<ErrorDetail>,
    response: Option<Arc<RawResponse>>,
    /// The beginning of the body.
    beginning: Option<String>,
    attempts: u32,
    retry_after: Option<Duration>,
    item: Option<Value>,
    cursor: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    /// The request id repeats the API key or what was sent, so it is not printed.
    hides_request_id: bool,
}

impl Error {
    /// Returns what kind of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::UnexpectedStatus)
    }

    /// Returns the `operationId` of the operation that failed; `None` if there was none, as for settings.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Returns the headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// Returns the identifier that the service assigned to the request, if it sent one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// Returns the body of the response as received, if there was one. It may hold personal data.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }

    /// Decodes the body of the response as `T`, leniently: for example a documented error body.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if there was no response, or its body is not a `T`.
    pub fn body_as<T: DeserializeOwned>(&self) -> Result<T, Self> {
        match &self.0.response {
            Some(response) => body_as(response),
            None => Err(Self::plain(ErrorKind::Decode, "there was no response to decode")),
        }
    }

    /// Returns the beginning of the response body as text, if there was a response: at most 500 characters in one line without
    /// control characters, followed by `…` if the body is longer. It may hold personal data.
    #[must_use]
    pub fn excerpt(&self) -> Option<String> {
        self.0.beginning.as_ref().map(|text| bounded(text, 500))
    }

    /// Returns the number of attempts; 0 if nothing was sent. Status, headers and body are those of the last response, which
    /// may belong to an earlier attempt.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns how long the service asks to wait before the next request, for example with a 429 or 503. `None` if it does not
    /// ask, or the value is invalid.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the headers of the response that concern rate limits, as received: `Retry-After`, and all whose name contains
    /// `ratelimit` or `rate-limit`.
    pub fn rate_limit_headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers().into_iter().flatten().filter(|(name, _)| {
            let name = name.as_str();
            name.starts_with("retry-after") || name.contains("ratelimit") || name.contains("rate-limit")
        })
    }

    /// Returns which fields of the request are invalid and why, if the service reports it: in its `error` object, or in a list
    /// `detail` or `errors`, as validation frameworks write it.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// Returns the `error` object of the response, if it has one.
    #[must_use]
    pub fn api_error(&self) -> Option<&ErrorBody> {
        self.0.api_error.as_ref()
    }

    /// Returns the `message` of the response, if it has one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Returns the path of the field that cannot be decoded, such as `data.items[0].id`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Returns the JSON of an item of a list that cannot be decoded; `None` for any other error. It may hold personal data.
    #[must_use]
    pub fn item(&self) -> Option<&Value> {
        self.0.item.as_ref()
    }

    /// Returns the cursor of the page that could not be fetched, if paging through a list ended with this error. Pass it to
    /// `.cursor(…)` to continue without skipping or repeating items. `None` if it was the first page.
    #[must_use]
    pub fn resume_cursor(&self) -> Option<&str> {
        self.0.cursor.as_deref()
    }

    /// Whether a time limit was reached.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether the API key was not accepted.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == ErrorKind::Authentication
    }

    /// Whether it is unknown if an operation that is not idempotent was performed.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.kind() == ErrorKind::OutcomeUnknown
    }

    /// Whether the service does not know what the request addresses.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether the service rejected the request as invalid.
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

    /// Whether the service succeeded but its response cannot be decoded.
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
            f.write_str("; it is unknown whether the operation was performed")?;
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
        if let Some(response) = &self.0.response {
            debug.field("response", response);
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
