//! The operations on calls: the generated ones, and hand-written methods for updates.

use std::{fmt, ops::Deref};

use callrounded_api::{Request, operations, resources, types::UpdateCallRequest};
use callrounded_runtime::{Async, Mode};
use serde::Serialize;
use serde_json::Map;

/// The operations on calls. It dereferences to the generated operations; its own `update` takes precedence over the
/// generated one.
#[derive(Clone)]
pub struct Calls<M = Async>(resources::Calls<M>);

impl<M: Mode> Calls<M> {
    pub(crate) fn new(calls: resources::Calls<M>) -> Self {
        Self(calls)
    }

    /// Updates the metadata of a call.
    ///
    /// Sends `PATCH /v1/calls/{call_id}`. `call_id` is a string, a UUID, or any other value that displays as the
    /// identifier. Choose what happens to the metadata by a method of [`UpdateCall`].
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

/// An update of a call. Its methods choose what happens to the metadata.
///
/// Pass metadata as pairs, as a map, or as a [`Serialize`] struct that becomes a JSON object. A null value is sent as
/// null. (serde_json also writes numbers that JSON does not have, such as NaN, as null.) If the metadata is invalid,
/// the request fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput).
#[derive(Debug)]
#[must_use = "an update does nothing until its metadata is chosen and the request is sent"]
pub struct UpdateCall<M = Async>(Request<operations::UpdateCall, M>);

impl<M> UpdateCall<M> {
    /// Adds entries to the metadata of the call. Existing values with the same keys are replaced, the others are kept.
    ///
    /// Whether the service also merges nested objects is not documented.
    pub fn merge_metadata(self, metadata: impl Serialize) -> Request<operations::UpdateCall, M> {
        self.0.metadata(metadata).override_(false)
    }

    /// Replaces all metadata of the call.
    pub fn replace_metadata(self, metadata: impl Serialize) -> Request<operations::UpdateCall, M> {
        self.0.metadata(metadata).override_(true)
    }

    /// Removes all metadata of the call, by replacing it with an empty object.
    pub fn clear_metadata(self) -> Request<operations::UpdateCall, M> {
        self.replace_metadata(Map::new())
    }

    /// Sets the whole body. Its metadata may be absent (`None`), null (`Some(None)`) or an object. What the service
    /// does with the first two is not documented.
    pub fn body(self, body: UpdateCallRequest) -> Request<operations::UpdateCall, M> {
        self.0.body(body)
    }
}
