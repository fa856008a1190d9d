//! One client runs mixed operations for a long time against a server with random faults. Nothing may leak, and the
//! state of the server must be what the client reported.
//!
//! `SOAK_MINUTES=60 cargo test --release --package callrounded-tests --test soak` is the full run. Without the variable,
//! the test is skipped. CI runs it for seconds. Then the use of memory is not compared, since it needs minutes to settle.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod proxy;
mod usage;
mod worker;

use std::{
    collections::HashMap,
    env,
    process::ExitCode,
    time::{Duration, Instant},
};

use callrounded::Client;
use callrounded_test_support::skip;
use callrounded_tests::faults::MAX_BODY_SIZE;
use tokio::runtime::Builder;

use crate::{
    usage::Usage,
    worker::{Account, Report, Worker},
};

const WORKERS: u32 = 64;

/// The shortest run whose use of memory is compared.
const SETTLED: Duration = Duration::from_secs(600);

/// How much more memory the last quarter may use than the second one.
const MEMORY_TOLERANCE: f64 = 0.02;

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some("server") {
        proxy::serve(WORKERS);
        return ExitCode::SUCCESS;
    }
    let Ok(minutes) = env::var("SOAK_MINUTES") else {
        skip("the soak test: set SOAK_MINUTES, such as to 60");
        return ExitCode::SUCCESS;
    };
    let Ok(minutes) = minutes.parse::<f64>() else {
        eprintln!("error: SOAK_MINUTES: expected a number, such as 60 or 0.05");
        return ExitCode::from(2);
    };
    let duration = Duration::from_secs_f64(60.0 * minutes);
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let problems = runtime.block_on(soak(duration));
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    ExitCode::from(u8::from(!problems.is_empty()))
}

/// Runs the soak test, prints its figures, and returns what is wrong.
async fn soak(duration: Duration) -> Vec<String> {
    // The server is a process of its own, so that only the client is measured.
    let server = proxy::Server::start();
    let direct = client(&server.url);
    let before = Usage::now();
    let end = Instant::now() + duration;
    let faulty = client(&server.faulty_url);
    let workers: Vec<_> = (1..=WORKERS)
        .map(|number| tokio::spawn(Worker::new(number, faulty.clone()).run_until(end)))
        .collect();
    let mut samples = Vec::new();
    let mut peak = before;
    while Instant::now() < end {
        tokio::time::sleep((duration / 1_000).max(Duration::from_millis(20))).await;
        let usage = Usage::now();
        samples.push(usage.memory);
        peak = peak.max(usage);
    }
    let mut accounts = Vec::new();
    for worker in workers {
        accounts.push(worker.await.unwrap());
    }
    drop(faulty);
    let mut problems = leaks(before, peak).await;
    let (second, last) = (quarter(&samples, 1), quarter(&samples, 3));
    println!("memory: {second:.1} MiB in the second quarter, {last:.1} MiB in the last one");
    if duration >= SETTLED && last > second * (1.0 + MEMORY_TOLERANCE) {
        problems.push(format!("the use of memory grew from {second:.1} to {last:.1} MiB"));
    }
    let mut report = Report::default();
    for account in &accounts {
        report.add(&account.report);
    }
    report.print();
    check_state(&direct, &accounts, &mut problems).await;
    problems
}

fn client(url: &str) -> Client {
    Client::builder()
        .api_key("mock-key")
        .base_url(url)
        .max_body_size(MAX_BODY_SIZE)
        .timeout(Duration::from_secs(4))
        .attempt_timeout(Duration::from_secs(1))
        .build()
        .unwrap()
}

/// Waits until the tasks and connections of the dropped client have ended, and returns what remains.
async fn leaks(before: Usage, peak: Usage) -> Vec<String> {
    let mut after = Usage::now();
    for _ in 0..100 {
        if (after.files, after.tasks) == (before.files, before.tasks) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        after = Usage::now();
    }
    println!(
        "file descriptors: {} before, at most {}, {} after",
        before.files, peak.files, after.files
    );
    println!(
        "tasks: {} before, at most {}, {} after",
        before.tasks, peak.tasks, after.tasks
    );
    let mut problems = Vec::new();
    if after.files > before.files {
        problems.push(format!("{} file descriptors remain open", after.files - before.files));
    }
    if after.tasks > before.tasks {
        problems.push(format!("{} tasks have not ended", after.tasks - before.tasks));
    }
    problems
}

/// Returns the mean of a quarter of the samples.
fn quarter(samples: &[f64], index: usize) -> f64 {
    let length = samples.len() / 4;
    samples.iter().skip(index * length).take(length).sum::<f64>() / length as f64
}

/// Compares the state of the server with what the client reported, through a connection without faults.
async fn check_state(direct: &Client, accounts: &[Account], problems: &mut Vec<String>) {
    let mut accepted: HashMap<String, u32> = HashMap::new();
    let mut calls = direct.calls().list().limit(100).prefetch(true).stream();
    while let Some(call) = calls.next().await {
        let to = call.unwrap().to_number.unwrap_or_default();
        *accepted.entry(to).or_default() += 1;
    }
    let mut unknown = (0, 0);
    for account in accounts {
        for (index, outcome) in account.starts.iter().enumerate() {
            let to = account.number_to_call(index);
            let times = accepted.get(&to).copied().unwrap_or_default();
            if !outcome.allows(times) {
                problems.push(format!(
                    "a start was reported as {outcome:?}, but was accepted {times} times"
                ));
            }
            if *outcome == worker::Outcome::Unknown {
                unknown.0 += 1;
                unknown.1 += times;
            }
        }
        let call = direct.calls().get(&account.call_id).await.unwrap();
        if !account.possible.contains(&worker::version(&call)) {
            problems.push(format!(
                "the metadata of {} is {:?}, which was not written last",
                call.id, call.metadata
            ));
        }
        problems.extend(account.problems.iter().cloned());
    }
    println!(
        "starts whose outcome is unknown: {}, of which the server accepted {}",
        unknown.0, unknown.1
    );
}
