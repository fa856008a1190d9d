//! Reports skipped tests. It has no dependencies, so that the tests of every crate can use it.
#![allow(clippy::panic)]

use std::{
    env,
    fmt::Display,
    io::{self, Write as _},
};

/// Reports on standard error that a test is skipped, because it cannot run on this system.
pub fn skip(reason: impl Display) {
    // In a single write, and not with a macro: the test harness hides the macro output of tests that pass.
    let _ = io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes());
}

/// Reports on standard error that a test is skipped, because a tool is not installed.
///
/// # Panics
/// If the environment variable `CI` is set: CI installs every tool.
pub fn skip_without_tool(reason: impl Display) {
    assert!(
        env::var_os("CI").is_none(),
        "a test must not be skipped in CI: {reason}"
    );
    skip(reason);
}
