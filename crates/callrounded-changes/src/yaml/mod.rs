//! Writes and edits YAML that people read and review: block style, one notation per value, lines of at most 120
//! characters.

mod edit;
mod write;

pub use edit::Editor;
pub use write::write;
