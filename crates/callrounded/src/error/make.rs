//! How errors are made: of settings, of input, and of what came of a call.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use callrounded_api::{ApiKey, Failure, FailureKind, RawAnswer, lenient::Undecodable};
use reqwest::Request;
use serde_json::Value;

use super::{Error, Inner};
use crate::{
    answer::request_id,
    error_kind::ErrorKind,
    list::OPERATION,
    said::{Said, beginning, describe, one_line},
    scrub::Scrubber,
};

impl Inner {
    /// What an answer says of itself.
    fn of(answer: Arc<RawAnswer>, said: Said) -> Self {
        Self {
            message: said.message,
            api_error: said.error,
            details: said.details,
            beginning: Some(beginning(&answer.body)),
            answer: Some(answer),
            ..Self::default()
        }
    }
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

    /// Takes the key and other secret headers out of all that is given as text, should the service have sent them back, and
    /// the rest of what was sent out of what is printed without being asked for.
    pub(crate) fn without(mut self, key: &ApiKey, request: Option<&Request>) -> Self {
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
        let request_id = inner.answer.as_ref().and_then(|answer| request_id(&answer.headers));
        let request_id = request_id.map(one_line);
        if inner.said.is_some() || request_id.is_some() {
            let sent = request.map(Scrubber::of_request).unwrap_or_default();
            inner.said = inner.said.take().map(|said| sent.scrub(&said));
            inner.hides_request_id = request_id.is_some_and(|id| secrets.scrub(&id) != id || sent.scrub(&id) != id);
        }
        self
    }

    /// Notes the last answer that came.
    pub(crate) fn with_answer(mut self, answer: Option<Arc<RawAnswer>>) -> Self {
        self.0.beginning = answer.as_ref().map(|answer| beginning(&answer.body));
        self.0.answer = answer;
        self
    }

    /// The request did not get its answer, or not all of it; `answer` is what had come until then.
    pub(crate) fn lost(failure: Failure, answer: Option<&RawAnswer>, unknown: bool, reached_before: bool) -> Self {
        let (kind, problem) = match (failure.kind, answer) {
            (FailureKind::Request, _) => (ErrorKind::InvalidInput, "the request can't be built"),
            (FailureKind::Connect, _) if reached_before => {
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
    pub(crate) fn refused(answer: Arc<RawAnswer>, failure: Option<Failure>, unknown: bool) -> Self {
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
            ..Inner::of(answer, said)
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
    pub(crate) fn undecodable(answer: Arc<RawAnswer>, reason: Undecodable) -> Self {
        let said = Said::by(&answer.body);
        if said.is_envelope && !said.has_data {
            return Self::without_data(answer, said);
        }
        let problem = match reason.path.as_str() {
            "" => format!("the answer ({}) can't be read: {}", describe(&answer), reason.problem),
            path => format!("the answer can't be read at {path}: {}", reason.problem),
        };
        Self(Box::new(Inner {
            kind: Some(ErrorKind::Decode),
            problem,
            path: Some(reason.path).filter(|path| !path.is_empty()),
            ..Inner::of(answer, said)
        }))
    }

    /// A success without the data that makes it one.
    pub(crate) fn without_data(answer: Arc<RawAnswer>, said: Said) -> Self {
        Self(Box::new(Inner {
            kind: Some(ErrorKind::MissingData),
            problem: format!("{} without data", answer.status.as_u16()),
            said: said.text(),
            ..Inner::of(answer, said)
        }))
    }

    /// A call in a list that can't be read; the rest of the list is.
    pub(crate) fn undecodable_item(item: Value, reason: Undecodable) -> Self {
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

    pub(crate) fn undecodable_metadata(reason: Undecodable) -> Self {
        let mut error = Self::plain(
            ErrorKind::Decode,
            format!("{} can't be read: {}", reason.path, reason.problem),
        );
        error.0.path = Some(reason.path);
        error
    }
}
