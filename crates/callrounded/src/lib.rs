//! A client for the calls of [Rounded](https://callrounded.com), the voice agent service.
//!
//! ```
//! # async fn documented(client: callrounded::Client) -> Result<(), callrounded::Error> {
//! let call = client
//!     .calls()
//!     .update("123e4567-e89b-12d3-a456-426614174000")
//!     .merge_metadata([("source", "marketing_campaign"), ("utm_medium", "email")])
//!     .await?;
//! println!("{} {:?}", call.id, call.metadata);
//! # Ok(())
//! # }
//! # let runtime = tokio::runtime::Runtime::new().unwrap();
//! # let server = callrounded_mock::MockServer::start().unwrap();
//! # let client = callrounded::Client::builder().api_key(server.api_key()).base_url(server.url()).build().unwrap();
//! # runtime.block_on(documented(client)).unwrap();
//! ```
//!
//! [`Client::from_env`] reads the API key from `CALLROUNDED_API_KEY`. [`Client::builder`] has all settings. An
//! operation returns a [`Response`], which dereferences to its data, or an [`Error`], whose [`kind`](Error::kind) tells
//! what you can do about it. See [`Client`] for retries, timeouts and cancellation.
//!
//! Operations and [`types`] are generated from the OpenAPI document by `callrounded-api`, so every operation of the
//! document is available. `callrounded-mock` is a server to test against.
//!
//! # Privacy
//!
//! Calls contain conversations and phone numbers. No `Debug` of this crate shows them, and no error message contains
//! the API key or what was sent. Fields and accessors return them. An error message contains the message of the
//! service, from which parts of the request are removed, as far as they are recognized. Spans (feature `tracing`) have
//! the method, the route, the status, host and port, the number of retries and the kind of error. The API key is
//! overwritten in memory when the last clone of a client is dropped.

#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call_ext;
mod calls;
mod client;

pub use builder::ClientBuilder;
pub use call_ext::{CallExt, TranscriptEntryExt, Variable};
pub use callrounded_api::{OPERATIONS, PhoneNumber, Request, operation, operations, resources};
pub use callrounded_runtime::{
    AnyList, AnyOperation, Async, Clock, Error, ErrorBody, ErrorDetail, ErrorKind, FailureKind, IncomingResponse,
    ItemStream, OperationInfo, OutgoingRequest, Page, PageStream, ParameterLocation, RequestOptions, Response, Sleep,
    SystemClock,
};
#[cfg(feature = "blocking")]
pub use callrounded_runtime::{Blocking, ItemIter, PageIter};
pub use calls::{Calls, UpdateCall};
pub use client::Client;

/// The types of the API, generated from its OpenAPI document. Their `Debug` redacts personal data.
pub mod types {
    pub use callrounded_api::types::*;
    pub use callrounded_runtime::{Decimal, DecimalString, Digits, ParseDecimalError, ParseTimestampError, Timestamp};
}

/// The crate of the date and time types.
pub use chrono;
/// The crate of the HTTP client, for [`ClientBuilder::configure_http`].
pub use reqwest;
