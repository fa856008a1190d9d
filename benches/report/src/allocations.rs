//! Counts the allocations and bytes of one update, and of decoding a page, with dhat.

use std::{collections::BTreeMap, fs, path::Path};

use callrounded_benches::{Failure, clients::CLIENTS};
use serde_json::{Value, json};

use crate::process::{Server, output, program};

/// The counts of one update, or of one page.
#[derive(Default)]
pub struct Counts {
    pub allocations: u64,
    pub bytes: u64,
    /// The allocations of each function of this workspace, including those of functions of other crates that it calls.
    pub functions: BTreeMap<String, u64>,
}

/// Counts for docs/performance.md.
pub fn measure(_: &Path) -> Result<Value, Failure> {
    let mut results = serde_json::Map::new();
    for (name, counts) in count()? {
        results.insert(
            name,
            json!({ "allocations": counts.allocations, "bytes": counts.bytes }),
        );
    }
    Ok(Value::from(results))
}

/// Returns the counts by name, such as `update callrounded`.
pub fn count() -> Result<BTreeMap<String, Counts>, Failure> {
    let server = Server::start(1)?;
    let mut results = BTreeMap::new();
    for name in CLIENTS {
        let run = |count: &str| run_counted(&[name, "update", count, &server.url]);
        results.insert(
            format!("update {name}"),
            per_iteration(&run("200")?, &run("1200")?, 1_000),
        );
    }
    for (types, name) in [("strict", "reqwest"), ("lenient", "callrounded")] {
        let run = |count: &str| run_counted(&[name, "decode", count]);
        results.insert(format!("decode_page {types}"), per_iteration(&run("1")?, &run("2")?, 1));
    }
    Ok(results)
}

/// Returns the counts of one iteration. `many` has this many iterations more than `few`; start and end of the process
/// cancel out.
fn per_iteration(few: &Counts, many: &Counts, iterations: u64) -> Counts {
    let rounded = |few: u64, many: u64| (many.saturating_sub(few) + iterations / 2) / iterations;
    let functions = many.functions.iter().filter_map(|(function, many)| {
        let few = few.functions.get(function).copied().unwrap_or_default();
        Some((function.clone(), rounded(few, *many))).filter(|(_, count)| *count > 0)
    });
    Counts {
        allocations: rounded(few.allocations, many.allocations),
        bytes: rounded(few.bytes, many.bytes),
        functions: functions.collect(),
    }
}

/// Runs the program `allocations`, and reads its counts and its profile.
fn run_counted(arguments: &[&str]) -> Result<Counts, Failure> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("profile.json");
    let stdout = output(program("allocations")?.arg(&file).args(arguments))?;
    let mut numbers = stdout.split_whitespace().map(str::parse::<u64>);
    let (Some(Ok(allocations)), Some(Ok(bytes))) = (numbers.next(), numbers.next()) else {
        return Err("the program `allocations` printed no counts".into());
    };
    let profile: Value = serde_json::from_slice(&fs::read(&file)?)?;
    let mut functions = BTreeMap::new();
    for point in profile["pps"].as_array().into_iter().flatten() {
        let frames = point["fs"].as_array().into_iter().flatten();
        let mut names = frames.filter_map(|frame| {
            // `0x55cec4cab455: path::of::a_function (src/file.rs:88:55)`
            let frame = profile["ftbl"][usize::try_from(frame.as_u64()?).ok()?].as_str()?;
            Some(frame.split_once(": ")?.1.rsplit_once(" (")?.0)
        });
        let ours = names.find(|name| name.trim_start_matches('<').starts_with("callrounded"));
        if let Some(name) = ours.filter(|name| !name.contains("callrounded_benches")) {
            *functions.entry(name.to_owned()).or_default() += point["tbk"].as_u64().unwrap_or_default();
        }
    }
    Ok(Counts {
        allocations,
        bytes,
        functions,
    })
}
