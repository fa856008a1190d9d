//! Writes the client for `openapi/calls.yaml` into `OUT_DIR`, from where `src/lib.rs` includes it. Without the feature
//! `generate` it is a copy of the checked-in snapshot.

use std::{env, fs, path::Path};

/// The path of the document in the package. In the workspace, `openapi` is a link to the directory of the workspace.
/// The packaged crate has a copy of the file.
#[cfg(feature = "generate")]
const DOCUMENT: &str = "openapi/calls.yaml";
#[cfg(not(feature = "generate"))]
const SNAPSHOT: &str = "snapshots/client.rs";

fn main() {
    if let Err(message) = write() {
        // Cargo prefixes each line with its own "error:".
        for line in message.lines() {
            println!("cargo::error={}", line.strip_prefix("error: ").unwrap_or(line));
        }
    }
}

fn write() -> Result<(), String> {
    let source = source()?;
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR is not set: {error}"))?;
    let path = Path::new(&out).join("client.rs");
    fs::write(&path, source).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(feature = "generate")]
fn source() -> Result<String, String> {
    // Cargo reruns this script when the generator changes, since it is a dependency. The document must be named.
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let text = fs::read_to_string(DOCUMENT).map_err(|error| {
        format!(
            "cannot read {DOCUMENT}: {error}\n\
             help: in the workspace `openapi` is a symbolic link; if git checked it out as a plain file, run \
             `git config core.symlinks true` and check out again"
        )
    })?;
    callrounded_codegen::generate(DOCUMENT, &text).map_err(|findings| findings.to_string())
}

#[cfg(not(feature = "generate"))]
fn source() -> Result<String, String> {
    println!("cargo::rerun-if-changed={SNAPSHOT}");
    fs::read_to_string(SNAPSHOT).map_err(|error| format!("cannot read {SNAPSHOT}: {error}"))
}
