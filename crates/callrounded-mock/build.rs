//! Generates the `when_…` methods for the operations of `openapi/calls.yaml` and the table of example files into
//! `OUT_DIR`.

use std::{env, fs, path::Path};

const DOCUMENT: &str = "openapi/calls.yaml";
const EXAMPLES: &str = "openapi/examples";

fn main() {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed={EXAMPLES}");
    if let Err(message) = generate() {
        // Cargo prefixes each line with its own "error:".
        for line in message.lines() {
            println!("cargo::error={}", line.strip_prefix("error: ").unwrap_or(line));
        }
    }
}

fn generate() -> Result<(), String> {
    let text = fs::read_to_string(DOCUMENT).map_err(|error| format!("cannot read {DOCUMENT}: {error}"))?;
    let source = callrounded_codegen::expectations(DOCUMENT, &text).map_err(|errors| errors.to_string())?;
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR is not set: {error}"))?;
    let path = Path::new(&out).join("operations.rs");
    fs::write(&path, source).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    let path = Path::new(&out).join("examples.rs");
    fs::write(&path, examples()?).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Returns the source of a table of the example files, with the paths by which the document refers to them.
fn examples() -> Result<String, String> {
    let unreadable = |error| format!("cannot read the directory {EXAMPLES}: {error}");
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
