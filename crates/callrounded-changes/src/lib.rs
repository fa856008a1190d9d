//! What changes between OpenAPI documents.
//!
//! [`diff`] compares two of them: what a change means on the wire, to clients that are deployed today, and to the source
//! of what is built on the generated client. [`import`] makes a document that a client can be generated from of one that
//! the service publishes. [`drift`] finds what recorded payloads know better, and the edits that would teach it.
//!
//! This crate does no I/O: it takes documents and returns values.

mod bundle;
pub mod diff;
pub mod drift;
pub mod import;
mod rust_api;
pub mod yaml;

pub use bundle::{Bundled, Load, bundle};
pub use rust_api::{ItemChange, RustApi};
