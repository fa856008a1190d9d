//! A mock server for the Rounded calls API. It listens on loopback, requires an API key, has calls that requests can
//! change, and responds as documented. Routes, the API key header, the schemas of requests and the defaults of the
//! envelope come from the same OpenAPI document as the client.
//!
//! ```
//! use callrounded_mock::MockServer;
//!
//! let server = MockServer::start()?;
//! println!("{} (API key: {})", server.url(), server.api_key());
//! assert!(server.requests().is_empty());
//! # Ok::<(), callrounded_mock::StartError>(())
//! ```
//!
//! Each operation has a method that replaces its responses. [`When`] lists the errors, delays and bodies:
//!
//! ```
//! # use callrounded_mock::MockServer;
//! use std::time::Duration;
//!
//! let server = MockServer::builder().calls(500).start()?;
//! let id = "00000000-0000-4000-a000-000000000007";
//! // Two errors, then the default response.
//! let outage = server.when_update_call().with_call_id(id).statuses([503, 502]);
//! // A 429 with `Retry-After`.
//! server.when_list_calls().rate_limited(Duration::from_secs(30));
//! // A lost connection.
//! server.when_start_phone_call().reset();
//!
//! // The code under test runs here, with `server.url()` and `server.api_key()`. This example sends nothing.
//! assert_eq!(outage.hits(), 0);
//! # Ok::<(), callrounded_mock::StartError>(())
//! ```
//!
//! The server runs on a thread of its own, so it serves tests with and without a runtime. It stops when it is dropped.
//! Initially it has the call of the documentation. The program `callrounded-mock` serves tests in any language, which
//! control it over HTTP below `/_mock`.
//!
//! With the feature `record`, `Recorder` records real traffic, and [`MockServerBuilder::replay`] serves it.
//!
//! Where the documentation is silent, the server behaves as follows: `null` or absent metadata does not change a call,
//! objects inside the metadata are replaced and not merged, and errors are sent in the envelope with the `error` object
//! and no `data`.

mod behaviour;
mod calls;
mod connection;
mod contract;
mod control;
mod error;
mod exact;
mod expect;
mod filter;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod generic;
mod log;
/// The operations of the document, for expectations such as [`MockServer::when_update_call`].
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

// Types of parameters, requests and responses.
pub use callrounded_api::types;
pub use callrounded_runtime::Timestamp;
pub use error::StartError;
pub use expect::{Expected, Operation, When};
pub use log::SeenRequest;
#[cfg(feature = "record")]
pub use record::Recorder;
pub use server::{MockServer, MockServerBuilder};
