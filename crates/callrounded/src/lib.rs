//! A client for the calls API of [Rounded](https://callrounded.com), the voice-agent service. It gets, lists, updates,
//! starts and terminates calls. It is unofficial, reconstructed from the vendor's public reference.
//!
//! ```no_run
//! use callrounded::{Client, Error, ErrorKind};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     // Reads CALLROUNDED_API_KEY.
//!     let client = Client::from_env()?;
//!     let update = client.calls().update("123e4567-e89b-12d3-a456-426614174000");
//!     match update.merge_metadata([("source", "ad")]).await {
//!         Ok(call) => println!("{} {:?}", call.id, call.metadata),
//!         Err(error) if error.kind() == ErrorKind::NotFound => println!("no such call"),
//!         Err(error) => return Err(error),
//!     }
//!     // The calls of all pages.
//!     let mut calls = client.calls().list().stream();
//!     while let Some(call) = calls.next().await {
//!         println!("{}", call?.id);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! | task | see |
//! | --- | --- |
//! | set timeouts, retries, headers, a proxy or hooks | [`ClientBuilder`]; for one request, [`Request`] |
//! | handle errors | [`Error`] and [`ErrorKind`] |
//! | page through lists | [`ItemStream`], [`PageStream`] and [`Page`] |
//! | change metadata | [`UpdateCall`] |
//! | read metadata, variables and durations as your types | [`CallExt`] |
//! | start a call once | [`Client`](Client#starting-calls) |
//! | test without the service | the crate `callrounded-mock` |
//!
//! Operations and [`types`] are generated from the OpenAPI document by the crate `callrounded-api`, so every operation of
//! the document is available. The crates [`chrono`] (dates and times) and [`reqwest`] (the HTTP client) are re-exported.
//!
//! # Features
//!
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `generate` | yes | generates the client at build time; without it, the checked-in snapshot is compiled |
//! | `gzip` | yes | compressed responses |
//! | `rustls` | yes | TLS by rustls |
//! | `native-tls` | | TLS by the system's library; not used if `rustls` is on |
//! | `blocking` | | a client without an asynchronous runtime |
//! | `tracing` | | a span for each attempt, and events for retries |
//! | `rust_decimal`, `bigdecimal` | | conversions of `Decimal` |
//! | `schemars` | | JSON Schemas of the types |
//!
//! # Privacy
//!
//! Calls contain conversations and phone numbers. `Debug` of this crate redacts them; fields and accessors return them.
//! An error message never contains the API key. It may quote the message of the service. Parts of the request that the
//! service repeats there are removed if they are recognized; short strings and call IDs may remain. Spans (feature `tracing`) have
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
    ItemStream, OperationInfo, OutgoingRequest, Page, PageStream, Pagination, ParameterInfo, ParameterLocation,
    RequestOptions, Response, Sleep, SystemClock,
};
#[cfg(feature = "blocking")]
pub use callrounded_runtime::{Blocking, ItemIter, PageIter};
pub use calls::{Calls, UpdateCall};
pub use client::Client;

/// The types of the API, generated from its OpenAPI document. Their `Debug` redacts personal data.
///
/// Create a value with its `builder()` and end with `try_into()`, which fails if a required field is missing.
/// [`CallExt`] and [`TranscriptEntryExt`] add conversions.
pub mod types {
    pub use callrounded_api::types::*;
    pub use callrounded_runtime::{Decimal, DecimalString, Digits, ParseDecimalError, ParseTimestampError, Timestamp};
}

pub use chrono;
pub use reqwest;
