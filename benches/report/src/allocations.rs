//! Allocations and bytes of one update, and of a page, by an allocator that counts.

use std::{collections::BTreeMap, fs, path::Path};

use callrounded_benches::{Failure, clients::CLIENTS};
use serde_json::{Value, json};

use crate::work::{Server, output, own};

/// What is counted of one update, or of one page.
#[derive(Default)]
pub struct Counted {
    pub allocations: u64,
    pub bytes: u64,
    /// The allocations of each function of this workspace, with those of what it calls elsewhere.
    pub functions: BTreeMap<String, u64>,
}

pub fn measure(_: &Path) -> Result<Value, Failure> {
    let mut found = serde_json::Map::new();
    for (name, counted) in count()? {
        found.insert(
            name,
            json!({ "allocations": counted.allocations, "bytes": counted.bytes }),
        );
    }
    Ok(Value::from(found))
}

/// By name, such as `update callrounded`.
pub fn count() -> Result<BTreeMap<String, Counted>, Failure> {
    let server = Server::of(1)?;
    let mut found = BTreeMap::new();
    for name in CLIENTS {
        let of = |count: &str| counted(&[name, "update", count, &server.url]);
        found.insert(format!("update {name}"), between(&of("200")?, &of("1200")?, 1_000));
    }
    for (what, name) in [("strict", "reqwest"), ("liberal", "callrounded")] {
        let of = |count: &str| counted(&[name, "decode", count]);
        found.insert(format!("decode_page {what}"), between(&of("1")?, &of("2")?, 1));
    }
    Ok(found)
}

/// What one of `each` took more: start and end are in both.
fn between(few: &Counted, many: &Counted, each: u64) -> Counted {
    let of = |few: u64, many: u64| (many.saturating_sub(few) + each / 2) / each;
    let functions = many.functions.iter().filter_map(|(function, many)| {
        let few = few.functions.get(function).copied().unwrap_or_default();
        Some((function.clone(), of(few, *many))).filter(|(_, count)| *count > 0)
    });
    Counted {
        allocations: of(few.allocations, many.allocations),
        bytes: of(few.bytes, many.bytes),
        functions: functions.collect(),
    }
}

fn counted(arguments: &[&str]) -> Result<Counted, Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("profile.json");
    let said = output(own("allocations")?.arg(&file).args(arguments))?;
    let mut numbers = said.split_whitespace().map(str::parse::<u64>);
    let (Some(Ok(allocations)), Some(Ok(bytes))) = (numbers.next(), numbers.next()) else {
        return Err("the counting allocator gave no figures".into());
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
    Ok(Counted {
        allocations,
        bytes,
        functions,
    })
}
