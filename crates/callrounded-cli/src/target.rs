//! The service that commands use: the real one, or a mock server that this program starts.

use callrounded::{Client, ClientBuilder};
use callrounded_mock::MockServer;

use crate::{arguments::Connection, exit::Failure, key, verbose};

/// A client with the service that it uses.
pub(crate) struct Target {
    client: Client,
    name: String,
    /// Stops when it is dropped.
    _mock: Option<MockServer>,
}

impl Target {
    pub fn new(connection: &Connection) -> Result<Self, Failure> {
        let mock = match connection.mock {
            Some(calls) => {
                let server = MockServer::builder().calls(calls).keep_requests(0).start();
                Some(server.map_err(|error| Failure::Usage(error.to_string()))?)
            }
            None => None,
        };
        let builder = match (&mock, &connection.key_file) {
            (Some(server), _) => Client::builder().api_key(server.api_key()).base_url(server.url()),
            (None, Some(path)) => Client::builder().api_key(key::read(path)?.as_str()),
            (None, None) => ClientBuilder::from_env()?,
        };
        let builder = match (&mock, &connection.base_url) {
            (None, Some(url)) => builder.base_url_named("--base-url", url),
            _ => builder,
        };
        let name = match (&mock, &connection.base_url) {
            (Some(_), _) => "a mock server".to_owned(),
            (None, Some(url)) => url.trim_end_matches('/').to_owned(),
            (None, None) => "the service".to_owned(),
        };
        let builder = match connection.timeout {
            Some(timeout) => builder.timeout(timeout),
            None => builder,
        };
        let builder = if connection.verbose {
            builder.on_response(verbose::report)
        } else {
            builder
        };
        let builder = builder.user_agent(concat!("callrounded-cli/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            client: builder.build()?,
            name,
            _mock: mock,
        })
    }

    /// Returns a name for the service, so that a run is not continued with another one.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn client(&self) -> &Client {
        &self.client
    }
}
