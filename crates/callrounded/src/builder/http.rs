//! Builds the HTTP client: first with the adjustments of the caller, then with settings that callers must not change.

use std::time::Duration;

use callrounded_runtime::Error;
use reqwest::{Url, header::HeaderValue};

use super::{ConfigureHttp, check::is_this_machine};

/// The maximum number of response headers. hyper's default of 100 is too low for proxies that set many cookies.
const MAX_HEADERS: usize = 250;

pub(super) fn client(
    base_url: &Url,
    connect_timeout: Duration,
    user_agent: HeaderValue,
    configure: &[ConfigureHttp],
) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        // Only HTTP/1 is tested. Another crate in the same build may enable more features of reqwest.
        .http1_only()
        .http1_max_headers(MAX_HEADERS)
        .user_agent(user_agent);
    // Requests to this machine must not leave it through a proxy from the environment.
    let builder = if is_this_machine(base_url) {
        builder.no_proxy()
    } else {
        builder
    };
    let builder = match base_url.scheme() {
        "https" if cfg!(not(any(feature = "rustls", feature = "native-tls"))) => {
            return Err(Error::configuration(
                "base_url: https requires TLS; enable the feature `rustls` or `native-tls`, or pass an http_client with TLS",
            ));
        }
        // Plain http needs no certificates. Without this, a machine that has none could not use a mock server.
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        "http" => builder.tls_certs_only([]),
        _ => builder,
    };
    // Explicit, since another crate in the same build may enable the other TLS feature.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_rustls();
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    let builder = builder.tls_backend_native();
    configure
        .iter()
        .fold(builder, |builder, configure| configure(builder))
        // Distinguishes a failure to connect, which proves that nothing was sent, from a missing response.
        .connect_timeout(connect_timeout)
        // reqwest would send the API key to the target of a redirect.
        .redirect(reqwest::redirect::Policy::none())
        // This client decides whether to retry a request, not a lower layer. (`never` alone would still keep a copy of
        // each request.)
        .retry(reqwest::retry::never().max_retries_per_request(0))
        // This client decompresses by itself. Another crate in the same build may enable these features.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        // Verbose logging contains every byte, including the API key.
        .connection_verbose(false)
        .build()
        .map_err(|error| Error::configuration("the HTTP client cannot be set up").caused_by(error))
}
