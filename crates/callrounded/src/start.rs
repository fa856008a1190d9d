//! Start a phone call: who calls whom, and what the agent knows.

use std::{fmt, future::IntoFuture, pin::Pin};

use callrounded_api::types::{StartPhoneCallRequest, error::ConversionError};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    answer::Answer,
    client::Client,
    error::Error,
    metadata,
    options::{Options, per_request},
    phone_number::PhoneNumber,
    types::StartedCall,
};

const OPERATION: &str = "start_phone_call";

/// A phone call that is ready: await it, and a telephone rings.
///
/// It is sent again only where no connection could be made, which shows only where connecting times out first: keep
/// [`timeout`](Self::timeout) and [`attempt_timeout`](Self::attempt_timeout) above the client's
/// [`connect_timeout`](crate::ClientBuilder::connect_timeout). Of any other failure there are three sorts: the service has
/// refused it, and nothing was started (`Authentication`, `InvalidRequest`, `RateLimited` and the like); it has said yes in
/// an answer that can't be read (`Decode`, `MissingData`, `BodyTooLarge`), and the call is started; or it is
/// [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown). After the latter two, look for the call before starting it again:
///
/// ```
/// use callrounded::{Client, Error, ErrorKind};
///
/// /// Starts a call, or finds the one that was started. Whatever goes wrong then, the error is that of the start.
/// /// `attempt` is an identifier made for this one call.
/// async fn start(client: &Client, from: &str, to: &str, agent: &str, attempt: &str) -> Result<String, Error> {
///     let error = match client.calls().start(from, to, agent).variable("attempt", attempt).await {
///         Ok(started) => return Ok(started.into_inner().call_id),
///         Err(error) => error,
///     };
///     match error.kind() {
///         ErrorKind::OutcomeUnknown | ErrorKind::Decode | ErrorKind::MissingData | ErrorKind::BodyTooLarge => {}
///         _ => return Err(error),
///     }
///     // A call may take a moment to be listed: an empty list is no proof at once.
///     tokio::time::sleep(std::time::Duration::from_secs(5)).await;
///     // With `started_after` it would be less to walk, if the clocks here and there agree.
///     let calls = client.calls().list().from_number(from).to_number(to).include_variable_values(true);
///     let mut calls = calls.stream();
///     while let Some(call) = calls.next().await {
///         // What goes wrong here says nothing of the start: the outcome is as unknown as before.
///         let Ok(call) = call else { continue };
///         let variables = call.variable_values.as_deref().unwrap_or_default();
///         let ours = |value: &serde_json::Value| value.as_str() == Some(attempt);
///         if variables.iter().filter_map(|variable| variable.value.as_ref()).any(ours) {
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
#[must_use = "a call is started when it is awaited"]
pub struct StartCall {
    client: Client,
    request: Result<StartPhoneCallRequest, Error>,
    options: Options,
}

impl StartCall {
    pub(crate) fn new(
        client: Client,
        from: Result<PhoneNumber, Error>,
        to: Result<PhoneNumber, Error>,
        agent_id: String,
    ) -> Self {
        let request = from.and_then(|from| {
            let to = to?;
            if agent_id.is_empty() {
                return Err(Error::invalid_input(
                    "the agent_id is empty; it names the agent that speaks",
                ));
            }
            let request = StartPhoneCallRequest::builder()
                .from_number(from.into_string())
                .to_number(to.into_string())
                .agent_id(agent_id);
            // It has all that it needs, so this fails only where the document asks for more.
            request
                .try_into()
                .map_err(|error: ConversionError| Error::invalid_input(error.to_string()))
        });
        Self {
            client,
            request,
            options: Options::default(),
        }
    }

    per_request!("this start of a call");

    /// Sends it again, up to [`max_retries`](Self::max_retries) times, where the service refuses it since there were too
    /// many requests (429), which starts nothing. Without this such an answer is the error that it is, with
    /// [`Error::retry_after`].
    pub fn retry_rate_limited(mut self, retry: bool) -> Self {
        self.options.retry_rate_limited = retry;
        self
    }

    /// Sets a variable before the call starts; the value is any JSON.
    pub fn variable(self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        let value = serde_json::to_value(value)
            .map_err(|_| Error::invalid_input("the value of a variable can't be written as JSON"));
        self.add(value.map(|value| [(name, value)].into_iter().collect()))
    }

    /// Sets several variables: pairs, a map, or a struct that serializes to an object.
    pub fn variables(self, variables: impl Serialize) -> Self {
        self.add(metadata::to_object(variables))
    }

    fn add(mut self, variables: Result<Map<String, Value>, Error>) -> Self {
        self.request = self.request.and_then(|mut request| {
            request
                .dynamic_variables_values
                .get_or_insert_default()
                .get_or_insert_default()
                .extend(variables?);
            Ok(request)
        });
        self
    }
}

impl IntoFuture for StartCall {
    type Output = Result<Answer<StartedCall>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let request = self.request.map_err(|error| error.in_operation(OPERATION))?;
            let api = self.client.begin(OPERATION, self.options)?;
            let result = api.start_phone_call().body(request).send().await;
            self.client.end(OPERATION, &api, result)
        })
    }
}

impl fmt::Debug for StartCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartCall")
            .field("request", &self.request)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
