//! Update call: with what, and how.

use std::{future::IntoFuture, pin::Pin};

use callrounded_api::types::UpdateCallRequest;
use serde::Serialize;
use serde_json::Map;

use crate::{
    answer::Answer,
    call_id::CallId,
    client::Client,
    error::Error,
    metadata,
    options::{Options, per_request},
    types::Call,
};

/// A call that is to be updated: with what, and how?
///
/// Metadata is given as pairs, as a map, or as any [`Serialize`] struct that becomes a JSON object. A null among the
/// values is sent as null. (serde_json writes numbers that JSON does not have, such as NaN, as null too.)
#[derive(Debug)]
#[must_use = "nothing is sent until it is said what to do with the metadata, and that is awaited"]
pub struct UpdateCall {
    client: Client,
    id: Result<CallId, Error>,
}

impl UpdateCall {
    pub(crate) fn new(client: Client, id: Result<CallId, Error>) -> Self {
        Self { client, id }
    }

    /// Adds to the metadata of the call; what it has under the same names is replaced, the rest stays.
    ///
    /// The documentation does not say whether objects inside the metadata are merged in turn.
    pub fn merge_metadata(self, metadata: impl Serialize) -> Update {
        self.with(metadata, false)
    }

    /// Puts this in place of all the metadata of the call.
    pub fn replace_metadata(self, metadata: impl Serialize) -> Update {
        self.with(metadata, true)
    }

    /// Replaces all the metadata of the call by nothing: an empty object.
    pub fn clear_metadata(self) -> Update {
        self.with(Map::new(), true)
    }

    /// Sends just this request, with all that the document allows: metadata absent (`None`), null (`Some(None)`) or an
    /// object. What the service does with the first two is not documented.
    pub fn request(self, request: UpdateCallRequest) -> Update {
        Update {
            client: self.client,
            request: self.id.map(|id| (id, request)),
            options: Options::default(),
        }
    }

    fn with(self, metadata: impl Serialize, replace: bool) -> Update {
        // Never left to the default of the service: what is meant is what is sent.
        let request = |metadata| {
            let mut request = UpdateCallRequest::default();
            request.metadata = Some(Some(metadata));
            request.override_ = Some(replace);
            request
        };
        let checked = self.id.and_then(|id| Ok((id, request(metadata::to_object(metadata)?))));
        Update {
            client: self.client,
            request: checked,
            options: Options::default(),
        }
    }
}

/// An update that is ready: await it.
///
/// # Errors
/// Any [`ErrorKind`](crate::ErrorKind) but `Configuration`. With `InvalidInput` nothing was sent. Sending the same
/// update again is safe: it leaves the same metadata, unless someone else wrote in between.
#[derive(Debug)]
#[must_use = "an update is sent when it is awaited"]
pub struct Update {
    client: Client,
    request: Result<(CallId, UpdateCallRequest), Error>,
    options: Options,
}

impl Update {
    per_request!("this update");
}

impl IntoFuture for Update {
    type Output = Result<Answer<Call>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            const OPERATION: &str = "update_call";
            let (id, request) = self.request.map_err(|error| error.in_operation(OPERATION))?;
            let api = self.client.begin(OPERATION, self.options)?;
            let result = api.update_call().call_id(id.into_string()).body(request).send().await;
            self.client.end(OPERATION, &api, result)
        })
    }
}
