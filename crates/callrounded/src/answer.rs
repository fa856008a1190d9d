//! What the service answered: the data, and all that came with it.

use std::{fmt, ops::Deref};

use bytes::Bytes;
use callrounded_api::{
    RawAnswer,
    types::{ApiError, Call, CallResponse},
};
use reqwest::{StatusCode, header::HeaderMap};

/// A successful answer. It dereferences to its data, such as the call, and gives the rest of what came by its methods.
#[derive(Clone)]
pub struct Answer<T> {
    data: T,
    message: Option<String>,
    error: Option<ApiError>,
    raw: RawAnswer,
}

impl<T> Answer<T> {
    pub(crate) fn new<E: Envelope<Data = T>>(envelope: E, raw: RawAnswer) -> Self {
        let (data, message, error) = envelope.open();
        Self {
            data,
            message,
            error,
            raw,
        }
    }

    /// The data, without what came around it.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.data
    }

    /// The envelope's message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The envelope's `error` object. The documented sample shows one beside a successful answer: where there is data,
    /// the request has succeeded.
    #[must_use]
    pub fn error(&self) -> Option<&ApiError> {
        self.error.as_ref()
    }

    /// The HTTP status. (A call has a `status` of its own.)
    #[must_use]
    pub fn http_status(&self) -> StatusCode {
        self.raw.status
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The identifier that the service gave the exchange, if it gave one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.raw.headers)
    }

    /// The body as it came, with every field that the types here don't know.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("http_status", &self.http_status())
            .field("message", &self.message)
            .field("error", &self.error)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

/// An answer of the API as it is generated: data in an envelope.
pub(crate) trait Envelope: serde::de::DeserializeOwned {
    type Data;

    fn open(self) -> (Self::Data, Option<String>, Option<ApiError>);
}

impl Envelope for CallResponse {
    type Data = Call;

    fn open(self) -> (Call, Option<String>, Option<ApiError>) {
        (self.data, self.message, self.error)
    }
}

/// No page names the header; these are the ones in common use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-correlation-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}
