//! The command `bench`: measures the performance of calls, builds and validation. The benchmarks are in the workspace
//! `benches`, so that other commands do not build them.

use std::{io, path::Path, process::Command};

use callrounded_doc::{Exit, Streams};
use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub(crate) struct Options {
    /// What to measure. [default: everything, which takes about an hour and updates docs/performance.md]
    parts: Vec<Part>,
    /// Compares instructions and allocations with benches/baseline.json; exits with 1 if they have increased.
    #[arg(long, conflicts_with = "parts")]
    check: bool,
    /// Updates benches/baseline.json.
    #[arg(long, conflicts_with_all = ["parts", "check"])]
    baseline: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Part {
    Instructions,
    Allocations,
    Time,
    Rates,
    Commands,
    Builds,
    Edits,
    Tools,
}

pub(crate) fn run(options: &Options, root: &Path, streams: Streams<'_>) -> io::Result<Exit> {
    let mut bench = Command::new("cargo");
    bench
        .args(["run", "--quiet", "--locked", "--package", "callrounded-bench-report"])
        .args([
            "--manifest-path",
            "benches/Cargo.toml",
            "--target-dir",
            "target/benches",
        ])
        .current_dir(root);
    if options.check || options.baseline {
        // Optimizing the program that counts takes minutes. What it counts is built optimized. It shares the build directory
        // and the profiles with `cargo test`.
        bench
            .args(["--config", "Cargo.toml"])
            .env("CARGO_BUILD_BUILD_DIR", root.join("target"))
            .env("CARGO_INCREMENTAL", "0");
    } else {
        bench.arg("--release");
    }
    bench.arg("--");
    if options.check {
        bench.arg("--check");
    }
    if options.baseline {
        bench.arg("--baseline");
    }
    for part in &options.parts {
        bench.args(part.to_possible_value().map(|part| part.get_name().to_owned()));
    }
    streams.out.flush()?;
    // The benchmarks inherit the streams and print to them directly.
    let status = match bench.status() {
        Ok(status) => status,
        Err(error) => {
            writeln!(streams.err, "error: cargo cannot be run: {error}")?;
            return Ok(Exit::InputError);
        }
    };
    Ok(match status.code() {
        Some(0) => Exit::Clean,
        Some(1) => Exit::Findings,
        _ => Exit::InputError,
    })
}
