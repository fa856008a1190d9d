//! The command line's export and tag beside the bare client at the same concurrency, in calls a second.

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

use crate::work::{Server, cargo_in, median, output, own, ratio};

const ROUNDS: usize = 11;
const EXPORTED: usize = 300_000;
const TAGGED: usize = 40_000;
/// The bare client, with the allocator of the system, as a program has it that chooses none, and with that of the command line.
const CLIENTS: [&str; 2] = ["client", "client-mimalloc"];
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
    let command = |arguments: &[&str]| -> Result<(f64, String), Failure> {
        let began = Instant::now();
        let said = output(
            Command::new(target.join("release/callrounded"))
                .args(["--base-url", &server.url, "calls"])
                .args(arguments)
                .current_dir(folder.path())
                .env("CALLROUNDED_API_KEY", KEY),
        )?;
        Ok((began.elapsed().as_secs_f64(), said))
    };
    let [mut export, mut tag] = [const { Vec::<f64>::new() }; 2];
    let mut pages = CLIENTS.map(|_| Vec::<f64>::new());
    let mut rates = pages.clone();
    for round in 0..ROUNDS {
        for (client, pages) in CLIENTS.iter().zip(&mut pages) {
            let said = output(own(client)?.args(["callrounded", "pages", PAGE, &server.url]))?;
            let (count, rate) = said.trim().split_once(' ').ok_or("the client says something else")?;
            expect(count, &EXPORTED.to_string())?;
            pages.push(rate.parse()?);
        }
        let file = format!("{round}.ndjson");
        export.push(EXPORTED as f64 / command(&["export", &file, "--page-size", PAGE])?.0);
        let file = folder.path().join(&file);
        let lines = BufReader::new(File::open(&file)?).split(b'\n').count();
        expect(&lines.to_string(), &EXPORTED.to_string())?;
        fs::remove_file(file)?;
        for (client, rates) in CLIENTS.iter().zip(&mut rates) {
            let all = TAGGED.to_string();
            let said = output(own(client)?.args(["callrounded", "rate", &all, CONCURRENCY, &server.url]))?;
            rates.push(said.split(' ').next().unwrap_or_default().parse()?);
        }
        // A journal beside the file would tell that all is done.
        let file = format!("{round}.csv");
        fs::copy(&rows, folder.path().join(&file))?;
        let (seconds, said) = command(&["tag", &file, "--concurrency", CONCURRENCY])?;
        expect(said.trim(), &format!("{TAGGED} tagged, 0 failed"))?;
        tag.push(TAGGED as f64 / seconds);
    }
    let of = |command: &mut [f64], [system, same]: &[Vec<f64>; 2]| {
        json!({
            "to the bare client": ratio(command, system),
            "to the same with mimalloc": ratio(command, same),
            "a second": median(command),
        })
    };
    Ok(json!({ "export": of(&mut export, &pages), "tag": of(&mut tag, &rates) }))
}

fn expect(found: &str, expected: &str) -> Result<(), Failure> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("`{found}` where `{expected}` was expected").into()),
    }
}
