//! The public interface of the server: settings, start and stop, requests and calls.

use std::{fmt, path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    calls::Calls,
    connection::Listener,
    contract::Contract,
    error::StartError,
    exact,
    expect::{Expectation, When},
    log::SeenRequest,
    replay::Recording,
    service::Service,
};

const DEFAULT_API_KEY: &str = "mock-key";

/// A running mock server of the API. It stops when it is dropped.
pub struct MockServer {
    service: Arc<Service>,
    listener: Listener,
}

/// Settings of a [`MockServer`], from [`MockServer::builder`].
#[derive(Default)]
#[must_use = "a server runs only after `start` is called"]
pub struct MockServerBuilder {
    port: u16,
    api_key: Option<String>,
    calls: Vec<Value>,
    seeded: u32,
    now: Option<DateTime<Utc>>,
    kept_requests: Option<usize>,
    replay: Option<PathBuf>,
}

impl MockServer {
    /// Starts a server on a free port, with the call of the documentation.
    ///
    /// # Errors
    /// If the server cannot listen on a port.
    pub fn start() -> Result<Self, StartError> {
        Self::builder().start()
    }

    /// Returns a builder, to start a server with other settings.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }

    /// Returns the URL of the server, such as `http://127.0.0.1:4010`: the base URL for a client.
    #[must_use]
    pub fn url(&self) -> String {
        self.listener.url()
    }

    /// Returns the API key that the server accepts.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.service.key
    }

    /// Returns the requests that were received, in order; only the last ones if
    /// [`keep_requests`](MockServerBuilder::keep_requests) is set.
    #[must_use]
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.service.state().log.iter().cloned().collect()
    }

    /// Returns the call with this identifier in its current state.
    #[must_use]
    pub fn call(&self, id: &str) -> Option<Value> {
        self.service.state().calls.get(id).map(|call| exact::rounded(&call))
    }

    /// Specifies how to respond to requests for any operation. Each operation also has a method of its own, such as
    /// [`when_update_call`](Self::when_update_call).
    ///
    /// ```
    /// use callrounded_mock::MockServer;
    ///
    /// let server = MockServer::start()?;
    /// let outage = server.when_any().statuses([503, 503]);
    /// // No request has been sent yet. The next two get a 503.
    /// assert_eq!(outage.hits(), 0);
    /// # Ok::<(), callrounded_mock::StartError>(())
    /// ```
    pub fn when_any(&self) -> When<'_, ()> {
        When::of(self, None)
    }

    pub(crate) fn add_expectation(&self, expectation: Arc<Expectation>) {
        self.service.state().expectations.push(expectation);
    }

    /// Waits until the server stops, which it does only on failure.
    pub fn wait(self) {
        self.listener.wait();
    }
}

impl MockServerBuilder {
    /// Sets the port to listen on. By default a free port is used.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the API key to accept. The default is `mock-key`.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Adds a call, besides the documented one. It must be a JSON object with a string `id`.
    pub fn call(mut self, call: Value) -> Self {
        self.calls.push(call);
        self
    }

    /// Sets the number of generated calls, besides the documented one. The default is 0. The calls are the same in
    /// every run: they start at intervals of one minute from 2023-01-01T00:01:00Z, every fourth is a web call, and
    /// three agents take turns.
    pub fn calls(mut self, count: u32) -> Self {
        self.seeded = count;
        self
    }

    /// Sets the start time of the first call that is started on this server. Each further call starts one minute later.
    /// By default they start after the generated [`calls`](Self::calls).
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// Sets how many of the last requests are kept, so that memory does not grow while the server runs; fewer if their
    /// bodies have more than 64 MiB. By default all are kept.
    pub fn keep_requests(mut self, count: usize) -> Self {
        self.kept_requests = Some(count);
        self
    }

    /// Replays the recording that `callrounded-mock record` wrote to this directory, instead of the default behaviour.
    /// Each request gets its recorded responses in order, and the last one again after that. A request that was not
    /// recorded gets a 501. Expectations set with `when_…` take precedence. Requests do not change the calls.
    ///
    /// Requests are compared with the recorded ones by method, path, query and body, so a test sends the stand-ins.
    pub fn replay(mut self, directory: impl Into<PathBuf>) -> Self {
        self.replay = Some(directory.into());
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// If the server cannot listen on the port, a call has no `id`, a recording cannot be read, or
    /// [`replay`](Self::replay) is combined with calls.
    pub fn start(self) -> Result<MockServer, StartError> {
        if self.replay.is_some() && (self.seeded > 0 || !self.calls.is_empty()) {
            return Err(StartError::new(
                "`replay` cannot be combined with `call` or `calls`: the recording has its own".to_owned(),
            ));
        }
        let contract = Contract::get().map_err(StartError::new)?;
        let recording = self.replay.as_deref();
        let recording = recording
            .map(|directory| Recording::read(directory, &contract))
            .transpose()?;
        let mut calls = Calls::new(self.seeded, self.now, contract.calls.clone());
        for call in [contract.documented_call.clone()].into_iter().chain(self.calls) {
            let Some(id) = call.get("id").and_then(Value::as_str).map(str::to_owned) else {
                return Err(StartError::new("a call has no `id`; add one, as a string".to_owned()));
            };
            calls.insert(id, call);
        }
        let service = Arc::new(Service::new(
            contract,
            self.api_key.unwrap_or_else(|| DEFAULT_API_KEY.to_owned()),
            calls,
            self.kept_requests,
            recording,
        ));
        let listener = Listener::start(self.port, Arc::clone(&service))?;
        Ok(MockServer { service, listener })
    }
}

/// Omits API key and calls.
impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MockServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServerBuilder")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}
