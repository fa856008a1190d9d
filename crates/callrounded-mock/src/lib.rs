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
//! The server runs on a thread of its own, so it serves tests with and without a runtime, and ends when it is dropped.
//! It starts with the call that the documentation shows. What the documentation does not say is decided here, and only
//! here: `null` or absent metadata leaves a call as it is, objects inside the metadata are replaced whole, and errors
//! come in the envelope with the `error` object and no `data`.

mod behaviour;
mod contract;
mod listing;
mod log;
mod server;
mod service;

pub use log::SeenRequest;
pub use server::{MockServer, MockServerBuilder, StartError};
