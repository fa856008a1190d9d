//! Tags every call of a time window: walks the calls, merges metadata into each with a few at a time, and says what was
//! done. Against the mock server in this process with some hundred calls, or against the service where a key is set and
//! a window is named:
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

const AT_ONCE: usize = 8;
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
        server.url()
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
    // On standard error, and only where that is a terminal.
    let progress = ProgressBar::no_length().with_style(ProgressStyle::with_template("{spinner} {pos} calls {msg}")?);
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    let (mut done, mut failed) = (0_usize, Vec::new());
    let mut walk = window.stream();
    while let Some(call) = walk.next().await {
        let id = match call {
            Ok(call) => call.id,
            // One call that can't be read is reported and passed over; a page that can't be had ends the walk.
            Err(error) if error.item().is_some() => {
                failed.push(error.to_string());
                continue;
            }
            Err(error) => {
                let cursor = error.resume_cursor().unwrap_or("the beginning").to_owned();
                failed.push(format!("{error}; the calls from {cursor} on were not reached"));
                break;
            }
        };
        let place = Arc::clone(&places).acquire_owned().await?;
        let update = calls.update(&id).merge_metadata(METADATA);
        tasks.spawn(async move {
            let outcome = update.await;
            drop(place);
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
        Err("not every call was tagged".into())
    }
}

fn count(outcome: Result<(), String>, done: &mut usize, failed: &mut Vec<String>) {
    match outcome {
        Ok(()) => *done += 1,
        Err(problem) => failed.push(problem),
    }
}
