//! The client, which adds settings and hand-written operations to the generated one.

use std::{fmt, ops::Deref};

use callrounded_runtime::Error;

use crate::{builder::ClientBuilder, calls::Calls};

/// A client of the API. Clones are cheap and share connections and retry budget. Requests must be awaited in a tokio
/// runtime whose I/O and time drivers are enabled, as `#[tokio::main]` does.
///
/// It dereferences to the generated client, which has a method for each group of operations of the document.
///
/// # Timeouts and retries
///
/// A request fails after its [`timeout`](ClientBuilder::timeout). Until then it is retried up to
/// [`max_retries`](ClientBuilder::max_retries) times on connection errors, attempt timeouts, responses that are not
/// valid HTTP, and the statuses 408, 409, 429, 500, 502, 503 and 504. Backoff is exponential with full jitter (0.5 s
/// doubling to 8 s) and never shorter than `Retry-After`.
///
/// All operations are idempotent except [`start`](callrounded_api::resources::Calls::start). It is retried if no
/// connection could be made and, with [`retry_rate_limited`](crate::Request::retry_rate_limited), after a 429. With
/// your own [`http_client`](ClientBuilder::http_client) it is not retried after a connect error.
///
/// A retry budget, shared by all clones of a client, limits retries during an outage. It allows 100 retries (50 after
/// timeouts), and five requests that succeed at the first attempt earn one more.
///
/// Set limits for all requests on [`ClientBuilder`], or for one request on [`Request`](crate::Request).
///
/// # Starting calls
///
/// A call that may have been started must not be started again. An error of `start` is one of three cases:
///
/// - Nothing was started: the request was not sent (`InvalidInput`, `Connect`), or the service refused it
///   (`Authentication`, `InvalidRequest`, `RateLimited` and the like).
/// - The call was started, but the response cannot be decoded (`Decode`, `MissingData`, `BodyTooLarge`).
/// - The outcome is unknown ([`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown)).
///
/// In the last two cases, look for the call:
///
/// ```
/// use callrounded::{Client, Error, ErrorKind};
///
/// /// Starts a call, or finds the one that was started. If neither succeeds, the error is that of the start.
/// /// `attempt` is an identifier made for this one call.
/// async fn start(
///     client: &Client,
///     from: &str,
///     to: &str,
///     agent: &str,
///     attempt: &str,
/// ) -> Result<String, Error> {
///     let start = client.calls().start(from, to, agent).variables([("attempt", attempt)]);
///     let error = match start.await {
///         Ok(started) => return Ok(started.into_inner().call_id),
///         Err(error) => error,
///     };
///     match error.kind() {
///         ErrorKind::OutcomeUnknown | ErrorKind::Decode | ErrorKind::MissingData | ErrorKind::BodyTooLarge => {}
///         _ => return Err(error),
///     }
///     // It may take some time until a call is listed: an empty list right away proves nothing.
///     tokio::time::sleep(std::time::Duration::from_secs(5)).await;
///     // `started_after` would shorten the list, if both clocks agree.
///     let calls = client.calls().list().from_number(from).to_number(to);
///     let mut calls = calls.include_variable_values(true).stream();
///     while let Some(call) = calls.next().await {
///         // An error of the list does not change the outcome of the start, which is still unknown.
///         let Ok(call) = call else { continue };
///         let variables = call.variable_values.as_deref().unwrap_or_default();
///         let ours = |value: &serde_json::Value| value.as_str() == Some(attempt);
///         let mut values = variables.iter().filter_map(|variable| variable.value.as_ref());
///         if values.any(ours) {
///             return Ok(call.id);
///         }
///     }
///     Err(error)
/// }
/// # let runtime = tokio::runtime::Runtime::new().unwrap();
/// # let server = callrounded_mock::MockServer::start().unwrap();
/// # let client = Client::builder().api_key(server.api_key()).base_url(server.url()).build().unwrap();
/// # runtime.block_on(start(&client, "+33612345678", "+33698765432", "411b82c8-462a-4e1b-89bc-10ab3ce1ed29", "1")).unwrap();
/// ```
///
/// A failed connection is recognized only if connecting times out first: keep [`timeout`](ClientBuilder::timeout) and
/// [`attempt_timeout`](ClientBuilder::attempt_timeout) above [`connect_timeout`](ClientBuilder::connect_timeout).
///
/// # Cancellation
///
/// To cancel a request, drop its future, as `tokio::time::timeout` and `select!` do. The connection is closed and
/// nothing more is sent. The service may still act on what was sent: find out before you start a call again.
#[derive(Clone)]
pub struct Client(callrounded_api::Client);

impl Client {
    /// Returns a builder. Only the API key is required.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Creates a client with the API key in `CALLROUNDED_API_KEY` and, if it is set, the base URL in
    /// `CALLROUNDED_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the API key is not set, or a setting is
    /// invalid.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

impl Client {
    pub(crate) fn new(client: callrounded_api::Client) -> Self {
        Self(client)
    }

    /// Returns the operations on calls.
    #[must_use]
    pub fn calls(&self) -> Calls {
        Calls::new(self.0.calls())
    }
}

impl ClientBuilder {
    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), with each invalid setting and why.
    pub fn build(self) -> Result<Client, Error> {
        Ok(Client::new(callrounded_api::Client::new(self.transport()?)))
    }
}

impl Deref for Client {
    type Target = callrounded_api::Client;

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
