//! A stand-in for the Rounded calls API: a server on loopback that requires a key, remembers its calls, and answers as
//! documented. It is driven by the same OpenAPI document as the client: routes, the header of the key, the schemas that
//! requests must fit and the texts of the envelope come from there.
//!
//! ```
//! use callrounded_mock::MockServer;
//!
//! let server = MockServer::start()?;
//! println!("{} takes the key {}", server.url(), server.api_key());
//! assert!(server.requests().is_empty());
//! # Ok::<(), callrounded_mock::StartError>(())
//! ```
//!
//! What it does by itself can be replaced, operation by operation: see [`When`]. A test of what comes after an outage:
//!
//! ```
//! # use callrounded_mock::MockServer;
//! let server = MockServer::builder().calls(500).start()?;
//! let busy = server.when_update_call().with_call_id("00000000-0000-4000-a000-000000000007").times(2).status(503);
//! // … what is tested runs here, against server.url() …
//! assert_eq!(busy.hits(), 0);
//! # Ok::<(), callrounded_mock::StartError>(())
//! ```
//!
//! The server runs on a thread of its own, so it serves tests with and without a runtime, and ends when it is dropped.
//! It starts with the call that the documentation shows. What the documentation does not say is decided here, and only
//! here: `null` or absent metadata leaves a call as it is, objects inside the metadata are replaced whole, and errors
//! come in the envelope with the `error` object and no `data`.

mod behaviour;
mod connection;
mod contract;
mod control;
mod exact;
mod expect;
mod filter;
mod generic;
mod listing;
mod log;
/// The operations of the document, to say what is expected of them: [`MockServer::when_update_call`] and so on.
pub mod operations {
    use crate::types;

    include!(concat!(env!("OUT_DIR"), "/operations.rs"));
}
mod prefer;
#[cfg(feature = "record")]
mod record;
mod recorded;
mod replay;
mod reply;
mod server;
mod service;
mod world;

// The types of parameters, requests and responses.
pub use callrounded_api::types;
pub use callrounded_runtime::Timestamp;
pub use expect::{Expected, Operation, When};
pub use log::SeenRequest;
#[cfg(feature = "record")]
pub use record::Recorder;
pub use server::{MockServer, MockServerBuilder, StartError};
