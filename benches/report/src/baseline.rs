//! Counts held to those that are committed: instructions may grow by 2 %, allocations not at all.
//!
//! Instructions depend on compiler, C library and valgrind too. Where these are others than those of the baseline, what is
//! held is the ratio to the client written by hand, which is counted in the same run.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use callrounded_benches::Failure;
use serde_json::{Map, Value, json};

use crate::{
    allocations,
    instructions::{self, Counted},
    machine,
};

/// How much more instructions there may be: a hundredth more moves with the layout of a build.
const MORE: f64 = 1.02;

/// What is ours, and what it is compared with.
const GUARDED: [(&str, &str); 2] = [
    ("update callrounded", "update reqwest"),
    ("decode_page liberal", "decode_page strict"),
];

/// Functions that are kept and named.
const KEPT: usize = 60;
const NAMED: usize = 8;

fn file(root: &Path) -> PathBuf {
    root.join("benches/baseline.json")
}

pub fn write(root: &Path) -> Result<(), Failure> {
    let counted = instructions::count(root, false)?;
    let allocations = allocations::count()?;
    let mut entries = Map::new();
    for (name, beside) in GUARDED {
        let of = |name: &str| {
            counted
                .get(name)
                .ok_or_else(|| format!("nothing was counted of {name}"))
        };
        let allocated = allocations
            .get(name)
            .ok_or_else(|| format!("nothing was counted of {name}"))?;
        entries.insert(
            name.to_owned(),
            json!({
                "instructions": of(name)?.instructions,
                "by hand": of(beside)?.instructions,
                "functions": most(&of(name)?.functions),
                "allocations": allocated.allocations,
                "allocating functions": most(&allocated.functions),
            }),
        );
    }
    let text = serde_json::to_string_pretty(&json!({ "toolchain": machine::toolchain()?, "counts": entries }))?;
    fs::write(file(root), text + "\n")?;
    println!("benches/baseline.json is written; review the difference and commit it with what caused it");
    Ok(())
}

/// The functions that take the most of it.
fn most(functions: &BTreeMap<String, u64>) -> Map<String, Value> {
    let mut functions: Vec<(&String, &u64)> = functions.iter().collect();
    functions.sort_by_key(|(name, count)| (Reverse(**count), *name));
    functions
        .into_iter()
        .take(KEPT)
        .map(|(name, count)| (name.clone(), (*count).into()))
        .collect()
}

/// The functions that have grown the most, a line each.
fn grown_functions(now: &BTreeMap<String, u64>, then: &Value) -> String {
    let mut functions: Vec<(u64, &str, u64)> = now
        .iter()
        .map(|(function, now)| {
            let then = then[function].as_u64().unwrap_or(0);
            (now.saturating_sub(then), function.as_str(), *now)
        })
        .filter(|(more, _, _)| *more > 0)
        .collect();
    functions.sort_by_key(|(more, function, _)| (Reverse(*more), *function));
    let named = functions.iter().take(NAMED);
    named.fold(String::new(), |mut text, (more, function, now)| {
        let _infallible = write!(text, "\n  +{more} to {now}: {function}");
        text
    })
}

pub fn check(root: &Path) -> Result<ExitCode, Failure> {
    let text = fs::read(file(root)).map_err(|error| {
        format!("benches/baseline.json can't be read: {error}; `cargo xtask bench --baseline` writes it")
    })?;
    let baseline: Value = serde_json::from_slice(&text)?;
    let mut grown = Vec::new();
    for (name, counted) in allocations::count()? {
        let baseline = &baseline["counts"][&name];
        let Some(known) = baseline["allocations"].as_u64() else {
            continue;
        };
        let now = counted.allocations;
        println!("{name}: {now} allocations, {known} in the baseline");
        if now > known {
            let functions = grown_functions(&counted.functions, &baseline["allocating functions"]);
            grown.push(format!(
                "{name} allocates {now} times, not {known}; grown have:{functions}"
            ));
        }
    }
    match instructions::unavailable(root) {
        // Allocations are held all the same.
        Some(reason) => println!("SKIPPED: instructions are not counted: {reason}"),
        None => {
            let counted = instructions::count(root, false)?;
            let here = machine::toolchain()?;
            let there = baseline["toolchain"].as_str().unwrap_or_default();
            if here != there {
                println!("the baseline is of {there}, this is {here}: held are ratios to the client written by hand");
            }
            for (name, beside) in GUARDED {
                grown.extend(grown_in(
                    &baseline["counts"][name],
                    name,
                    beside,
                    &counted,
                    here == there,
                )?);
            }
        }
    }
    if grown.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    for grown in grown {
        eprintln!("error: {grown}");
    }
    eprintln!("help: where this is meant, `cargo xtask bench --baseline` writes the counts anew");
    Ok(ExitCode::FAILURE)
}

fn grown_in(
    baseline: &Value,
    name: &str,
    beside: &str,
    counted: &BTreeMap<String, Counted>,
    same_toolchain: bool,
) -> Result<Option<String>, Failure> {
    let of = |name: &str| {
        counted
            .get(name)
            .ok_or_else(|| format!("nothing was counted of {name}"))
    };
    let known = |member: &str| {
        baseline[member]
            .as_u64()
            .map(|count| count as f64)
            .ok_or_else(|| format!("the baseline has no {member} of {name}"))
    };
    let (now, then) = (of(name)?.instructions as f64, known("instructions")?);
    // What it would be then, had it grown no more than what is beside it.
    let expected = if same_toolchain {
        then
    } else {
        then * of(beside)?.instructions as f64 / known("by hand")?
    };
    println!(
        "{name}: {now:.0} instructions, {expected:.0} expected ({:+.2} %)",
        (now / expected - 1.0) * 100.0
    );
    if now <= expected * MORE {
        return Ok(None);
    }
    Ok(Some(format!(
        "{name} takes {now:.0} instructions, {:.1} % more than the {expected:.0} of the baseline; grown have:{}",
        (now / expected - 1.0) * 100.0,
        grown_functions(&of(name)?.functions, &baseline["functions"])
    )))
}
