//! The client: what every call shares, and the way of each call through the generated operations.

use std::{fmt, sync::Arc};

use callrounded_api::{
    self as api, ClientInfo as _, Exchange, Limits, Outcome, RawAnswer, ResponseValue, Transport, lenient::Decoded,
};

use crate::{
    answer::{Answer, Envelope, Opened},
    builder::ClientBuilder,
    calls::Calls,
    error::Error,
    options::Options,
    said::Said,
};

/// A client of the API. Clones are cheap and share connections, and the budget for sending again. Calls are awaited in a
/// tokio runtime with I/O and time.
///
/// # Time limits, and sending again
///
/// A call is given up after its [`timeout`](ClientBuilder::timeout). Until then it may be sent again, up to
/// [`max_retries`](ClientBuilder::max_retries) times: after a lost connection, a timeout of one attempt, and the statuses
/// 408, 409, 429, 500, 502, 503 and 504; with growing waits, which are at least as long as the service asks for. All but
/// [`start`](Calls::start) are operations that may be done twice; that one is sent again only where no connection could be
/// made. While the service fails for all, a client stops sending again altogether, until calls succeed.
///
/// # Cancellation
///
/// To give up a call, drop its future, as `tokio::time::timeout` and `select!` do. The connection is closed and nothing is
/// sent any more. What was sent by then the service may act on: find out before you start a call again.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

pub(crate) struct Shared {
    pub http: reqwest::Client,
    pub base_url: String,
    pub transport: Arc<Transport>,
    pub limits: Limits,
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

    /// The generated client for one call of an operation.
    ///
    /// The operation is awaited between this and [`end`](Self::end), and not in a function of its own that does both: a future
    /// that holds a future is copied with it.
    pub(crate) fn begin(&self, operation: &'static str, options: Options) -> Result<api::Client, Error> {
        if let Some(problem) = options.problem {
            return Err(Error::invalid_input(problem).in_operation(operation));
        }
        let Shared {
            http,
            base_url,
            transport,
            limits,
        } = &*self.0;
        let exchange = Exchange::new(Arc::clone(transport), options.over(limits)).headers(options.headers);
        Ok(api::Client::new_with_client(base_url, http.clone(), exchange))
    }

    /// Makes of what came of the operation what callers get.
    pub(crate) fn end<E: Envelope>(
        &self,
        operation: &'static str,
        api: &api::Client,
        result: Result<ResponseValue<E>, api::Error<()>>,
    ) -> Result<Answer<E::Data>, Error> {
        let mut outcome = api.inner().take_outcome();
        let sent = outcome.request.take();
        let attempts = outcome.attempts;
        let retry_after = outcome.retry_after;
        outcome_of(result, outcome).map_err(|error| {
            let error = error.in_operation(operation).after(attempts, retry_after);
            error.without(self.0.transport.key(), sent.as_ref())
        })
    }
}

fn outcome_of<E: Envelope>(
    result: Result<ResponseValue<E>, api::Error<()>>,
    outcome: Outcome,
) -> Result<Answer<E::Data>, Error> {
    let Outcome {
        attempts,
        answer,
        failure,
        unknown,
        reached_before,
        answer_before,
        ..
    } = outcome;
    match (result, answer, failure) {
        (Ok(envelope), Some(answer), _) => opened::<E>(envelope.into_inner().open(), Vec::new(), answer, attempts),
        (Err(_), Some(answer), failure) if !answer.status.is_success() => Err(Error::refused(answer, failure, unknown)),
        (Err(_), answer, Some(failure)) => {
            let error = Error::lost(failure, answer.as_deref(), unknown, reached_before);
            Err(error.with_answer(answer.or(answer_before)))
        }
        // The document names the one status of success; any other in the 200s with data is a success too.
        (Err(_), Some(answer), None) => read::<E>(answer, attempts),
        (Err(api::Error::InvalidRequest(problem)), None, None) => Err(Error::invalid_input(problem)),
        (Err(api::Error::CommunicationError(error)), None, None) => {
            Err(Error::invalid_input("the request can't be built").caused_by(error.without_url()))
        }
        // Every other outcome is made from an answer.
        (Ok(_) | Err(_), None, _) => Err(Error::invalid_input("the exchange ended without an answer")),
    }
}

/// Decodes the answer the slow way: with the path of what can't be read, and past it where that is possible.
pub(crate) fn read<E: Envelope>(answer: Arc<RawAnswer>, attempts: u32) -> Result<Answer<E::Data>, Error> {
    match E::decode(&answer.body) {
        Ok(Decoded { value, skipped }) => opened::<E>(value, skipped, answer, attempts),
        Err(reason) => Err(Error::undecodable(answer, reason)),
    }
}

/// A success, unless it has an error where its data could be.
fn opened<E: Envelope>(
    opened: Opened<E::Data>,
    skipped: Vec<String>,
    answer: Arc<RawAnswer>,
    attempts: u32,
) -> Result<Answer<E::Data>, Error> {
    if E::MAY_LACK_DATA {
        let said = Said::by(&answer.body);
        if said.has_error && !said.has_data {
            return Err(Error::without_data(answer, said));
        }
    }
    Ok(Answer::new(opened, skipped, answer, attempts))
}

/// Shows no key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url)
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}
