//! One attempt: sends a request and reads its response, within limits on time and size.

use std::{
    fmt,
    future::poll_fn,
    pin::pin,
    task::Poll,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    Clock,
    body::Body,
    failure::{Failure, FailureKind},
    retry_after,
};

/// A response as received, before decoding.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers as received.
    pub headers: HeaderMap,
    /// The decompressed body, as far as it was received.
    pub body: Bytes,
}

/// The outcome of an attempt. If it failed, `response` is the part of the response that was received, if any.
pub(crate) struct Attempt {
    pub response: Option<RawResponse>,
    pub failure: Option<Failure>,
}

/// Whether the service performed the operation, as far as one attempt shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The service did not receive the request.
    Unsent,
    /// The service reports that it did not perform the operation.
    Rejected,
    /// The service reports that it performed the operation.
    Performed,
    /// Either is possible.
    Unknown,
}

impl Attempt {
    /// Awaits the response that `sent` completes with and reads its body, within `time_limit` and up to `size_limit`
    /// bytes.
    pub async fn make(
        sent: impl Future<Output = reqwest::Result<reqwest::Response>>,
        clock: &dyn Clock,
        time_limit: Duration,
        size_limit: usize,
    ) -> Self {
        let mut received = Received::default();
        let outcome = {
            let mut exchange = pin!(received.read_all(sent, size_limit));
            let mut timeout = clock.expire(time_limit);
            poll_fn(|context| match exchange.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(outcome),
                Poll::Pending => timeout
                    .as_mut()
                    .poll(context)
                    .map(|()| Err(Failure::limit(FailureKind::Timeout))),
            })
            .await
        };
        let Received { head, body } = received;
        Self {
            response: head.map(|(status, headers)| RawResponse {
                status,
                headers,
                body: body.into_bytes(),
            }),
            failure: outcome.err(),
        }
    }

    pub fn status(&self) -> Option<StatusCode> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Returns the status if it is not a success. It is conclusive even if the body is incomplete.
    pub fn error_status(&self) -> Option<StatusCode> {
        self.status().filter(|status| !status.is_success())
    }

    /// Returns whether the service performed the operation. `sends_once`: the HTTP client neither follows redirects nor
    /// retries, so a connect error proves that nothing was sent.
    pub fn effect(&self, sends_once: bool) -> Effect {
        if let Some(status) = self.error_status() {
            return match status.as_u16() {
                // Proxies also send 408, after they have forwarded the request.
                408 => Effect::Unknown,
                // These redirects ask to repeat the request elsewhere. Others may follow a request that was performed.
                307 | 308 | 400..=499 => Effect::Rejected,
                _ => Effect::Unknown,
            };
        }
        match self.failure.as_ref().map(|failure| failure.kind) {
            Some(FailureKind::Request | FailureKind::Connect) if sends_once => Effect::Unsent,
            Some(
                FailureKind::Request
                | FailureKind::Connect
                | FailureKind::Timeout
                | FailureKind::Connection
                | FailureKind::InvalidResponse,
            ) => Effect::Unknown,
            // The status is a success, and the service sent the body.
            None | Some(FailureKind::BodyTooLarge | FailureKind::Decompression) => Effect::Performed,
        }
    }

    pub fn succeeded(&self) -> bool {
        self.failure.is_none() && self.error_status().is_none()
    }

    /// Returns whether every further attempt would fail in the same way.
    pub fn failed_permanently(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|failure| failure.kind == FailureKind::Request)
    }

    pub fn failed_to_connect(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|failure| failure.kind == FailureKind::Connect)
    }

    pub fn timed_out(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|failure| failure.timed_out)
    }

    pub fn retry_after(&self, now: impl FnOnce() -> SystemTime) -> Option<Duration> {
        self.error_status()?;
        retry_after(&self.response.as_ref()?.headers, now())
    }

    /// Returns `error.type` of OpenTelemetry's conventions: the status, or the kind of failure.
    #[cfg(feature = "tracing")]
    pub fn error_type(&self) -> Option<&str> {
        if let Some(status) = self.response.as_ref().map(|response| &response.status)
            && (status.is_client_error() || status.is_server_error())
        {
            return Some(status.as_str());
        }
        Some(match self.failure.as_ref()?.kind {
            FailureKind::Request => "request",
            FailureKind::Connect => "connect",
            FailureKind::Timeout => "timeout",
            FailureKind::Connection => "connection",
            FailureKind::InvalidResponse => "invalid_response",
            FailureKind::BodyTooLarge => "body_too_large",
            FailureKind::Decompression => "decompression",
        })
    }
}

/// The part of the response that was received so far. It remains available if the attempt ends early.
#[derive(Default)]
struct Received {
    head: Option<(StatusCode, HeaderMap)>,
    body: Body,
}

impl Received {
    async fn read_all(
        &mut self,
        sent: impl Future<Output = reqwest::Result<reqwest::Response>>,
        size_limit: usize,
    ) -> Result<(), Failure> {
        let mut response = sent.await.map_err(Failure::before_response)?;
        self.body = Body::of(response.headers(), size_limit);
        self.head = Some((response.status(), std::mem::take(response.headers_mut())));
        while let Some(chunk) = response.chunk().await.map_err(Failure::in_body)? {
            self.body.add(chunk)?;
        }
        self.body.end()
    }
}

/// Omits headers and body, which may contain personal data.
impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
