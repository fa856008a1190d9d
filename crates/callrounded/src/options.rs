//! What is set for one call alone.

use std::{fmt, time::Duration};

use callrounded_api::{API_KEY_HEADER, Limits};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

/// What differs from the settings of the client.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub timeout: Option<Duration>,
    pub attempt_timeout: Option<Duration>,
    pub max_retries: Option<u32>,
    pub retry_rate_limited: bool,
    pub headers: HeaderMap,
    /// The first thing that is wrong with what was given.
    pub problem: Option<String>,
}

impl Options {
    pub fn over(&self, client: &Limits) -> Limits {
        Limits {
            timeout: self.timeout.unwrap_or(client.timeout),
            attempt_timeout: self.attempt_timeout.unwrap_or(client.attempt_timeout),
            max_retries: self.max_retries.unwrap_or(client.max_retries),
            max_body_size: client.max_body_size,
            retry_rate_limited: self.retry_rate_limited,
        }
    }

    /// A duration, if anything can be done in it.
    pub fn duration(&mut self, setting: &str, duration: Duration) -> Option<Duration> {
        let checked = nonzero(duration);
        checked
            .map_err(|problem| self.wrong(format!("{setting}: {problem}")))
            .ok()
    }

    pub fn header(&mut self, name: &str, value: &str) {
        match checked_header(name, value) {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(problem) => self.wrong(problem),
        }
    }

    pub fn wrong(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }
}

/// Shows the names of the headers: their values may be secrets.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("max_retries", &self.max_retries)
            .field("retry_rate_limited", &self.retry_rate_limited)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

pub(crate) fn nonzero(duration: Duration) -> Result<Duration, String> {
    if duration.is_zero() {
        Err("no call can be done in no time".to_owned())
    } else {
        Ok(duration)
    }
}

/// A header that callers may set. What is wrong is said without the value.
pub(crate) fn checked_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    /// Without these the request would be another one, or its answer could not be read.
    const OURS: [HeaderName; 10] = [
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
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("header: {name:?} is no name of a header"))?;
    if Some(name.as_str()) == API_KEY_HEADER {
        return Err(format!(
            "header: {name} carries the key, which is a setting of the client"
        ));
    }
    if OURS.contains(&name) {
        return Err(format!("header: {name} is set by the client itself"));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| format!("header: the value of {name} holds a character that no header can"))?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// The methods by which one request differs from the settings of the client; `$request` says what one is.
macro_rules! per_request {
    ($request:literal) => {
        #[doc = concat!("How long ", $request, " may take, over all attempts and the waits between them.")]
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.timeout = self.options.duration("timeout", timeout);
            self
        }

        #[doc = concat!("How long one attempt of ", $request, " may take.")]
        pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.attempt_timeout = self.options.duration("attempt_timeout", timeout);
            self
        }

        #[doc = concat!("How often ", $request, " may be sent again where that is safe.")]
        pub fn max_retries(mut self, retries: u32) -> Self {
            self.options.max_retries = Some(retries);
            self
        }

        #[doc = concat!("Sends a header with ", $request, ". It takes the place of one that the client has by the same name;")]
        /// those that make the request what it is, and the key, can't be set.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.options.header(name, value);
            self
        }
    };
}
pub(crate) use per_request;
