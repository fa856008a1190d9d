//! One attempt: a request is sent and its answer read, within bounds of time and size.

use std::{
    error::Error as _,
    fmt,
    future::poll_fn,
    io,
    pin::pin,
    task::Poll,
    time::{Duration, SystemTime},
};

use bytes::{Bytes, BytesMut};
use reqwest::{Response, StatusCode, header::HeaderMap};

use crate::{Clock, retry_after};

/// What the service answered, before anything was made of it.
#[derive(Clone)]
pub struct RawAnswer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers as they came.
    pub headers: HeaderMap,
    /// The body, as far as it came.
    pub body: Bytes,
}

/// Why an answer did not come, or not all of it.
#[derive(Debug)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The error of the HTTP stack, without the address. A limit of time or size has none.
    pub source: Option<reqwest::Error>,
}

/// What kind of failure kept an answer from coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The request can't be built. Nothing was sent.
    Request,
    /// No connection could be made. Nothing was sent.
    Connect,
    /// The time ran out.
    Timeout,
    /// The connection was lost, or what came is no HTTP.
    Connection,
    /// The body is larger than allowed.
    BodyTooLarge,
    /// The body does not decompress.
    Decompression,
}

/// What came of an attempt. There may be an answer beside a failure: as much of it as had come.
pub(crate) struct Attempt {
    pub answer: Option<RawAnswer>,
    pub failure: Option<Failure>,
}

/// What the service did, as far as an attempt shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The service saw nothing of it.
    Unsent,
    /// The service says that it did not do it.
    Refused,
    /// The service says that it did it.
    Done,
    /// Either is possible.
    Unknown,
}

impl Attempt {
    /// Reads the answer to what is `sent`: `limit` is for all of it, `cap` for the body.
    pub async fn make(
        sent: impl Future<Output = reqwest::Result<Response>>,
        clock: &dyn Clock,
        limit: Duration,
        cap: usize,
    ) -> Self {
        let mut received = Received::default();
        let outcome = {
            let mut exchange = pin!(received.all_of(sent, cap));
            let mut limit = clock.expire(limit);
            poll_fn(|context| match exchange.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(outcome),
                Poll::Pending => limit
                    .as_mut()
                    .poll(context)
                    .map(|()| Err(Failure::limit(FailureKind::Timeout))),
            })
            .await
        };
        let Received { head, body } = received;
        Self {
            answer: head.map(|(status, headers)| RawAnswer {
                status,
                headers,
                body: body.whole(),
            }),
            failure: outcome.err(),
        }
    }

    pub fn status(&self) -> Option<StatusCode> {
        self.answer.as_ref().map(|answer| answer.status)
    }

    /// The status of an answer that is no success. It says enough, whatever became of its body.
    pub fn refusal(&self) -> Option<StatusCode> {
        self.status().filter(|status| !status.is_success())
    }

    /// `sends_once` is what is known of the HTTP client: whether a failure to connect can't be one of a second request.
    pub fn effect(&self, sends_once: bool) -> Effect {
        if let Some(status) = self.refusal() {
            return match status.as_u16() {
                // Servers in between say 408 too, of what they have passed on.
                408 => Effect::Unknown,
                // "The same request, elsewhere": other redirects may follow upon what was done.
                307 | 308 | 400..=499 => Effect::Refused,
                _ => Effect::Unknown,
            };
        }
        match self.failure.as_ref().map(|failure| failure.kind) {
            Some(FailureKind::Request | FailureKind::Connect) if sends_once => Effect::Unsent,
            Some(FailureKind::Request | FailureKind::Connect | FailureKind::Timeout | FailureKind::Connection) => {
                Effect::Unknown
            }
            // It has all come, and says success.
            None | Some(FailureKind::BodyTooLarge | FailureKind::Decompression) => Effect::Done,
        }
    }

    pub fn succeeded(&self) -> bool {
        self.failure.is_none() && self.refusal().is_none()
    }

    /// Whether it would end the same way however often it is made.
    pub fn is_impossible(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|failure| failure.kind == FailureKind::Request)
    }

    pub fn failed_to_connect(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|failure| failure.kind == FailureKind::Connect)
    }

    pub fn timed_out(&self) -> bool {
        let limit = self.failure.as_ref();
        limit.is_some_and(|failure| failure.kind == FailureKind::Timeout || failure.is_connect_timeout())
    }

    pub fn retry_after(&self, now: impl FnOnce() -> SystemTime) -> Option<Duration> {
        self.refusal()?;
        retry_after(&self.answer.as_ref()?.headers, now())
    }

    /// `error.type`, by the conventions of OpenTelemetry: the status, or what kept it from coming.
    #[cfg(feature = "tracing")]
    pub fn error_type(&self) -> Option<&str> {
        if let Some(status) = self.answer.as_ref().map(|answer| &answer.status)
            && (status.is_client_error() || status.is_server_error())
        {
            return Some(status.as_str());
        }
        Some(match self.failure.as_ref()?.kind {
            FailureKind::Request => "request",
            FailureKind::Connect => "connect",
            FailureKind::Timeout => "timeout",
            FailureKind::Connection => "connection",
            FailureKind::BodyTooLarge => "body_too_large",
            FailureKind::Decompression => "decompression",
        })
    }
}

/// What has come so far; an attempt that ends in the middle leaves it.
#[derive(Default)]
struct Received {
    head: Option<(StatusCode, HeaderMap)>,
    body: Body,
}

/// The pieces of a body. Most bodies come in one, which is kept as it is.
#[derive(Default)]
struct Body {
    first: Bytes,
    all: BytesMut,
}

impl Body {
    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn add(&mut self, piece: Bytes) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&piece);
    }

    fn whole(self) -> Bytes {
        if self.all.is_empty() {
            self.first
        } else {
            self.all.freeze()
        }
    }
}

impl Received {
    async fn all_of(
        &mut self,
        sent: impl Future<Output = reqwest::Result<Response>>,
        cap: usize,
    ) -> Result<(), Failure> {
        let mut response = sent.await.map_err(Failure::before_the_answer)?;
        self.head = Some((response.status(), std::mem::take(response.headers_mut())));
        // Decompressed already, a piece at a time.
        while let Some(mut piece) = response.chunk().await.map_err(Failure::in_the_answer)? {
            let room = cap.saturating_sub(self.body.len());
            let is_too_large = piece.len() > room;
            piece.truncate(room);
            self.body.add(piece);
            if is_too_large {
                return Err(Failure::limit(FailureKind::BodyTooLarge));
            }
        }
        Ok(())
    }
}

impl Failure {
    fn limit(kind: FailureKind) -> Self {
        Self { kind, source: None }
    }

    fn before_the_answer(error: reqwest::Error) -> Self {
        let kind = if error.is_builder() {
            FailureKind::Request
        } else if error.is_connect() {
            FailureKind::Connect
        } else if error.is_timeout() {
            // A limit that an own HTTP client has.
            FailureKind::Timeout
        } else {
            FailureKind::Connection
        };
        Self::of(kind, error)
    }

    fn in_the_answer(error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            FailureKind::Timeout
        } else if error.source().is_some_and(|source| source.is::<io::Error>()) {
            // Of the decompression; what goes wrong on the connection has an error of hyper's around it. (reqwest calls
            // both `is_decode`.)
            FailureKind::Decompression
        } else {
            FailureKind::Connection
        };
        Self::of(kind, error)
    }

    /// The address may hold what a log should not.
    fn of(kind: FailureKind, error: reqwest::Error) -> Self {
        Self {
            kind,
            source: Some(error.without_url()),
        }
    }

    fn is_connect_timeout(&self) -> bool {
        self.kind == FailureKind::Connect && self.source.as_ref().is_some_and(reqwest::Error::is_timeout)
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "the request can't be built",
            Self::Connect => "the service can't be reached",
            Self::Timeout => "the service did not answer in time",
            Self::Connection => "the connection was lost before the whole answer came",
            Self::BodyTooLarge => "the answer is larger than allowed",
            Self::Decompression => "the answer does not decompress",
        })
    }
}

/// Shows neither headers nor body: both may hold personal data.
impl fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawAnswer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
