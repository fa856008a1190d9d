//! The settings of a single request.

use std::{fmt, time::Duration};

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::Transport;

/// The settings of a single request, where they differ from those of the client.
#[derive(Clone, Default)]
pub struct RequestOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) retry_rate_limited: bool,
    pub(crate) prefetch: bool,
    pub(crate) headers: HeaderMap,
    /// The first invalid input. Nothing is sent then.
    pub(crate) problem: Option<String>,
}

impl RequestOptions {
    /// Limits the time of the request, over all attempts and the waits between them.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = self.checked("timeout", nonzero(timeout));
    }

    /// Limits the time of each attempt.
    pub fn set_attempt_timeout(&mut self, timeout: Duration) {
        self.attempt_timeout = self.checked("attempt_timeout", nonzero(timeout));
    }

    /// Limits the number of retries.
    pub fn set_max_retries(&mut self, retries: u32) {
        self.max_retries = Some(retries);
    }

    /// Sets whether an operation that is not idempotent is retried after a 429 response.
    pub fn set_retry_rate_limited(&mut self, retry: bool) {
        self.retry_rate_limited = retry;
    }

    /// Sets whether the next page is fetched while the current one is read.
    pub fn set_prefetch(&mut self, prefetch: bool) {
        self.prefetch = prefetch;
    }

    /// Adds a header, which replaces one that the client has by the same name.
    pub fn set_header(&mut self, transport: &Transport, name: &str, value: &str) {
        match transport.checked_header(name, value) {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(problem) => self.invalid(problem),
        }
    }

    /// Checks the number of a page.
    #[doc(hidden)]
    pub fn check_page(&mut self, number: u32) {
        if number == 0 {
            self.invalid("page: must be at least 1".to_owned());
        }
    }

    /// Takes a value that was checked. If it is invalid, the request fails with
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) instead of being sent.
    pub fn checked<T>(&mut self, name: &str, value: Result<T, impl fmt::Display>) -> Option<T> {
        value.map_err(|problem| self.invalid(format!("{name}: {problem}"))).ok()
    }

    fn invalid(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }
}

/// Shows the names of the headers; their values may be secrets.
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
/// The problem, without the name of the setting.
#[doc(hidden)]
pub fn nonzero(duration: Duration) -> Result<Duration, &'static str> {
    if duration.is_zero() {
        Err("must be greater than zero")
    } else {
        Ok(duration)
    }
}

/// Checks a header that a user of the client adds. The problem does not show the value.
///
/// # Errors
/// The problem: the header is invalid, set by the client, or carries the API key.
#[doc(hidden)]
pub fn checked_header(name: &str, value: &str, key_header: Option<&str>) -> Result<(HeaderName, HeaderValue), String> {
    /// Without these the request would be another one, or its response could not be read.
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
            "header: {name} carries the API key, which is a setting of the client"
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
