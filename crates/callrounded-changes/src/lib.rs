//! Compares, imports and corrects OpenAPI documents.
//!
//! [`diff`] compares two documents. It reports what each change means on the wire, for deployed clients, and in source,
//! for code that uses the generated client. [`import`] converts the document that a service publishes into one that a
//! client can be generated from. [`drift`] finds where recorded payloads contradict a document, and the edits that
//! would correct it.
//!
//! This crate does no I/O: it takes documents and returns values.
//!
//! ```no_run
//! use callrounded_changes::diff::diff;
//! use callrounded_document::Document;
//!
//! let old = Document::parse("old.yaml", &std::fs::read_to_string("old.yaml")?)?;
//! let new = Document::parse("new.yaml", &std::fs::read_to_string("new.yaml")?)?;
//! for change in diff(&old, &new).changes {
//!     println!("{}: {} (wire: {}, source: {})", change.subject, change.problem, change.wire, change.source);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bundle;
pub mod diff;
pub mod drift;
pub mod import;
mod rust_api;
pub mod yaml;

pub use bundle::{Bundled, Load, bundle};
pub use rust_api::{ItemChange, RustApi};
