//! What all calls of one client share, and what holds for one of them.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{Request, Url, header::HeaderMap};

use crate::{ApiKey, Clock, Failure, RawAnswer, SystemClock, budget::Budget};

/// Looks at each attempt, before it is sent and when it has ended. `operation` is the `operationId`; attempts are counted
/// from 1.
pub trait Observer: Send + Sync {
    /// The request is complete, and may get headers yet.
    fn sending(&self, operation: &str, attempt: u32, request: &mut Request);

    /// There is an answer, a failure, or both: an answer that did not come whole.
    fn ended(
        &self,
        operation: &str,
        attempt: u32,
        answer: Option<&RawAnswer>,
        failure: Option<&Failure>,
        took: Duration,
    );
}

/// What all calls of one client share: the key, headers, the clock, and the budget for sending again.
pub struct Transport {
    pub(crate) key: ApiKey,
    pub(crate) headers: HeaderMap,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) budget: Budget,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) sends_once: bool,
    pub(crate) connect_timeout: Duration,
    /// The base of the first address that was made, as text and parsed.
    base: OnceLock<(String, Url)>,
}

impl Transport {
    /// A transport that sends `key` in the header that the document names, and `headers`, with every request.
    #[must_use]
    pub fn new(key: ApiKey, headers: HeaderMap) -> Self {
        Self {
            key,
            headers,
            clock: Arc::new(SystemClock),
            budget: Budget::default(),
            observer: None,
            sends_once: false,
            connect_timeout: Duration::ZERO,
            base: OnceLock::new(),
        }
    }

    /// The address of a request; an error does not say the base, which may hold a password. All have the same base, unless one transport is given to clients of several.
    pub(crate) fn url(&self, base: &str, path: &str) -> Result<Url, String> {
        let mut url = match self.base.get() {
            Some((text, parsed)) if text == base => parsed.clone(),
            known => {
                let parsed = Url::parse(base).map_err(|error| format!("the base URL is not valid: {error}"))?;
                if known.is_none() {
                    let _first = self.base.set((base.to_owned(), parsed.clone()));
                }
                parsed
            }
        };
        // A base may have a path of its own.
        let below = match url.path() {
            "/" => None,
            before => Some(format!("{}{path}", before.strip_suffix('/').unwrap_or(before))),
        };
        url.set_path(below.as_deref().unwrap_or(path));
        Ok(url)
    }

    /// Says of the HTTP client that it follows no redirect and sends nothing twice by itself. Only then does a failure to
    /// connect show that nothing was sent; without this, an operation that is not idempotent is never sent again after one.
    #[must_use]
    pub fn sends_once(mut self, connect_timeout: Duration) -> Self {
        self.sends_once = true;
        self.connect_timeout = connect_timeout;
        self
    }

    /// Takes time, waiting and chance from elsewhere than the system.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Has each attempt looked at.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &ApiKey {
        &self.key
    }
}

/// Shows neither key nor headers.
impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// How long one call may take, how often it may be sent, and how much may come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the start to the last byte of the answer, over all attempts and the waits between them.
    pub timeout: Duration,
    /// From sending to the last byte of the answer, in one attempt.
    pub attempt_timeout: Duration,
    /// How often it may be sent after the first time.
    pub max_retries: u32,
    /// How many bytes the body of an answer may have when it is decompressed.
    pub max_body_size: usize,
    /// Whether an operation that is not idempotent may be sent again when the service refuses it with 429.
    pub retry_rate_limited: bool,
}

/// One minute, in attempts of at most half a minute, three in all; 64 MiB.
impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(30),
            max_retries: 2,
            max_body_size: 64 * 1024 * 1024,
            retry_rate_limited: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_base_and_path() {
        let transport = Transport::new(ApiKey::new("key".to_owned().into()).unwrap(), HeaderMap::new());
        for (base, url) in [
            ("https://a.example", "https://a.example/v1/calls/x%2Fy"),
            ("https://a.example/", "https://a.example/v1/calls/x%2Fy"),
            ("http://[::1]:80/below/it", "http://[::1]/below/it/v1/calls/x%2Fy"),
            ("https://a.example", "https://a.example/v1/calls/x%2Fy"),
        ] {
            for _ in 0..2 {
                assert_eq!(transport.url(base, "/v1/calls/x%2Fy").unwrap().as_str(), url);
            }
        }
        let error = transport.url("https://user:secret@host:99999", "/v1").unwrap_err();
        assert_eq!(error, "the base URL is not valid: invalid port number");
    }
}
