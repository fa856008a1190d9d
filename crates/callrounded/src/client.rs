//! The client: what every call shares, and the way of each call through the generated operations.

use std::{fmt, sync::Arc, time::Duration};

use callrounded_api::{self as api, Exchange, RawAnswer, ResponseValue};
use reqwest::header::HeaderValue;

use crate::{
    answer::{Answer, Envelope},
    builder::ClientBuilder,
    calls::Calls,
    error::Error,
    repair::Repaired,
};

/// A client of the API. Clones are cheap and share connections.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

pub(crate) struct Shared {
    pub http: reqwest::Client,
    pub base_url: String,
    pub key: HeaderValue,
    pub timeout: Option<Duration>,
}

impl Client {
    /// Starts a client of which only the key needs to be given.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client with the key in `CALLROUNDED_API_KEY` and, if it is set, the base URL in `CALLROUNDED_BASE_URL`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where the key is not set, or a setting can't be
    /// used.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// The operations on calls.
    #[must_use]
    pub fn calls(&self) -> Calls {
        Calls::new(self.clone())
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Runs one generated operation and makes of its outcome what callers get.
    pub(crate) async fn run<E, F>(
        &self,
        operation: &'static str,
        send: impl FnOnce(api::Client) -> F,
    ) -> Result<Answer<E::Data>, Error>
    where
        E: Envelope,
        F: Future<Output = Result<ResponseValue<E>, api::Error<()>>>,
    {
        let Shared {
            http,
            base_url,
            key,
            timeout,
        } = &*self.0;
        let exchange = Exchange::new(key.clone()).timeout(*timeout);
        let outcome = send(api::Client::new_with_client(base_url, http.clone(), exchange.clone())).await;
        outcome_of(outcome, exchange.take_answer()).map_err(|error| error.in_operation(operation).without(key))
    }
}

fn outcome_of<E: Envelope>(
    outcome: Result<ResponseValue<E>, api::Error<()>>,
    answer: Option<RawAnswer>,
) -> Result<Answer<E::Data>, Error> {
    match (outcome, answer) {
        (Ok(envelope), Some(answer)) => Ok(Answer::new(envelope.into_inner().open(), Vec::new(), answer)),
        (
            Err(
                api::Error::CommunicationError(error)
                | api::Error::ResponseBodyError(error)
                | api::Error::InvalidUpgrade(error),
            ),
            answer,
        ) => Err(Error::lost(error, answer)),
        (Err(api::Error::InvalidRequest(problem) | api::Error::Custom(problem)), _) => {
            Err(Error::invalid_input(problem))
        }
        // The document names the one status of success; any other in the 200s with data is a success too.
        (Err(_), Some(answer)) if answer.status.is_success() => read::<E>(answer),
        (Err(_), Some(answer)) => Err(Error::refused(answer)),
        // Every other outcome is made from an answer.
        (Ok(_) | Err(_), None) => Err(Error::invalid_input("the exchange ended without an answer")),
    }
}

/// Decodes the answer the slow way: with the path of what can't be read, and past it where that is possible.
pub(crate) fn read<E: Envelope>(answer: RawAnswer) -> Result<Answer<E::Data>, Error> {
    match E::repair(&answer.body) {
        Ok(Repaired { value, unread }) => Ok(Answer::new(value, unread, answer)),
        Err(reason) => Err(Error::undecodable(answer, reason)),
    }
}

/// Shows no key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url)
            .field("timeout", &self.0.timeout)
            .finish_non_exhaustive()
    }
}
