//! docs/performance.md, of what was measured, and of what is written by hand in benches/notes.md.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use callrounded_benches::Failure;
use serde_json::{Map, Value};

use crate::{
    plot, requirements,
    tools::{REGENERATE, WITH_TYPES, WITHOUT_TYPES},
};

pub fn write(root: &Path, results: &Map<String, Value>) -> Result<(), Failure> {
    let results = Value::from(results.clone());
    let mut page = of(&results)?;
    page.push('\n');
    page.push_str(&fs::read_to_string(root.join("benches/notes.md"))?);
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

/// What the parts have under this name: once where it is the same, and otherwise of which parts.
fn all(results: &Value, name: &str) -> String {
    let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (part, found) in results.as_object().into_iter().flatten() {
        parts
            .entry(found[name].as_str().unwrap_or_default())
            .or_default()
            .push(part);
    }
    let one = parts.len() == 1;
    let said = parts.into_iter().map(|(said, parts)| match one {
        true => said.to_owned(),
        false => format!("{said} ({})", parts.join(", ")),
    });
    said.collect::<Vec<_>>().join("; ")
}

pub fn number(results: &Value, path: &[&str]) -> Result<f64, Failure> {
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
         Written by `cargo xtask bench`, which measures it: each figure beside the same by hand, one after the other on one machine, so that\n\
         ratios mean something elsewhere too. `benches/` has the clients that are compared; the server is on loopback, with\n\
         connections kept alive, and builds are release builds without LTO unless said. Instructions are counted by callgrind\n\
         (gungraun), allocations by dhat, the time of decoding by criterion; what is done a second is the median of many rounds, each of\n\
         which takes all in turns, and its ratio is the median of those of the rounds. All of it takes about an hour;\n\
         `cargo xtask bench PART` measures a part. It needs valgrind, node with npm and python3, and installs the tools it compares with\n\
         below `target` and `benches/node`. Only the notes at the end are written by hand.\n\n",
    );
    writeln!(
        page,
        "Measured on {}, of {}.\n",
        all(results, "machine"),
        all(results, "commit")
    )?;

    page.push_str("## What has to hold\n\n");
    requirements::table(&mut page, results)?;
    page.push_str("\nWhat stands behind a figure that is missed, the [notes](#notes) say.\n");

    page.push_str("\n## One update\n\n![instructions of an update](performance.svg)\n\n");
    page.push_str("| client | instructions | to by hand | allocations | bytes | a second, one at a time | 64 at a time | CPU time of these, to by hand |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
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
            "| {client} | {:.1} k | {:.2} | {} | {} | {:.0} | {:.0} | {:.2} |",
            instructions / 1_000.0,
            instructions / by_hand,
            get(&["allocations", &update, "allocations"])?,
            get(&["allocations", &update, "bytes"])?,
            get(&["rates", "1", name, "a second"])?,
            get(&["rates", "64", name, "a second"])?,
            get(&["rates", "64", name, "CPU to by hand"])?,
        )?;
    }
    let tracing = get(&["instructions", "tracing", "update callrounded"])?;
    writeln!(
        page,
        "| callrounded with the feature `tracing`, nobody subscribed | {:.1} k | {:.2} | | | | | |",
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

    page.push_str(
        "\nBoth are what `serde_json::from_str` makes of the page. The strict types have each time stamp read, the liberal ones have its text,\n\
         which is read when it is asked for, and take what strict ones refuse.\n",
    );

    page.push_str("\n## Many calls\n\n| what | found |\n| --- | --- |\n");
    for calls in ["10000", "1000000"] {
        let peak = get(&["rates", &format!("peak {calls}")])? / 1_024.0;
        writeln!(
            page,
            "| most memory of a walk over {calls} calls, in pages of 1,000 | {peak:.1} MiB |"
        )?;
    }
    page.push_str(
        "\n| command | a second | to the bare client | to the same with mimalloc |\n| --- | --- | --- | --- |\n",
    );
    for (what, name) in [
        ("`calls export` of 300,000 calls, in pages of 1,000", "export"),
        ("`calls tag` of 40,000 calls, 8 at a time", "tag"),
    ] {
        writeln!(
            page,
            "| {what} | {:.0} | {:.2} | {:.2} |",
            get(&["commands", name, "a second"])?,
            get(&["commands", name, "to the bare client"])?,
            get(&["commands", name, "to the same with mimalloc"])?,
        )?;
    }
    page.push_str(
        "\nThe bare client is a loop around ours that does nothing else: over pages, of which the next is fetched on another thread, and\n\
         with eight updates on their way on one thread, as the commands have it. Theirs is the time of a whole process, which reads and\n\
         writes its files, and whose allocator is mimalloc. That an allocator would be as good for the loop, the last column says.\n",
    );

    page.push_str(
        "\n## Builds from nothing\n\nA package that depends on it, with TLS by rustls on aws-lc and the same features of reqwest, from an empty target folder;\n\
         medians of three. Crates to run are those without procedural macros.\n\n\
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
    let edit = |path: &[&str]| get(&[&["edits"], path].concat());
    writeln!(
        page,
        "\nBy hand is what such a client depends on, without any code of its own.\n\n\
         In this workspace, when it is built, `cargo build --package callrounded` takes {:.1} s after an edit of the document, of which the\n\
         generation itself is {:.0} ms, and {:.1} s after an edit of a file of `callrounded-api`. Dev builds optimize here what generates;\n\
         where they do not, as in a workspace that depends on this one and in the table above, the generation takes {:.0} ms. From nothing\n\
         `cargo build --package callrounded` takes {:.0} s of the processors here, and {:.0} s without that.",
        edit(&["document"])?,
        edit(&["here", "generation"])? * 1_000.0,
        edit(&["by hand"])?,
        edit(&["elsewhere", "generation"])? * 1_000.0,
        edit(&["here", "from nothing, CPU"])?,
        edit(&["elsewhere", "from nothing, CPU"])?,
    )?;

    page.push_str("\n## Tools\n\n10,000 payloads of a call, each in a file of its own, held to the schema; seconds of the processor, medians of three. `xtask` is\nthe optimized program, which `cargo run --release --package xtask --` builds and runs:\n\n| tool | CPU, s | to ours |\n| --- | --- | --- |\n");
    tools(&mut page, results, "validate", WITH_TYPES)?;
    validation(&mut page, results)?;
    page.push_str("\nFrom a document to a client (ours is compared with the reviewed copy, and not written):\n\n| tool | CPU, s | to ours |\n| --- | --- | --- |\n");
    tools(&mut page, results, "generate", REGENERATE)?;
    writeln!(
        page,
        "\n`xtask import` takes {:.2} s for the OpenAPI 3.1 of a FastAPI application.",
        get(&["tools", "import", "cpu"])?
    )?;
    Ok(page)
}

/// What `xtask validate` does beside the others.
fn validation(page: &mut String, results: &Value) -> Result<(), Failure> {
    let cpu = |tool: &str| number(results, &["tools", "validate", tool, "cpu"]);
    let schemas = cpu(WITHOUT_TYPES)?;
    writeln!(
        page,
        "\nThe other tools ask whether a payload fits a schema. `xtask validate` asks also whether there is anything in it that the\n\
         document does not know, and whether its generated type takes it and gives it back. Without the types, which is the case where\n\
         another document is named, and with the program `callrounded-doc`, it takes {:.1} times less than ajv-cli and {:.1} times less than\n\
         check-jsonschema. The jsonschema crate alone, with nothing around it but the reading of the files, takes {:.1} times less than ajv-cli.",
        cpu("ajv-cli")? / schemas,
        cpu("check-jsonschema")? / schemas,
        cpu("ajv-cli")? / cpu("the jsonschema crate alone")?,
    )?;
    Ok(())
}

fn tools(page: &mut String, results: &Value, kind: &str, ours: &str) -> Result<(), Failure> {
    let ours = number(results, &["tools", kind, ours, "cpu"])?;
    for (name, took) in results["tools"][kind].as_object().into_iter().flatten() {
        let cpu = took["cpu"].as_f64().unwrap_or_default();
        writeln!(page, "| {name} | {cpu:.2} | {:.1} |", cpu / ours)?;
    }
    Ok(())
}
