//! How an import grows with the operations of a document: instructions, by gungraun.

use std::path::Path;

use callrounded_benches::Failure;

use crate::{instructions, work::cargo_in};

/// How many times as many instructions an operation may take among a thousand as among a hundred.
const MORE: f64 = 1.5;

/// Prints what an operation takes, and gives what is wrong with it.
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
        format!("an operation among the most takes {more:.2} times the instructions of one among the fewest, which is more than {MORE}")
    }))
}
