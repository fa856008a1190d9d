//! The one error of this crate: what happened, what the service said, and what came over the wire.

use std::{convert::Infallible, error::Error as StdError, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use callrounded_api::{
    Failure, FailureKind, RawAnswer,
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
    list::OPERATION,
    said::{Said, beginning, bounded, describe, one_line},
    scrub::Scrubber,
    undecodable::Reason,
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

    /// How often it was sent, and how long the service asked to wait.
    pub(crate) fn after(mut self, attempts: u32, retry_after: Option<Duration>) -> Self {
        self.0.attempts = attempts;
        self.0.retry_after = retry_after;
        self
    }

    /// Notes the answer that this is about. Its request id is not part of the line, since that is not about the request.
    pub(crate) fn has_seen(&mut self, answer: &Arc<RawAnswer>, attempts: u32) {
        self.0.answer = Some(Arc::clone(answer));
        self.0.attempts = attempts;
        self.0.hides_request_id = true;
    }

    /// Takes the key out of all that is given as text, should the service have sent it back.
    pub(crate) fn without_key(mut self, key: &Scrubber) -> Self {
        let inner = &mut *self.0;
        let clean = |text: &mut String| *text = key.scrub(text);
        clean(&mut inner.problem);
        inner.said.iter_mut().for_each(clean);
        inner.message.iter_mut().for_each(clean);
        inner.beginning.iter_mut().for_each(clean);
        let mut details: Vec<_> = inner.details.iter_mut().collect();
        if let Some(error) = &mut inner.api_error {
            error.message.iter_mut().chain(&mut error.type_).for_each(clean);
            details.extend(error.details.iter_mut().flatten());
        }
        details
            .into_iter()
            .flat_map(|detail| detail.message.iter_mut().chain(&mut detail.field))
            .for_each(clean);
        self.0.hides_request_id |= self.request_id().is_some_and(|id| key.scrub(id) != id);
        self
    }

    /// Takes what was sent out of all that is printed without being asked for.
    pub(crate) fn without(mut self, sent: &Scrubber) -> Self {
        self.0.said = self.0.said.map(|said| sent.scrub(&said));
        self.0.hides_request_id |= self.request_id().is_some_and(|id| sent.scrub(id) != id);
        self
    }

    /// The request did not get its answer, or not all of it; `answer` is what had come until then.
    pub(crate) fn lost(failure: Failure, answer: Option<RawAnswer>, unknown: bool, perhaps_done_before: bool) -> Self {
        let (kind, problem) = match (failure.kind, &answer) {
            (FailureKind::Request, _) => (ErrorKind::InvalidInput, "the request can't be built"),
            (FailureKind::Connect, _) if perhaps_done_before => {
                (ErrorKind::Connection, "the service can't be reached any more")
            }
            (FailureKind::Connect, _) => (ErrorKind::Connect, "the service can't be reached"),
            (FailureKind::Timeout, None) => (ErrorKind::Timeout, "the service did not answer in time"),
            (FailureKind::Timeout, Some(_)) => (ErrorKind::Timeout, "the answer did not come to its end in time"),
            (FailureKind::BodyTooLarge, _) => (
                ErrorKind::BodyTooLarge,
                "the answer is larger than max_body_size of the client allows",
            ),
            (FailureKind::Decompression, _) => (ErrorKind::Decode, "the answer does not decompress"),
            (_, Some(_)) => (
                ErrorKind::Connection,
                "the connection was lost in the middle of the answer",
            ),
            (_, None) => (ErrorKind::Connection, "the connection was lost before an answer came"),
        };
        let inner = Inner {
            problem: problem.to_owned(),
            beginning: answer.as_ref().map(|answer| beginning(&answer.body)),
            answer: answer.map(Arc::new),
            ..Inner::default()
        };
        Self(Box::new(inner)).of_kind(kind, unknown).caused_by_failure(failure)
    }

    /// Of this kind, unless nobody knows what came of it: then that is what matters.
    fn of_kind(mut self, kind: ErrorKind, unknown: bool) -> Self {
        self.0.kind = Some(if unknown { ErrorKind::OutcomeUnknown } else { kind });
        self
    }

    fn caused_by_failure(self, failure: Failure) -> Self {
        match failure.source {
            Some(source) => self.caused_by(source),
            None => self,
        }
    }

    /// An answer with a status that is no success.
    pub(crate) fn refused(answer: RawAnswer, failure: Option<Failure>, unknown: bool) -> Self {
        let said = Said::by(&answer.body);
        let status = answer.status;
        let mut problem = match status.canonical_reason() {
            Some(reason) => format!("{} {reason}", status.as_u16()),
            None => status.as_u16().to_string(),
        };
        let text = said.text();
        if text.is_none() {
            problem.push_str(&format!(" ({})", describe(&answer)));
        }
        let error = Self(Box::new(Inner {
            problem,
            said: text,
            message: said.message,
            api_error: said.error,
            details: said.details,
            beginning: Some(beginning(&answer.body)),
            answer: Some(Arc::new(answer)),
            ..Inner::default()
        }));
        let error = error.of_kind(ErrorKind::of(status), unknown);
        match failure {
            // What was lost of the body.
            Some(failure) => error.caused_by_failure(failure),
            None => error,
        }
    }

    /// A success that is not what the documentation describes: either it has no data, or something in it is of
    /// another type.
    pub(crate) fn undecodable(answer: RawAnswer, reason: Reason) -> Self {
        let said = Said::by(&answer.body);
        let mut inner = Inner {
            message: said.message.clone(),
            api_error: said.error.clone(),
            details: said.details.clone(),
            beginning: Some(beginning(&answer.body)),
            ..Inner::default()
        };
        if said.is_envelope && !said.has_data {
            inner.kind = Some(ErrorKind::MissingData);
            inner.problem = format!("{} without data", answer.status.as_u16());
            inner.said = said.text();
        } else {
            inner.kind = Some(ErrorKind::Decode);
            inner.problem = match reason.path.as_str() {
                "" => format!("the answer ({}) can't be read: {}", describe(&answer), reason.problem),
                path => format!("the answer can't be read at {path}: {}", reason.problem),
            };
            inner.path = Some(reason.path).filter(|path| !path.is_empty());
        }
        inner.answer = Some(Arc::new(answer));
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

    /// The beginning of the body of the answer as text, if an answer came: at most 500 characters in one line, without
    /// those that drive a terminal. It may hold personal data.
    #[must_use]
    pub fn excerpt(&self) -> Option<String> {
        self.0.beginning.as_ref().map(|text| bounded(text, 500))
    }

    /// How often it was sent, or tried to be; 0 where there was nothing to send. The answer is that to the last attempt.
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
