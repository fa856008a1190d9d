//! The operations on calls: the generated ones, and what is hand-written about them.

use std::{fmt, ops::Deref};

use callrounded_api::{Request, operations, resources, types::UpdateCallRequest};
use callrounded_runtime::{Async, Mode};
use serde::Serialize;
use serde_json::Map;

/// The operations on calls. It dereferences to the generated operations.
#[derive(Clone)]
pub struct Calls<M = Async>(resources::Calls<M>);

impl<M: Mode> Calls<M> {
    pub(crate) fn new(calls: resources::Calls<M>) -> Self {
        Self(calls)
    }

    /// Updates the metadata of a call.
    ///
    /// Sends `PATCH /v1/calls/{call_id}`. `call_id` is a string, a UUID, or anything else that is displayed as the identifier.
    /// The methods of [`UpdateCall`] say what happens to the metadata.
    ///
    /// Source: Rounded API reference, page "Update call".
    pub fn update(&self, call_id: impl ToString) -> UpdateCall<M> {
        UpdateCall(self.0.update(call_id))
    }
}

impl<M> Deref for Calls<M> {
    type Target = resources::Calls<M>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<M> fmt::Debug for Calls<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An update of a call: choose what happens to its metadata.
///
/// Metadata is given as pairs, as a map, or as a [`Serialize`] struct that becomes a JSON object. A null among the values is sent
/// as null. (serde_json also writes numbers that JSON does not have, such as NaN, as null.)
#[derive(Debug)]
#[must_use = "an update does nothing until its metadata is chosen and the request is sent"]
pub struct UpdateCall<M = Async>(Request<operations::UpdateCall, M>);

impl<M> UpdateCall<M> {
    /// Adds to the metadata of the call. Existing values with the same keys are replaced, the rest is kept.
    ///
    /// The documentation does not state whether nested objects are merged too.
    pub fn merge_metadata(self, metadata: impl Serialize) -> Request<operations::UpdateCall, M> {
        self.0.metadata(metadata).override_(false)
    }

    /// Replaces all metadata of the call.
    pub fn replace_metadata(self, metadata: impl Serialize) -> Request<operations::UpdateCall, M> {
        self.0.metadata(metadata).override_(true)
    }

    /// Removes all metadata of the call: replaces it with an empty object.
    pub fn clear_metadata(self) -> Request<operations::UpdateCall, M> {
        self.replace_metadata(Map::new())
    }

    /// Sends this body, with everything that the document permits: metadata that is absent (`None`), null (`Some(None)`) or an
    /// object. What the service does with the first two is not documented.
    pub fn body(self, body: UpdateCallRequest) -> Request<operations::UpdateCall, M> {
        self.0.body(body)
    }
}
