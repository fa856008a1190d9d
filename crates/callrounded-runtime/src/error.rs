//! The error type of all operations.

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
    error_body::{one_line, printable_line},
    response::{body_as, request_id},
};

/// The reason why an operation failed.
///
/// `Display` is one line that describes what happened. The cause, if there is one, is the [`source`](StdError::source),
/// which the line does not repeat. For [`ErrorKind::Connect`], the source describes host, port, and why there is no
/// connection.
///
/// Neither `Display` nor `Debug` contains the API key, headers or the body. They quote the error message of the
/// service. Parts of the request that the service repeats there are removed if they are recognized; short strings and
/// identifiers in the path may remain. Accessors return everything else: [`headers`](Self::headers),
/// [`body`](Self::body), and the full message as [`message`](Self::message), [`api_error`](Self::api_error) and
/// [`details`](Self::details).
///
/// A clone shares response and source with the original.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone, Default)]
struct Inner {
    kind: Option<ErrorKind>,
    operation: Option<&'static str>,
    /// What happened, described by this crate.
    problem: String,
    /// What the service reports.
    reported: Option<String>,
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
    resume_cursor: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    /// The request id is not printed: it contains the API key or parts of the request, or the error is not about the
    /// request.
    hides_request_id: bool,
}

impl Error {
    /// Returns the kind of this error.
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

    /// Returns the decompressed body of the response, as far as it was received; `None` if there was no response. It
    /// may contain personal data.
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
            None => Err(Self::new(ErrorKind::Decode, "there was no response to decode")),
        }
    }

    /// Returns the start of the response body as text, if there was a response. It is one line of at most 500
    /// characters without control characters, followed by `…` if the body is longer. It does not contain the API key,
    /// but may contain personal data.
    #[must_use]
    pub fn excerpt(&self) -> Option<String> {
        self.0.beginning.as_ref().map(|text| printable_line(text, 500))
    }

    /// Returns the number of attempts, including those that could not connect; 0 if the request failed before the first
    /// attempt. Status, headers and body are those of the last response, which may be the response to an earlier
    /// attempt.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns how long the service asks to wait before the next request, for example with a 429 or 503. `None` if it
    /// does not ask, or if the value is invalid.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the headers of the response that describe rate limits, as received: those whose name starts with
    /// `retry-after`, or contains `ratelimit` or `rate-limit`.
    pub fn rate_limit_headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers().into_iter().flatten().filter(|(name, _)| {
            let name = name.as_str();
            name.starts_with("retry-after") || name.contains("ratelimit") || name.contains("rate-limit")
        })
    }

    /// Returns which fields of the request are invalid and why, if the service reports it. They are read from its
    /// `error` object, and from the lists `detail` or `errors` of common validation frameworks.
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

    /// Returns the JSON of a list item that cannot be decoded; `None` for any other error. It may contain personal
    /// data.
    #[must_use]
    pub fn item(&self) -> Option<&Value> {
        self.0.item.as_ref()
    }

    /// Returns the cursor of the page that could not be fetched, if paging through a list ended with this error. Pass
    /// it to `.cursor(…)` to continue without skipping or repeating items. `None` if the first page of the list failed,
    /// and for [`ErrorKind::RepeatedCursor`], which cannot be resumed.
    #[must_use]
    pub fn resume_cursor(&self) -> Option<&str> {
        self.0.resume_cursor.as_deref()
    }

    /// Returns whether a time limit was reached, or the service responded with 408. If the outcome of the operation is
    /// unknown, this is `false`; see [`is_outcome_unknown`](Self::is_outcome_unknown).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns whether no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Returns whether the API key was missing or not accepted (401).
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.kind() == ErrorKind::Authentication
    }

    /// Returns whether it is unknown if an operation that is not idempotent was performed.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.kind() == ErrorKind::OutcomeUnknown
    }

    /// Returns whether the service does not know what the request addresses (404 with a body of this API).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns whether the service rejected the request as invalid (415, 422, and 400 and 413 with a body of this API).
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.kind() == ErrorKind::InvalidRequest
    }

    /// Returns whether there were too many requests (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Returns whether the service failed (5xx). If the outcome of the operation is unknown, this is `false`; see
    /// [`is_outcome_unknown`](Self::is_outcome_unknown).
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.kind() == ErrorKind::Server
    }

    /// Returns whether the service succeeded but its response cannot be decoded.
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
        if let Some(reported) = &self.0.reported {
            write!(f, ": {}", one_line(reported))?;
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
