//! The transport, which all requests of a client share.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Url,
    header::{HeaderMap, HeaderName},
};

use crate::{ApiKey, Clock, Hooks, SystemClock, retry_budget::RetryBudget};

/// The settings and state that all requests of a client share: HTTP client, base URL, API key, headers, limits, hooks,
/// clock and retry budget.
pub struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Url,
    pub(crate) key: ApiKey,
    pub(crate) key_header: Option<HeaderName>,
    pub(crate) headers: HeaderMap,
    pub(crate) limits: Limits,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) budget: RetryBudget,
    pub(crate) hooks: Hooks,
    pub(crate) sends_once: bool,
    pub(crate) connect_timeout: Duration,
}

impl Transport {
    /// Creates a transport that sends requests to `base_url` with `http`. The API key is sent in the header
    /// `key_header`; it is not sent if that is `None`. Limits, hooks and clock are the defaults.
    ///
    /// # Panics
    /// If `key_header` is not a valid header name in lower case.
    #[must_use]
    pub fn new(http: reqwest::Client, base_url: Url, key: ApiKey, key_header: Option<&'static str>) -> Self {
        Self {
            http,
            base_url,
            key,
            key_header: key_header.map(HeaderName::from_static),
            headers: HeaderMap::new(),
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            budget: RetryBudget::default(),
            hooks: Hooks::default(),
            sends_once: false,
            connect_timeout: Duration::ZERO,
        }
    }

    /// Sets headers that are sent with every request.
    #[must_use]
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Sets the default limits of each request.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Declares that the HTTP client follows no redirects and does not retry by itself. Only then does a connect error
    /// prove that nothing was sent. Without it, an operation that is not idempotent is not retried after a connect
    /// error.
    ///
    /// `connect_timeout` is that of the HTTP client. An operation that is not idempotent is retried only if that much
    /// time remains.
    #[must_use]
    pub fn sends_once(mut self, connect_timeout: Duration) -> Self {
        self.sends_once = true;
        self.connect_timeout = connect_timeout;
        self
    }

    /// Replaces time, waiting and randomness.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the hooks that see each attempt.
    #[must_use]
    pub fn hooks(mut self, hooks: Hooks) -> Self {
        self.hooks = hooks;
        self
    }

    /// Returns the HTTP client.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Returns the URL of a path below the base URL. The path of the base URL is kept as a prefix.
    #[must_use]
    pub fn url(&self, path: &str) -> Url {
        let mut url = self.base_url.clone();
        let below = match url.path() {
            "/" => None,
            before => Some(format!("{}{path}", before.strip_suffix('/').unwrap_or(before))),
        };
        url.set_path(below.as_deref().unwrap_or(path));
        url
    }
}

/// Omits API key and headers.
impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.base_url.as_str())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The limits of a request on time, retries and response size.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The time from the start to the last byte of the response, over all attempts and the waits between them. 60
    /// seconds by default.
    pub timeout: Duration,
    /// The time of one attempt, from connecting to the last byte of the response. 30 seconds by default.
    pub attempt_timeout: Duration,
    /// The maximum number of retries. 2 by default.
    pub max_retries: u32,
    /// The size limit of a response body in bytes, after decompression. 64 MiB by default.
    pub max_body_size: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(30),
            max_retries: 2,
            max_body_size: 64 * 1024 * 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn url_is_path_below_base_url() {
        for (base, url) in [
            ("https://a.example", "https://a.example/v1/things/x%2Fy"),
            ("https://a.example/", "https://a.example/v1/things/x%2Fy"),
            ("http://[::1]:80/below/it", "http://[::1]/below/it/v1/things/x%2Fy"),
            ("http://[::1]:80/below/it/", "http://[::1]/below/it/v1/things/x%2Fy"),
        ] {
            let key = ApiKey::new("key".to_owned().into()).unwrap();
            let transport = Transport::new(reqwest::Client::new(), Url::parse(base).unwrap(), key, None);
            assert_eq!(transport.url("/v1/things/x%2Fy").as_str(), url);
        }
    }
}
