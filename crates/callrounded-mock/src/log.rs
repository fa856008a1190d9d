//! The requests that the server received, for assertions.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A request that the server received.
#[derive(Clone)]
#[non_exhaustive]
pub struct SeenRequest {
    /// The number of the request, counted from 1.
    pub number: u64,
    /// The method.
    pub method: Method,
    /// The path and query, percent-encoded.
    pub path: String,
    /// The headers, including the API key.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The `operationId` of the operation that the request addressed; `None` if the document has no such operation.
    pub operation: Option<String>,
    /// The decoded parameters in path and query, with the documented defaults. Empty if the request was rejected before
    /// they were decoded.
    pub parameters: Map<String, Value>,
    /// The status of the response; `None` if the connection was reset.
    pub status: Option<u16>,
    /// The violations of the document; empty if the request is valid.
    pub problems: Vec<String>,
}

impl SeenRequest {
    /// Returns the body as JSON; `None` if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Decodes the body into a type of the API, such as `UpdateCallRequest`.
    ///
    /// # Errors
    /// If the body is not JSON, or not of this type.
    pub fn body_as<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }
}

/// Omits headers, parameters and body, which may hold the API key or personal data.
impl fmt::Debug for SeenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeenRequest")
            .field("method", &self.method)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
