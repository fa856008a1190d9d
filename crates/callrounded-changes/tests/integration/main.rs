//! Tests of the comparison and of the import of documents.
#![allow(missing_docs, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod diff;
mod diff_properties;
mod import;
mod import_generators;
mod import_matching;
mod import_merge;
mod import_merge_fields;
mod import_yaml;
mod made;
mod support;
