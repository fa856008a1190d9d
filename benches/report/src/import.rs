//! How an import grows with the operations of a document: instructions, by gungraun.

use std::path::Path;

use callrounded_benches::Failure;

use crate::{instructions, work::cargo_in};

/// Limit for the instructions per operation in the largest document, relative to the smallest.
const MORE: f64 = 1.5;

/// Prints the instructions per operation of each document, and returns an error message if they grow too much.
///
/// What is counted is as `cargo test` compiles it, and shared with it: to optimize the generator takes minutes, and changes nothing
/// about how it grows.
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
        // As in CI.
        .env("CARGO_INCREMENTAL", "0");
    let mut each = Vec::new();
    for run in instructions::gungraun(root, bench.arg("--"))? {
        let operations: f64 = run.id.trim_start_matches("of_").parse()?;
        let instructions = run.instructions as f64 / operations;
        println!("import of {operations} operations: {instructions:.0} instructions for each");
        each.push((operations, instructions));
    }
    each.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let (Some((_, few)), Some((_, many))) = (each.first(), each.last()) else {
        return Err("nothing was counted of an import".into());
    };
    let more = many / few;
    Ok((more > MORE).then(|| {
        format!("import takes {more:.2} times as many instructions per operation in the largest document as in the smallest; the limit is {MORE}")
    }))
}
