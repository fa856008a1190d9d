//! Writes the client for `openapi/calls.yaml` into `OUT_DIR`, from where `src/lib.rs` includes it: generated, or without the
//! feature `generate` the reviewed copy of that.

use std::{env, fs, path::Path};

/// Below the package: a link to the workspace's folder, or in the packaged crate the file itself.
#[cfg(feature = "generate")]
const DOCUMENT: &str = "openapi/calls.yaml";
#[cfg(not(feature = "generate"))]
const SNAPSHOT: &str = "snapshots/client.rs";

fn main() {
    if let Err(message) = write() {
        // Cargo puts its own "error:" before each line.
        for line in message.lines() {
            println!("cargo::error={}", line.strip_prefix("error: ").unwrap_or(line));
        }
    }
}

fn write() -> Result<(), String> {
    let source = source()?;
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR is not set: {error}"))?;
    let path = Path::new(&out).join("client.rs");
    fs::write(&path, source).map_err(|error| format!("{} can't be written: {error}", path.display()))
}

#[cfg(feature = "generate")]
fn source() -> Result<String, String> {
    // Cargo runs this again when the generator changes, since it is a dependency; the document it has to be told of.
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let text = fs::read_to_string(DOCUMENT).map_err(|error| {
        format!(
            "{DOCUMENT} can't be read: {error}\n\
             help: in the workspace `openapi` is a symbolic link; where git made a plain file of it, check out again \
             with `git config core.symlinks true`"
        )
    })?;
    callrounded_codegen::generate(DOCUMENT, &text).map_err(|found| found.to_string())
}

#[cfg(not(feature = "generate"))]
fn source() -> Result<String, String> {
    println!("cargo::rerun-if-changed={SNAPSHOT}");
    fs::read_to_string(SNAPSHOT).map_err(|error| format!("{SNAPSHOT} can't be read: {error}"))
}
