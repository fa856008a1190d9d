//! A successful response.

use std::{fmt, ops::Deref, sync::Arc};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::{Error, RawResponse, decode, lenient::Decoded};

/// A successful response. It dereferences to its data. Its methods return status, headers, body and more.
#[derive(Clone)]
pub struct Response<T> {
    data: T,
    message: Option<String>,
    skipped: Vec<String>,
    raw: Arc<RawResponse>,
    attempts: u32,
    as_debug: fn(&T) -> Option<&dyn fmt::Debug>,
}

impl<T> Response<T> {
    pub(crate) fn new(
        data: T,
        message: Option<String>,
        skipped: Vec<String>,
        raw: Arc<RawResponse>,
        attempts: u32,
        as_debug: fn(&T) -> Option<&dyn fmt::Debug>,
    ) -> Self {
        Self {
            data,
            message,
            skipped,
            raw,
            attempts,
            as_debug,
        }
    }

    pub(crate) fn raw(&self) -> &Arc<RawResponse> {
        &self.raw
    }

    pub(crate) fn data_mut(&mut self) -> &mut T {
        &mut self.data
    }

    /// Returns the data.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.data
    }

    /// Returns the message of the response's envelope, if it has one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the HTTP status. (The data may also have a `status`.)
    #[must_use]
    pub fn http_status(&self) -> StatusCode {
        self.raw.status
    }

    /// Returns the HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// Returns the identifier that the service assigned to the request, if it sent one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.raw.headers)
    }

    /// Returns the number of attempts, at least 1.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the paths of fields that were skipped because they do not have their documented type, such as
    /// `data.items[0].role`. A skipped field is treated as absent, and a skipped element is missing from its list.
    /// [`body`](Self::body) has the original values.
    #[must_use]
    pub fn skipped_fields(&self) -> &[String] {
        &self.skipped
    }

    /// Returns the whole decompressed body, including fields that the types do not have.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }

    /// Decodes the whole body as `B`, leniently. For example, `B` can be the envelope around the data.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the body is not a `B`.
    pub fn body_as<B: DeserializeOwned>(&self) -> Result<B, Error> {
        body_as(&self.raw)
    }
}

pub(crate) fn body_as<B: DeserializeOwned>(response: &Arc<RawResponse>) -> Result<B, Error> {
    match decode::json(&response.body, "") {
        Ok(Decoded { value, .. }) => Ok(value),
        Err(reason) => Err(Error::undecodable_body(Arc::clone(response), reason)),
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

/// Shows the data if its `Debug` omits personal data. Message and body are omitted, since they may repeat what was
/// sent.
impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Response");
        debug.field("http_status", &self.http_status());
        match (self.as_debug)(&self.data) {
            Some(data) => debug.field("data", data),
            None => debug.field("data", &format_args!("<redacted>")),
        };
        debug.finish_non_exhaustive()
    }
}

/// Returns the request id from one of the headers in common use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-correlation-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}
