//! The command line's export and tag beside the bare client at the same concurrency, in calls a second.

use std::{fmt::Write as _, fs, path::Path, process::Command, time::Instant};

use callrounded_benches::{Failure, KEY, server};
use serde_json::{Value, json};

use crate::work::{Server, cargo_in, median, output, own, ratio};

const ROUNDS: usize = 11;
const EXPORTED: usize = 300_000;
const TAGGED: usize = 40_000;
const CONCURRENCY: &str = "8";
const PAGE: &str = "1000";

pub fn measure(root: &Path) -> Result<Value, Failure> {
    let target = root.join("target/benches");
    output(&mut cargo_in(
        root,
        ".",
        "build",
        &["--release", "--package", "callrounded-cli"],
    ))?;
    let folder = tempfile::tempdir()?;
    let rows = folder.path().join("calls.csv");
    let mut text = String::from("id,source\n");
    for number in 0..TAGGED {
        writeln!(text, "{},marketing_campaign", server::id(number))?;
    }
    fs::write(&rows, text)?;
    let server = Server::of(EXPORTED)?;
    let command = |arguments: &[&str]| -> Result<f64, Failure> {
        let began = Instant::now();
        output(
            Command::new(target.join("release/callrounded"))
                .args(["--base-url", &server.url, "calls"])
                .args(arguments)
                .current_dir(folder.path())
                .env("CALLROUNDED_API_KEY", KEY),
        )?;
        Ok(began.elapsed().as_secs_f64())
    };
    let [mut walk, mut export, mut rate, mut tag] = [const { Vec::<f64>::new() }; 4];
    for round in 0..ROUNDS {
        let said = output(own("client")?.args(["callrounded", "walk", PAGE, &server.url]))?;
        walk.push(said.trim().rsplit(' ').next().unwrap_or_default().parse()?);
        let file = format!("{round}.ndjson");
        export.push(EXPORTED as f64 / command(&["export", &file, "--page-size", PAGE])?);
        fs::remove_file(folder.path().join(&file))?;
        let said = output(own("client")?.args(["callrounded", "rate", &TAGGED.to_string(), CONCURRENCY, &server.url]))?;
        rate.push(said.split(' ').next().unwrap_or_default().parse()?);
        // A journal beside the file would tell that all is done.
        let file = format!("{round}.csv");
        fs::copy(&rows, folder.path().join(&file))?;
        tag.push(TAGGED as f64 / command(&["tag", &file, "--concurrency", CONCURRENCY])?);
    }
    Ok(json!({
        "export": { "to the bare client": ratio(&export, &walk), "a second": median(&mut export) },
        "tag": { "to the bare client": ratio(&tag, &rate), "a second": median(&mut tag) },
    }))
}
