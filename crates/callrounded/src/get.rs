//! Get call details.

use std::{future::IntoFuture, pin::Pin};

use crate::{
    answer::Answer,
    call_id::CallId,
    client::Client,
    error::Error,
    options::{Options, per_request},
    types::Call,
};

/// A call that is to be read: await it.
///
/// # Errors
/// Any [`ErrorKind`](crate::ErrorKind) but `Configuration` and `OutcomeUnknown`. With `InvalidInput` nothing was sent. Safe to
/// send again.
#[derive(Debug)]
#[must_use = "nothing is sent until this is awaited"]
pub struct GetCall {
    client: Client,
    id: Result<CallId, Error>,
    options: Options,
}

impl GetCall {
    pub(crate) fn new(client: Client, id: Result<CallId, Error>) -> Self {
        Self {
            client,
            id,
            options: Options::default(),
        }
    }

    per_request!("this request");
}

impl IntoFuture for GetCall {
    type Output = Result<Answer<Call>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            const OPERATION: &str = "get_call";
            let id = self.id.map_err(|error| error.in_operation(OPERATION))?.into_string();
            let api = self.client.begin(OPERATION, self.options)?;
            let result = api.get_call().call_id(id).send().await;
            self.client.end(OPERATION, &api, result)
        })
    }
}
