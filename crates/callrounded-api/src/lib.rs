//! The client of the Rounded calls API, generated from `openapi/calls.yaml` when this crate is built.
//!
//! Most users want the crate `callrounded`, which builds on this one. This crate has only what is generated: [`Client`]
//! with a group of operations for each tag, a type for each schema ([`types`]), and the description of each operation
//! ([`OPERATIONS`]). `callrounded-runtime` sends the requests.
//!
//! `snapshots/client.rs` is the checked-in snapshot of the generated source. A test checks that it is identical to the
//! compiled source. Without the feature `generate` the snapshot is compiled, and the generator is not built.
//!
//! Without the feature `client` there are only the types, and no HTTP client in the dependency tree. With the feature
//! `schemars` each type implements `schemars::JsonSchema`. With `tracing` each attempt has a span. With `blocking` there is
//! a client without an asynchronous runtime.
//!
//! ```
//! let call: callrounded_api::types::Call = serde_json::from_str(r#"{"id": "1", "status": "completed"}"#)?;
//! assert_eq!(call.id, "1");
//! # Ok::<(), serde_json::Error>(())
//! ```

#[allow(missing_docs, unused_mut, unreachable_patterns, irrefutable_let_patterns)]
// Descriptions come from the document.
#[allow(clippy::all, clippy::pedantic, clippy::restriction, rustdoc::all)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// The OpenAPI document that this client is generated from, as YAML. Use it with `callrounded-document` to validate
/// payloads.
pub static DOCUMENT: &str = include_str!("../openapi/calls.yaml");

pub use generated::*;
