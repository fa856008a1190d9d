//! Why an attempt failed.

use std::{error::Error as StdError, fmt, io};

use crate::connect::ConnectFailure;

/// The reason why an attempt has no response, or only a part of it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub kind: FailureKind,
    /// The error of a lower layer, without the URL. `None` for an exceeded time or size limit.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
    /// Whether the time limit of the attempt or of connecting was reached.
    pub timed_out: bool,
}

/// The reason why an attempt has no complete response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The request cannot be built. Nothing was sent.
    Request,
    /// No connection could be made. Nothing was sent.
    Connect,
    /// The time limit was reached.
    Timeout,
    /// The connection was lost.
    Connection,
    /// The response is not valid HTTP: for example, it has a malformed header, too many headers or two lengths, or is
    /// of another protocol.
    InvalidResponse,
    /// The body is larger than the limit.
    BodyTooLarge,
    /// The body cannot be decompressed, or has a content coding that is not supported.
    Decompression,
}

impl Failure {
    pub fn limit(kind: FailureKind) -> Self {
        Self {
            kind,
            source: None,
            timed_out: kind == FailureKind::Timeout,
        }
    }

    pub fn caused_by(kind: FailureKind, source: impl StdError + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Box::new(source)),
            ..Self::limit(kind)
        }
    }

    pub fn before_response(error: reqwest::Error) -> Self {
        // A caller's own HTTP client may have a time limit too.
        let timed_out = error.is_timeout();
        let failure = if error.is_builder() {
            Self::of(FailureKind::Request, error)
        } else if error.is_connect() {
            Self::caused_by(FailureKind::Connect, ConnectFailure::new(error))
        } else if timed_out {
            Self::of(FailureKind::Timeout, error)
        } else if is_invalid_http(&error) {
            Self::of(FailureKind::InvalidResponse, error)
        } else {
            Self::of(FailureKind::Connection, error)
        };
        Self { timed_out, ..failure }
    }

    pub fn in_body(error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            FailureKind::Timeout
        } else if error.source().is_some_and(|source| source.is::<io::Error>()) {
            // A caller's own HTTP client failed to decompress. (A connection error would be wrapped in one of hyper's.
            // `is_decode` is true for both.)
            FailureKind::Decompression
        } else if is_invalid_http(&error) {
            FailureKind::InvalidResponse
        } else {
            FailureKind::Connection
        };
        Self::of(kind, error)
    }

    /// Creates a failure from an error without its URL, which may contain personal data.
    fn of(kind: FailureKind, error: reqwest::Error) -> Self {
        Self::caused_by(kind, error.without_url())
    }
}

/// Returns whether hyper rejected the head of a response or the framing of its chunks.
fn is_invalid_http(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        let in_head = error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse);
        // rustls reports broken records as `InvalidData` too, so the text distinguishes them.
        let in_chunk = error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| match error.kind() {
                io::ErrorKind::InvalidInput => true,
                io::ErrorKind::InvalidData => error.to_string().contains("chunk"),
                _ => false,
            });
        if in_head || in_chunk {
            return true;
        }
        next = error.source();
    }
    false
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "the request cannot be built",
            Self::Connect => "the service cannot be reached",
            Self::Timeout => "the service did not respond in time",
            Self::Connection => "the connection was lost before the response was complete",
            Self::InvalidResponse => "the response is not valid HTTP",
            Self::BodyTooLarge => "the response body is larger than the limit",
            Self::Decompression => "the response body cannot be decompressed",
        })
    }
}
