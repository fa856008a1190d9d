//! Time, by criterion: nanoseconds of the decoding of a page.

use std::{fs, path::Path};

use callrounded_benches::Failure;
use serde_json::{Value, json};

use crate::work::{cargo_in, output};

pub fn measure(root: &Path) -> Result<Value, Failure> {
    let target = root.join("target/benches");
    let bench = ["--package", "callrounded-benches", "--bench", "time"];
    output(cargo_in(root, "benches", "bench", &bench).env("CRITERION_HOME", target.join("criterion")))?;
    let mut found = json!({});
    for name in ["decode_page strict", "decode_page liberal"] {
        let file = target
            .join("criterion")
            .join(name.replace(' ', "/"))
            .join("new/estimates.json");
        let estimates: Value =
            serde_json::from_slice(&fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?)?;
        found[name] = estimates["median"]["point_estimate"].clone();
    }
    Ok(found)
}
