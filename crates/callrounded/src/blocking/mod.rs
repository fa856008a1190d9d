//! The same client for programs without a runtime, such as a plain `main` (feature `blocking`).
//!
//! ```
//! use callrounded::blocking::Client;
//!
//! # let server = callrounded_mock::MockServer::builder().calls(5).start()?;
//! // Client::from_env() takes the key from CALLROUNDED_API_KEY. Here a mock server stands in for the service.
//! let client = callrounded::Client::builder().api_key(server.api_key()).base_url(server.url()).build_blocking()?;
//!
//! let id = "123e4567-e89b-12d3-a456-426614174000";
//! let call = client.calls().update(id).merge_metadata([("source", "marketing_campaign")]).send()?;
//! println!("{} {:?}", call.id, call.metadata);
//!
//! for call in client.calls().list().page_size(2).calls() {
//!     println!("{}", call?.id);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Requests are made as those of the [asynchronous client](crate::Client), and [`send`](Request::send) takes the place of
//! `.await`. All that is said there of time limits, sending again and errors holds here too.
//!
//! In a thread of a tokio runtime, those of `spawn_blocking` included, waiting would hold up others, or stand still
//! for good. There each of these is an error of the kind [`Configuration`](crate::ErrorKind::Configuration), and nothing is
//! sent: use [`crate::Client`] there.

mod requests;
mod runtime;
mod walks;

use std::{fmt, sync::Arc};

pub use requests::{Request, UpdateCall};
pub use walks::{CallIter, PageIter};

use crate::{
    builder::ClientBuilder, call_id::CallId, error::Error, get::GetCall, list::ListCalls, phone_number::PhoneNumber,
    start::StartCall, terminate::TerminateCall,
};
use runtime::Runtime;

/// A client that waits for what it asks. Clones are cheap and share connections, and one thread that does the work.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    runtime: Arc<Runtime>,
}

/// The operations on calls, from [`Client::calls`].
#[derive(Clone)]
pub struct Calls {
    calls: crate::Calls,
    runtime: Arc<Runtime>,
}

impl Client {
    /// The settings; [`build_blocking`](ClientBuilder::build_blocking) makes the client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client with the key in `CALLROUNDED_API_KEY` and, if it is set, the base URL in `CALLROUNDED_BASE_URL`.
    ///
    /// # Errors
    /// As [`crate::Client::from_env`], and where the machine has no thread for it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build_blocking()
    }

    /// Of a client that nobody else uses: connections are kept by the runtime that made them.
    pub(crate) fn new(client: crate::Client) -> Result<Self, Error> {
        Ok(Self {
            client,
            runtime: Arc::new(Runtime::new()?),
        })
    }

    /// The operations on calls.
    #[must_use]
    pub fn calls(&self) -> Calls {
        Calls {
            calls: self.client.calls(),
            runtime: Arc::clone(&self.runtime),
        }
    }
}

impl Calls {
    /// One call with all that is known of it. As [`crate::Calls::get`].
    pub fn get<I>(&self, id: I) -> Request<GetCall>
    where
        I: TryInto<CallId>,
        I::Error: Into<Error>,
    {
        self.request(self.calls.get(id))
    }

    /// Walks calls. As [`crate::Calls::list`].
    pub fn list(&self) -> Request<ListCalls> {
        self.request(self.calls.list())
    }

    /// Has an agent dial a telephone. As [`crate::Calls::start`].
    pub fn start<F, T>(&self, from: F, to: T, agent_id: impl Into<String>) -> Request<StartCall>
    where
        F: TryInto<PhoneNumber>,
        F::Error: Into<Error>,
        T: TryInto<PhoneNumber>,
        T::Error: Into<Error>,
    {
        self.request(self.calls.start(from, to, agent_id))
    }

    /// Ends a phone call. As [`crate::Calls::terminate`].
    pub fn terminate<I>(&self, id: I) -> Request<TerminateCall>
    where
        I: TryInto<CallId>,
        I::Error: Into<Error>,
    {
        self.request(self.calls.terminate(id))
    }

    /// Updates the metadata of a call. As [`crate::Calls::update`].
    pub fn update<I>(&self, id: I) -> UpdateCall
    where
        I: TryInto<CallId>,
        I::Error: Into<Error>,
    {
        UpdateCall::new(self.calls.update(id), Arc::clone(&self.runtime))
    }

    fn request<R>(&self, request: R) -> Request<R> {
        Request::new(request, Arc::clone(&self.runtime))
    }
}

/// Shows no key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.calls.fmt(f)
    }
}
