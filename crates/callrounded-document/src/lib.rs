//! Reads OpenAPI 3.0 documents with the line and column of every value, and validates payloads against them.
//!
//! [`Document::parse`] reads YAML or JSON, and [`Document::lint`] checks the document. Every error is a [`Diagnostic`]
//! with file, line, column, JSON pointer and remedy. The feature `validate` adds [`check`], [`Validator`] and the methods
//! of [`Document`] that look up and check payloads. [`check::Report`] has a complete example.
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
mod location;
mod operation;
mod parse;
pub mod pointer;
mod render;
mod sample;
pub mod structure;
mod styles;
pub mod traverse;
#[cfg(feature = "validate")]
mod validate;

pub use conventions::{Envelope, Pagination};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use document::Document;
pub use examples::{Example, Payload};
pub use excerpt::{Excerpt, printable, printable_char};
pub use location::Location;
pub use operation::{Method, Operation, essence, is_json};
pub use parse::RoundedNumber;
pub use styles::Styles;
#[cfg(feature = "validate")]
pub use validate::{Mismatch, Validator, Verdict};
