//! What changes between OpenAPI documents.
//!
//! [`diff`] compares two of them: what a change means on the wire, to clients that are deployed today, and to the source
//! of what is built on the generated client.
//!
//! This crate does no I/O: it takes documents and returns values.

pub mod diff;
mod rust_api;

pub use rust_api::{ItemChange, RustApi};
