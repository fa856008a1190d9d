//! Creates errors from settings, from input, and from the outcomes of requests.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use reqwest::Request;
use serde_json::Value;

use super::{Error, Inner};
use crate::{
    ApiKey, ErrorKind, FailureKind, OperationInfo, RawResponse,
    body::UnsupportedCoding,
    error_body::{ReportedError, beginning, describe, one_line},
    failure::Failure,
    lenient::DecodeError,
    response::request_id,
    scrub::Scrubber,
};

impl Inner {
    /// Creates the fields of an error from a response and what its body reports.
    fn of(response: Arc<RawResponse>, reported: ReportedError) -> Self {
        Self {
            message: reported.message,
            api_error: reported.error,
            details: reported.details,
            beginning: Some(beginning(&response.body)),
            response: Some(response),
            ..Self::default()
        }
    }
}

impl Error {
    /// Creates an error of the kind [`ErrorKind::Configuration`].
    #[must_use]
    pub fn configuration(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, problem)
    }

    /// Creates an error of the kind [`ErrorKind::InvalidInput`].
    #[must_use]
    pub fn invalid_input(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, problem)
    }

    /// Creates an error of the kind [`ErrorKind::Decode`], for a value that cannot be decoded as the type that a caller
    /// chose.
    #[must_use]
    pub fn undecodable_value(reason: DecodeError) -> Self {
        let problem = format!("{} cannot be decoded: {}", reason.path, reason.problem);
        let mut error = Self::new(ErrorKind::Decode, problem);
        error.0.path = Some(reason.path);
        error
    }

    /// Creates an error of the kind [`ErrorKind::InvalidInput`] for a request that cannot be built, for example because
    /// a header is invalid.
    #[doc(hidden)]
    #[must_use]
    pub fn unbuildable(error: impl StdError + Send + Sync + 'static) -> Self {
        let problem = Self::invalid_input("the request cannot be built");
        let error: Box<dyn StdError + Send + Sync> = Box::new(error);
        match error.downcast::<reqwest::Error>() {
            // The URL may contain personal data.
            Ok(error) => problem.caused_by(error.without_url()),
            Err(_) => problem,
        }
    }

    pub(super) fn new(kind: ErrorKind, problem: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind: Some(kind),
            problem: problem.into(),
            ..Inner::default()
        }))
    }

    /// Sets the [`source`](StdError::source).
    #[must_use]
    pub fn caused_by(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Adds the number of attempts, and how long the service asks to wait.
    pub(crate) fn with_attempts(mut self, attempts: u32, retry_after: Option<Duration>) -> Self {
        self.0.attempts = attempts;
        self.0.retry_after = retry_after;
        self
    }

    /// Sets the response that contains the error. Its request id is not printed, since the error is not about the
    /// request.
    pub(crate) fn set_containing_response(&mut self, response: &Arc<RawResponse>, attempts: u32) {
        self.0.response = Some(Arc::clone(response));
        self.0.attempts = attempts;
        self.0.hides_request_id = true;
    }

    /// Removes the API key and other secret headers from all strings, in case the service repeats them. Removes the
    /// rest of the request from what is printed by default.
    pub(crate) fn scrubbed(mut self, key: &ApiKey, request: Option<&Request>, operation: &OperationInfo) -> Self {
        let inner = &mut *self.0;
        let secrets = Scrubber::of_secrets(key, request);
        let clean = |text: &mut String| *text = secrets.scrub(text);
        clean(&mut inner.problem);
        inner.reported.iter_mut().for_each(clean);
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
        let request_id = inner
            .response
            .as_ref()
            .and_then(|response| request_id(&response.headers));
        let request_id = request_id.map(one_line);
        if inner.reported.is_some() || request_id.is_some() {
            let sent = request
                .map(|request| Scrubber::of_request(request, operation))
                .unwrap_or_default();
            inner.reported = inner.reported.take().map(|reported| sent.scrub(&reported));
            inner.hides_request_id = request_id.is_some_and(|id| secrets.scrub(&id) != id || sent.scrub(&id) != id);
        }
        self
    }

    /// Sets the last response that was received.
    pub(crate) fn with_response(mut self, response: Option<Arc<RawResponse>>) -> Self {
        self.0.beginning = response.as_ref().map(|response| beginning(&response.body));
        self.0.response = response;
        self
    }

    /// Creates an error for a request without a complete response. `response` is the part that was received.
    /// `connected_before`: an earlier attempt had a connection.
    pub(crate) fn incomplete(
        mut failure: Failure,
        response: Option<&RawResponse>,
        unknown: bool,
        connected_before: bool,
    ) -> Self {
        let (kind, problem) = match (failure.kind, response) {
            (FailureKind::Request, _) => (ErrorKind::InvalidInput, "the request cannot be built"),
            (FailureKind::Connect, _) if connected_before => {
                (ErrorKind::Connection, "the service can no longer be reached")
            }
            (FailureKind::Connect, _) => (ErrorKind::Connect, "the service cannot be reached"),
            (FailureKind::Timeout, None) => (ErrorKind::Timeout, "the service did not respond in time"),
            (FailureKind::Timeout, Some(_)) => (ErrorKind::Timeout, "the response was not complete in time"),
            (FailureKind::BodyTooLarge, _) => (
                ErrorKind::BodyTooLarge,
                "the response body is larger than the client's max_body_size",
            ),
            (FailureKind::Decompression, _) => (ErrorKind::Decode, "the response body cannot be decompressed"),
            (FailureKind::InvalidResponse, None) => (ErrorKind::InvalidResponse, "the response is not valid HTTP"),
            (FailureKind::InvalidResponse, Some(_)) => {
                (ErrorKind::InvalidResponse, "the body of the response is not valid HTTP")
            }
            (FailureKind::Connection, Some(_)) => (
                ErrorKind::Connection,
                "the connection was lost in the middle of the response",
            ),
            (FailureKind::Connection, None) => (ErrorKind::Connection, "the connection was lost before the response"),
        };
        let mut problem = problem.to_owned();
        // It tells what to change, so it belongs to the message and not to the source.
        failure.source = failure
            .source
            .and_then(|source| match source.downcast::<UnsupportedCoding>() {
                Ok(coding) => {
                    problem.push_str(&format!(": {coding}"));
                    None
                }
                Err(source) => Some(source),
            });
        let inner = Inner {
            problem,
            ..Inner::default()
        };
        Self(Box::new(inner)).of_kind(kind, unknown).caused_by_failure(failure)
    }

    /// Sets the kind. `unknown`, whether the operation may have been performed, takes precedence over any other kind.
    fn of_kind(mut self, kind: ErrorKind, unknown: bool) -> Self {
        self.0.kind = Some(if unknown { ErrorKind::OutcomeUnknown } else { kind });
        self
    }

    fn caused_by_failure(mut self, failure: Failure) -> Self {
        self.0.source = failure.source.map(Arc::from);
        self
    }

    /// Creates an error from a response whose status is not a success.
    pub(crate) fn unsuccessful(
        response: Arc<RawResponse>,
        failure: Option<Failure>,
        unknown: bool,
        has_envelope: bool,
    ) -> Self {
        let reported = ReportedError::parse(&response.body);
        let status = response.status;
        let mut problem = match status.canonical_reason() {
            Some(reason) => format!("{} {reason}", status.as_u16()),
            None => status.as_u16().to_string(),
        };
        let summary = reported.summary();
        if summary.is_none() {
            problem.push_str(&format!(" ({})", describe(&response)));
        }
        let kind = ErrorKind::of(status, reported.is_from_service(has_envelope));
        let error = Self(Box::new(Inner {
            problem,
            reported: summary,
            ..Inner::of(response, reported)
        }));
        let error = error.of_kind(kind, unknown);
        match failure {
            // The reason why the body is incomplete.
            Some(failure) => error.caused_by_failure(failure),
            None => error,
        }
    }

    /// Creates an error for a success that does not match the document: it has no data, or a required field has another
    /// type.
    pub(crate) fn undecodable(response: Arc<RawResponse>, reason: DecodeError) -> Self {
        let reported = ReportedError::parse(&response.body);
        if reported.is_envelope && !reported.has_data {
            return Self::without_data(response, reported);
        }
        Self::undecodable_body(response, reason)
    }

    /// Creates an error for a body that is not of the expected type.
    pub(crate) fn undecodable_body(response: Arc<RawResponse>, reason: DecodeError) -> Self {
        let reported = ReportedError::parse(&response.body);
        let problem = match reason.path.as_str() {
            "" => format!(
                "the response ({}) cannot be decoded: {}",
                describe(&response),
                reason.problem
            ),
            path => format!("the response cannot be decoded at {path}: {}", reason.problem),
        };
        Self(Box::new(Inner {
            kind: Some(ErrorKind::Decode),
            problem,
            path: Some(reason.path).filter(|path| !path.is_empty()),
            ..Inner::of(response, reported)
        }))
    }

    /// Creates an error for a success without data.
    pub(crate) fn without_data(response: Arc<RawResponse>, reported: ReportedError) -> Self {
        Self(Box::new(Inner {
            kind: Some(ErrorKind::MissingData),
            problem: format!("{} without data", response.status.as_u16()),
            reported: reported.summary(),
            ..Inner::of(response, reported)
        }))
    }

    /// Creates an error for an item of a list that cannot be decoded. The rest of the list is not affected.
    pub(crate) fn undecodable_item(item: Value, reason: DecodeError) -> Self {
        let problem = format!(
            "an item of the list cannot be decoded at {}: {}",
            reason.path, reason.problem
        );
        let mut error = Self::new(ErrorKind::Decode, problem);
        error.0.path = Some(reason.path);
        error.0.item = Some(item);
        error
    }

    pub(crate) fn repeated_cursor() -> Self {
        let problem = "the service sent the same cursor twice; the list would never end";
        Self::new(ErrorKind::RepeatedCursor, problem)
    }

    pub(crate) fn with_resume_cursor(mut self, cursor: Option<String>) -> Self {
        self.0.resume_cursor = cursor;
        self
    }
}
