//! Counts instructions with gungraun, with the feature `tracing` off and on. `callgrind_annotate` attributes them to
//! functions.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_benches::{Failure, PAGE_SIZE, UPDATES};
use serde_json::{Value, json};

use crate::process::{cargo_in, find, install, output};

/// The counts of one update, or of one page.
pub struct Counts {
    pub instructions: u64,
    /// The instructions of each function, without the functions that it calls.
    pub functions: BTreeMap<String, u64>,
}

/// Counts for docs/performance.md.
pub fn measure(root: &Path) -> Result<Value, Failure> {
    install(root, "gungraun-runner", "0.20.0")?;
    let off = count(root, false)?;
    let on = count(root, true)?;
    let totals = |counts: BTreeMap<String, Counts>| -> Value {
        counts
            .into_iter()
            .map(|(name, counts)| (name, counts.instructions.into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    Ok(json!({ "off": totals(off), "tracing": totals(on), "page bytes": callrounded_benches::page(PAGE_SIZE)?.len() }))
}

/// Returns why instructions cannot be counted, if a program is missing.
pub fn unavailable(root: &Path) -> Option<&'static str> {
    if find(root, "valgrind").is_none() {
        Some("valgrind is not installed (Debian: apt-get install valgrind)")
    } else if find(root, "gungraun-runner").is_none() {
        Some(
            "gungraun-runner is not installed (`.ci/run bench` installs it, or cargo install gungraun-runner@0.20.0 \
             --locked)",
        )
    } else {
        None
    }
}

/// Returns the counts by name, such as `update callrounded`.
pub fn count(root: &Path, tracing: bool) -> Result<BTreeMap<String, Counts>, Failure> {
    let arguments = ["--package", "callrounded-benches", "--bench", "instructions"];
    let mut bench = cargo_in(root, "benches", "bench", &arguments);
    bench
        .args(tracing.then_some(["--features", "tracing"]).into_iter().flatten())
        // Separate target directories, since a build with the feature would replace one without it.
        .env(
            "CARGO_TARGET_DIR",
            root.join("target/benches").join(if tracing { "tracing" } else { "" }),
        );
    let mut counts = BTreeMap::new();
    for run in gungraun(root, bench.arg("--"))? {
        let iterations = if run.function == "update" { UPDATES } else { 1 };
        counts.insert(
            format!("{} {}", run.function, run.id),
            Counts {
                instructions: run.instructions / iterations,
                functions: functions(&run.directory, root, iterations)?,
            },
        );
    }
    Ok(counts)
}

/// The result of gungraun for one benchmark function.
pub struct Run {
    pub function: String,
    pub id: String,
    /// The instructions of all threads.
    pub instructions: u64,
    /// The directory with the profiles of callgrind.
    directory: PathBuf,
}

/// Runs a bench. The command must end such that added arguments go to the bench.
pub fn gungraun(root: &Path, bench: &mut Command) -> Result<Vec<Run>, Failure> {
    if let Some(reason) = unavailable(root) {
        return Err(reason.into());
    }
    let runner = find(root, "gungraun-runner").ok_or("gungraun-runner is not installed")?;
    let home = root.join("target/benches/gungraun");
    // Removes the results of the previous run, with which gungraun would compare.
    let _absent = fs::remove_dir_all(&home);
    bench
        .arg("--output-format=json")
        .env("GUNGRAUN_RUNNER", runner)
        .env("GUNGRAUN_HOME", &home);
    let stdout = output(bench)?;
    let mut runs = Vec::new();
    for line in stdout.lines().filter(|line| line.starts_with('{')) {
        let run: Value = serde_json::from_str(line)?;
        let string = |key: &str| run[key].as_str().unwrap_or_default().to_owned();
        let parts = run["profiles"][0]["data"]["parts"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let instructions = parts
            .iter()
            .filter_map(|part| part["metrics"]["Ir"]["values"]["new"].as_u64())
            .sum::<u64>();
        let (function, id) = (string("function_name"), string("id"));
        if instructions == 0 {
            return Err(format!("gungraun counted no instructions for `{function} {id}`").into());
        }
        let directory = PathBuf::from(string("output_dir"));
        runs.push(Run {
            function,
            id,
            instructions,
            directory,
        });
    }
    if runs.is_empty() {
        return Err("gungraun printed no results".into());
    }
    Ok(runs)
}

/// Returns the instructions of each function in the measured thread, without the functions that it calls. Functions of
/// this workspace also have an entry that includes them.
fn functions(directory: &Path, root: &Path, iterations: u64) -> Result<BTreeMap<String, u64>, Failure> {
    let mut counts = BTreeMap::new();
    let directory = root.join("benches").join(directory);
    for file in fs::read_dir(&directory).map_err(|error| format!("{}: {error}", directory.display()))? {
        let file = file?.path();
        if file.extension().is_none_or(|extension| extension != "out") {
            continue;
        }
        for inclusive in ["no", "yes"] {
            let mut annotate = Command::new("callgrind_annotate");
            annotate
                .args(["--threshold=100", "--auto=no", "--show=Ir"])
                .arg(format!("--inclusive={inclusive}"));
            // A thread without counts has no profile.
            let Ok(profile) = output(annotate.arg(&file)) else {
                continue;
            };
            for (name, count) in profile.lines().filter_map(parse_line) {
                if inclusive == "no" {
                    *counts.entry(name).or_default() += count / iterations;
                } else if name.contains("callrounded") && !name.starts_with("instructions.rs") {
                    *counts.entry(format!("{name}, with all that it calls")).or_default() += count / iterations;
                }
            }
        }
    }
    counts.retain(|_, count| *count > 0);
    Ok(counts)
}

/// Parses a line such as `12,137,098 ( 9.63%)  path:function [object]`.
fn parse_line(line: &str) -> Option<(String, u64)> {
    let (count, rest) = line.trim_start().split_once(" (")?;
    let (_, name) = rest.split_once("%)")?;
    let name = name.trim().split(" [").next()?;
    let count = count.replace(',', "").parse().ok()?;
    (name != "PROGRAM TOTALS").then(|| (without_directories(name), count))
}

/// Returns the name of a function with its file name, without the directories of the machine.
fn without_directories(name: &str) -> String {
    let (file, function) = name.split_once(':').unwrap_or(("", name));
    let file = file.rsplit('/').next().unwrap_or_default();
    format!("{file}:{function}")
}
