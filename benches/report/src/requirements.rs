//! What has to hold, and whether it does.

use std::fmt::Write as _;

use callrounded_benches::Failure;
use serde_json::Value;

use crate::{
    page::number,
    tools::{WITH_TYPES, WITHOUT_TYPES},
};

/// A requirement, and whether it is met.
struct Held {
    what: &'static str,
    found: String,
    must: &'static str,
    met: bool,
    aim: &'static str,
}

/// The table of all of them.
pub fn table(page: &mut String, results: &Value) -> Result<(), Failure> {
    page.push_str("| what | found | must | | aim |\n| --- | --- | --- | --- | --- |\n");
    for Held {
        what,
        found,
        must,
        met,
        aim,
    } in held(results)?
    {
        let met = match (must, met) {
            ("", _) => "",
            (_, true) => "met",
            (_, false) => "**missed**",
        };
        writeln!(page, "| {what} | {found} | {must} | {met} | {aim} |")?;
    }
    Ok(())
}

fn held(results: &Value) -> Result<Vec<Held>, Failure> {
    let get = |path: &[&str]| number(results, path);
    let ratio = |of: &[&str], to: &[&str]| Ok::<f64, Failure>(get(of)? / get(to)?);
    let instructions = ratio(
        &["instructions", "off", "update callrounded"],
        &["instructions", "off", "update reqwest"],
    )?;
    let allocations = get(&["allocations", "update callrounded", "allocations"])?
        - get(&["allocations", "update reqwest", "allocations"])?;
    let decode = ratio(
        &["instructions", "off", "decode_page liberal"],
        &["instructions", "off", "decode_page strict"],
    )?;
    let rate = get(&["rates", "64", "callrounded", "to by hand"])?;
    let walk = get(&["rates", "peak 1000000"])? / 1_024.0;
    let command = |name: &str| get(&["commands", name, "to the bare client"]);
    let (tag, export) = (command("tag")?, command("export")?);
    let build = |profile: &str, what: &str| {
        ratio(
            &["builds", "generated", profile, what],
            &["builds", "reviewed copy", profile, what],
        )
    };
    let builds = [
        build("dev", "wall")?,
        build("dev", "cpu")?,
        build("release", "wall")?,
        build("release", "cpu")?,
    ];
    let generation = get(&["edits", "here", "generation"])? * 1_000.0;
    let rebuild = ratio(&["edits", "document"], &["edits", "by hand"])?;
    let crates = get(&["builds", "generated", "crates to run"])? - get(&["builds", "by hand", "crates to run"])?;
    let validate =
        |tool: &str, ours: &str| ratio(&["tools", "validate", tool, "cpu"], &["tools", "validate", ours, "cpu"]);
    let others = |ours: &str| Ok::<_, Failure>([validate("ajv-cli", ours)?, validate("check-jsonschema", ours)?]);
    let (with_types, without_types) = (others(WITH_TYPES)?, others(WITHOUT_TYPES)?);
    let bare = validate("the jsonschema crate alone", WITHOUT_TYPES)?;
    Ok(vec![
        Held {
            what: "instructions of an update, to by hand",
            found: format!("{instructions:.2}"),
            must: "≤ 1.045",
            met: instructions <= 1.045,
            aim: "≤ 1.00",
        },
        Held {
            what: "allocations of an update, beyond by hand",
            found: format!("{allocations:+}"),
            must: "≤ +6",
            met: allocations <= 6.0,
            aim: "≤ 0",
        },
        Held {
            what: "decoding of a page, to strict types",
            found: format!("{decode:.2}"),
            must: "≤ 1.0",
            met: decode <= 1.0,
            aim: "≤ 0.5",
        },
        Held {
            what: "updates a second, 64 at a time, to by hand",
            found: format!("{rate:.3}"),
            must: "≥ 0.98",
            met: rate >= 0.98,
            aim: "≥ 1.0",
        },
        Held {
            what: "most memory of a walk over 1,000,000 calls",
            found: format!("{walk:.1} MiB"),
            must: "< 64 MiB",
            met: walk < 64.0,
            aim: "< 24 MiB",
        },
        Held {
            what: "tag and export, to the bare client",
            found: format!("{tag:.2}, {export:.2}"),
            must: "≥ 0.9",
            met: tag >= 0.9 && export >= 0.9,
            aim: "",
        },
        Held {
            what: "build from nothing, to the reviewed copy: dev wall and CPU, release wall and CPU",
            found: builds.map(|ratio| format!("{ratio:.2}")).join(", "),
            must: "≤ 1.5",
            met: builds.iter().all(|ratio| *ratio <= 1.5),
            aim: "≤ 1.2",
        },
        Held {
            what: "generation after an edit of the document",
            found: format!("{generation:.0} ms"),
            must: "< 100 ms",
            met: generation < 100.0,
            aim: "",
        },
        Held {
            what: "rebuild after an edit of the document, to one of a file by hand",
            found: format!("{rebuild:.2}"),
            must: "",
            met: true,
            aim: "< 2",
        },
        Held {
            what: "crates to run, beyond by hand",
            found: format!("{crates:+}"),
            must: "≤ +12",
            met: crates <= 12.0,
            aim: "≤ +6",
        },
        Held {
            what: "CPU time of ajv-cli and check-jsonschema, to validate with types",
            found: with_types.map(|ratio| format!("{ratio:.1}")).join(", "),
            must: "≥ 2, ≥ 10",
            met: with_types[0] >= 2.0 && with_types[1] >= 10.0,
            aim: "",
        },
        Held {
            what: "the same, to validate without types",
            found: without_types.map(|ratio| format!("{ratio:.1}")).join(", "),
            must: "≥ 6, ≥ 30",
            met: without_types[0] >= 6.0 && without_types[1] >= 30.0,
            aim: "",
        },
        Held {
            what: "CPU time of the jsonschema crate alone, to validate without types",
            found: format!("{bare:.2}"),
            must: "",
            met: true,
            aim: "≥ 0.8",
        },
    ])
}
