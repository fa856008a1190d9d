//! docs/performance.md, of what was measured.

use std::{fmt::Write as _, fs, path::Path};

use callrounded_benches::Failure;
use serde_json::{Map, Value};

use crate::plot;

/// A requirement, and whether it is met.
struct Held {
    what: &'static str,
    found: String,
    must: &'static str,
    met: bool,
    aim: &'static str,
}

pub fn write(root: &Path, results: &Map<String, Value>) -> Result<(), Failure> {
    let results = Value::from(results.clone());
    let page = of(&results)?;
    fs::write(root.join("docs/performance.md"), page)?;
    let update = |name: &str| number(&results, &["instructions", "off", &format!("update {name}")]);
    let bars = [
        ("raw hyper-util", update("hyper")?),
        ("reqwest by hand", update("reqwest")?),
        ("callrounded", update("callrounded")?),
        (
            "callrounded, tracing",
            number(&results, &["instructions", "tracing", "update callrounded"])?,
        ),
    ];
    plot::write(&root.join("docs/performance.svg"), &bars)?;
    println!("docs/performance.md and docs/performance.svg are written");
    Ok(())
}

fn number(results: &Value, path: &[&str]) -> Result<f64, Failure> {
    let found = path
        .iter()
        .try_fold(results, |at, name| at.get(name))
        .and_then(Value::as_f64);
    found.ok_or_else(|| format!("nothing was measured of {}", path.join(", ")).into())
}

fn of(results: &Value) -> Result<String, Failure> {
    let get = |path: &[&str]| number(results, path);
    let mut page = String::from(
        "# What it costs\n\n\
         Written by `cargo xtask bench`, which measures it: each figure beside the same by hand, in one run on one machine, so that\n\
         ratios mean something elsewhere too. `benches/` has the clients that are compared; the server is on loopback, with\n\
         connections kept alive, and builds are release builds without LTO unless said. Instructions are counted by callgrind\n\
         (gungraun), allocations by dhat, time by criterion. All of it takes about an hour; `cargo xtask bench PART` measures a part.\n\n",
    );
    let machines: Vec<&str> = ["instructions", "builds", "tools"]
        .iter()
        .filter_map(|part| results[part]["machine"].as_str())
        .collect();
    let machine = machines.first().copied().unwrap_or_default();
    writeln!(page, "Measured on: {machine}.\n")?;

    let held = held(results)?;
    page.push_str("## What has to hold\n\n| what | found | must | | aim |\n| --- | --- | --- | --- | --- |\n");
    for Held {
        what,
        found,
        must,
        met,
        aim,
    } in held
    {
        writeln!(
            page,
            "| {what} | {found} | {must} | {} | {aim} |",
            if met { "met" } else { "**missed**" }
        )?;
    }

    page.push_str("\n## One update\n\n![instructions of an update](performance.svg)\n\n");
    page.push_str("| client | instructions | to by hand | allocations | bytes | time | at 64 at a time |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    let by_hand = get(&["instructions", "off", "update reqwest"])?;
    for (client, name) in [
        ("raw hyper-util, typed decode", "hyper"),
        ("reqwest and serde by hand", "reqwest"),
        ("callrounded", "callrounded"),
    ] {
        let update = format!("update {name}");
        let instructions = get(&["instructions", "off", &update])?;
        writeln!(
            page,
            "| {client} | {:.1} k | {:.2} | {} | {} | {:.0} µs | {:.0} a second |",
            instructions / 1_000.0,
            instructions / by_hand,
            get(&["allocations", &update, "allocations"])?,
            get(&["allocations", &update, "bytes"])?,
            get(&["time", &update])? / 1_000.0,
            get(&["rates", name, "a second"])?,
        )?;
    }
    let tracing = get(&["instructions", "tracing", "update callrounded"])?;
    writeln!(
        page,
        "| callrounded with the feature `tracing`, nobody subscribed | {:.1} k | {:.2} | | | | |",
        tracing / 1_000.0,
        tracing / get(&["instructions", "tracing", "update reqwest"])?
    )?;
    page.push_str(
        "\nEach checks the status and decodes the documented call. callrounded also has a deadline, a limit of the body, the answer\n\
         kept for who asks, and is ready to send again. By hand there is none of it, and time stamps are read at once.\n",
    );

    page.push_str("\n## A page of 1,000 calls\n\n| types | instructions a byte | to strict | allocations | time |\n| --- | --- | --- | --- | --- |\n");
    let bytes = get(&["instructions", "page bytes"])?;
    let strict = get(&["instructions", "off", "decode_page strict"])?;
    for (types, name) in [
        ("strict ones by hand", "strict"),
        ("the liberal ones of the client", "liberal"),
    ] {
        let decode = format!("decode_page {name}");
        let instructions = get(&["instructions", "off", &decode])?;
        writeln!(
            page,
            "| {types} | {:.1} | {:.2} | {} | {:.1} ms |",
            instructions / bytes,
            instructions / strict,
            get(&["allocations", &decode, "allocations"])?,
            get(&["time", &decode])? / 1_000_000.0,
        )?;
    }

    page.push_str("\n## Many calls\n\n| what | found |\n| --- | --- |\n");
    for calls in ["10000", "1000000"] {
        let peak = get(&["rates", &format!("peak {calls}")])? / 1_024.0;
        writeln!(
            page,
            "| most memory of a walk over {calls} calls, in pages of 1,000 | {peak:.1} MiB |"
        )?;
    }
    for (what, name, beside) in [
        ("`calls export` of 100,000 calls", "export", "walk"),
        ("`calls tag` of 40,000 calls, 8 at a time", "tag", "update"),
    ] {
        let (rate, bare) = (get(&["commands", name])?, get(&["commands", beside])?);
        writeln!(
            page,
            "| {what} | {rate:.0} a second, {:.2} of the bare client |",
            rate / bare
        )?;
    }

    page.push_str(
        "\n## Builds from nothing\n\nA package that depends on it, with TLS by rustls on aws-lc, from an empty target folder; medians of three.\n\n\
         | what | crates to run | crates to build | dev, s | CPU, s | release, s | CPU, s |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (what, name) in [
        ("reqwest by hand", "by hand"),
        ("callrounded, generated while it is built", "generated"),
        (
            "callrounded, the reviewed copy (`default-features = false`)",
            "reviewed copy",
        ),
    ] {
        let of = |path: &[&str]| get(&[&["builds", name], path].concat());
        writeln!(
            page,
            "| {what} | {} | {} | {:.0} | {:.0} | {:.0} | {:.0} |",
            of(&["crates to run"])?,
            of(&["crates to build"])?,
            of(&["dev", "wall"])?,
            of(&["dev", "cpu"])?,
            of(&["release", "wall"])?,
            of(&["release", "cpu"])?,
        )?;
    }
    let edit = |name: &str| get(&["builds", "edits", name]);
    writeln!(
        page,
        "\nIn a workspace that is built, `cargo build --package callrounded` takes {:.1} s after an edit of the document, of which the\n\
         generation itself is {:.0} ms, and {:.1} s after an edit of a file of `callrounded-api`.",
        edit("document")?,
        edit("generation")? * 1_000.0,
        edit("by hand")?
    )?;

    page.push_str("\n## Tools\n\n10,000 payloads of a call, each in a file of its own, held to the schema; seconds of the processor, medians of three:\n\n| tool | CPU, s | to ours |\n| --- | --- | --- |\n");
    tools(&mut page, results, "validate", "cargo xtask validate")?;
    page.push_str("\n`cargo xtask validate` reads each payload into its generated type too. From a document to a client:\n\n| tool | CPU, s | to ours |\n| --- | --- | --- |\n");
    tools(&mut page, results, "generate", "cargo xtask regenerate")?;
    Ok(page)
}

fn tools(page: &mut String, results: &Value, kind: &str, ours: &str) -> Result<(), Failure> {
    let ours = number(results, &["tools", kind, ours, "cpu"])?;
    for (name, took) in results["tools"][kind].as_object().into_iter().flatten() {
        let cpu = took["cpu"].as_f64().unwrap_or_default();
        writeln!(page, "| {name} | {cpu:.2} | {:.1} |", cpu / ours)?;
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
    let rate = get(&["rates", "callrounded", "to by hand"])?;
    let walk = get(&["rates", "peak 1000000"])? / 1_024.0;
    let tag = ratio(&["commands", "tag"], &["commands", "update"])?;
    let export = ratio(&["commands", "export"], &["commands", "walk"])?;
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
    let generation = get(&["builds", "edits", "generation"])? * 1_000.0;
    let rebuild = ratio(&["builds", "edits", "document"], &["builds", "edits", "by hand"])?;
    let crates = get(&["builds", "generated", "crates to run"])? - get(&["builds", "by hand", "crates to run"])?;
    let validate = |tool: &str| {
        ratio(
            &["tools", "validate", tool, "cpu"],
            &["tools", "validate", "cargo xtask validate", "cpu"],
        )
    };
    let others = [validate("ajv-cli")?, validate("check-jsonschema")?];
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
            found: format!("{rate:.2}"),
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
            what: "CPU time of ajv-cli and check-jsonschema, to validate",
            found: others.map(|ratio| format!("{ratio:.1}")).join(", "),
            must: "≥ 10",
            met: others.iter().all(|ratio| *ratio >= 10.0),
            aim: "",
        },
    ])
}
