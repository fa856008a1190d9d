//! The settings of a single request.

use std::{fmt, time::Duration};

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::Transport;

/// The settings of a single request, which override those of the client.
#[derive(Clone, Default)]
pub struct RequestOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) retry_rate_limited: bool,
    pub(crate) prefetch: bool,
    pub(crate) headers: HeaderMap,
    /// The first invalid input. If it is set, nothing is sent.
    pub(crate) problem: Option<String>,
}

impl RequestOptions {
    /// Limits the time of the request, over all attempts and the waits between them. The default is that of the client
    /// ([`Limits::timeout`](crate::Limits::timeout)). Zero is invalid.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = self.checked("timeout", nonzero(timeout));
    }

    /// Limits the time of each attempt. The default is that of the client
    /// ([`Limits::attempt_timeout`](crate::Limits::attempt_timeout)). Zero is invalid.
    pub fn set_attempt_timeout(&mut self, timeout: Duration) {
        self.attempt_timeout = self.checked("attempt_timeout", nonzero(timeout));
    }

    /// Limits the number of retries. The default is that of the client
    /// ([`Limits::max_retries`](crate::Limits::max_retries)).
    pub fn set_max_retries(&mut self, retries: u32) {
        self.max_retries = Some(retries);
    }

    /// Sets whether an operation that is not idempotent is retried after a 429 response. `false` by default.
    pub fn set_retry_rate_limited(&mut self, retry: bool) {
        self.retry_rate_limited = retry;
    }

    /// Sets whether the next page is fetched while the items of the current one are processed. `false` by default.
    pub fn set_prefetch(&mut self, prefetch: bool) {
        self.prefetch = prefetch;
    }

    /// Adds a header. It replaces a header of the client with the same name. If it is invalid, set by the client, or
    /// carries the API key, the request fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput).
    pub fn set_header(&mut self, transport: &Transport, name: &str, value: &str) {
        match transport.checked_header(name, value) {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(problem) => self.invalid(problem),
        }
    }

    /// Checks the number of a page, which must be at least 1.
    #[doc(hidden)]
    pub fn check_page(&mut self, number: u32) {
        if number == 0 {
            self.invalid("page: must be at least 1".to_owned());
        }
    }

    /// Returns a value if it is valid. Otherwise the problem is recorded, and the request fails with
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) instead of being sent. The first problem is
    /// reported.
    pub fn checked<T>(&mut self, name: &str, value: Result<T, impl fmt::Display>) -> Option<T> {
        value.map_err(|problem| self.invalid(format!("{name}: {problem}"))).ok()
    }

    fn invalid(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }
}

/// Shows the names of the headers. Their values are omitted, since they may be secrets.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("max_retries", &self.max_retries)
            .field("retry_rate_limited", &self.retry_rate_limited)
            .field("prefetch", &self.prefetch)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Checks that a time limit is greater than zero.
///
/// # Errors
/// The problem as a message without the name of the setting.
#[doc(hidden)]
pub fn nonzero(duration: Duration) -> Result<Duration, &'static str> {
    if duration.is_zero() {
        Err("must be greater than zero")
    } else {
        Ok(duration)
    }
}

/// Checks a header that a user of the client adds.
///
/// # Errors
/// If the header is invalid, set by the client, or carries the API key. The message does not contain the value.
#[doc(hidden)]
pub fn checked_header(name: &str, value: &str, key_header: Option<&str>) -> Result<(HeaderName, HeaderValue), String> {
    /// Headers that cannot be replaced. A different value would change the request or make the response unreadable.
    const SET_BY_CLIENT: [HeaderName; 10] = [
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::CONNECTION,
        header::CONTENT_ENCODING,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::HOST,
        header::TE,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ];
    let name =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("header: {name:?} is not a valid header name"))?;
    if Some(name.as_str()) == key_header {
        return Err(format!(
            "header: {name} carries the API key; set the API key of the client instead"
        ));
    }
    if SET_BY_CLIENT.contains(&name) {
        return Err(format!("header: {name} is set by the client"));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| format!("header: the value of {name} contains a character not allowed in an HTTP header"))?;
    value.set_sensitive(true);
    Ok((name, value))
}

impl Transport {
    pub(crate) fn checked_header(&self, name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
        checked_header(name, value, self.key_header.as_ref().map(HeaderName::as_str))
    }
}
