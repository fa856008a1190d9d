//! The HTTP client of a client: as the caller adjusts it, and then as it has to be.

use std::time::Duration;

use reqwest::{Url, header::HeaderValue};

use super::{ConfigureHttp, check::is_this_machine};
use crate::error::Error;

pub(super) fn client(
    base_url: &Url,
    connect_timeout: Duration,
    user_agent: HeaderValue,
    configure: &[ConfigureHttp],
) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        // What is tested is HTTP/1. Another crate in the same build may turn on more of reqwest than is asked for here.
        .http1_only()
        .user_agent(user_agent);
    // What goes to this machine must not leave it by way of a proxy that the environment names.
    let builder = if is_this_machine(base_url) {
        builder.no_proxy()
    } else {
        builder
    };
    let builder = match base_url.scheme() {
        "https" if cfg!(not(any(feature = "rustls", feature = "native-tls"))) => {
            return Err(Error::configuration(
                "base_url: https needs TLS; turn on the feature `rustls` or `native-tls`, or give an http_client that has TLS",
            ));
        }
        // Without TLS there is nothing to verify, and a machine without certificates can still talk to a mock server.
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        "http" => builder.tls_certs_only([]),
        _ => builder,
    };
    // Said, since another crate in the same build may turn on the other.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_rustls();
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    let builder = builder.tls_backend_native();
    configure
        .iter()
        .fold(builder, |builder, configure| configure(builder))
        // What can't have been sent is told from what may have been by this.
        .connect_timeout(connect_timeout)
        // reqwest would send the key on to wherever a redirect leads.
        .redirect(reqwest::redirect::Policy::none())
        // Whether something may be sent again is not for a lower layer to decide.
        // (`never` alone would still keep a copy of each request.)
        .retry(reqwest::retry::never().max_retries_per_request(0))
        // It would log each byte, the key's among them.
        .connection_verbose(false)
        .build()
        .map_err(|error| Error::configuration("the HTTP client can't be set up").caused_by(error))
}
