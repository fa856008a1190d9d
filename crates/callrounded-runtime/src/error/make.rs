//! How errors are made: of settings, of input, and of the outcomes of requests.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use reqwest::Request;
use serde_json::Value;

use super::{Error, Inner};
use crate::{
    ApiKey, ErrorKind, FailureKind, OperationInfo, RawResponse,
    attempt::Failure,
    body::UnsupportedCoding,
    error_body::{Said, beginning, describe, one_line},
    lenient::Undecodable,
    response::request_id,
    scrub::Scrubber,
};

impl Inner {
    /// What a response reports.
    fn of(response: Arc<RawResponse>, said: Said) -> Self {
        Self {
            message: said.message,
            api_error: said.error,
            details: said.details,
            beginning: Some(beginning(&response.body)),
            response: Some(response),
            ..Self::default()
        }
    }
}

impl Error {
    /// An error of the kind [`ErrorKind::Configuration`].
    #[must_use]
    pub fn configuration(problem: impl Into<String>) -> Self {
        Self::plain(ErrorKind::Configuration, problem)
    }

    /// An error of the kind [`ErrorKind::InvalidInput`].
    #[must_use]
    pub fn invalid_input(problem: impl Into<String>) -> Self {
        Self::plain(ErrorKind::InvalidInput, problem)
    }

    /// An error of the kind [`ErrorKind::Decode`], for a value that is not what its user expects.
    #[must_use]
    pub fn undecodable_value(reason: Undecodable) -> Self {
        let problem = format!("{} cannot be decoded: {}", reason.path, reason.problem);
        let mut error = Self::plain(ErrorKind::Decode, problem);
        error.0.path = Some(reason.path);
        error
    }

    /// The request cannot be built, for example because a header is invalid.
    #[doc(hidden)]
    #[must_use]
    pub fn unbuildable(error: impl StdError + Send + Sync + 'static) -> Self {
        let problem = Self::invalid_input("the request cannot be built");
        let error: Box<dyn StdError + Send + Sync> = Box::new(error);
        match error.downcast::<reqwest::Error>() {
            // The URL may hold personal data.
            Ok(error) => problem.caused_by(error.without_url()),
            Err(_) => problem,
        }
    }

    pub(super) fn plain(kind: ErrorKind, problem: impl Into<String>) -> Self {
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

    /// Adds the number of attempts, and how long the service asked to wait.
    pub(crate) fn after(mut self, attempts: u32, retry_after: Option<Duration>) -> Self {
        self.0.attempts = attempts;
        self.0.retry_after = retry_after;
        self
    }

    /// Adds the response that the error was found in. Its request id is not printed, since the error is not about the request.
    pub(crate) fn found_in(&mut self, response: &Arc<RawResponse>, attempts: u32) {
        self.0.response = Some(Arc::clone(response));
        self.0.attempts = attempts;
        self.0.hides_request_id = true;
    }

    /// Removes the API key and other secret headers from everything that is given as text, in case the service sent them back,
    /// and the rest of the request from what is printed by default.
    pub(crate) fn without(mut self, key: &ApiKey, request: Option<&Request>, operation: &OperationInfo) -> Self {
        let inner = &mut *self.0;
        let secrets = Scrubber::of_secrets(key, request);
        let clean = |text: &mut String| *text = secrets.scrub(text);
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
        let request_id = inner
            .response
            .as_ref()
            .and_then(|response| request_id(&response.headers));
        let request_id = request_id.map(one_line);
        if inner.said.is_some() || request_id.is_some() {
            let sent = request
                .map(|request| Scrubber::of_request(request, operation))
                .unwrap_or_default();
            inner.said = inner.said.take().map(|said| sent.scrub(&said));
            inner.hides_request_id = request_id.is_some_and(|id| secrets.scrub(&id) != id || sent.scrub(&id) != id);
        }
        self
    }

    /// Adds the last response that was received.
    pub(crate) fn with_response(mut self, response: Option<Arc<RawResponse>>) -> Self {
        self.0.beginning = response.as_ref().map(|response| beginning(&response.body));
        self.0.response = response;
        self
    }

    /// There is no complete response; `response` is the part that was received.
    pub(crate) fn lost(
        mut failure: Failure,
        response: Option<&RawResponse>,
        unknown: bool,
        reached_before: bool,
    ) -> Self {
        let (kind, problem) = match (failure.kind, response) {
            (FailureKind::Request, _) => (ErrorKind::InvalidInput, "the request cannot be built"),
            (FailureKind::Connect, _) if reached_before => {
                (ErrorKind::Connection, "the service cannot be reached any more")
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
            (FailureKind::InvalidResponse, Some(_)) => (
                ErrorKind::InvalidResponse,
                "the response is not valid HTTP from some place of its body",
            ),
            (FailureKind::Connection, Some(_)) => (
                ErrorKind::Connection,
                "the connection was lost in the middle of the response",
            ),
            (FailureKind::Connection, None) => (ErrorKind::Connection, "the connection was lost before the response"),
        };
        let mut problem = problem.to_owned();
        // It says what to change, so it is in the line and not below it.
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

    /// Sets the kind. Whether the operation was performed matters most: if that is unknown, it is the kind.
    fn of_kind(mut self, kind: ErrorKind, unknown: bool) -> Self {
        self.0.kind = Some(if unknown { ErrorKind::OutcomeUnknown } else { kind });
        self
    }

    fn caused_by_failure(mut self, failure: Failure) -> Self {
        self.0.source = failure.source.map(Arc::from);
        self
    }

    /// A response whose status is not a success.
    pub(crate) fn refused(
        response: Arc<RawResponse>,
        failure: Option<Failure>,
        unknown: bool,
        has_envelope: bool,
    ) -> Self {
        let said = Said::by(&response.body);
        let status = response.status;
        let mut problem = match status.canonical_reason() {
            Some(reason) => format!("{} {reason}", status.as_u16()),
            None => status.as_u16().to_string(),
        };
        let text = said.text();
        if text.is_none() {
            problem.push_str(&format!(" ({})", describe(&response)));
        }
        let kind = ErrorKind::of(status, said.is_of_service(has_envelope));
        let error = Self(Box::new(Inner {
            problem,
            said: text,
            ..Inner::of(response, said)
        }));
        let error = error.of_kind(kind, unknown);
        match failure {
            // Why the body is incomplete.
            Some(failure) => error.caused_by_failure(failure),
            None => error,
        }
    }

    /// A success that is not what the document describes: it has no data, or a required field of another type.
    pub(crate) fn undecodable(response: Arc<RawResponse>, reason: Undecodable) -> Self {
        let said = Said::by(&response.body);
        if said.is_envelope && !said.has_data {
            return Self::without_data(response, said);
        }
        Self::undecodable_body(response, reason)
    }

    /// A body that is not of the expected type.
    pub(crate) fn undecodable_body(response: Arc<RawResponse>, reason: Undecodable) -> Self {
        let said = Said::by(&response.body);
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
            ..Inner::of(response, said)
        }))
    }

    /// A success without the data that makes it one.
    pub(crate) fn without_data(response: Arc<RawResponse>, said: Said) -> Self {
        Self(Box::new(Inner {
            kind: Some(ErrorKind::MissingData),
            problem: format!("{} without data", response.status.as_u16()),
            said: said.text(),
            ..Inner::of(response, said)
        }))
    }

    /// An item of a list that cannot be decoded. The rest of the list is not affected.
    pub(crate) fn undecodable_item(item: Value, reason: Undecodable) -> Self {
        let problem = format!(
            "an item of the list cannot be decoded at {}: {}",
            reason.path, reason.problem
        );
        let mut error = Self::plain(ErrorKind::Decode, problem);
        error.0.path = Some(reason.path);
        error.0.item = Some(item);
        error
    }

    pub(crate) fn repeated_cursor() -> Self {
        let problem = "the service sent a cursor for the second time; continuing would never end";
        Self::plain(ErrorKind::RepeatedCursor, problem)
    }

    pub(crate) fn resuming_at(mut self, cursor: Option<String>) -> Self {
        self.0.cursor = cursor;
        self
    }
}
