//! Measures updates per second, sequential and 64 concurrent, and the peak memory of paging through many calls.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use callrounded_benches::{Failure, clients::CLIENTS};
use serde_json::{Value, json};

use crate::process::{Server, median, output, program, ratio};

/// The number of concurrent updates, and of updates in total.
const CONCURRENCIES: [(&str, &str); 2] = [("1", "10000"), ("64", "60000")];
const ROUNDS: usize = 21;

pub fn measure(_: &Path) -> Result<Value, Failure> {
    let mut results = json!({});
    for (concurrency, updates) in CONCURRENCIES {
        results[concurrency] = rates(concurrency, updates)?;
    }
    for calls in [10_000, 1_000_000] {
        results[format!("peak {calls}")] = peak_memory_of_paging(calls)?.into();
    }
    Ok(results)
}

fn rates(concurrency: &str, updates: &str) -> Result<Value, Failure> {
    let server = Server::start(1)?;
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); CLIENTS.len()];
    let mut cpus = rates.clone();
    // Each round runs all clients, in alternating order, so that other load of the machine affects all of them.
    for round in 0..ROUNDS {
        let mut clients: Vec<_> = CLIENTS.iter().zip(rates.iter_mut().zip(&mut cpus)).collect();
        if round % 2 == 1 {
            clients.reverse();
        }
        for (name, (rates, cpus)) in clients {
            let stdout = output(program("client")?.args([name, "rate", updates, concurrency, &server.url]))?;
            let (rate, cpu) = stdout.trim().split_once(' ').ok_or("the client printed no rate")?;
            rates.push(rate.parse()?);
            cpus.push(cpu.parse()?);
        }
    }
    let mut results = json!({});
    for ((name, rates_of_client), cpu) in CLIENTS.iter().zip(&rates).zip(&cpus) {
        results[*name] = json!({
            "to hand-written": ratio(rates_of_client, &rates[1]),
            "a second": median(&mut rates_of_client.clone()),
            "CPU to hand-written": ratio(cpu, &cpus[1]),
        });
    }
    Ok(results)
}

/// Returns the peak memory in KiB of paging through this many calls, in pages of 1,000.
fn peak_memory_of_paging(calls: usize) -> Result<u64, Failure> {
    let server = Server::start(calls)?;
    let mut client: Command = program("client")?;
    let mut client = client
        .args(["callrounded", "stream", "1000", &server.url])
        .stdout(Stdio::piped())
        .spawn()?;
    let status = format!("/proc/{}/status", client.id());
    let mut peak = 0;
    let exit = loop {
        if let Some(exit) = client.try_wait()? {
            break exit;
        }
        // The system reports the peak only while the process exists, so it is polled.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let current_peak = text
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(current_peak.unwrap_or(0));
        thread::sleep(Duration::from_millis(5));
    };
    let stdout = std::io::read_to_string(client.stdout.take().ok_or("the client has no standard output")?)?;
    if exit.success() && stdout.starts_with(&format!("{calls} ")) {
        Ok(peak)
    } else {
        Err(format!("paging through {calls} calls failed ({exit}); the output was: {stdout}").into())
    }
}
