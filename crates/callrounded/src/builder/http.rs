//! Builds the HTTP client: with the adjustments of the caller, then with what must not be changed.

use std::time::Duration;

use callrounded_runtime::Error;
use reqwest::{Url, header::HeaderValue};

use super::{ConfigureHttp, check::is_this_machine};

/// More than hyper's 100: some proxies set a cookie for everything they know.
const MAX_HEADERS: usize = 250;

pub(super) fn client(
    base_url: &Url,
    connect_timeout: Duration,
    user_agent: HeaderValue,
    configure: &[ConfigureHttp],
) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        // Only HTTP/1 is tested. Another crate in the same build may turn on more features of reqwest.
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
        // Nothing is verified without TLS, and a machine without certificates can use a mock server.
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        "http" => builder.tls_certs_only([]),
        _ => builder,
    };
    // Explicit, since another crate in the same build may turn on the other one.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_rustls();
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    let builder = builder.tls_backend_native();
    configure
        .iter()
        .fold(builder, |builder, configure| configure(builder))
        // A connect error proves that nothing was sent.
        .connect_timeout(connect_timeout)
        // reqwest would send the API key to the target of a redirect.
        .redirect(reqwest::redirect::Policy::none())
        // Whether a request may be retried is not decided by a lower layer.
        // (`never` alone would still keep a copy of each request.)
        .retry(reqwest::retry::never().max_retries_per_request(0))
        // The client decompresses by itself. Another crate in the same build may turn these on.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        // It would log every byte, including the API key.
        .connection_verbose(false)
        .build()
        .map_err(|error| Error::configuration("the HTTP client cannot be set up").caused_by(error))
}
