//! Counts held to those that are committed: instructions may grow by 2 %, allocations not at all.
//!
//! Instructions depend on compiler, C library and valgrind too. Where these are others than those of the baseline, what is
//! held is the ratio to the client written by hand, which is counted in the same run.

use std::{
    collections::BTreeMap,
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
        let mut functions: Vec<(&String, &u64)> = of(name)?.functions.iter().collect();
        functions.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
        let functions: Map<String, Value> = functions
            .into_iter()
            .take(KEPT)
            .map(|(name, count)| (name.clone(), (*count).into()))
            .collect();
        entries.insert(
            name.to_owned(),
            json!({
                "instructions": of(name)?.instructions,
                "by hand": of(beside)?.instructions,
                "allocations": allocations.get(name).map(|(blocks, _)| blocks),
                "functions": functions,
            }),
        );
    }
    let text = serde_json::to_string_pretty(&json!({ "toolchain": machine::toolchain()?, "counts": entries }))?;
    fs::write(file(root), text + "\n")?;
    println!("benches/baseline.json is written; review the difference and commit it with what caused it");
    Ok(())
}

pub fn check(root: &Path) -> Result<ExitCode, Failure> {
    let baseline: Value = serde_json::from_slice(&fs::read(file(root))?)?;
    let mut grown = Vec::new();
    for (name, (blocks, _)) in allocations::count()? {
        let Some(known) = baseline["counts"][&name]["allocations"].as_u64() else {
            continue;
        };
        println!("{name}: {blocks} allocations, {known} in the baseline");
        if blocks > known {
            grown.push(format!("{name} allocates {blocks} times, not {known}"));
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
    let mut functions: Vec<(i128, &str, u64)> = of(name)?
        .functions
        .iter()
        .map(|(function, now)| {
            let then = baseline["functions"][function].as_u64().unwrap_or(0);
            (i128::from(*now) - i128::from(then), function.as_str(), *now)
        })
        // What was too small to be kept is not known to be new.
        .filter(|(more, _, _)| *more > 0)
        .collect();
    functions.sort_by_key(|(more, function, _)| (std::cmp::Reverse(*more), *function));
    let functions: Vec<String> = functions
        .iter()
        .take(NAMED)
        .map(|(more, function, now)| format!("\n  {more:+} to {now}: {function}"))
        .collect();
    Ok(Some(format!(
        "{name} takes {now:.0} instructions, {:.1} % more than the {expected:.0} of the baseline; grown have:{}",
        (now / expected - 1.0) * 100.0,
        functions.concat()
    )))
}
