//! Integration tests of the workspace through its public interfaces.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod blocking;
mod bulk_docs;
mod call_ids;
mod calls;
mod connect;
mod control;
mod document;
mod errors;
mod expectations;
mod faults;
mod figures;
mod hooks;
mod list;
mod mock;
mod mutations;
mod pages;
mod payloads;
mod prism;
mod privacy;
mod recording;
mod seeds;
mod sending;
mod settings;
mod update;
