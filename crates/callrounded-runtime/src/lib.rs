//! The runtime of a generated API client: everything that is the same for any API.
//!
//! A crate with generated code describes its operations by implementing [`Operation`] for a type per operation. This
//! crate sends them: it adds the API key, retries idempotent operations, enforces deadlines and decodes responses
//! leniently. Every failure is one type, [`Error`].
//!
//! - [`Transport`] holds what all requests of a client share. [`Client`] sends operations over it, asynchronously or
//!   blocking.
//! - [`RequestOptions`] are the settings of a single request.
//! - [`Response`] is a successful response, [`Page`] one page of a list. [`PageStream`] and [`ItemStream`] page through
//!   a list.
//! - [`Timestamp`], [`Decimal`] and [`lenient`] support generated types. They need no HTTP client and are available
//!   without the feature `client`.
//!
//! Features: `client` (default); `blocking`, `gzip`, `tracing`, `schemars`, `rust_decimal`, `bigdecimal`.
//!
//! Applications normally use a client crate built on this one, which re-exports what they need. An example of such a
//! crate is `callrounded`.

#[cfg(feature = "client")]
mod any;
#[cfg(feature = "client")]
mod api_key;
#[cfg(feature = "client")]
mod attempt;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "client")]
mod body;
#[cfg(feature = "client")]
#[doc(hidden)]
pub mod check;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod clock;
#[cfg(feature = "client")]
mod connect;
mod decimal;
#[cfg(feature = "client")]
#[doc(hidden)]
pub mod decode;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod error_body;
#[cfg(feature = "client")]
mod error_kind;
#[cfg(feature = "client")]
mod failure;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "client")]
mod hooks;
pub mod lenient;
#[cfg(feature = "client")]
mod object;
mod operation;
#[cfg(feature = "client")]
mod options;
#[cfg(feature = "client")]
mod page;
#[cfg(feature = "client")]
mod paginate;
#[cfg(feature = "client")]
mod path;
mod raw;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
mod retry;
#[cfg(feature = "client")]
mod retry_after;
#[cfg(feature = "client")]
mod retry_budget;
#[cfg(feature = "client")]
mod scrub;
#[cfg(feature = "client")]
mod send;
#[cfg(feature = "client")]
mod span;
mod timestamp;
#[cfg(feature = "client")]
mod transport;
#[doc(hidden)]
pub mod union;

#[cfg(feature = "client")]
pub use any::{AnyList, AnyOperation};
#[cfg(feature = "client")]
pub use api_key::ApiKey;
#[cfg(feature = "client")]
pub use attempt::RawResponse;
#[cfg(feature = "blocking")]
pub use blocking::{Blocking, ItemIter, PageIter};
#[cfg(feature = "client")]
pub use client::{Arguments, Async, Client, Mode, Pending};
#[cfg(feature = "client")]
pub use clock::{Clock, Sleep, SystemClock};
pub use decimal::{Decimal, DecimalString, Digits, ParseDecimalError};
#[cfg(feature = "client")]
pub use error::Error;
#[cfg(feature = "client")]
pub use error_body::{ErrorBody, ErrorDetail};
#[cfg(feature = "client")]
pub use error_kind::ErrorKind;
#[cfg(feature = "client")]
pub use failure::FailureKind;
#[cfg(feature = "client")]
pub use hooks::{Hooks, IncomingResponse, OutgoingRequest};
#[cfg(feature = "client")]
#[doc(hidden)]
pub use object::add_entries;
#[cfg(feature = "client")]
pub use object::to_object;
#[cfg(feature = "client")]
pub use operation::{Numbered, Operation, Paginated, Position};
pub use operation::{OperationInfo, Pagination, ParameterInfo, ParameterLocation};
#[cfg(feature = "client")]
pub use options::RequestOptions;
#[cfg(feature = "client")]
#[doc(hidden)]
pub use options::{checked_header, nonzero};
#[cfg(feature = "client")]
pub use page::Page;
#[cfg(feature = "client")]
pub use paginate::{ItemStream, PageStream};
#[cfg(feature = "client")]
pub use path::{check_path_parameter, encode_path_segment};
#[cfg(feature = "client")]
pub use response::Response;
#[cfg(feature = "client")]
pub use retry_after::retry_after;
pub use timestamp::{ParseTimestampError, Timestamp};
#[cfg(feature = "client")]
pub use transport::{Limits, Transport};

/// The crate of the HTTP client.
#[cfg(feature = "client")]
pub use reqwest;
