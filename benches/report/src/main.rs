//! What `cargo xtask bench` runs: measures, writes docs/performance.md, and holds counts to the committed ones.

mod allocations;
mod baseline;
mod builds;
mod commands;
mod import;
mod instructions;
mod machine;
mod page;
mod plot;
mod rates;
mod requirements;
mod time;
mod tools;
mod work;

use std::{env, fs, path::Path, process::ExitCode};

use callrounded_benches::Failure;
use serde_json::{Map, Value, json};

const USAGE: &str = "\
cargo xtask bench [PART…]     measures, all or these parts, and writes docs/performance.md
cargo xtask bench --check     holds instructions and allocations to benches/baseline.json
cargo xtask bench --baseline  writes benches/baseline.json anew

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .ok_or("there is no workspace")?;
    // What is measured: the programs too, which `cargo bench` builds with the benches, and with other features than `cargo build`.
    let all = ["--no-run", "--package", "callrounded-benches"];
    work::output(&mut work::cargo_in(root, "benches", "bench", &all))?;
    match arguments {
        [one] if one == "--check" => baseline::check(root),
        [one] if one == "--baseline" => baseline::write(root).map(|()| ExitCode::SUCCESS),
        parts => {
            let unknown = parts.iter().find(|part| !PARTS.iter().any(|(name, _)| name == part));
            if let Some(part) = unknown {
                return Err(format!("there is no part `{part}`\n{USAGE}").into());
            }
            measure(root, parts)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Measures parts, keeps what it found beside what was found before, and writes the page when all is there.
fn measure(root: &Path, parts: &[String]) -> Result<(), Failure> {
    let kept = root.join("target/benches/results.json");
    let mut results: Map<String, Value> = match fs::read(&kept) {
        // What was measured of an earlier state is no part of a whole run.
        Ok(text) if !parts.is_empty() => serde_json::from_slice(&text)?,
        _ => Map::new(),
    };
    for (name, measure) in PARTS {
        if parts.is_empty() || parts.iter().any(|part| part == name) {
            println!("-- {name}");
            let mut found = measure(root)?;
            found["machine"] = json!(machine::description()?);
            found["commit"] = json!(machine::commit(root)?);
            results.insert(name.to_owned(), found);
            fs::write(&kept, serde_json::to_vec_pretty(&results)?)?;
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
            "docs/performance.md is as it was: there is nothing yet of {}",
            missing.join(", ")
        );
        Ok(())
    }
}
