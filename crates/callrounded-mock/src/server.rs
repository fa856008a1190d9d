//! Starting and stopping the server, and looking into it.

use std::{fmt, io, path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    connection::Listening,
    contract::Contract,
    exact,
    expect::{Expectation, When},
    log::SeenRequest,
    replay::Recording,
    service::Service,
    world::Calls,
};

const KEY: &str = "mock-key";

/// A running mock of the API. It stops when it is dropped.
pub struct MockServer {
    service: Arc<Service>,
    listening: Listening,
}

/// Settings of a [`MockServer`], from [`MockServer::builder`].
#[derive(Default)]
#[must_use = "no server runs before `start` is called"]
pub struct MockServerBuilder {
    port: u16,
    api_key: Option<String>,
    calls: Vec<Value>,
    seeded: u32,
    now: Option<DateTime<Utc>>,
    kept: Option<usize>,
    replay: Option<PathBuf>,
}

/// Why a server did not start.
#[derive(Debug)]
pub struct StartError {
    what: String,
    source: Option<io::Error>,
}

impl MockServer {
    /// Starts a server on a free port, with the documented call.
    ///
    /// # Errors
    /// Where no port can be had.
    pub fn start() -> Result<Self, StartError> {
        Self::builder().start()
    }

    /// Starts with settings.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }

    /// Where the server listens: the base URL for a client.
    #[must_use]
    pub fn url(&self) -> String {
        self.listening.url()
    }

    /// The key that the server takes.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.service.key
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.service.world().log.iter().cloned().collect()
    }

    /// The call with this identifier as it stands now.
    #[must_use]
    pub fn call(&self, id: &str) -> Option<Value> {
        self.service.world().calls.get(id).map(|call| exact::rounded(&call))
    }

    /// Says what is to come of requests, whatever they are for. For those of one operation there are methods by its name,
    /// such as [`when_update_call`](Self::when_update_call).
    ///
    /// ```
    /// use callrounded_mock::MockServer;
    ///
    /// let server = MockServer::start()?;
    /// let outage = server.when_any().statuses([503, 503]);
    /// // Two requests later:
    /// assert_eq!(outage.hits(), 0);
    /// # Ok::<(), callrounded_mock::StartError>(())
    /// ```
    pub fn when_any(&self) -> When<'_, ()> {
        When::of(self, None)
    }

    pub(crate) fn remember(&self, expectation: Arc<Expectation>) {
        self.service.world().expectations.push(expectation);
    }

    /// Waits until the server stops, which it does only where it fails.
    pub fn wait(self) {
        self.listening.wait();
    }
}

impl MockServerBuilder {
    /// The port to listen on; a free one by default.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The key to take; `mock-key` by default.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// A call to have beside the documented one: a JSON object with an `id`.
    pub fn call(mut self, call: Value) -> Self {
        self.calls.push(call);
        self
    }

    /// This many calls beside the documented one, alike in every run: one each minute from 2023-01-01T00:01:00Z on, every
    /// fourth a web call, by three agents in turn.
    pub fn calls(mut self, count: u32) -> Self {
        self.seeded = count;
        self
    }

    /// When the first call begins that is started here; each one after it begins a minute later. After the seeded calls by
    /// default.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// Keeps only the last so many requests, so that memory does not grow while the server runs. All by default.
    pub fn keep_requests(mut self, count: usize) -> Self {
        self.kept = Some(count);
        self
    }

    /// Answers what was recorded in this folder by `callrounded-mock record`, in place of what the server does by itself: the
    /// same request gets the answers that it got there, one after the other, and then the last of them again. What was not
    /// recorded gets 501. What is expected with `when_…` goes before. Nothing that is sent changes what is answered.
    ///
    /// Requests are compared by method, path, query and body, as they stand in the recording: a test sends the stand-ins.
    pub fn replay(mut self, folder: impl Into<PathBuf>) -> Self {
        self.replay = Some(folder.into());
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// Where the port can't be had, a call has no `id`, or a recording can't be read.
    pub fn start(self) -> Result<MockServer, StartError> {
        if self.replay.is_some() && (self.seeded > 0 || !self.calls.is_empty()) {
            return Err(StartError::new(
                "a server that replays has no calls of its own".to_owned(),
            ));
        }
        let contract = Contract::get().map_err(StartError::new)?;
        let recording = self.replay.as_deref();
        let recording = recording.map(|folder| Recording::read(folder, &contract)).transpose()?;
        let mut calls = Calls::new(self.seeded, self.now, contract.calls.clone());
        for call in [contract.documented_call.clone()].into_iter().chain(self.calls) {
            let Some(id) = call.get("id").and_then(Value::as_str).map(str::to_owned) else {
                return Err(StartError::new("a call has no `id`; give it one".to_owned()));
            };
            calls.insert(id, call);
        }
        let service = Arc::new(Service::new(
            contract,
            self.api_key.unwrap_or_else(|| KEY.to_owned()),
            calls,
            self.kept,
            recording,
        ));
        let listening = Listening::on(self.port, Arc::clone(&service))?;
        Ok(MockServer { service, listening })
    }
}

/// Shows no key and no call.
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

impl StartError {
    pub(crate) fn new(what: String) -> Self {
        Self { what, source: None }
    }

    pub(crate) fn of(what: String, source: io::Error) -> Self {
        Self {
            what,
            source: Some(source),
        }
    }

    pub(crate) fn at_port(port: u16) -> impl FnOnce(io::Error) -> Self {
        move |error| Self {
            what: format!("can't listen on port {port} of this machine"),
            source: Some(error),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server did not start: {}", self.what)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
