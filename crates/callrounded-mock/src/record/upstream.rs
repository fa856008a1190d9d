//! The service behind the proxy: its URL, and the requests and headers that are forwarded.

use std::{error::Error, net::Ipv4Addr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode, header, request::Parts};
use reqwest::{Client, Url, redirect, retry};

use crate::error::StartError;

/// The time limit of a request, 5 minutes: with its defaults, the client gives up earlier.
const TIMEOUT: Duration = Duration::from_secs(300);

/// Headers that are not forwarded, besides those that `Connection` names: hop-by-hop headers, and headers that the HTTP
/// client of the proxy sets itself.
const NOT_FORWARDED: [&str; 12] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

pub(super) struct Upstream {
    /// The base URL, without a slash at its end.
    base: String,
    client: Client,
}

pub(super) struct UpstreamResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The reason why there is no response to forward.
pub(super) enum ForwardError {
    /// The HTTP client would change the URL, which has a dot segment or a character to be percent-encoded.
    Url,
    Http(reqwest::Error),
}

impl Upstream {
    /// Returns the service with this base URL.
    pub fn at(url: &str) -> Result<Self, StartError> {
        let (base, is_unencrypted) = parse_base(url)?;
        let builder = Client::builder()
            .http1_only()
            .http1_max_headers(250)
            .tls_backend_rustls()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            // Verbose logging would log every byte, including the API key.
            .connection_verbose(false)
            .timeout(TIMEOUT);
        // Unencrypted requests go to loopback only: they must not go through a proxy set in the environment.
        let builder = if is_unencrypted { builder.no_proxy() } else { builder };
        let client = builder
            .build()
            .map_err(|error| StartError::new(format!("cannot build the HTTP client: {}", chain(&error))))?;
        Ok(Self { base, client })
    }

    pub async fn forward(&self, parts: &Parts, body: Bytes) -> Result<UpstreamResponse, ForwardError> {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let text = format!("{}{target}", self.base);
        let url = Url::parse(&text).ok().filter(|url| url.as_str() == text);
        let request = self
            .client
            .request(parts.method.clone(), url.ok_or(ForwardError::Url)?)
            .headers(forwarded(&parts.headers))
            .body(body);
        // The URL in an error would identify the call.
        let failed = |error: reqwest::Error| ForwardError::Http(error.without_url());
        let response = request.send().await.map_err(failed)?;
        Ok(UpstreamResponse {
            status: response.status(),
            headers: forwarded(response.headers()),
            body: response.bytes().await.map_err(failed)?,
        })
    }
}

/// Parses the base URL of the upstream, and returns whether connections to it are unencrypted.
fn parse_base(url: &str) -> Result<(String, bool), StartError> {
    // The URL may contain a password, so messages do not repeat it.
    let invalid = |reason: &str| StartError::new(format!("invalid upstream URL: {reason}"));
    let url = Url::parse(url).map_err(|error| invalid(&error.to_string()))?;
    let is_loopback = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    let is_unencrypted = match url.scheme() {
        "https" => false,
        "http" if is_loopback => true,
        "http" => {
            let reason = "http would send the API key unencrypted over a network; use https";
            return Err(invalid(reason));
        }
        _ => return Err(invalid("expected the scheme https, or http on loopback")),
    };
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("expected only scheme, host, port and path"));
    }
    Ok((url.as_str().trim_end_matches('/').to_owned(), is_unencrypted))
}

/// Returns the headers that are forwarded.
fn forwarded(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<&str> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
        .collect();
    let is_forwarded = |name: &HeaderName| {
        !NOT_FORWARDED.contains(&name.as_str()) && !named.iter().any(|other| other.eq_ignore_ascii_case(name.as_str()))
    };
    let kept = headers.iter().filter(|(name, _)| is_forwarded(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Returns the message of an error, with the messages of its sources.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}
