//! Compares counts with those in benches/baseline.json: instructions may grow by 2 %, allocations must not grow.
//!
//! Counts also depend on the compiler, the standard library and the C library, and instructions on valgrind. If these
//! differ from those of the baseline, the difference to the hand-written client is compared, which is counted in the
//! same run.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use callrounded_benches::Failure;
use serde::{Deserialize, Serialize};

use crate::{allocations, import, instructions, machine};

/// The limit for instructions, relative to the baseline. The layout of a build alone can change them by 1 %.
const MAX_GROWTH: f64 = 1.02;

/// The names of the counts that are checked, with those of the hand-written client that they are compared with.
const CHECKED: [(&str, &str); 2] = [
    ("update callrounded", "update reqwest"),
    ("decode_page lenient", "decode_page strict"),
];

/// The number of functions that the baseline has for each count.
const BASELINE_FUNCTIONS: usize = 60;

/// The number of functions that a message names.
const REPORTED_FUNCTIONS: usize = 8;

/// The content of benches/baseline.json.
#[derive(Serialize, Deserialize)]
struct Baseline {
    toolchain: String,
    valgrind: String,
    allocations: BTreeMap<String, Count>,
    instructions: BTreeMap<String, Count>,
}

/// A count of the client of this workspace, and of the hand-written one.
#[derive(Serialize, Deserialize)]
struct Count {
    ours: u64,
    hand_written: u64,
    /// The functions of this workspace with the highest counts. A new count has all functions.
    functions: BTreeMap<String, u64>,
}

fn file(root: &Path) -> PathBuf {
    root.join("benches/baseline.json")
}

/// Selects the counts that are checked.
fn select_checked<C>(
    counts: &BTreeMap<String, C>,
    get: impl Fn(&C) -> (u64, &BTreeMap<String, u64>),
) -> Result<BTreeMap<String, Count>, Failure> {
    let find = |name: &str| {
        let found = counts.get(name).map(&get).filter(|(count, _)| *count > 0);
        found.ok_or_else(|| format!("nothing was counted for `{name}`"))
    };
    let checked = CHECKED.iter().map(|(name, hand_written)| {
        let (ours, functions) = find(name)?;
        let count = Count {
            ours,
            hand_written: find(hand_written)?.0,
            functions: functions.clone(),
        };
        Ok(((*name).to_owned(), count))
    });
    checked.collect()
}

fn count_allocations() -> Result<BTreeMap<String, Count>, Failure> {
    select_checked(&allocations::count()?, |counted| {
        (counted.allocations, &counted.functions)
    })
}

fn count_instructions(root: &Path) -> Result<BTreeMap<String, Count>, Failure> {
    select_checked(&instructions::count(root, false)?, |counted| {
        (counted.instructions, &counted.functions)
    })
}

/// Counts and writes benches/baseline.json.
pub fn write(root: &Path) -> Result<(), Failure> {
    let mut baseline = Baseline {
        toolchain: machine::toolchain()?,
        valgrind: machine::valgrind(),
        allocations: count_allocations()?,
        instructions: count_instructions(root)?,
    };
    for count in baseline
        .allocations
        .values_mut()
        .chain(baseline.instructions.values_mut())
    {
        let mut counts: Vec<u64> = count.functions.values().copied().collect();
        counts.sort_unstable_by_key(|count| Reverse(*count));
        if let Some(minimum) = counts.get(BASELINE_FUNCTIONS - 1) {
            count.functions.retain(|_, count| *count >= *minimum);
        }
    }
    fs::write(file(root), serde_json::to_string_pretty(&baseline)? + "\n")?;
    println!("benches/baseline.json is written; review the diff and commit it with the change that caused it");
    Ok(())
}

/// Counts and compares with benches/baseline.json. Prints what has grown.
pub fn check(root: &Path) -> Result<ExitCode, Failure> {
    let text = fs::read(file(root)).map_err(|error| {
        format!("cannot read benches/baseline.json: {error}; write it with `cargo xtask bench --baseline`")
    })?;
    let baseline: Baseline = serde_json::from_slice(&text)?;
    let is_same = |current: &str, baseline: &str| {
        if current != baseline {
            println!(
                "the baseline was counted with {baseline}, this run with {current}: counts are compared relative to \
                 the hand-written client"
            );
        }
        current == baseline
    };
    let is_same_toolchain = is_same(&machine::toolchain()?, &baseline.toolchain);
    let mut grown = Vec::new();
    for (name, now) in count_allocations()? {
        let before = baseline_count(&baseline.allocations, &name)?;
        let expected = if is_same_toolchain {
            before.ours
        } else {
            (before.ours + now.hand_written).saturating_sub(before.hand_written)
        };
        println!("{name}: {} allocations, {expected} expected", now.ours);
        if now.ours > expected {
            let functions = grown_functions(&now, before, 1.0);
            grown.push(format!(
                "{name}: {} allocations, the limit is {expected}; functions that grew:{functions}",
                now.ours
            ));
        }
    }
    let mut growth = None;
    if let Some(reason) = instructions::unavailable(root) {
        // Allocations have been checked all the same.
        println!("SKIPPED: instructions are not counted: {reason}");
    } else {
        let is_same = is_same(&machine::valgrind(), &baseline.valgrind) && is_same_toolchain;
        for (name, now) in count_instructions(root)? {
            let before = baseline_count(&baseline.instructions, &name)?;
            let scale = if is_same {
                1.0
            } else {
                now.hand_written as f64 / before.hand_written as f64
            };
            let expected = before.ours as f64 * scale;
            let more = (now.ours as f64 / expected - 1.0) * 100.0;
            println!(
                "{name}: {} instructions, {expected:.0} expected ({more:+.2} %)",
                now.ours
            );
            if now.ours as f64 > expected * MAX_GROWTH {
                let functions = grown_functions(&now, before, scale);
                grown.push(format!(
                    "{name}: {} instructions, {more:.1} % more than {expected:.0}; functions that grew:{functions}",
                    now.ours
                ));
            }
        }
        growth = import::check(root)?;
    }
    let has_growth = growth.is_some() || !grown.is_empty();
    for error in growth.iter().chain(&grown) {
        eprintln!("error: {error}");
    }
    if !grown.is_empty() {
        eprintln!("help: if this is intended, update the counts with `cargo xtask bench --baseline`");
    }
    Ok(if has_growth {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn baseline_count<'b>(counts: &'b BTreeMap<String, Count>, name: &str) -> Result<&'b Count, Failure> {
    let count = counts.get(name);
    count.ok_or_else(|| {
        format!("benches/baseline.json has no `{name}`; write it with `cargo xtask bench --baseline`").into()
    })
}

/// Returns the functions that have grown the most, one per line. `scale` is the growth caused by the toolchain.
fn grown_functions(now: &Count, before: &Count, scale: f64) -> String {
    // Functions that are not in a full baseline had smaller counts than those in it.
    let smallest = before.functions.values().min().copied().unwrap_or_default();
    let smallest = if before.functions.len() < BASELINE_FUNCTIONS {
        0
    } else {
        smallest
    };
    let mut functions: Vec<(u64, &str, u64)> = now
        .functions
        .iter()
        .map(|(function, now)| {
            let then = before.functions.get(function).copied().unwrap_or(smallest);
            (
                now.saturating_sub((then as f64 * scale) as u64),
                function.as_str(),
                *now,
            )
        })
        .filter(|(more, _, _)| *more > 0)
        .collect();
    functions.sort_by_key(|(more, function, _)| (Reverse(*more), *function));
    let reported = functions.iter().take(REPORTED_FUNCTIONS);
    reported.fold(String::new(), |mut text, (more, function, now)| {
        let _infallible = write!(text, "\n  +{more} to {now}: {function}");
        text
    })
}
