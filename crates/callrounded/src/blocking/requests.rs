//! Requests that are sent and waited for.

use std::{fmt, future::IntoFuture, sync::Arc, time::Duration};

use callrounded_api::types::{CallType, UpdateCallRequest};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    runtime::Runtime,
    walks::{CallIter, PageIter},
};
use crate::{
    answer::Answer, error::Error, get::GetCall, list::ListCalls, page::Page, phone_number::PhoneNumber,
    start::StartCall, terminate::TerminateCall, update::Update,
};

/// A request that is sent by [`send`](Self::send), or for calls as a list by [`calls`](Request::calls),
/// [`pages`](Request::pages) and [`page`](Request::page). Its other methods are those of the request of the asynchronous
/// client that it is made of.
#[must_use = "nothing is sent yet"]
pub struct Request<R> {
    request: R,
    runtime: Arc<Runtime>,
}

/// A call that is to be updated: with what, and how? As [`crate::UpdateCall`].
#[must_use = "nothing is sent until it is said what to do with the metadata, and that is sent"]
pub struct UpdateCall {
    update: crate::UpdateCall,
    runtime: Arc<Runtime>,
}

impl<R> Request<R> {
    pub(super) fn new(request: R, runtime: Arc<Runtime>) -> Self {
        Self { request, runtime }
    }

    /// Sends the request and waits for its answer.
    ///
    /// # Errors
    /// As the request of the asynchronous client, and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) in a
    /// thread of an asynchronous runtime.
    pub fn send<T>(self) -> Result<T, Error>
    where
        R: IntoFuture<Output = Result<T, Error>>,
    {
        self.runtime.wait(self.request.into_future())
    }
}

/// Gives the requests the methods of those that they are made of.
macro_rules! as_awaited {
    ($($request:ident { $($name:ident($($argument:ident: $type:ty),*);)* })*) => {
        $(impl Request<$request> {
            $(
                #[doc = concat!("As [`", stringify!($request), "::", stringify!($name), "`](crate::", stringify!($request), "::", stringify!($name), ").")]
                pub fn $name(self, $($argument: $type),*) -> Self {
                    Self { request: self.request.$name($($argument),*), runtime: self.runtime }
                }
            )*
        })*
    };
}

as_awaited! {
    GetCall {
        timeout(timeout: Duration);
        attempt_timeout(timeout: Duration);
        max_retries(retries: u32);
        header(name: &str, value: &str);
    }
    TerminateCall {
        timeout(timeout: Duration);
        attempt_timeout(timeout: Duration);
        max_retries(retries: u32);
        header(name: &str, value: &str);
    }
    Update {
        timeout(timeout: Duration);
        attempt_timeout(timeout: Duration);
        max_retries(retries: u32);
        header(name: &str, value: &str);
    }
    StartCall {
        timeout(timeout: Duration);
        attempt_timeout(timeout: Duration);
        max_retries(retries: u32);
        header(name: &str, value: &str);
        retry_rate_limited(retry: bool);
        variable(name: impl Into<String>, value: impl Serialize);
        variables(variables: impl Serialize);
    }
    ListCalls {
        timeout(timeout: Duration);
        attempt_timeout(timeout: Duration);
        max_retries(retries: u32);
        header(name: &str, value: &str);
        agent_id(agent_id: impl Into<String>);
        call_type(call_type: CallType);
        from_number(number: impl TryInto<PhoneNumber, Error: Into<Error>>);
        to_number(number: impl TryInto<PhoneNumber, Error: Into<Error>>);
        started_after(moment: impl Into<DateTime<Utc>>);
        started_before(moment: impl Into<DateTime<Utc>>);
        include_transcript(include: bool);
        include_variable_values(include: bool);
        page_size(calls: u32);
        cursor(cursor: impl Into<String>);
        prefetch(prefetch: bool);
    }
}

impl Request<ListCalls> {
    /// Every call, over all pages, by cursor. As [`ListCalls::stream`].
    pub fn calls(self) -> CallIter {
        CallIter::new(self.request.stream(), self.runtime)
    }

    /// Every page, by cursor. As [`ListCalls::pages`].
    pub fn pages(self) -> PageIter {
        PageIter::new(self.request.pages(), self.runtime)
    }

    /// The page with this number, counted from 1. As [`ListCalls::page`].
    ///
    /// # Errors
    /// As [`ListCalls::page`], and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) in a thread of an
    /// asynchronous runtime.
    pub fn page(self, number: u32) -> Result<Answer<Page>, Error> {
        self.runtime.wait(self.request.page(number).into_future())
    }
}

impl UpdateCall {
    pub(super) fn new(update: crate::UpdateCall, runtime: Arc<Runtime>) -> Self {
        Self { update, runtime }
    }

    /// As [`crate::UpdateCall::merge_metadata`].
    pub fn merge_metadata(self, metadata: impl Serialize) -> Request<Update> {
        Request::new(self.update.merge_metadata(metadata), self.runtime)
    }

    /// As [`crate::UpdateCall::replace_metadata`].
    pub fn replace_metadata(self, metadata: impl Serialize) -> Request<Update> {
        Request::new(self.update.replace_metadata(metadata), self.runtime)
    }

    /// As [`crate::UpdateCall::clear_metadata`].
    pub fn clear_metadata(self) -> Request<Update> {
        Request::new(self.update.clear_metadata(), self.runtime)
    }

    /// As [`crate::UpdateCall::request`].
    pub fn request(self, request: UpdateCallRequest) -> Request<Update> {
        Request::new(self.update.request(request), self.runtime)
    }
}

impl<R: fmt::Debug> fmt::Debug for Request<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

impl fmt::Debug for UpdateCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.update.fmt(f)
    }
}
