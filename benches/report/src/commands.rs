//! Compares `calls export` and `calls tag` with a loop around the bare client at the same concurrency, in calls per
//! second.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
    process::Command,
    time::Instant,
};

use callrounded_benches::{Failure, KEY, server};
use serde_json::{Value, json};

use crate::process::{Server, cargo_in, median, output, program, ratio};

const ROUNDS: usize = 11;
const EXPORTED_CALLS: usize = 300_000;
const TAGGED_CALLS: usize = 40_000;
/// The programs with the bare client: with the default allocator of the system, and with mimalloc, like the command
/// line.
const CLIENTS: [&str; 2] = ["client", "client-mimalloc"];
const CONCURRENCY: &str = "8";
const PAGE_SIZE: &str = "1000";

pub fn measure(root: &Path) -> Result<Value, Failure> {
    let target = root.join("target/benches");
    output(&mut cargo_in(
        root,
        ".",
        "build",
        &["--release", "--package", "callrounded-cli"],
    ))?;
    let directory = tempfile::tempdir()?;
    let rows = directory.path().join("calls.csv");
    let mut text = String::from("id,source\n");
    for number in 0..TAGGED_CALLS {
        writeln!(text, "{},marketing_campaign", server::id(number))?;
    }
    fs::write(&rows, text)?;
    let server = Server::start(EXPORTED_CALLS)?;
    let command = |arguments: &[&str]| -> Result<(f64, String), Failure> {
        let start = Instant::now();
        let stdout = output(
            Command::new(target.join("release/callrounded"))
                .args(["--base-url", &server.url, "calls"])
                .args(arguments)
                .current_dir(directory.path())
                .env("CALLROUNDED_API_KEY", KEY),
        )?;
        Ok((start.elapsed().as_secs_f64(), stdout))
    };
    let [mut export, mut tag] = [const { Vec::<f64>::new() }; 2];
    let mut pages = CLIENTS.map(|_| Vec::<f64>::new());
    let mut rates = pages.clone();
    for round in 0..ROUNDS {
        for (client, pages) in CLIENTS.iter().zip(&mut pages) {
            let stdout = output(program(client)?.args(["callrounded", "pages", PAGE_SIZE, &server.url]))?;
            let (count, rate) = stdout.trim().split_once(' ').ok_or("the client printed no rate")?;
            expect(count, &EXPORTED_CALLS.to_string())?;
            pages.push(rate.parse()?);
        }
        let file = format!("{round}.ndjson");
        export.push(EXPORTED_CALLS as f64 / command(&["export", &file, "--page-size", PAGE_SIZE])?.0);
        let file = directory.path().join(&file);
        let lines = BufReader::new(File::open(&file)?).split(b'\n').count();
        expect(&lines.to_string(), &EXPORTED_CALLS.to_string())?;
        fs::remove_file(file)?;
        for (client, rates) in CLIENTS.iter().zip(&mut rates) {
            let count = TAGGED_CALLS.to_string();
            let stdout = output(program(client)?.args(["callrounded", "rate", &count, CONCURRENCY, &server.url]))?;
            rates.push(stdout.split(' ').next().unwrap_or_default().parse()?);
        }
        // Each round has its own file, since the journal of an earlier round could mark all rows as done.
        let file = format!("{round}.csv");
        fs::copy(&rows, directory.path().join(&file))?;
        let (seconds, stdout) = command(&["tag", &file, "--concurrency", CONCURRENCY])?;
        expect(stdout.trim(), &format!("{TAGGED_CALLS} tagged, 0 failed"))?;
        tag.push(TAGGED_CALLS as f64 / seconds);
    }
    let compare = |command: &mut [f64], [system, mimalloc]: &[Vec<f64>; 2]| {
        json!({
            "to the bare client": ratio(command, system),
            "to the same with mimalloc": ratio(command, mimalloc),
            "a second": median(command),
        })
    };
    Ok(json!({ "export": compare(&mut export, &pages), "tag": compare(&mut tag, &rates) }))
}

fn expect(actual: &str, expected: &str) -> Result<(), Failure> {
    if actual == expected {
        Ok(())
    } else {
        Err(format!("expected `{expected}`, found `{actual}`").into())
    }
}
