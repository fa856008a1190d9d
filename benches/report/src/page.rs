//! Writes docs/performance.md from the results, and from the hand-written benches/notes.md.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use callrounded_benches::Failure;
use serde_json::{Map, Value};

use crate::{
    plot, requirements,
    tools::{REGENERATE, WITH_TYPES, WITHOUT_TYPES},
};

/// Writes docs/performance.md and docs/performance.svg.
pub fn write(root: &Path, results: &Map<String, Value>) -> Result<(), Failure> {
    let results = Value::from(results.clone());
    let mut page = figures(&results)?;
    page.push('\n');
    page.push_str(&fs::read_to_string(root.join("benches/notes.md"))?);
    fs::write(root.join("docs/performance.md"), page)?;
    let update = |name: &str| number(&results, &["instructions", "off", &format!("update {name}")]);
    let bars = [
        ("raw hyper-util", update("hyper")?),
        ("reqwest, hand-written", update("reqwest")?),
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

/// Returns the values that the parts have for this key. Each value is followed by its parts, unless it is the same for
/// all.
fn values_by_part(results: &Value, key: &str) -> String {
    let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (part, result) in results.as_object().into_iter().flatten() {
        parts
            .entry(result[key].as_str().unwrap_or_default())
            .or_default()
            .push(part);
    }
    let is_same = parts.len() == 1;
    let values = parts.into_iter().map(|(value, parts)| {
        if is_same {
            value.to_owned()
        } else {
            format!("{value} ({})", parts.join(", "))
        }
    });
    values.collect::<Vec<_>>().join("; ")
}

/// Returns the number at a path of the results.
pub fn number(results: &Value, path: &[&str]) -> Result<f64, Failure> {
    let number = path
        .iter()
        .try_fold(results, |value, key| value.get(key))
        .and_then(Value::as_f64);
    number.ok_or_else(|| format!("no result for `{}`", path.join(", ")).into())
}

/// Returns the part of the page with the figures.
fn figures(results: &Value) -> Result<String, Failure> {
    let get = |path: &[&str]| number(results, path);
    let mut page = String::from(
        "# Performance\n\n\
         `cargo xtask bench` measures these figures and writes this page. Most figures are compared with a hand-written equivalent, which\n\
         is measured on the same machine, so that the ratios are meaningful on other machines too.\n\n\
         - The clients that are compared are in `benches/`. The server is on loopback, with keep-alive connections.\n\
         - Builds are release builds without LTO, unless stated otherwise.\n\
         - Instructions are counted with callgrind (gungraun), allocations with dhat. The time to decode is measured with criterion.\n\
         - A rate is the median of many rounds. Each round runs all candidates in turn. A ratio is the median of the ratios of the rounds.\n\n\
         All measurements take about an hour; `cargo xtask bench PART` runs a part of them. They need valgrind, node with npm, and\n\
         python3. They install the tools that are compared below `target` and `benches/node`. Only the notes at the end are\n\
         hand-written.\n\n",
    );
    writeln!(
        page,
        "Measured on {}, at {}.\n",
        values_by_part(results, "machine"),
        values_by_part(results, "commit")
    )?;

    page.push_str("## Requirements\n\n");
    requirements::table(&mut page, results)?;
    page.push_str("\nThe [notes](#notes) explain the validation figures that miss their requirement.\n");

    page.push_str("\n## Updating a call\n\n![CPU instructions per update](performance.svg)\n\n");
    page.push_str("| client | CPU instructions | relative to hand-written | allocations | bytes | updates per second, sequential | 64 concurrent | CPU time of these, relative to hand-written |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    let hand_written = get(&["instructions", "off", "update reqwest"])?;
    for (client, name) in [
        ("hyper-util and serde, hand-written", "hyper"),
        ("reqwest and serde, hand-written", "reqwest"),
        ("callrounded", "callrounded"),
    ] {
        let update = format!("update {name}");
        let instructions = get(&["instructions", "off", &update])?;
        writeln!(
            page,
            "| {client} | {:.1} k | {:.2} | {} | {} | {:.0} | {:.0} | {:.2} |",
            instructions / 1_000.0,
            instructions / hand_written,
            get(&["allocations", &update, "allocations"])?,
            get(&["allocations", &update, "bytes"])?,
            get(&["rates", "1", name, "a second"])?,
            get(&["rates", "64", name, "a second"])?,
            get(&["rates", "64", name, "CPU to hand-written"])?,
        )?;
    }
    let tracing = get(&["instructions", "tracing", "update callrounded"])?;
    writeln!(
        page,
        "| callrounded with the feature `tracing`, without a subscriber | {:.1} k | {:.2} | | | | | |",
        tracing / 1_000.0,
        tracing / get(&["instructions", "tracing", "update reqwest"])?
    )?;
    page.push_str(
        "\nEach client checks the status and decodes the documented call. Only callrounded has a deadline, a limit for the body, access to the\n\
         response, and retries. The hand-written clients parse timestamps eagerly, callrounded on access.\n",
    );

    page.push_str("\n## Decoding a page of 1,000 calls\n\n| types | CPU instructions per byte | relative to strict | allocations | time |\n| --- | --- | --- | --- | --- |\n");
    let bytes = get(&["instructions", "page bytes"])?;
    let strict = get(&["instructions", "off", "decode_page strict"])?;
    for (types, name) in [
        ("strict, hand-written", "strict"),
        ("lenient, of the client", "lenient"),
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
        "\nBoth are decoded with `serde_json::from_str`. The strict types parse each timestamp. The lenient types keep it as a string, which is\n\
         parsed on access, and accept payloads that the strict types reject.\n",
    );

    page.push_str("\n## Paging and bulk commands\n\n| figure | measured |\n| --- | --- |\n");
    for calls in ["10000", "1000000"] {
        let peak = get(&["rates", &format!("peak {calls}")])? / 1_024.0;
        writeln!(
            page,
            "| peak memory when paging through {calls} calls, in pages of 1,000 | {peak:.1} MiB |"
        )?;
    }
    page.push_str(
        "\n| command | calls per second | relative to the bare client | relative to the bare client with mimalloc |\n| --- | --- | --- | --- |\n",
    );
    for (command, name) in [
        ("`calls export` of 300,000 calls, in pages of 1,000", "export"),
        ("`calls tag` of 40,000 calls, 8 concurrent", "tag"),
    ] {
        writeln!(
            page,
            "| {command} | {:.0} | {:.2} | {:.2} |",
            get(&["commands", name, "a second"])?,
            get(&["commands", name, "to the bare client"])?,
            get(&["commands", name, "to the same with mimalloc"])?,
        )?;
    }
    page.push_str(
        "\nThe bare client is a program that only calls this client in a loop, with the same concurrency as the commands: for export, it\n\
         fetches the next page on another thread; for tag, it has eight updates in flight on one thread. The time of a command is that of\n\
         the whole process, which also reads and writes its files. The commands use mimalloc as their allocator. The last column compares\n\
         them with the same loop with mimalloc.\n",
    );

    page.push_str(
        "\n## Clean builds\n\nThe builds are of a package with only this dependency, TLS by rustls on aws-lc and the same features of reqwest. They start with an\n\
         empty target directory. Times are medians of three. Runtime dependencies exclude procedural macros.\n\n\
         | dependency | runtime dependencies | with build dependencies | dev, s | dev CPU, s | release, s | release CPU, s |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (dependency, name) in [
        ("reqwest and serde, hand-written client", "hand-written"),
        ("callrounded, generated at build time", "generated"),
        (
            "callrounded, checked-in snapshot (`default-features = false`)",
            "snapshot",
        ),
    ] {
        let build = |path: &[&str]| get(&[&["builds", name], path].concat());
        writeln!(
            page,
            "| {dependency} | {} | {} | {:.0} | {:.0} | {:.0} | {:.0} |",
            build(&["crates to run"])?,
            build(&["crates to build"])?,
            build(&["dev", "wall"])?,
            build(&["dev", "cpu"])?,
            build(&["release", "wall"])?,
            build(&["release", "cpu"])?,
        )?;
    }
    let edit = |path: &[&str]| get(&[&["edits"], path].concat());
    writeln!(
        page,
        "\nThe hand-written client is only its dependencies, without any code.\n\n\
         In this workspace, `cargo build --package callrounded` takes {:.1} s after an edit of the document, of which generating the code\n\
         takes {:.0} ms. It takes {:.1} s after an edit of a hand-written file of `callrounded-api`.\n\n\
         Dev builds of this workspace optimize the generator. In a workspace that depends on this one, and in the table above, it is not\n\
         optimized, and generating takes {:.0} ms. A clean `cargo build --package callrounded` takes {:.0} s of CPU time with the\n\
         optimization, and {:.0} s without it.",
        edit(&["document"])?,
        edit(&["here", "generation"])? * 1_000.0,
        edit(&["hand-written"])?,
        edit(&["elsewhere", "generation"])? * 1_000.0,
        edit(&["here", "from nothing, CPU"])?,
        edit(&["elsewhere", "from nothing, CPU"])?,
    )?;

    page.push_str("\n## Tools\n\nValidating 10,000 payloads of a call, each in a separate file. CPU times are medians of three. `xtask` is the optimized program,\nwhich `cargo run --release --package xtask --` builds and runs:\n\n| tool | CPU time, s | relative to `xtask validate` |\n| --- | --- | --- |\n");
    tools(&mut page, results, "validate", WITH_TYPES)?;
    validation(&mut page, results)?;
    page.push_str("\nGenerating a client from the document (`xtask regenerate --check` compares the code with the checked-in snapshot instead of writing it):\n\n| tool | CPU time, s | relative to `xtask regenerate` |\n| --- | --- | --- |\n");
    tools(&mut page, results, "generate", REGENERATE)?;
    writeln!(
        page,
        "\n`xtask import` takes {:.2} s of CPU time for the OpenAPI 3.1 document of a FastAPI application.",
        get(&["tools", "import", "cpu"])?
    )?;
    Ok(page)
}

/// Writes how validation compares with other tools.
fn validation(page: &mut String, results: &Value) -> Result<(), Failure> {
    let cpu = |tool: &str| number(results, &["tools", "validate", tool, "cpu"]);
    let schemas = cpu(WITHOUT_TYPES)?;
    writeln!(
        page,
        "\nThe other tools check whether a payload matches a schema. `xtask validate` also reports what the document does not describe, and\n\
         checks that the generated type decodes the payload and encodes the same again. `callrounded-doc validate` does not check the\n\
         types; neither does `xtask validate` for another document. Compared with `callrounded-doc validate`, ajv-cli takes {:.1} times\n\
         and check-jsonschema {:.1} times the CPU time. Compared with the jsonschema crate alone, which only reads and validates the\n\
         files, ajv-cli takes {:.1} times the CPU time.",
        cpu("ajv-cli")? / schemas,
        cpu("check-jsonschema")? / schemas,
        cpu("ajv-cli")? / cpu("the jsonschema crate alone")?,
    )?;
    Ok(())
}

/// Writes a row for each tool.
fn tools(page: &mut String, results: &Value, kind: &str, ours: &str) -> Result<(), Failure> {
    let ours = number(results, &["tools", kind, ours, "cpu"])?;
    for (name, times) in results["tools"][kind].as_object().into_iter().flatten() {
        let cpu = times["cpu"].as_f64().unwrap_or_default();
        writeln!(page, "| {name} | {cpu:.2} | {:.1} |", cpu / ours)?;
    }
    Ok(())
}
