//! What callers look at, and add, at each attempt.

use std::{fmt, sync::Arc, time::Duration};

use callrounded_api::{Failure, FailureKind, Observer, RawAnswer};
use reqwest::{
    Method, Request, StatusCode, Url,
    header::{HeaderMap, HeaderName},
};

use crate::{error::Error, options::checked_header};

/// A request that is about to be sent, for [`ClientBuilder::on_request`](crate::ClientBuilder::on_request).
///
/// It holds personal data: the address has the identifier of the call, the body what is sent. Its `Debug` shows neither; the
/// key is in the headers, marked as sensitive.
pub struct OutgoingRequest<'a> {
    operation: &'a str,
    attempt: u32,
    request: &'a mut Request,
}

/// What came of one attempt, for [`ClientBuilder::on_answer`](crate::ClientBuilder::on_answer).
///
/// It holds personal data: the body is that of a call. Its `Debug` does not show it.
pub struct IncomingAnswer<'a> {
    operation: &'a str,
    attempt: u32,
    answer: Option<&'a RawAnswer>,
    failure: Option<&'a Failure>,
    took: Duration,
}

impl OutgoingRequest<'_> {
    /// The `operationId` in the document, such as `update_call`.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Which attempt this is, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.request.url()
    }

    /// The headers, the key among them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The body, if there is one.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.request.body()?.as_bytes()
    }

    /// Sets a header of this attempt, such as one that says where it belongs in a trace.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) where it is none, or one that makes the request what it
    /// is, or carries the key.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let (name, value) = checked_header(name, value).map_err(Error::invalid_input)?;
        self.request.headers_mut().insert(name, value);
        Ok(())
    }
}

impl IncomingAnswer<'_> {
    /// The `operationId` in the document, such as `update_call`.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Which attempt it was, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The status, if an answer came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.answer.map(|answer| answer.status)
    }

    /// The headers, if an answer came.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answer.map(|answer| &answer.headers)
    }

    /// The body as far as it came, decompressed.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.answer.map(|answer| answer.body.as_ref())
    }

    /// What kept the answer from coming, or from coming whole.
    #[must_use]
    pub fn failure(&self) -> Option<FailureKind> {
        self.failure.map(|failure| failure.kind)
    }

    /// How long it took, from sending to the last byte.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }
}

pub(crate) type OnRequest = Arc<dyn Fn(&mut OutgoingRequest<'_>) + Send + Sync>;
pub(crate) type OnAnswer = Arc<dyn Fn(&IncomingAnswer<'_>) + Send + Sync>;

/// All hooks of a client, in their order.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub on_request: Vec<OnRequest>,
    pub on_answer: Vec<OnAnswer>,
}

impl Hooks {
    pub fn is_empty(&self) -> bool {
        self.on_request.is_empty() && self.on_answer.is_empty()
    }
}

impl Observer for Hooks {
    fn sending(&self, operation: &str, attempt: u32, request: &mut Request) {
        let mut outgoing = OutgoingRequest {
            operation,
            attempt,
            request,
        };
        self.on_request.iter().for_each(|hook| hook(&mut outgoing));
    }

    fn ended(
        &self,
        operation: &str,
        attempt: u32,
        answer: Option<&RawAnswer>,
        failure: Option<&Failure>,
        took: Duration,
    ) {
        let incoming = IncomingAnswer {
            operation,
            attempt,
            answer,
            failure,
            took,
        };
        self.on_answer.iter().for_each(|hook| hook(&incoming));
    }
}

/// Shows the names of the headers, and no address and no body.
impl fmt::Debug for OutgoingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingRequest")
            .field("operation", &self.operation)
            .field("attempt", &self.attempt)
            .field("method", self.method())
            .field("headers", &self.headers().keys().collect::<Vec<&HeaderName>>())
            .finish_non_exhaustive()
    }
}

/// Shows neither headers nor body.
impl fmt::Debug for IncomingAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingAnswer")
            .field("operation", &self.operation)
            .field("attempt", &self.attempt)
            .field("status", &self.status())
            .field("failure", &self.failure())
            .field("took", &self.took)
            .finish_non_exhaustive()
    }
}
