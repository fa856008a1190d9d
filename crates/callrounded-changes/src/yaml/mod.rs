//! Values as YAML that people read and review: block style, one form for each value, lines of a length.

mod write;

pub use write::write;
