//! The workspace tested as its users use it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod call_ids;
mod document;
mod errors;
mod mock;
mod prism;
mod privacy;
mod settings;
mod update;
mod workspace;
