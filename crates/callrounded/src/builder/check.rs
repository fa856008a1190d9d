//! What settings have to be.

use std::net::IpAddr;

use callrounded_api::{ApiKey, SERVER_URL};
use reqwest::{Url, header::HeaderValue};
use zeroize::Zeroizing;

/// The setting if it can be used; what is wrong with it is noted otherwise.
pub(super) fn noted<T>(setting: &str, checked: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    checked
        .map_err(|problem| problems.push(format!("{setting}: {problem}")))
        .ok()
}

/// No problem may show the key, in part either.
pub(super) fn key(key: Zeroizing<String>) -> Result<ApiKey, String> {
    let problem = match key.as_str() {
        "" => "it is empty",
        text if text.trim() != text => "it begins or ends with white space, as the last line of a file does",
        text if !text.bytes().all(|byte| byte.is_ascii_graphic()) => "it holds a character that no key has",
        _ => return ApiKey::new(key).map_err(|_| "it holds a character that no header can".to_owned()),
    };
    Err(problem.to_owned())
}

pub(super) fn header(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| "it holds a character that no header can".to_owned())
}

/// What is wrong is said without the URL itself: one with a password in it is just what may be refused here.
pub(super) fn base(url: &str, allow_http: bool) -> Result<Url, String> {
    let url = Url::parse(url).map_err(|error| {
        format!(
            "it is no URL: {error}; write all of it, such as {}",
            SERVER_URL.unwrap_or("https://example.com")
        )
    })?;
    let problem = match url.scheme() {
        "https" => None,
        "http" if allow_http || is_this_machine(&url) => None,
        "http" => Some("plain http shows the key to the network; use https, or allow it with danger_allow_http"),
        _ => Some("it is neither https nor http"),
    };
    let problem = problem
        .or((!url.username().is_empty() || url.password().is_some()).then_some("it holds a user name or password"))
        .or((url.query().is_some() || url.fragment().is_some()).then_some("it holds a query or fragment"));
    match problem {
        Some(problem) => Err(problem.to_owned()),
        None => Ok(url),
    }
}

pub(super) fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
