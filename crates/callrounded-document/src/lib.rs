//! An OpenAPI 3.0 document whose every value knows its place.
//!
//! The generator, `xtask` and the mock server all read the document through [`Document`], so that whatever they find
//! wrong is reported the same way: a [`Diagnostic`] with file, line, column, JSON pointer, and what to do about it.
//! With the feature `validate`, payloads are checked against the schemas of the document.
//!
//! This crate does no I/O: it takes text and returns values.

#[cfg(feature = "validate")]
pub mod check;
mod conventions;
mod diagnostic;
mod document;
mod examples;
mod excerpt;
pub mod json;
pub mod lint;
mod located;
mod operation;
pub mod pointer;
mod render;
mod sample;
pub mod structure;
#[cfg(feature = "validate")]
mod validate;
pub mod walk;
mod yaml;

pub use conventions::{Envelope, Pagination};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use document::Document;
pub use examples::{Example, Payload};
pub use excerpt::{Excerpt, printable, visible};
pub use located::{Place, Rounded};
pub use operation::{Method, Operation, essence, is_json};
pub use render::Styles;
#[cfg(feature = "validate")]
pub use validate::{Deviation, Validator, Verdict};
