//! What happens below every generated operation: the request gets its key, the answer is read and kept.
//!
//! Progenitor calls the hooks here for each operation of the document, so an operation added there gets all of it with
//! no code. It decodes the body itself and then lets go of it; the copy kept here (the bytes are shared, not copied) is
//! what lets a caller see status, headers and body of an answer that did not decode.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use crate::{API_KEY_HEADER, Client};

/// The state of one call of an operation. Clones share the answer.
///
/// Make one for each call: the answer of the last one is kept.
#[derive(Clone)]
pub struct Exchange {
    key: HeaderValue,
    timeout: Option<Duration>,
    answer: Arc<Mutex<Option<RawAnswer>>>,
}

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

impl Exchange {
    /// An exchange that sends `key` in the header that the document names. The key is marked as sensitive, which keeps
    /// it out of the `Debug` output of requests.
    #[must_use]
    pub fn new(mut key: HeaderValue) -> Self {
        key.set_sensitive(true);
        Self {
            key,
            timeout: None,
            answer: Arc::default(),
        }
    }

    /// How long the exchange may take from sending to the last byte of the answer; `None` leaves that to the HTTP client.
    #[must_use]
    pub fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// Takes the answer, if one has come.
    #[must_use]
    pub fn take_answer(&self) -> Option<RawAnswer> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn begin(&self, status: StatusCode, headers: HeaderMap) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(RawAnswer {
            status,
            headers,
            body: Bytes::new(),
        });
    }

    fn came(&self, body: Bytes) {
        if let Some(answer) = self.answer.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            answer.body = body;
        }
    }
}

impl ClientHooks<Exchange> for Client {
    async fn exec(&self, mut request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let exchange = self.inner();
        if let Some(header) = API_KEY_HEADER {
            request
                .headers_mut()
                .insert(HeaderName::from_static(header), exchange.key.clone());
        }
        if let Some(timeout) = exchange.timeout {
            *request.timeout_mut() = Some(timeout);
        }
        let mut response = self.client().execute(request).await?;
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        // Kept before the body is read, so that a connection lost in the body does not cost the status.
        exchange.begin(answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    exchange.came(body.into());
                    return Err(error);
                }
            }
        }
        let body = Bytes::from(body);
        exchange.came(body.clone());
        *answer.body_mut() = body;
        Ok(answer.into())
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
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
