//! The program that `cargo xtask bench` runs. It measures, writes docs/performance.md, and compares counts with
//! benches/baseline.json.

mod allocations;
mod baseline;
mod builds;
mod commands;
mod import;
mod instructions;
mod machine;
mod page;
mod plot;
mod process;
mod rates;
mod requirements;
mod time;
mod tools;

use std::{env, fs, path::Path, process::ExitCode};

use callrounded_benches::Failure;
use serde_json::{Map, Value, json};

const USAGE: &str = "\
cargo xtask bench [PART…]     measures everything or these parts, and writes docs/performance.md
cargo xtask bench --check     compares instructions and allocations with benches/baseline.json
cargo xtask bench --baseline  writes benches/baseline.json

PART: instructions, allocations, time, rates, commands, builds, edits, tools";

type Measure = fn(&Path) -> Result<Value, Failure>;

const PARTS: [(&str, Measure); 8] = [
    ("instructions", instructions::measure),
    ("allocations", allocations::measure),
    ("time", time::measure),
    ("rates", rates::measure),
    ("commands", commands::measure),
    ("builds", builds::measure),
    ("edits", builds::edits),
    ("tools", tools::measure),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let root = process::root()?;
    // Builds the programs that are measured. `cargo bench` builds them with the benches, with other features than
    // `cargo build`.
    let build = ["--no-run", "--package", "callrounded-benches"];
    process::output(&mut process::cargo_in(root, "benches", "bench", &build))?;
    match arguments {
        [option] if option == "--check" => baseline::check(root),
        [option] if option == "--baseline" => baseline::write(root).map(|()| ExitCode::SUCCESS),
        parts => {
            let unknown = parts.iter().find(|part| !PARTS.iter().any(|(name, _)| name == part));
            if let Some(part) = unknown {
                return Err(format!("unknown part `{part}`\n{USAGE}").into());
            }
            measure(root, parts)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Measures parts and saves the results with those of earlier runs. Writes the page if there are results for all parts.
fn measure(root: &Path, parts: &[String]) -> Result<(), Failure> {
    let results_path = root.join("target/benches/results.json");
    let mut results: Map<String, Value> = match fs::read(&results_path) {
        // A run of all parts does not use results of an earlier commit.
        Ok(text) if !parts.is_empty() => serde_json::from_slice(&text)?,
        _ => Map::new(),
    };
    for (name, measure) in PARTS {
        if parts.is_empty() || parts.iter().any(|part| part == name) {
            println!("-- {name}");
            let mut result = measure(root)?;
            result["machine"] = json!(machine::description()?);
            result["commit"] = json!(machine::commit(root)?);
            results.insert(name.to_owned(), result);
            fs::write(&results_path, serde_json::to_vec_pretty(&results)?)?;
        }
    }
    let missing: Vec<&str> = PARTS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !results.contains_key(*name))
        .collect();
    if missing.is_empty() {
        page::write(root, &results)
    } else {
        println!(
            "docs/performance.md is not written: there are no results yet for {}",
            missing.join(", ")
        );
        Ok(())
    }
}
