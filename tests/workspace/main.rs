//! The workspace as its users have it: its commands, its documentation, its packages, and what a change of the document does.
//! These tests run cargo, and take minutes.
//!
//! They share one build directory with the workspace, so that no dependency is compiled twice for them.
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
mod documentation;
mod environment;
mod grown;
mod packages;
mod semver;
mod update;

use std::{env, path::Path, process::Command};

/// Lets a command, or what it runs, use cargo: without network access, and with one build directory for all of these tests.
fn prepare(command: &mut Command) -> &mut Command {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    command
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_BUILD_BUILD_DIR", tmp.parent().unwrap())
}

/// The cargo that runs this.
fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    prepare(&mut cargo);
    cargo
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
