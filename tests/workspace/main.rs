//! Tests of the workspace as a whole: its commands, documentation and packages, and the effect of a changed document. They run
//! cargo and take minutes.
//!
//! They share the build directory of the workspace, so that no dependency is compiled twice.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod automation;
mod change;
mod copy;
mod dependencies;
mod documentation;
mod environment;
mod grown;
mod packages;
mod semver;
mod update;

use std::{env, path::Path, process::Command};

/// Sets the environment of a command that runs cargo: no network access, and one build directory for all of these tests.
fn prepare(command: &mut Command) -> &mut Command {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    command
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_BUILD_BUILD_DIR", tmp.parent().unwrap())
}

/// Returns a command for the cargo that runs this test.
fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    prepare(&mut cargo);
    cargo
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
