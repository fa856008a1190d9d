//! The service behind the proxy: where it is, and what is passed on.

use std::{error::Error, net::Ipv4Addr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode, header, request::Parts};
use reqwest::{Client, Url, redirect, retry};

use crate::server::StartError;

/// An attempt of the client ends earlier unless it is told otherwise.
const LONGEST: Duration = Duration::from_secs(300);

/// What is said between two ends of a connection, and what this proxy has done already; beside what `Connection` names.
const OF_THE_CONNECTION: [&str; 12] = [
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
    /// Without a slash at its end.
    base: String,
    client: Client,
}

pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why there is no answer to pass back.
pub(super) enum Failure {
    /// The address would be another on its way: it has a dot segment, or what has to be encoded.
    Address,
    Http(reqwest::Error),
}

impl Upstream {
    /// The service at an address.
    pub fn at(address: &str) -> Result<Self, StartError> {
        let (base, is_open) = base(address)?;
        let builder = Client::builder()
            .http1_only()
            .http1_max_headers(250)
            .tls_backend_rustls()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            // It would log each byte, the key's among them.
            .connection_verbose(false)
            .timeout(LONGEST);
        // What goes to this machine must not leave it by way of a proxy that the environment names.
        let builder = if is_open { builder.no_proxy() } else { builder };
        let client = builder
            .build()
            .map_err(|error| StartError::new(format!("no HTTP client: {}", chain(&error))))?;
        Ok(Self { base, client })
    }

    pub async fn pass_on(&self, parts: &Parts, body: Bytes) -> Result<Answer, Failure> {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let address = format!("{}{target}", self.base);
        let url = Url::parse(&address).ok().filter(|url| url.as_str() == address);
        let request = self
            .client
            .request(parts.method.clone(), url.ok_or(Failure::Address)?)
            .headers(passed_on(&parts.headers))
            .body(body);
        // The address in an error would be that of the call.
        let failed = |error: reqwest::Error| Failure::Http(error.without_url());
        let answer = request.send().await.map_err(failed)?;
        Ok(Answer {
            status: answer.status(),
            headers: passed_on(answer.headers()),
            body: answer.bytes().await.map_err(failed)?,
        })
    }
}

/// The base of an address, and whether what goes there is not encrypted.
fn base(address: &str) -> Result<(String, bool), StartError> {
    // The address may hold a password, so it is not repeated.
    let refused = |why: &str| StartError::new(format!("the upstream {why}"));
    let url = Url::parse(address).map_err(|error| refused(&format!("is no address: {error}")))?;
    let is_here = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    let is_open = match url.scheme() {
        "https" => false,
        "http" if is_here => true,
        "http" => {
            let why = "would get the key over a network in the open; give it as https";
            return Err(refused(why));
        }
        _ => return Err(refused("is neither https nor http")),
    };
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(refused("is more than scheme, host, port and path"));
    }
    Ok((url.as_str().trim_end_matches('/').to_owned(), is_open))
}

fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<&str> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
        .collect();
    let stays = |name: &HeaderName| {
        !OF_THE_CONNECTION.contains(&name.as_str())
            && !named.iter().any(|other| other.eq_ignore_ascii_case(name.as_str()))
    };
    let kept = headers.iter().filter(|(name, _)| stays(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// An error with what it comes from.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}
