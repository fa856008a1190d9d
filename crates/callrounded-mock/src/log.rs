//! What the server has seen, for assertions.

use std::fmt;

use axum::{
    body::Bytes,
    http::{HeaderMap, Method},
};
use serde_json::Value;

/// One request as it came.
#[derive(Clone)]
pub struct SeenRequest {
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
}

impl SeenRequest {
    /// The body as JSON; `None` where it is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Shows neither headers nor body.
impl fmt::Debug for SeenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeenRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
