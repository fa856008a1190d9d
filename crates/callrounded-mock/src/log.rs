//! What the server has seen, for assertions.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// One request as it came.
#[derive(Clone)]
#[non_exhaustive]
pub struct SeenRequest {
    /// Its number, counted from 1.
    pub number: u64,
    /// The method.
    pub method: Method,
    /// Path and query, still percent-encoded.
    pub path: String,
    /// The headers, the key among them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The `operationId` of the operation that it was for, if it was for one.
    pub operation: Option<String>,
    /// The parameters of its path and query, decoded, with the documented defaults. Empty where it was refused before they
    /// were looked at.
    pub parameters: Map<String, Value>,
    /// The status that it got; `None` where its connection was reset.
    pub status: Option<u16>,
    /// What does not fit the document; empty if it is valid.
    pub problems: Vec<String>,
}

impl SeenRequest {
    /// The body as JSON; `None` where it is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as a type of the API, such as `UpdateCallRequest`.
    ///
    /// # Errors
    /// Where the body is not JSON, or not of that type.
    pub fn body_as<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }
}

/// Shows no header, no parameter and no body.
impl fmt::Debug for SeenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeenRequest")
            .field("method", &self.method)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
