//! Writes into `OUT_DIR` what the server can be told to expect of each operation of `openapi/calls.yaml`.

use std::{env, fs, path::Path};

const DOCUMENT: &str = "openapi/calls.yaml";
const EXAMPLES: &str = "openapi/examples";

fn main() {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed={EXAMPLES}");
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
    fs::write(&path, source).map_err(|error| format!("{} can't be written: {error}", path.display()))?;
    let path = Path::new(&out).join("examples.rs");
    fs::write(&path, examples()?).map_err(|error| format!("{} can't be written: {error}", path.display()))
}

/// The example files, by their names in the document.
fn examples() -> Result<String, String> {
    let unreadable = |error| format!("{EXAMPLES} can't be read: {error}");
    let mut names = Vec::new();
    for entry in fs::read_dir(EXAMPLES).map_err(unreadable)? {
        names.extend(entry.map_err(unreadable)?.file_name().into_string());
    }
    names.retain(|name| name.ends_with(".json"));
    names.sort();
    let entries = names.iter().map(|name| {
        let file = format!("/{EXAMPLES}/{name}");
        format!(
            "    ({:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?}))),\n",
            format!("examples/{name}")
        )
    });
    let entries: String = entries.collect();
    Ok(format!("const EXAMPLES: &[(&str, &str)] = &[\n{entries}];\n"))
}
