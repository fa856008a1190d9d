//! Writes into `OUT_DIR` what the server can be told to expect of each operation of `openapi/calls.yaml`.

use std::{env, fs, path::Path};

const DOCUMENT: &str = "openapi/calls.yaml";

fn main() {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    if let Err(message) = generate() {
        // Cargo puts its own "error:" before each line.
        for line in message.lines() {
            println!("cargo::error={}", line.strip_prefix("error: ").unwrap_or(line));
        }
    }
}

fn generate() -> Result<(), String> {
    let text = fs::read_to_string(DOCUMENT).map_err(|error| format!("{DOCUMENT} can't be read: {error}"))?;
    let source = callrounded_codegen::expectations(DOCUMENT, &text).map_err(|found| found.to_string())?;
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR is not set: {error}"))?;
    let path = Path::new(&out).join("operations.rs");
    fs::write(&path, source).map_err(|error| format!("{} can't be written: {error}", path.display()))
}
