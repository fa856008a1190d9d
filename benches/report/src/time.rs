//! Measures the time to decode a page in nanoseconds, with criterion.

use std::{fs, path::Path};

use callrounded_benches::Failure;
use serde_json::{Value, json};

use crate::process::{cargo_in, output};

pub fn measure(root: &Path) -> Result<Value, Failure> {
    let target = root.join("target/benches");
    let bench = ["--package", "callrounded-bench-time"];
    output(cargo_in(root, "benches", "bench", &bench).env("CRITERION_HOME", target.join("criterion")))?;
    let mut results = json!({});
    for name in ["decode_page strict", "decode_page lenient"] {
        let file = target
            .join("criterion")
            .join(name.replace(' ', "/"))
            .join("new/estimates.json");
        let estimates: Value =
            serde_json::from_slice(&fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?)?;
        results[name] = estimates["median"]["point_estimate"].clone();
    }
    Ok(results)
}
