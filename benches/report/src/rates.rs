//! How many updates a second, one and 64 of them at a time, and how much memory a long walk takes.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use callrounded_benches::{Failure, clients::CLIENTS};
use serde_json::{Value, json};

use crate::work::{Server, median, output, own, ratio};

/// How many at a time, and how many in all.
const CONCURRENCIES: [(&str, &str); 2] = [("1", "10000"), ("64", "60000")];
const ROUNDS: usize = 21;

pub fn measure(_: &Path) -> Result<Value, Failure> {
    let mut found = json!({});
    for (concurrency, updates) in CONCURRENCIES {
        found[concurrency] = rates(concurrency, updates)?;
    }
    for calls in [10_000, 1_000_000] {
        found[format!("peak {calls}")] = peak_of_walk(calls)?.into();
    }
    Ok(found)
}

fn rates(concurrency: &str, updates: &str) -> Result<Value, Failure> {
    let server = Server::of(1)?;
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); CLIENTS.len()];
    let mut cpus = rates.clone();
    // In turns, and each time the other way round, so that what else the machine does falls on all of them.
    for round in 0..ROUNDS {
        let mut turn: Vec<_> = CLIENTS.iter().zip(rates.iter_mut().zip(&mut cpus)).collect();
        if round % 2 == 1 {
            turn.reverse();
        }
        for (name, (rates, cpus)) in turn {
            let said = output(own("client")?.args([name, "rate", updates, concurrency, &server.url]))?;
            let (rate, cpu) = said.trim().split_once(' ').ok_or("the client says something else")?;
            rates.push(rate.parse()?);
            cpus.push(cpu.parse()?);
        }
    }
    let mut found = json!({});
    for ((name, ours), cpu) in CLIENTS.iter().zip(&rates).zip(&cpus) {
        found[*name] = json!({
            "to by hand": ratio(ours, &rates[1]),
            "a second": median(&mut ours.clone()),
            "CPU to by hand": ratio(cpu, &cpus[1]),
        });
    }
    Ok(found)
}

/// KiB of memory at most, of a walk over that many calls in pages of 1,000.
fn peak_of_walk(calls: usize) -> Result<u64, Failure> {
    let server = Server::of(calls)?;
    let mut walk: Command = own("client")?;
    let mut walk = walk
        .args(["callrounded", "walk", "1000", &server.url])
        .stdout(Stdio::piped())
        .spawn()?;
    let status = format!("/proc/{}/status", walk.id());
    let mut peak = 0;
    let ended = loop {
        if let Some(ended) = walk.try_wait()? {
            break ended;
        }
        // The system keeps the highest; it is gone with the process.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let highest = text
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(highest.unwrap_or(0));
        thread::sleep(Duration::from_millis(5));
    };
    let said = std::io::read_to_string(walk.stdout.take().ok_or("the walk says nothing")?)?;
    if ended.success() && said.starts_with(&format!("{calls} ")) {
        Ok(peak)
    } else {
        Err(format!("the walk over {calls} calls ended otherwise: {said}").into())
    }
}
