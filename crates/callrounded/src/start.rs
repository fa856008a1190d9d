//! Start a phone call: who calls whom, and what the agent knows.

use std::{fmt, future::IntoFuture, pin::Pin};

use callrounded_api::types::{StartPhoneCallRequest, StartPhoneCallResponse};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{answer::Answer, client::Client, error::Error, metadata, phone_number::PhoneNumber, types::StartedCall};

const OPERATION: &str = "start_phone_call";

/// A phone call that is ready: await it, and a telephone rings.
///
/// It is sent once. After a [`Timeout`](crate::ErrorKind::Timeout), a lost [`Connection`](crate::ErrorKind::Connection), a
/// [`Server`](crate::ErrorKind::Server) error or an answer that can't be read, the call may have been started: look for it
/// with [`list`](crate::Calls::list) before starting it again.
#[must_use = "a call is started when it is awaited"]
pub struct StartCall {
    client: Client,
    request: Result<StartPhoneCallRequest, Error>,
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
            Ok(StartPhoneCallRequest {
                from_number: from.into_string(),
                to_number: to.into_string(),
                agent_id,
                dynamic_variables_values: None,
            })
        });
        Self { client, request }
    }

    /// Sets a variable before the call starts; the value is any JSON.
    pub fn variable(self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        let value = serde_json::to_value(value)
            .map_err(|_| Error::invalid_input(format!("the variable {name:?} can't be written as JSON")));
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
            let send = |api: callrounded_api::Client| async move { api.start_phone_call().body(request).send().await };
            self.client.run::<StartPhoneCallResponse, _>(OPERATION, send).await
        })
    }
}

impl fmt::Debug for StartCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartCall")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}
