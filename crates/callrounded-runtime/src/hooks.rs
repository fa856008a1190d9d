//! Hooks that observe each attempt and may add headers to it.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Method, Request, StatusCode, Url,
    header::{HeaderMap, HeaderName},
};

use crate::{Error, FailureKind, RawResponse, Transport, attempt::Attempt, response::request_id, scrub::Scrubber};

/// A request that is about to be sent, as a request hook receives it.
///
/// URL and body may contain personal data, which `Debug` omits. The headers contain the API key, which is marked as
/// sensitive.
pub struct OutgoingRequest<'a> {
    transport: &'a Transport,
    operation: &'a str,
    attempt: u32,
    request: &'a mut Request,
}

/// The outcome of an attempt, as a response hook receives it.
///
/// The body may contain personal data, which `Debug` omits.
pub struct IncomingResponse<'a> {
    transport: &'a Transport,
    operation: &'a str,
    attempt: u32,
    response: Option<&'a RawResponse>,
    failure: Option<FailureKind>,
    took: Duration,
    retry_in: Option<Duration>,
}

impl OutgoingRequest<'_> {
    /// Returns the `operationId`.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Returns the number of the attempt, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// Returns the URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.request.url()
    }

    /// Returns the headers, including the API key.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Returns the body, if there is one.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.request.body()?.as_bytes()
    }

    /// Sets a header of this attempt, such as `traceparent`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the header is invalid, set by the client, or
    /// carries the API key.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let checked = self.transport.checked_header(name, value);
        let (name, value) = checked.map_err(Error::invalid_input)?;
        self.request.headers_mut().insert(name, value);
        Ok(())
    }
}

impl IncomingResponse<'_> {
    /// Returns the `operationId`.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Returns the number of the attempt, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response.map(|response| response.status)
    }

    /// Returns the headers, if there was a response.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response.map(|response| &response.headers)
    }

    /// Returns the identifier that the service assigned to the request. `None` if it sent none, or one that repeats the
    /// API key.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let secrets = Scrubber::of_secrets(&self.transport.key, None);
        request_id(self.headers()?).filter(|id| secrets.scrub(id) == **id)
    }

    /// Returns the decompressed body, as far as it was received. `None` if there was no response.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.response.map(|response| response.body.as_ref())
    }

    /// Returns why there is no response, or only a part of it. `None` if the response is complete, whatever its status.
    #[must_use]
    pub fn failure(&self) -> Option<FailureKind> {
        self.failure
    }

    /// Returns how long the attempt took, from connecting to the last byte of the response or to the failure.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }

    /// Returns how long the client waits before the next attempt; `None` if this was the last attempt.
    #[must_use]
    pub fn retry_in(&self) -> Option<Duration> {
        self.retry_in
    }
}

type OnRequest = Arc<dyn Fn(&mut OutgoingRequest<'_>) + Send + Sync>;
type OnResponse = Arc<dyn Fn(&IncomingResponse<'_>) + Send + Sync>;

/// Functions that observe each attempt. They run in the order in which they were added, in the task that awaits the
/// request, so a slow hook delays it.
#[derive(Clone, Default)]
pub struct Hooks {
    requests: Vec<OnRequest>,
    responses: Vec<OnResponse>,
}

impl Hooks {
    /// Adds a function that is called before each attempt and may add headers to its request.
    pub fn on_request(&mut self, hook: impl Fn(&mut OutgoingRequest<'_>) + Send + Sync + 'static) {
        self.requests.push(Arc::new(hook));
    }

    /// Adds a function that is called with the outcome of each attempt. It is not called for an attempt that is
    /// cancelled.
    pub fn on_response(&mut self, hook: impl Fn(&IncomingResponse<'_>) + Send + Sync + 'static) {
        self.responses.push(Arc::new(hook));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.responses.is_empty()
    }

    pub(crate) fn request(&self, transport: &Transport, operation: &str, attempt: u32, request: &mut Request) {
        let mut outgoing = OutgoingRequest {
            transport,
            operation,
            attempt,
            request,
        };
        self.requests.iter().for_each(|hook| hook(&mut outgoing));
    }

    pub(crate) fn response(
        &self,
        transport: &Transport,
        operation: &str,
        number: u32,
        attempt: &Attempt,
        took: Duration,
        retry_in: Option<Duration>,
    ) {
        let incoming = IncomingResponse {
            transport,
            operation,
            attempt: number,
            response: attempt.response.as_ref(),
            failure: attempt.failure.as_ref().map(|failure| failure.kind),
            took,
            retry_in,
        };
        self.responses.iter().for_each(|hook| hook(&incoming));
    }
}

/// Shows the number of hooks.
impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("requests", &self.requests.len())
            .field("responses", &self.responses.len())
            .finish()
    }
}

/// Shows the names of the headers. Omits URL and body.
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

/// Omits headers and body.
impl fmt::Debug for IncomingResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingResponse")
            .field("operation", &self.operation)
            .field("attempt", &self.attempt)
            .field("status", &self.status())
            .field("failure", &self.failure())
            .field("took", &self.took)
            .field("retry_in", &self.retry_in)
            .finish_non_exhaustive()
    }
}
