//! The performance requirements, and whether they are met.

use std::fmt::Write as _;

use callrounded_benches::Failure;
use serde_json::Value;

use crate::{
    page::number,
    tools::{WITH_TYPES, WITHOUT_TYPES},
};

/// A requirement, and whether it is met.
struct Requirement {
    figure: &'static str,
    measured: String,
    /// Empty if there is only a goal.
    required: &'static str,
    met: bool,
    /// Empty if there is none.
    goal: &'static str,
}

/// Writes the table of all requirements.
pub fn table(page: &mut String, results: &Value) -> Result<(), Failure> {
    page.push_str("| figure | measured | required | | goal |\n| --- | --- | --- | --- | --- |\n");
    for Requirement {
        figure,
        measured,
        required,
        met,
        goal,
    } in requirements(results)?
    {
        let met = match (required, met) {
            ("", _) => "",
            (_, true) => "met",
            (_, false) => "**missed**",
        };
        writeln!(page, "| {figure} | {measured} | {required} | {met} | {goal} |")?;
    }
    Ok(())
}

fn requirements(results: &Value) -> Result<Vec<Requirement>, Failure> {
    let get = |path: &[&str]| number(results, path);
    let ratio = |value: &[&str], reference: &[&str]| Ok::<f64, Failure>(get(value)? / get(reference)?);
    let instructions = ratio(
        &["instructions", "off", "update callrounded"],
        &["instructions", "off", "update reqwest"],
    )?;
    let allocations = get(&["allocations", "update callrounded", "allocations"])?
        - get(&["allocations", "update reqwest", "allocations"])?;
    let decode = ratio(
        &["instructions", "off", "decode_page lenient"],
        &["instructions", "off", "decode_page strict"],
    )?;
    let rate = get(&["rates", "64", "callrounded", "to hand-written"])?;
    let memory = get(&["rates", "peak 1000000"])? / 1_024.0;
    let command = |name: &str| get(&["commands", name, "to the bare client"]);
    let (tag, export) = (command("tag")?, command("export")?);
    let build = |profile: &str, time: &str| {
        ratio(
            &["builds", "generated", profile, time],
            &["builds", "snapshot", profile, time],
        )
    };
    let builds = [
        build("dev", "wall")?,
        build("dev", "cpu")?,
        build("release", "wall")?,
        build("release", "cpu")?,
    ];
    let generation = get(&["edits", "here", "generation"])? * 1_000.0;
    let rebuild = ratio(&["edits", "document"], &["edits", "hand-written"])?;
    let dependencies =
        get(&["builds", "generated", "crates to run"])? - get(&["builds", "hand-written", "crates to run"])?;
    let validate =
        |tool: &str, ours: &str| ratio(&["tools", "validate", tool, "cpu"], &["tools", "validate", ours, "cpu"]);
    let others = |ours: &str| Ok::<_, Failure>([validate("ajv-cli", ours)?, validate("check-jsonschema", ours)?]);
    let (with_types, without_types) = (others(WITH_TYPES)?, others(WITHOUT_TYPES)?);
    let bare = validate("the jsonschema crate alone", WITHOUT_TYPES)?;
    Ok(vec![
        Requirement {
            figure: "CPU instructions per update, relative to a hand-written reqwest client",
            measured: format!("{instructions:.2}"),
            required: "≤ 1.045",
            met: instructions <= 1.045,
            goal: "≤ 1.00",
        },
        Requirement {
            figure: "allocations per update, compared with a hand-written reqwest client",
            measured: format!("{allocations:+}"),
            required: "≤ +6",
            met: allocations <= 6.0,
            goal: "≤ 0",
        },
        Requirement {
            figure: "CPU instructions to decode a page, relative to strict hand-written types",
            measured: format!("{decode:.2}"),
            required: "≤ 1.0",
            met: decode <= 1.0,
            goal: "≤ 0.5",
        },
        Requirement {
            figure: "updates per second, 64 concurrent, relative to a hand-written reqwest client",
            measured: format!("{rate:.3}"),
            required: "≥ 0.98",
            met: rate >= 0.98,
            goal: "≥ 1.0",
        },
        Requirement {
            figure: "peak memory when paging through 1,000,000 calls",
            measured: format!("{memory:.1} MiB"),
            required: "< 64 MiB",
            met: memory < 64.0,
            goal: "< 24 MiB",
        },
        Requirement {
            figure: "`calls tag` and `calls export`, calls per second relative to the bare client",
            measured: format!("{tag:.2}, {export:.2}"),
            required: "≥ 0.9",
            met: tag >= 0.9 && export >= 0.9,
            goal: "",
        },
        Requirement {
            figure: "clean build, relative to the checked-in snapshot: dev wall and CPU, release wall and CPU",
            measured: builds.map(|ratio| format!("{ratio:.2}")).join(", "),
            required: "≤ 1.5",
            met: builds.iter().all(|ratio| *ratio <= 1.5),
            goal: "≤ 1.2",
        },
        Requirement {
            figure: "code generation after an edit of the document",
            measured: format!("{generation:.0} ms"),
            required: "< 100 ms",
            met: generation < 100.0,
            goal: "",
        },
        Requirement {
            figure: "rebuild after an edit of the document, relative to an edit of a hand-written file",
            measured: format!("{rebuild:.2}"),
            required: "",
            met: true,
            goal: "< 2",
        },
        Requirement {
            figure: "runtime dependencies, compared with a hand-written reqwest client",
            measured: format!("{dependencies:+}"),
            required: "≤ +12",
            met: dependencies <= 12.0,
            goal: "≤ +6",
        },
        Requirement {
            figure: "CPU time of ajv-cli and check-jsonschema, relative to validation with types",
            measured: with_types.map(|ratio| format!("{ratio:.1}")).join(", "),
            required: "≥ 2, ≥ 10",
            met: with_types[0] >= 2.0 && with_types[1] >= 10.0,
            goal: "",
        },
        Requirement {
            figure: "CPU time of ajv-cli and check-jsonschema, relative to validation without types",
            measured: without_types.map(|ratio| format!("{ratio:.1}")).join(", "),
            required: "≥ 6, ≥ 30",
            met: without_types[0] >= 6.0 && without_types[1] >= 30.0,
            goal: "",
        },
        Requirement {
            figure: "CPU time of the jsonschema crate alone, relative to validation without types",
            measured: format!("{bare:.2}"),
            required: "",
            met: true,
            goal: "≥ 0.8",
        },
    ])
}
