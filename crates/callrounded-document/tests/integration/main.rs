//! Tests of documents, of the JSON parser and of the validator.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod document;
#[cfg(feature = "validate")]
mod json;
#[cfg(feature = "validate")]
mod sample;
#[cfg(feature = "validate")]
mod suite;
#[cfg(feature = "validate")]
mod validate;
#[cfg(feature = "validate")]
mod verdicts;
