//! Helpers of the integration tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc
)]

pub mod faults;
pub mod operations;
pub mod scripted;
pub mod virtual_clock;

use std::{error::Error as _, path::PathBuf, process::Command};

use callrounded::{Client, Error};
use callrounded_mock::MockServer;

/// The README's examples, run as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Those of the guide.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide.md")]
struct Guide;

/// Those of the page about payloads.
#[cfg(doctest)]
#[doc = include_str!("../../docs/validating-payloads.md")]
struct ValidatingPayloads;

/// The call of the documentation.
pub const DOCUMENTED_CALL: &str = "123e4567-e89b-12d3-a456-426614174000";

/// The agent that the documentation starts a call with.
pub const DOCUMENTED_AGENT: &str = "411b82c8-462a-4e1b-89bc-10ab3ce1ed29";

/// A client of the mock server.
#[must_use]
pub fn client_of(server: &MockServer) -> Client {
    Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .build()
        .unwrap()
}

/// A client of whatever listens at `url`. It sends once, so that a script says what it is about and no more.
#[must_use]
pub fn client_at(url: &str) -> Client {
    let client = Client::builder().api_key("test-key").base_url(url);
    client.max_retries(0).build().unwrap()
}

/// All that can be printed of an error, its causes included.
#[must_use]
pub fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!("{inner}\n{inner:?}\n"));
        cause = inner.source();
    }
    text
}

/// The top of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The program of the workspace's npm packages with this name, or the reason why there is none.
///
/// # Errors
/// Where node is not there, or the packages are not installed.
pub fn node_program(name: &str) -> Result<PathBuf, String> {
    if Command::new("node").arg("--version").output().is_err() {
        return Err("node is not installed".to_owned());
    }
    let program = workspace().join("tests/node/node_modules/.bin").join(name);
    if program.exists() {
        Ok(program)
    } else {
        Err(format!("{name} is not installed; run `npm ci` in tests/node"))
    }
}
