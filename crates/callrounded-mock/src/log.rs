//! The requests that the server received, for assertions.

use std::{collections::VecDeque, fmt};

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The limit of all bodies together, if the number of requests is limited: 64 MiB.
const MAX_BODIES: usize = 64 * 1024 * 1024;

/// The last requests that the server received.
pub(crate) struct Log {
    /// How many are kept; `None` keeps all.
    limit: Option<usize>,
    requests: VecDeque<SeenRequest>,
    /// The size of their bodies.
    size: usize,
    /// The number of all requests so far.
    seen: u64,
}

impl Log {
    pub fn new(limit: Option<usize>) -> Self {
        Self {
            limit,
            requests: VecDeque::new(),
            size: 0,
            seen: 0,
        }
    }

    /// Adds a request, and returns its number.
    pub fn push(&mut self, mut request: SeenRequest) -> u64 {
        self.seen += 1;
        request.number = self.seen;
        self.size += request.body.len();
        self.requests.push_back(request);
        while self
            .limit
            .is_some_and(|limit| self.requests.len() > limit || self.size > MAX_BODIES)
            && let Some(oldest) = self.requests.pop_front()
        {
            self.size -= oldest.body.len();
        }
        self.seen
    }

    /// Returns the number of all requests so far.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    pub fn iter(&self) -> impl Iterator<Item = &SeenRequest> {
        self.requests.iter()
    }

    /// Removes the requests. The next one has the next number.
    pub fn clear(&mut self) {
        self.requests.clear();
        self.size = 0;
    }
}

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
