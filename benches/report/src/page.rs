//! docs/performance.md, of what was measured.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use callrounded_benches::Failure;
use serde_json::{Map, Value};

use crate::{plot, requirements};

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
         below `target`.\n\n",
    );
    // Of one state, or of several where parts were measured by themselves.
    let all = |name: &str| {
        let parts = results.as_object().into_iter().flat_map(Map::values);
        let different: BTreeSet<&str> = parts.filter_map(|part| part[name].as_str()).collect();
        different.into_iter().collect::<Vec<_>>()
    };
    writeln!(
        page,
        "Measured on {}, of {}.\n",
        all("machine").join("; "),
        all("commit").join(", ")
    )?;

    page.push_str("## What has to hold\n\n");
    requirements::table(&mut page, results)?;
    writeln!(
        page,
        "\nOf the last two rows: [where validation goes](#where-validation-goes). Of updates 64 at a time, repeated measurements while this was\n\
         written gave 0.96 to 1.02; an update takes {:.2} of the CPU time of one by hand then, though of fewer instructions. By samples (perf),\n\
         less of it than by hand is decoding and time stamps, 5 hundredths of the whole; more is copying of memory (1.4), allocation (1.3),\n\
         the states of futures (1.4), clock and timer (0.8): what is kept to be sent again and of the answer, the limits of time, and\n\
         large types that are passed by value. Boxes would take from the copying what they add to allocation; not to keep the request\n\
         gave 0.99, and would mean not to send again, and errors that may repeat what is personal in it.",
        get(&["rates", "64", "callrounded", "CPU to by hand"])?
    )?;

    page.push_str("\n## One update\n\n![instructions of an update](performance.svg)\n\n");
    page.push_str("| client | instructions | to by hand | allocations | bytes | a second, one at a time | 64 at a time |\n| --- | --- | --- | --- | --- | --- | --- |\n");
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
            "| {client} | {:.1} k | {:.2} | {} | {} | {:.0} | {:.0} |",
            instructions / 1_000.0,
            instructions / by_hand,
            get(&["allocations", &update, "allocations"])?,
            get(&["allocations", &update, "bytes"])?,
            get(&["rates", "1", name, "a second"])?,
            get(&["rates", "64", name, "a second"])?,
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
    for (what, name) in [
        ("`calls export` of 300,000 calls", "export"),
        ("`calls tag` of 40,000 calls, 8 at a time", "tag"),
    ] {
        writeln!(
            page,
            "| {what} | {:.0} a second, {:.2} of the bare client |",
            get(&["commands", name, "a second"])?,
            get(&["commands", name, "to the bare client"])?
        )?;
    }

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
    let edit = |name: &str| get(&["edits", name]);
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
    validation(&mut page, results)?;
    page.push_str("\nFrom a document to a client (ours is compared with the reviewed copy, and not written):\n\n| tool | CPU, s | to ours |\n| --- | --- | --- |\n");
    tools(&mut page, results, "generate", "cargo xtask regenerate --check")?;
    writeln!(
        page,
        "\n`cargo xtask import` takes {:.2} s for the OpenAPI 3.1 of a FastAPI application.",
        get(&["tools", "import", "cpu"])?
    )?;
    Ok(page)
}

/// Where the time of `cargo xtask validate` goes, and what would make it less.
fn validation(page: &mut String, results: &Value) -> Result<(), Failure> {
    let cpu = |tool: &str| number(results, &["tools", "validate", tool, "cpu"]);
    let whole = cpu("cargo xtask validate")?;
    let schemas = cpu("cargo xtask validate, without the types")?;
    let bare = cpu("the jsonschema crate alone")?;
    writeln!(
        page,
        "\n### Where validation goes\n\n\
         The other tools ask whether a payload fits a schema. `cargo xtask validate` asks also whether there is anything in it that the\n\
         document does not know, and whether its generated type takes it and gives it back. Without the types, which is the case where\n\
         another document is named, it takes {schemas:.2} s of its {whole:.2} s, {:.1} times less than ajv-cli and {:.1} times less than\n\
         check-jsonschema. Ten times less than ajv-cli, which makes JavaScript of the schema, is out of reach of this validator: the\n\
         jsonschema crate alone, with nothing around it but the reading of the files, is at {:.1}.\n\n\
         When this was written, in November 2026, of the instructions that one payload took (callgrind, 227 k), 155 k were for the types: 69 k to write it for the program that\n\
         has them and to read what it gives back, which is a program of its own since validation has to work while they do not build,\n\
         another 69 k to make values of the payload and to free them all, and 17 k to compare. 31 k read the payload with the place of each value,\n\
         21 k look for what the document does not know, 15 k are the schema. To that comes once what it takes to generate the client,\n\
         148 M instructions, so that types are not asked for where there are none, and what cargo takes to see that they are built, 0.15 s.\n\
         To compare in that program, and texts instead of values, would leave about a third of what the types take.",
        cpu("ajv-cli")? / schemas,
        cpu("check-jsonschema")? / schemas,
        cpu("ajv-cli")? / bare,
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
