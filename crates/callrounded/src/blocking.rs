//! A blocking client, for programs without an asynchronous runtime, such as a plain `main` (feature `blocking`).
//!
//! ```
//! use callrounded::blocking::Client;
//!
//! # let server = callrounded_mock::MockServer::builder().calls(5).start()?;
//! // Client::from_env() reads the API key from CALLROUNDED_API_KEY. This example uses a mock server.
//! let client = callrounded::Client::builder().api_key(server.api_key()).base_url(server.url()).build_blocking()?;
//!
//! let id = "123e4567-e89b-12d3-a456-426614174000";
//! let call = client.calls().update(id).merge_metadata([("source", "marketing_campaign")]).send()?;
//! println!("{} {:?}", call.id, call.metadata);
//!
//! for call in client.calls().list().limit(2).items() {
//!     println!("{}", call?.id);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Requests are those of the [asynchronous client](crate::Client), with [`send`](callrounded_api::Request::send) in
//! place of `.await`. Timeouts, retries and errors are the same.
//!
//! Inside an asynchronous runtime, including `spawn_blocking`, waiting could block other tasks or deadlock. There,
//! every request fails with the kind [`Configuration`](crate::ErrorKind::Configuration), and nothing is sent. Use the
//! [asynchronous client](crate::Client) there.

use std::{fmt, ops::Deref};

use callrounded_runtime::{Blocking, Error};

use crate::{builder::ClientBuilder, calls::Calls};

/// A blocking client of the API. Clones are cheap and share connections, retry budget and one background thread.
#[derive(Clone)]
pub struct Client(callrounded_api::Client<Blocking>);

impl Client {
    /// Returns a builder; [`build_blocking`](ClientBuilder::build_blocking) builds the client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Creates a client with the API key in `CALLROUNDED_API_KEY` and, if it is set, the base URL in
    /// `CALLROUNDED_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the API key is not set, a setting is invalid,
    /// or no thread can be started.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build_blocking()
    }

    pub(crate) fn new(client: callrounded_api::Client<Blocking>) -> Self {
        Self(client)
    }

    /// Returns the operations on calls.
    #[must_use]
    pub fn calls(&self) -> Calls<Blocking> {
        Calls::new(self.0.calls())
    }
}

impl ClientBuilder {
    /// Builds a blocking client (feature `blocking`). An [`http_client`](Self::http_client) must not be
    /// used elsewhere: its connections belong to the runtime of this client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), with each invalid setting and why, or if no
    /// thread can be started.
    pub fn build_blocking(self) -> Result<Client, Error> {
        let client = callrounded_api::Client::blocking(self.transport()?)?;
        Ok(Client::new(client))
    }
}

impl Deref for Client {
    type Target = callrounded_api::Client<Blocking>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Omits the API key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
