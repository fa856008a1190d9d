//! Metadata into many calls, from a file, with a journal.
//!
//! A row is noted in FILE.journal once the service has answered for it. A run that is started again passes over the rows
//! that are noted. One that was ended between the answer and the note sends that row again, which leaves the call as it is:
//! the same metadata merged twice is what it is merged once.

mod journal;
mod rows;

use std::{path::Path, time::Duration};

use callrounded::{Client, ErrorKind};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::{task::JoinSet, time};

use crate::{arguments::TagOptions, exit::Failure, files};
use journal::Journal;
use rows::{Row, Rows};

/// What became of a row.
enum Outcome {
    Done,
    /// The row is at fault; others may not be.
    Failed(String),
}

pub(crate) async fn run(client: &Client, options: &TagOptions) -> Result<(), Failure> {
    let part = options
        .shard
        .map(|shard| format!(".{}-of-{}", shard.index, shard.count))
        .unwrap_or_default();
    let journal_path = files::beside(&options.file, &format!("{part}.journal"));
    let mut journal = Journal::open(&journal_path, &options.file)?;
    if journal.noted() > 0 {
        eprintln!("{} rows are done already; going on after them", journal.noted());
    }
    let style = ProgressStyle::with_template("{spinner} {pos} rows, {per_sec}");
    let bar = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let outcome = work(client, options, &mut journal, &bar).await;
    bar.finish_and_clear();
    if outcome.is_err() {
        eprintln!("{} rows are done; start it again to go on", journal.noted());
    }
    outcome?;
    let failed = journal.failed();
    let failures_path = files::beside(&options.file, &format!("{part}.failures.ndjson"));
    match failed {
        0 => files::remove(&failures_path).map_err(Failure::file(failures_path.display()))?,
        _ => write_failures(&failures_path, &journal, &options.file)?,
    }
    println!("{} calls tagged, {failed} failed", journal.noted() - failed);
    journal.remove()?;
    match failed {
        0 => Ok(()),
        _ => Err(Failure::Partly(format!(
            "{failed} rows failed; they are in {}, which can be tagged again",
            failures_path.display()
        ))),
    }
}

async fn work(client: &Client, options: &TagOptions, journal: &mut Journal, bar: &ProgressBar) -> Result<(), Failure> {
    let calls = client.calls();
    let mut tasks: JoinSet<(u64, Result<Outcome, Failure>)> = JoinSet::new();
    let mut ticks = options.rate.map(|rate| {
        let mut ticks = time::interval(Duration::from_secs(1) / rate);
        ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        ticks
    });
    for row in Rows::open(&options.file)? {
        let (number, row) = row?;
        if options.shard.is_some_and(|shard| !shard.has(number)) || journal.has(number) {
            continue;
        }
        let row = match row {
            Ok(row) => row,
            Err(problem) => {
                journal.note(number, &Outcome::Failed(problem))?;
                continue;
            }
        };
        while tasks.len() >= usize::from(options.concurrency) {
            take(tasks.join_next().await, journal, bar)?;
        }
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        let Row { id, metadata } = row;
        let update = calls.update(id.as_str()).merge_metadata(metadata);
        tasks.spawn(async move {
            let outcome = match update.await {
                Ok(_) => Ok(Outcome::Done),
                Err(error) if is_of_the_row(error.kind()) => Ok(Outcome::Failed(error.to_string())),
                Err(error) => Err(Failure::Call(error)),
            };
            (number, outcome)
        });
    }
    while let Some(ended) = tasks.join_next().await {
        take(Some(ended), journal, bar)?;
    }
    Ok(())
}

/// Whether the service would take other rows: what it says of the key, or that it can't be reached, holds for all.
fn is_of_the_row(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::InvalidRequest
            | ErrorKind::InvalidInput
            | ErrorKind::MissingData
            | ErrorKind::Decode
            | ErrorKind::BodyTooLarge
            | ErrorKind::UnexpectedStatus
    )
}

type Ended = Result<(u64, Result<Outcome, Failure>), tokio::task::JoinError>;

fn take(ended: Option<Ended>, journal: &mut Journal, bar: &ProgressBar) -> Result<(), Failure> {
    let Some(ended) = ended else { return Ok(()) };
    let (number, outcome) = ended.map_err(|error| Failure::Usage(format!("a task ended: {error}")))?;
    journal.note(number, &outcome?)?;
    bar.set_position(journal.noted());
    Ok(())
}

/// The rows that failed, each as it can be given again, and why.
fn write_failures(path: &Path, journal: &Journal, rows: &Path) -> Result<(), Failure> {
    let mut failures = journal.failures()?;
    let mut out = Vec::new();
    for row in Rows::open(rows)? {
        let (number, row) = row?;
        let Some(error) = failures.remove(&number) else {
            continue;
        };
        let line = match row {
            Ok(Row { id, metadata }) => json!({ "row": number, "id": id, "metadata": metadata, "error": error }),
            Err(_) => json!({ "row": number, "error": error }),
        };
        out.extend_from_slice(line.to_string().as_bytes());
        out.push(b'\n');
    }
    files::replace(path, &out).map_err(Failure::file(path.display()))
}
