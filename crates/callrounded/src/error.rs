//! The one error of this crate: what happened, what the service said, and what came over the wire.

use std::{convert::Infallible, error::Error as StdError, fmt};

use bytes::Bytes;
use callrounded_api::{RawAnswer, types::ApiError};
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde_json::Value;

use crate::{
    answer::request_id,
    error_kind::ErrorKind,
    list::OPERATION,
    said::{Said, describe, one_line},
    undecodable::Reason,
};

/// Why something did not succeed.
///
/// `Display` is one line that says what happened; the cause, if there is one, is the [`source`](StdError::source) and not
/// repeated in the line. Neither it nor `Debug` holds the key, headers, body, or anything that was sent. They do hold the
/// message that the service itself gives for an error, and so what it chooses to repeat there. The rest is there for the
/// asking: [`headers`](Self::headers), [`body`](Self::body).
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    kind: Option<ErrorKind>,
    operation: Option<&'static str>,
    problem: String,
    path: Option<String>,
    message: Option<String>,
    api_error: Option<ApiError>,
    answer: Option<RawAnswer>,
    item: Option<Value>,
    cursor: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// The request id holds the key, and so is not printed.
    repeats_key: bool,
}

impl Error {
    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self::plain(ErrorKind::Configuration, problem)
    }

    pub(crate) fn invalid_input(problem: impl Into<String>) -> Self {
        Self::plain(ErrorKind::InvalidInput, problem)
    }

    fn plain(kind: ErrorKind, problem: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind: Some(kind),
            problem: problem.into(),
            ..Inner::default()
        }))
    }

    pub(crate) fn caused_by(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Takes the key out of all that is printed, should the service have sent it back.
    pub(crate) fn without(mut self, key: &HeaderValue) -> Self {
        let Ok(key) = key.to_str() else { return self };
        let inner = &mut *self.0;
        let clean = |text: &mut String| *text = text.replace(key, "<key>");
        clean(&mut inner.problem);
        inner.message.iter_mut().for_each(clean);
        if let Some(error) = &mut inner.api_error {
            error.message.iter_mut().chain(&mut error.type_).for_each(clean);
            let details = error.details.iter_mut().flatten();
            details
                .flat_map(|detail| detail.message.iter_mut().chain(&mut detail.field))
                .for_each(clean);
        }
        let request_id = inner.answer.as_ref().and_then(|answer| request_id(&answer.headers));
        inner.repeats_key = request_id.is_some_and(|id| id.contains(key));
        self
    }

    /// The request did not get its answer, or not all of it; `answer` is what had come until then.
    pub(crate) fn lost(error: reqwest::Error, answer: Option<RawAnswer>) -> Self {
        // The address may hold what a log should not.
        let error = error.without_url();
        let (kind, problem) = match &answer {
            // An own HTTP client may have a time limit on connecting, which is both.
            None if error.is_connect() => (ErrorKind::Connect, "the service can't be reached"),
            None if error.is_timeout() => (ErrorKind::Timeout, "the service did not answer in time"),
            None if error.is_builder() => (ErrorKind::InvalidInput, "the request can't be built"),
            None => (ErrorKind::Connection, "the connection was lost before an answer came"),
            Some(_) if error.is_timeout() => (ErrorKind::Timeout, "the answer did not come to its end in time"),
            Some(_) => (
                ErrorKind::Connection,
                "the connection was lost in the middle of the answer",
            ),
        };
        let inner = Inner {
            kind: Some(kind),
            problem: problem.to_owned(),
            answer,
            ..Inner::default()
        };
        Self(Box::new(inner)).caused_by(error)
    }

    /// An answer with a status that is no success.
    pub(crate) fn refused(answer: RawAnswer) -> Self {
        let said = Said::by(&answer.body);
        let status = answer.status;
        let mut problem = match status.canonical_reason() {
            Some(reason) => format!("{} {reason}", status.as_u16()),
            None => status.as_u16().to_string(),
        };
        match said.text() {
            Some(text) => problem.push_str(&format!(": {text}")),
            None => problem.push_str(&format!(" ({})", describe(&answer))),
        }
        Self(Box::new(Inner {
            kind: Some(ErrorKind::of(status)),
            problem,
            message: said.message,
            api_error: said.error,
            answer: Some(answer),
            ..Inner::default()
        }))
    }

    /// A success that is not what the documentation describes: either it has no data, or something in it is of
    /// another type.
    pub(crate) fn undecodable(answer: RawAnswer, reason: Reason) -> Self {
        let said = Said::by(&answer.body);
        let mut inner = Inner {
            message: said.message.clone(),
            api_error: said.error.clone(),
            ..Inner::default()
        };
        if said.is_envelope && !said.has_data {
            inner.kind = Some(ErrorKind::MissingData);
            inner.problem = format!("{} without data", answer.status.as_u16());
            if let Some(text) = said.text() {
                inner.problem.push_str(&format!(": {text}"));
            }
        } else {
            inner.kind = Some(ErrorKind::Decode);
            inner.problem = match reason.path.as_str() {
                "" => format!("the answer ({}) can't be read: {}", describe(&answer), reason.problem),
                path => format!("the answer can't be read at {path}: {}", reason.problem),
            };
            inner.path = Some(reason.path).filter(|path| !path.is_empty());
        }
        inner.answer = Some(answer);
        Self(Box::new(inner))
    }

    /// A call in a list that can't be read; the rest of the list is.
    pub(crate) fn undecodable_item(item: Value, reason: Reason) -> Self {
        let mut error = Self::plain(
            ErrorKind::Decode,
            format!(
                "a call in the list can't be read at {}: {}",
                reason.path, reason.problem
            ),
        );
        error.0.path = Some(reason.path);
        error.0.item = Some(item);
        error
    }

    pub(crate) fn repeated_cursor() -> Self {
        let problem = "the service gave a cursor a second time; going on would never end";
        Self::plain(ErrorKind::RepeatedCursor, problem).in_operation(OPERATION)
    }

    pub(crate) fn resuming_at(mut self, cursor: Option<String>) -> Self {
        self.0.cursor = cursor;
        self
    }

    pub(crate) fn undecodable_metadata(reason: Reason) -> Self {
        let mut error = Self::plain(
            ErrorKind::Decode,
            format!("{} can't be read: {}", reason.path, reason.problem),
        );
        error.0.path = Some(reason.path);
        error
    }

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

    /// The `error` object of the answer, if it had one, with the details for each field.
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
        if let Some(id) = self.request_id().filter(|_| !self.0.repeats_key) {
            write!(f, " [request id {}]", one_line(id))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.kind()).field("problem", &self.to_string());
        if let Some(answer) = &self.0.answer {
            debug.field("answer", answer);
        }
        if let Some(error) = &self.0.api_error {
            debug.field("api_error", error);
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
