//! Checks the settings of a client.

use std::net::IpAddr;

use callrounded_api::{OPERATIONS, SERVER_URL};
use callrounded_runtime::ApiKey;
use reqwest::{Url, header::HeaderValue};
use zeroize::Zeroizing;

/// Returns a setting if it is valid. Otherwise adds its problem to `problems` and returns `None`.
pub(super) fn ok_or_record<T>(setting: &str, checked: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    checked
        .map_err(|problem| problems.push(format!("{setting}: {problem}")))
        .ok()
}

/// Checks an API key. Messages do not contain any part of it.
pub(super) fn check_api_key(key: Zeroizing<String>) -> Result<ApiKey, String> {
    let problem = match key.as_str() {
        "" => "must not be empty",
        text if text.trim() != text => "begins or ends with white space, such as the line break at the end of a file",
        text if !text.bytes().all(|byte| byte.is_ascii_graphic()) => "contains a character not allowed in an API key",
        _ => return ApiKey::new(key).map_err(|_| "contains a character not allowed in an HTTP header".to_owned()),
    };
    Err(problem.to_owned())
}

pub(super) fn check_header_value(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| "contains a character not allowed in an HTTP header".to_owned())
}

/// Checks a base URL. Messages do not contain the URL, which may include a password.
pub(super) fn check_base_url(setting: &str, url: &str, allow_http: bool) -> Result<Url, String> {
    let is_default = Some(url) == SERVER_URL;
    let url = Url::parse(url).map_err(|error| {
        format!(
            "is not a valid URL: {error}; expected a full URL, such as {}",
            SERVER_URL.unwrap_or("https://example.com")
        )
    })?;
    let problem = match url.scheme() {
        "https" => None,
        "http" if allow_http || is_this_machine(&url) => None,
        // The setting is an option of a program, which has no `danger_allow_http`.
        "http" if setting.starts_with("--") => Some("plain http exposes the API key to the network; use https"),
        "http" => {
            Some("plain http exposes the API key to the network; use https, or allow http with danger_allow_http")
        }
        _ => Some("must be https or http"),
    };
    let problem = problem
        .or((!url.username().is_empty() || url.password().is_some())
            .then_some("must not contain a user name or password"))
        .or((url.query().is_some() || url.fragment().is_some()).then_some("must not contain a query or fragment"));
    if let Some(problem) = problem {
        return Err(problem.to_owned());
    }
    let last = url
        .path_segments()
        .and_then(|mut parts| parts.rfind(|part| !part.is_empty()));
    match common_segment().filter(|first| last == Some(*first) && !is_default) {
        Some(first) => Err(format!(
            "ends in /{first}, which every path already begins with; remove it"
        )),
        None => Ok(url),
    }
}

/// Returns the segment that the paths of all operations begin with, if there is one.
fn common_segment() -> Option<&'static str> {
    let mut firsts = OPERATIONS.iter().map(|info| info.path().split('/').nth(1));
    let first = firsts.next()??;
    (!first.starts_with('{') && firsts.all(|other| other == Some(first))).then_some(first)
}

/// Returns whether the host of a URL is `localhost` or a loopback address.
pub(super) fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
