//! Checks how the instructions of an import grow with the operations of a document, with gungraun.

use std::path::Path;

use callrounded_benches::Failure;

use crate::{instructions, process::cargo_in};

/// Limit for the instructions per operation in the largest document, relative to the smallest. A cost that grows with the
/// square of the operations is found in a small document if the limit is strict. A larger one takes minutes to count.
const MAX_GROWTH: f64 = 1.1;

/// Prints the instructions per operation of each document, and returns an error message if they grow too much.
///
/// The code is not optimized, and shares its build with `cargo test`. Optimizing the generator takes minutes, and does
/// not change how the cost grows.
pub fn check(root: &Path) -> Result<Option<String>, Failure> {
    let arguments = [
        "--profile",
        "dev",
        "--package",
        "callrounded-bench-import",
        "--bench",
        "import",
    ];
    let mut bench = cargo_in(root, "benches", "bench", &arguments);
    bench
        .arg("--config")
        .arg(root.join("Cargo.toml"))
        .env("CARGO_BUILD_BUILD_DIR", root.join("target"))
        // The same setting as in CI, so that the build is shared.
        .env("CARGO_INCREMENTAL", "0");
    let mut costs = Vec::new();
    for run in instructions::gungraun(root, bench.arg("--"))? {
        let operations: f64 = run.id.trim_start_matches("of_").parse()?;
        let instructions = run.instructions as f64 / operations;
        println!("import of {operations} operations: {instructions:.0} instructions per operation");
        costs.push((operations, instructions));
    }
    costs.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let (Some((_, smallest)), Some((_, largest))) = (costs.first(), costs.last()) else {
        return Err("no import was counted".into());
    };
    let growth = largest / smallest;
    Ok((growth > MAX_GROWTH).then(|| {
        format!(
            "import takes {growth:.2} times as many instructions per operation in the largest document as in the \
             smallest; the limit is {MAX_GROWTH}"
        )
    }))
}
