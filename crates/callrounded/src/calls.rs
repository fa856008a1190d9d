//! The operations on calls.

use crate::{
    call_id::CallId, client::Client, error::Error, get::GetCall, list::ListCalls, phone_number::PhoneNumber,
    start::StartCall, terminate::TerminateCall, update::UpdateCall,
};

/// The operations on calls, from [`Client::calls`].
#[derive(Clone, Debug)]
pub struct Calls {
    client: Client,
}

impl Calls {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// One call with all that is known of it (`GET /v1/calls/{call_id}`, page "Get call details").
    ///
    /// `id` is a text, a `Uuid` or a [`CallId`]. One that can't be an identifier is reported when this is awaited.
    pub fn get<I>(&self, id: I) -> GetCall
    where
        I: TryInto<CallId>,
        I::Error: Into<Error>,
    {
        GetCall::new(self.client.clone(), id.try_into().map_err(Into::into))
    }

    /// Walks calls (`GET /v1/calls`, page "List calls"): which, and how, is said on what this gives.
    pub fn list(&self) -> ListCalls {
        ListCalls::new(self.client.clone())
    }

    /// Has an agent dial a telephone (`POST /v1/calls/phone`, page "Start a phone call"), when what this gives is awaited.
    ///
    /// `from` is a number of the organization, `to` the one who is called; both E.164 with the leading +, as text or
    /// [`PhoneNumber`]. `agent_id` names the agent that speaks.
    pub fn start<F, T>(&self, from: F, to: T, agent_id: impl Into<String>) -> StartCall
    where
        F: TryInto<PhoneNumber>,
        F::Error: Into<Error>,
        T: TryInto<PhoneNumber>,
        T::Error: Into<Error>,
    {
        let from = from.try_into().map_err(Into::into);
        let to = to.try_into().map_err(Into::into);
        StartCall::new(self.client.clone(), from, to, agent_id.into())
    }

    /// Ends a phone call (`POST /v1/calls/{call_id}/terminate`, page "Terminate call"). Ending one that has ended already
    /// succeeds too.
    ///
    /// The data of the answer may be anything, null included; what it means is not documented.
    pub fn terminate<I>(&self, id: I) -> TerminateCall
    where
        I: TryInto<CallId>,
        I::Error: Into<Error>,
    {
        TerminateCall::new(self.client.clone(), id.try_into().map_err(Into::into))
    }

    /// Updates the metadata of a call (`PATCH /v1/calls/{call_id}`, page "Update call").
    ///
    /// `id` is a text, a `Uuid` or a [`CallId`]. What to do with the metadata is said next; an identifier that can't be
    /// one is reported when that is awaited.
    pub fn update<I>(&self, id: I) -> UpdateCall
    where
        I: TryInto<CallId>,
        I::Error: Into<Error>,
    {
        UpdateCall::new(self.client.clone(), id.try_into().map_err(Into::into))
    }
}
