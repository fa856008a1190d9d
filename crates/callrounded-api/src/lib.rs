//! The client of the Rounded calls API as it is generated from `openapi/calls.yaml` while this crate is built.
//!
//! Most callers want the crate `callrounded`, which stands on this one: it builds clients safely, checks what is sent,
//! and gives errors that can be acted on. Here is the document and nothing else: a method for each operation, a type for
//! each schema ([`types`]), and below them [`Exchange`], the one place that every request and answer goes through.
//!
//! `snapshots/client.rs` is the reviewed copy of what is generated; a test asserts that it equals what was compiled. Without the
//! feature `generate` it is what is compiled, and no generator is built.
//!
//! Sending is safe by what the document says of an operation: see `x-idempotent` there, and [`Limits`] and [`Outcome`] here.
//!
//! Who only reads and writes payloads takes this crate without its feature `client`: the types are there, and neither an
//! HTTP client nor a runtime is in the tree. With the feature `schemars` each type implements `schemars::JsonSchema`; with `tracing` each attempt has a span.

#[cfg(feature = "client")]
mod api_key;
#[cfg(feature = "client")]
mod attempt;
#[cfg(feature = "client")]
mod budget;
#[cfg(feature = "client")]
mod clock;
mod decimal;
#[cfg(feature = "client")]
mod exchange;
#[allow(missing_docs, unused_mut, unreachable_patterns, irrefutable_let_patterns)]
// Its texts are those of the document.
#[allow(clippy::all, clippy::pedantic, clippy::restriction, rustdoc::all)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}
pub mod lenient;
#[cfg(feature = "client")]
mod path;
mod raw;
#[cfg(feature = "client")]
mod retry;
#[cfg(feature = "client")]
mod retry_after;
#[cfg(feature = "client")]
mod span;
mod timestamp;
#[cfg(feature = "client")]
mod transport;
#[doc(hidden)]
pub mod union;

/// The OpenAPI document that this client is made of, so that others can hold payloads to it: `callrounded_document` does.
pub const DOCUMENT: &str = include_str!("../openapi/calls.yaml");

#[cfg(feature = "client")]
pub use api_key::ApiKey;
#[cfg(feature = "client")]
pub use attempt::{Failure, FailureKind, RawAnswer};
#[cfg(feature = "client")]
pub use clock::{Clock, Sleep, SystemClock};
pub use decimal::{Decimal, DecimalString, Digits};
#[cfg(feature = "client")]
pub use exchange::{Exchange, Outcome};
pub use generated::*;
#[cfg(feature = "client")]
use path::encode_path_segment;
#[cfg(feature = "client")]
pub use retry_after::retry_after;
pub use timestamp::Timestamp;
#[cfg(feature = "client")]
pub use transport::{Limits, Observer, Transport};
