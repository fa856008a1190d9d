//! Counts held to those that are committed: instructions may grow by 2 %, allocations not at all.
//!
//! Both depend on compiler, standard library and C library too, and instructions on valgrind. Where these are others than those of
//! the baseline, what is held is the distance to the client written by hand, which is counted in the same run.

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

#[derive(Serialize, Deserialize)]
struct Baseline {
    toolchain: String,
    valgrind: String,
    allocations: BTreeMap<String, Count>,
    instructions: BTreeMap<String, Count>,
}

#[derive(Serialize, Deserialize)]
struct Count {
    ours: u64,
    by_hand: u64,
    /// Those of ours that take the most of it; when it is counted, all of them.
    functions: BTreeMap<String, u64>,
}

fn file(root: &Path) -> PathBuf {
    root.join("benches/baseline.json")
}

/// Of what was counted by name, what is guarded.
fn guarded<C>(
    counted: &BTreeMap<String, C>,
    of: impl Fn(&C) -> (u64, &BTreeMap<String, u64>),
) -> Result<BTreeMap<String, Count>, Failure> {
    let find = |name: &str| {
        let found = counted.get(name).map(&of).filter(|(count, _)| *count > 0);
        found.ok_or_else(|| format!("nothing was counted of {name}"))
    };
    let each = GUARDED.iter().map(|(name, beside)| {
        let (ours, functions) = find(name)?;
        let count = Count {
            ours,
            by_hand: find(beside)?.0,
            functions: functions.clone(),
        };
        Ok(((*name).to_owned(), count))
    });
    each.collect()
}

fn count_allocations() -> Result<BTreeMap<String, Count>, Failure> {
    guarded(&allocations::count()?, |counted| {
        (counted.allocations, &counted.functions)
    })
}

fn count_instructions(root: &Path) -> Result<BTreeMap<String, Count>, Failure> {
    guarded(&instructions::count(root, false)?, |counted| {
        (counted.instructions, &counted.functions)
    })
}

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
        if let Some(least) = counts.get(KEPT - 1) {
            count.functions.retain(|_, count| *count >= *least);
        }
    }
    fs::write(file(root), serde_json::to_string_pretty(&baseline)? + "\n")?;
    println!("benches/baseline.json is written; review the difference and commit it with what caused it");
    Ok(())
}

pub fn check(root: &Path) -> Result<ExitCode, Failure> {
    let text = fs::read(file(root)).map_err(|error| {
        format!("benches/baseline.json can't be read: {error}; `cargo xtask bench --baseline` writes it")
    })?;
    let baseline: Baseline = serde_json::from_slice(&text)?;
    let same = |here: &str, there: &str| {
        if here != there {
            println!("the baseline is of {there}, this is {here}: held is the distance to the client written by hand");
        }
        here == there
    };
    let same_toolchain = same(&machine::toolchain()?, &baseline.toolchain);
    let mut grown = Vec::new();
    for (name, now) in count_allocations()? {
        let known = known(&baseline.allocations, &name)?;
        let expected = match same_toolchain {
            true => known.ours,
            false => (known.ours + now.by_hand).saturating_sub(known.by_hand),
        };
        println!("{name}: {} allocations, {expected} expected", now.ours);
        if now.ours > expected {
            let functions = grown_functions(&now, known, 1.0);
            grown.push(format!(
                "{name} allocates {} times, not {expected}; grown have:{functions}",
                now.ours
            ));
        }
    }
    let mut growth = None;
    if let Some(reason) = instructions::unavailable(root) {
        // Allocations were held all the same.
        println!("SKIPPED: instructions are not counted: {reason}");
    } else {
        let same = same(&machine::valgrind(), &baseline.valgrind) && same_toolchain;
        for (name, now) in count_instructions(root)? {
            let known = known(&baseline.instructions, &name)?;
            let scale = match same {
                true => 1.0,
                false => now.by_hand as f64 / known.by_hand as f64,
            };
            let expected = known.ours as f64 * scale;
            let more = (now.ours as f64 / expected - 1.0) * 100.0;
            println!(
                "{name}: {} instructions, {expected:.0} expected ({more:+.2} %)",
                now.ours
            );
            if now.ours as f64 > expected * MORE {
                let functions = grown_functions(&now, known, scale);
                grown.push(format!(
                    "{name} takes {} instructions, {more:.1} % more than {expected:.0}; grown have:{functions}",
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
        eprintln!("help: where this is meant, `cargo xtask bench --baseline` writes the counts anew");
    }
    Ok(if has_growth {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn known<'b>(counts: &'b BTreeMap<String, Count>, name: &str) -> Result<&'b Count, Failure> {
    let known = counts.get(name);
    known.ok_or_else(|| {
        format!("benches/baseline.json has nothing of {name}; `cargo xtask bench --baseline` writes it").into()
    })
}

/// The functions that have grown the most, a line each. `scale` is how much all has grown with the toolchain.
fn grown_functions(now: &Count, known: &Count, scale: f64) -> String {
    // What is not kept was smaller than what is.
    let smallest = known.functions.values().min().copied().unwrap_or_default();
    let smallest = if known.functions.len() < KEPT { 0 } else { smallest };
    let mut functions: Vec<(u64, &str, u64)> = now
        .functions
        .iter()
        .map(|(function, now)| {
            let then = known.functions.get(function).copied().unwrap_or(smallest);
            (
                now.saturating_sub((then as f64 * scale) as u64),
                function.as_str(),
                *now,
            )
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
