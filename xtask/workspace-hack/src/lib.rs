//! An empty crate. Its manifest explains its purpose.
