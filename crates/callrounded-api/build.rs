//! Writes the client for `openapi/calls.yaml` into `OUT_DIR`, from where `src/lib.rs` includes it.

use std::{env, fs, path::Path};

/// Below the package: a link to the workspace's folder, or in the packaged crate the file itself.
const DOCUMENT: &str = "openapi/calls.yaml";

fn main() {
    // Cargo runs this again when the generator changes, since it is a dependency; the document it has to be told of.
    println!("cargo::rerun-if-changed={DOCUMENT}");
    if let Err(message) = generate() {
        // Cargo puts its own "error:" before each line.
        for line in message.lines() {
            println!("cargo::error={}", line.strip_prefix("error: ").unwrap_or(line));
        }
    }
}

fn generate() -> Result<(), String> {
    let text = fs::read_to_string(DOCUMENT).map_err(|error| {
        format!(
            "{DOCUMENT} can't be read: {error}\n\
             help: in the workspace `openapi` is a symbolic link; where git made a plain file of it, check out again \
             with `git config core.symlinks true`"
        )
    })?;
    let source = callrounded_codegen::generate(DOCUMENT, &text).map_err(|found| found.to_string())?;
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR is not set: {error}"))?;
    let path = Path::new(&out).join("client.rs");
    fs::write(&path, source).map_err(|error| format!("{} can't be written: {error}", path.display()))
}
