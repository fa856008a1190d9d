//! The client of the Rounded calls API as it is generated from `openapi/calls.yaml` while this crate is built.
//!
//! Most callers want the crate `callrounded`, which stands on this one: it builds clients safely, checks what is sent,
//! and gives errors that can be acted on. Here is the document and nothing else: a method for each operation, a type for
//! each schema ([`types`]), and below them [`Exchange`], the one place that every request and answer goes through.
//!
//! `snapshots/client.rs` is the reviewed copy of what is generated; a test asserts that it equals what was compiled.
//!
//! Sending is safe by what the document says of an operation: see `x-idempotent` there, and [`Limits`] and [`Outcome`] here.
//!
//! With the feature `schemars` each type implements `schemars::JsonSchema`; with `tracing` each attempt has a span.

mod api_key;
mod attempt;
mod budget;
mod clock;
mod decimal;
mod exchange;
#[allow(missing_docs, unused_mut, unreachable_patterns, irrefutable_let_patterns)]
// Its texts are those of the document.
#[allow(clippy::all, clippy::pedantic, clippy::restriction, rustdoc::all)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}
mod path;
mod retry;
mod retry_after;
mod span;
mod timestamp;
mod transport;

/// The OpenAPI document that this client is made of, so that others can hold payloads to it: `callrounded_document` does.
pub const DOCUMENT: &str = include_str!("../openapi/calls.yaml");

pub use api_key::ApiKey;
pub use attempt::{Failure, FailureKind, RawAnswer};
pub use clock::{Clock, Sleep, SystemClock};
pub use decimal::Decimal;
pub use exchange::{Exchange, Outcome};
pub use generated::*;
use path::encode_path_segment;
pub use retry_after::retry_after;
pub use timestamp::Timestamp;
pub use transport::{Limits, Transport};
