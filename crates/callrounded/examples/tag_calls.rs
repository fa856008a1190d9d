//! Tags the calls of a time window: lists them, merges metadata into each, a few at a time, and prints a summary.
//! Without arguments it uses a mock server with 300 calls. With a window it uses the service:
//!
//! ```text
//! cargo run --example tag_calls
//! CALLROUNDED_API_KEY=… cargo run --example tag_calls -- 2026-01-01T00:00:00Z 2026-01-02T00:00:00Z
//! ```

use std::{env, error::Error, sync::Arc};

use callrounded::{Client, chrono::DateTime};
use callrounded_mock::MockServer;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::{sync::Semaphore, task::JoinSet};

const MAX_CONCURRENT: usize = 8;
const METADATA: [(&str, &str); 1] = [("reviewed", "yes")];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [after, before] = arguments.as_slice() {
        return tag(&Client::from_env()?, after, before).await;
    }
    let server = MockServer::builder().calls(300).start()?;
    println!(
        "against a mock server at {} with 300 calls and the documented one",
        server.url(),
    );
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .build()?;
    tag(&client, "2023-01-01T00:00:00Z", "2023-01-01T04:00:00Z").await?;
    let tagged = (1..=300).filter(|number| {
        let call = server.call(&format!("00000000-0000-4000-a000-{number:012}"));
        call.is_some_and(|call| call.pointer("/metadata/reviewed").is_some())
    });
    println!("the server has {} calls with the tag", tagged.count());
    Ok(())
}

async fn tag(client: &Client, after: &str, before: &str) -> Result<(), Box<dyn Error>> {
    let calls = client.calls();
    let window = calls
        .list()
        .started_after(DateTime::parse_from_rfc3339(after)?)
        .started_before(DateTime::parse_from_rfc3339(before)?)
        .limit(100)
        .prefetch(true);
    // The progress is shown on standard error, if that is a terminal.
    let progress = ProgressBar::no_length().with_style(ProgressStyle::with_template("{spinner} {pos} calls {msg}")?);
    let permits = Arc::new(Semaphore::new(MAX_CONCURRENT));
    let mut tasks = JoinSet::new();
    let (mut done, mut failed) = (0_usize, Vec::new());
    let mut stream = window.stream();
    while let Some(call) = stream.next().await {
        let id = match call {
            Ok(call) => call.id,
            // A call that cannot be decoded is reported and skipped. A page that cannot be fetched ends the list.
            Err(error) if error.item().is_some() => {
                failed.push(error.to_string());
                continue;
            }
            Err(error) => {
                let cursor = error.resume_cursor().unwrap_or("the first page").to_owned();
                failed.push(format!("{error}; resume at {cursor}"));
                break;
            }
        };
        let permit = Arc::clone(&permits).acquire_owned().await?;
        let update = calls.update(&id).merge_metadata(METADATA);
        tasks.spawn(async move {
            let outcome = update.await;
            drop(permit);
            outcome.map(|_| ()).map_err(|error| format!("{id}: {error}"))
        });
        progress.inc(1);
        while let Some(outcome) = tasks.try_join_next() {
            count(outcome?, &mut done, &mut failed);
        }
    }
    while let Some(outcome) = tasks.join_next().await {
        count(outcome?, &mut done, &mut failed);
    }
    progress.finish_and_clear();
    println!("{done} calls tagged, {} failed", failed.len());
    for problem in &failed {
        println!("  {problem}");
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("{} calls could not be tagged", failed.len()).into())
    }
}

fn count(outcome: Result<(), String>, done: &mut usize, failed: &mut Vec<String>) {
    match outcome {
        Ok(()) => *done += 1,
        Err(problem) => failed.push(problem),
    }
}
