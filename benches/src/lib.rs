//! The clients that are compared, and what they have in common.

pub mod clients;
pub mod strict;

/// The call that is updated.
pub const CALL: &str = "123e4567-e89b-12d3-a456-426614174000";

/// The key that is sent.
pub const KEY: &str = "mock-key";
