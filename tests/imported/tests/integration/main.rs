//! Tests of the clients of imported documents.
#![allow(missing_docs, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod decode;
mod lenient;
mod sending;
