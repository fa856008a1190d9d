//! How a test of any crate here reports that it can't run. Without dependencies, so that every crate can use it.
#![allow(clippy::panic)]

use std::{
    env,
    fmt::Display,
    io::{self, Write as _},
};

/// Reports a test that can't run on this system.
pub fn skip(reason: impl Display) {
    // In one write, and past the test harness, which captures what macros print of a test that passes.
    let _ = io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes());
}

/// Reports a test whose tool is not installed.
///
/// # Panics
/// In CI, which installs every tool.
pub fn skip_without_tool(reason: impl Display) {
    assert!(env::var_os("CI").is_none(), "CI must not skip this: {reason}");
    skip(reason);
}
