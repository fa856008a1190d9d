//! Instructions, by gungraun, with the feature `tracing` off and on; and where they are, by `callgrind_annotate`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_benches::{Failure, PAGE, UPDATES};
use serde_json::{Value, json};

use crate::work::{cargo_in, find, install, output};

/// What is counted of one update, or of one page.
pub struct Counted {
    pub instructions: u64,
    /// The instructions of each function by itself.
    pub functions: BTreeMap<String, u64>,
}

pub fn measure(root: &Path) -> Result<Value, Failure> {
    install(root, "gungraun-runner", "0.20.0")?;
    let off = count(root, false)?;
    let on = count(root, true)?;
    let plain = |counted: BTreeMap<String, Counted>| -> Value {
        counted
            .into_iter()
            .map(|(name, counted)| (name, counted.instructions.into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    Ok(json!({ "off": plain(off), "tracing": plain(on), "page bytes": callrounded_benches::page(PAGE)?.len() }))
}

/// Why instructions can't be counted here.
pub fn unavailable(root: &Path) -> Option<&'static str> {
    if find(root, "valgrind").is_none() {
        Some("valgrind is not installed (Debian: apt-get install valgrind)")
    } else if find(root, "gungraun-runner").is_none() {
        Some(
            "gungraun-runner is not installed (`.ci/run bench` does it, or cargo install gungraun-runner@0.20.0 --locked)",
        )
    } else {
        None
    }
}

/// By name, such as `update callrounded`.
pub fn count(root: &Path, tracing: bool) -> Result<BTreeMap<String, Counted>, Failure> {
    let arguments = ["--package", "callrounded-benches", "--bench", "instructions"];
    let mut bench = cargo_in(root, "benches", "bench", &arguments);
    bench
        .args(tracing.then_some(["--features", "tracing"]).into_iter().flatten())
        // Beside each other: what has the feature would take the place of what has not.
        .env(
            "CARGO_TARGET_DIR",
            root.join("target/benches").join(if tracing { "tracing" } else { "" }),
        );
    let mut counted = BTreeMap::new();
    for run in gungraun(root, bench.arg("--"))? {
        let each = if run.function == "update" { UPDATES } else { 1 };
        counted.insert(
            format!("{} {}", run.function, run.id),
            Counted {
                instructions: run.instructions / each,
                functions: functions(&run.folder, root, each)?,
            },
        );
    }
    Ok(counted)
}

/// What gungraun says of one function that it ran.
pub struct Run {
    pub function: String,
    pub id: String,
    /// Of all its threads.
    pub instructions: u64,
    folder: PathBuf,
}

/// Runs a bench, to which the arguments that are still to be added to the command go.
pub fn gungraun(root: &Path, bench: &mut Command) -> Result<Vec<Run>, Failure> {
    if let Some(reason) = unavailable(root) {
        return Err(reason.into());
    }
    let runner = find(root, "gungraun-runner").ok_or("gungraun-runner is not installed")?;
    let home = root.join("target/benches/gungraun");
    // Nothing is compared with the run before.
    let _absent = fs::remove_dir_all(&home);
    bench
        .arg("--output-format=json")
        .env("GUNGRAUN_RUNNER", runner)
        .env("GUNGRAUN_HOME", &home);
    let said = output(bench)?;
    let mut runs = Vec::new();
    for line in said.lines().filter(|line| line.starts_with('{')) {
        let run: Value = serde_json::from_str(line)?;
        let text = |name: &str| run[name].as_str().unwrap_or_default().to_owned();
        let parts = run["profiles"][0]["data"]["parts"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let instructions = parts
            .iter()
            .filter_map(|part| part["metrics"]["Ir"]["values"]["new"].as_u64())
            .sum::<u64>();
        let (function, id) = (text("function_name"), text("id"));
        if instructions == 0 {
            return Err(format!("gungraun counted nothing of {function} {id}").into());
        }
        let folder = PathBuf::from(text("output_dir"));
        runs.push(Run {
            function,
            id,
            instructions,
            folder,
        });
    }
    if runs.is_empty() {
        return Err("gungraun gave no figures".into());
    }
    Ok(runs)
}

/// What functions take by themselves, in the thread that was measured; and those of this workspace with all that they call.
fn functions(folder: &Path, root: &Path, each: u64) -> Result<BTreeMap<String, u64>, Failure> {
    let mut found = BTreeMap::new();
    let folder = root.join("benches").join(folder);
    for file in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let file = file?.path();
        if file.extension().is_none_or(|extension| extension != "out") {
            continue;
        }
        for inclusive in ["no", "yes"] {
            let mut annotate = Command::new("callgrind_annotate");
            annotate
                .args(["--threshold=100", "--auto=no", "--show=Ir"])
                .arg(format!("--inclusive={inclusive}"));
            // A thread in which nothing was counted has no profile.
            let Ok(profile) = output(annotate.arg(&file)) else {
                continue;
            };
            for (name, count) in profile.lines().filter_map(line) {
                if inclusive == "no" {
                    *found.entry(name).or_default() += count / each;
                } else if name.contains("callrounded") && !name.starts_with("instructions.rs") {
                    *found.entry(format!("{name}, with all that it calls")).or_default() += count / each;
                }
            }
        }
    }
    found.retain(|_, count| *count > 0);
    Ok(found)
}

/// `12,137,098 ( 9.63%)  path:function [object]`
fn line(line: &str) -> Option<(String, u64)> {
    let (count, rest) = line.trim_start().split_once(" (")?;
    let (_, name) = rest.split_once("%)")?;
    let name = name.trim().split(" [").next()?;
    let count = count.replace(',', "").parse().ok()?;
    (name != "PROGRAM TOTALS").then(|| (without_places(name), count))
}

/// The name without folders of this machine and hashes of this build.
fn without_places(name: &str) -> String {
    let (file, function) = name.split_once(':').unwrap_or(("", name));
    let file = file.rsplit('/').next().unwrap_or_default();
    format!("{file}:{function}")
}
