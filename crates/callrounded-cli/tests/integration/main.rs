//! Tests of the command line against the mock server.
#![allow(missing_docs, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod bulk;
mod commands;
mod memory;
mod rows;
mod support;
mod terminal;
