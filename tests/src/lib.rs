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

/// The Rust examples of README and documentation, run as doctests.
#[cfg(doctest)]
mod pages {
    macro_rules! pages {
        ($($name:ident: $file:literal,)*) => {
            $(#[doc = include_str!(concat!("../../", $file))] struct $name;)*
        };
    }

    pages! {
        Readme: "README.md",
        GettingStarted: "docs/getting-started.md",
        UpdatingMetadata: "docs/updating-metadata.md",
        Listing: "docs/listing.md",
        ErrorsAndRetries: "docs/errors-and-retries.md",
        Testing: "docs/testing.md",
        ValidatingPayloads: "docs/validating-payloads.md",
        Callrounded: "crates/callrounded/README.md",
        Api: "crates/callrounded-api/README.md",
        Document: "crates/callrounded-document/README.md",
        Mock: "crates/callrounded-mock/README.md",
    }
}

/// The identifier of the call in the documentation.
pub const DOCUMENTED_CALL: &str = "123e4567-e89b-12d3-a456-426614174000";

/// The identifier of the agent in the documentation.
pub const DOCUMENTED_AGENT: &str = "411b82c8-462a-4e1b-89bc-10ab3ce1ed29";

/// Returns a client of the mock server.
#[must_use]
pub fn client_of(server: &MockServer) -> Client {
    Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .build()
        .unwrap()
}

/// Returns a client of the server at `url`. It does not retry, so that a script needs only one action per request.
#[must_use]
pub fn client_at(url: &str) -> Client {
    let client = Client::builder().api_key("test-key").base_url(url);
    client.max_retries(0).build().unwrap()
}

/// Returns everything that can be printed of an error: `Display` and `Debug` of the error and of its sources.
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

/// Returns the root directory of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns the path of a program of the npm packages in `tests/node`.
///
/// # Errors
/// If node is not installed, or the packages are not. The error is a message that says how to install them.
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
