//! `payloads SCHEMA FILE…` validates files with the jsonschema crate alone.

use std::fs;

use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args().skip(1);
    let schema: Value = serde_json::from_slice(&fs::read(
        files.next().ok_or("missing argument: expected a file with a schema")?,
    )?)?;
    let validator = jsonschema::draft7::options()
        .should_validate_formats(true)
        .build(&schema)?;
    for file in files {
        let payload: Value = serde_json::from_slice(&fs::read(&file)?)?;
        if let Err(error) = validator.validate(&payload) {
            return Err(format!("{file}: {error}").into());
        }
    }
    Ok(())
}
