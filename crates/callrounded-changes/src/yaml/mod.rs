//! Values as YAML that people read and review: block style, one form for each value, lines of a length.

mod edit;
mod write;

pub use edit::Edited;
pub use write::write;
