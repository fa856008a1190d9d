//! What changes between OpenAPI documents.
//!
//! [`diff`] compares two of them: what a change means on the wire, to clients that are deployed today, and to the source
//! of what is built on the generated client.
//!
//! This crate does no I/O: it takes documents and returns values.

pub mod diff;
mod rust_api;

use callrounded_document::{Diagnostics, Document};

pub use rust_api::{ItemChange, RustApi};

/// Reads a document to work with: one of 3.0 as it is.
///
/// # Errors
/// Where the text is no YAML, and no JSON either.
pub fn read(name: &str, text: &str) -> Result<Document, Diagnostics> {
    Document::parse(name, text)
}
