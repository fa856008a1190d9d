//! The client of the Rounded calls API as it is generated from `openapi/calls.yaml` while this crate is built.
//!
//! Most callers want the crate `callrounded`, which stands on this one: it builds clients safely, checks what is sent,
//! and gives errors that can be acted on. Here is the document and nothing else: a method for each operation, a type for
//! each schema ([`types`]), and below them [`Exchange`], the one place that every request and answer goes through.
//!
//! `snapshots/client.rs` is the reviewed copy of what is generated; a test asserts that it equals what was compiled.
//!
//! With the feature `schemars` each type implements `schemars::JsonSchema`.

mod decimal;
mod exchange;
#[allow(missing_docs, unused_mut, clippy::all, clippy::pedantic, clippy::restriction)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}
mod path;
mod timestamp;

pub use decimal::Decimal;
pub use exchange::{Exchange, RawAnswer};
pub use generated::*;
use path::encode_path_segment;
pub use timestamp::Timestamp;
