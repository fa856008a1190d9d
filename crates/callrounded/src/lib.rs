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
//! [`Client::from_env`] takes the key from `CALLROUNDED_API_KEY`; [`Client::builder`] has the settings. What an operation
//! gives is an [`Answer`], which dereferences to its data, or an [`Error`], whose [`kind`](Error::kind) says what can be
//! done about it.
//!
//! How calls are sent, sent again, and given up is said at [`Client`]; what can be set, at [`ClientBuilder`].
//!
//! The types of the API ([`types`]) are generated from its OpenAPI document by `callrounded-api`; `callrounded-mock` is a
//! server to test against.
//!
//! # Privacy
//!
//! A call holds what people said and their numbers. No `Debug` of this crate shows them, and no error shows the key or
//! what was sent; the fields and accessors do. An error shows the message that the service itself gives for it, without
//! what that repeats of the request, as far as it can be recognized. Spans (feature `tracing`) have the route, the status and the host, nothing else.
//! The key is overwritten in memory when the last clone of a client is dropped.

mod answer;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call_ext;
mod call_id;
mod calls;
mod client;
mod error;
mod error_kind;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod get;
mod hooks;
mod list;
mod metadata;
mod options;
mod page;
mod pages;
mod phone_number;
mod said;
mod scrub;
mod start;
mod terminate;
mod update;

pub use answer::Answer;
pub use builder::ClientBuilder;
pub use call_ext::{CallExt, TranscriptEntryExt, Variable};
pub use call_id::CallId;
pub use callrounded_api::{Clock, FailureKind, Sleep, SystemClock};
pub use calls::Calls;
pub use client::Client;
pub use error::Error;
pub use error_kind::ErrorKind;
pub use get::GetCall;
pub use hooks::{IncomingAnswer, OutgoingRequest};
pub use list::ListCalls;
pub use page::Page;
pub use pages::{CallStream, PageStream};
pub use phone_number::PhoneNumber;
pub use start::StartCall;
pub use terminate::TerminateCall;
pub use update::{Update, UpdateCall};

/// The types of the API, generated from its OpenAPI document. Their `Debug` redacts personal data; the fields hold it.
pub mod types {
    pub use callrounded_api::{
        Decimal, DecimalString, Digits, Timestamp,
        types::{
            ApiError, ApiErrorDetail, Call, CallDirection, CallStatus, CallType, StartedCall, TranscriptEntry,
            TranscriptRole, UpdateCallRequest, VariableType, VariableValue,
        },
    };
}

/// The time stamps of a call are of its types.
pub use chrono;
/// The HTTP client underneath, for [`ClientBuilder::configure_http`].
pub use reqwest;
