//! Metadata into many calls, from a file, with a journal.
//!
//! A row is noted in FILE.journal once the service has answered for it. A run that is started again passes over the rows
//! that are noted. One that was ended between the answer and the note sends that row again, which leaves the call as it is,
//! unless someone else wrote in between. Rows of one call are sent one after the other, in their order.

mod journal;
mod rows;

use std::{
    collections::HashSet,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use callrounded::{Client, ErrorKind};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::{
    task::{self, JoinError, JoinSet},
    time,
};

use crate::{
    arguments::TagOptions,
    exit::{Failure, say},
    files,
};
use journal::Journal;
use rows::{Row, Rows};

/// So many rows in a row that the service fails for are an outage, and not the rows' fault.
const OUTAGE: usize = 10;

pub(crate) async fn run(client: &Client, service: &str, options: &TagOptions) -> Result<(), Failure> {
    // What is wrong with the file is said before there is a journal of it.
    drop(Rows::open(&options.file)?);
    let part = options
        .shard
        .map(|shard| format!(".{}-of-{}", shard.index, shard.count))
        .unwrap_or_default();
    let journal_path = files::beside(&options.file, &format!("{part}.journal"));
    let failures_path = files::beside(&options.file, &format!("{part}.failures.ndjson"));
    let journal = Journal::open(&journal_path, &options.file, service)?;
    if journal.noted() > 0 {
        say(format_args!(
            "{} rows are done already; going on after them",
            journal.noted()
        ));
    }
    let style = ProgressStyle::with_template("{spinner} {pos} rows, {per_sec}");
    let bar = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let mut work = Work {
        journal,
        bar,
        tasks: JoinSet::new(),
        on_their_way: HashSet::new(),
        suspects: Vec::new(),
    };
    // What was noted before a failure is written too.
    let outcome = work.all(client, options).await;
    let outcome = outcome.and(work.journal.write());
    work.bar.finish_and_clear();
    let journal = work.journal;
    if outcome.is_err() {
        say(format_args!(
            "{} rows are done; start it again to go on",
            journal.written()
        ));
    }
    outcome?;
    finish(journal, &failures_path, &options.file)
}

/// What is left behind, and what is said.
fn finish(journal: Journal, failures: &Path, rows: &Path) -> Result<(), Failure> {
    let (done, failed) = (journal.noted() - journal.failed(), journal.failed());
    match failed {
        0 => {
            files::remove(failures).map_err(Failure::file(failures.display()))?;
            journal.remove()?;
        }
        // The journal stays, so that the same command does not send again what is done.
        _ => write_failures(failures, &journal, rows)?,
    }
    writeln!(io::stdout(), "{done} tagged, {failed} failed")?;
    match failed {
        0 => Ok(()),
        _ => Err(Failure::Partly(format!(
            "{failed} failed; such rows are in {}, which can be tagged as a file of its own",
            PathBuf::from(failures).display()
        ))),
    }
}

/// A run.
struct Work {
    journal: Journal,
    bar: ProgressBar,
    tasks: JoinSet<Sent>,
    /// The calls that are being updated.
    on_their_way: HashSet<String>,
    /// Rows that the service failed for, since the last that it answered.
    suspects: Vec<(u64, String)>,
}

/// A row that was sent, and what came of it.
struct Sent {
    number: u64,
    id: String,
    outcome: Result<(), callrounded::Error>,
}

impl Work {
    async fn all(&mut self, client: &Client, options: &TagOptions) -> Result<(), Failure> {
        let calls = client.calls();
        let mut ticks = options.rate.map(|rate| {
            let mut ticks = time::interval(Duration::from_secs(1) / rate);
            ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
            ticks
        });
        for row in Rows::open(&options.file)? {
            let (number, row) = row?;
            if options.shard.is_some_and(|shard| !shard.has(number)) || self.journal.has(number) {
                continue;
            }
            let Row { id, metadata } = match row {
                Ok(row) => row,
                Err(problem) => {
                    self.journal.note(number, Some(problem))?;
                    continue;
                }
            };
            while self.tasks.len() >= usize::from(options.concurrency) || self.on_their_way.contains(&id) {
                self.take().await?;
            }
            if let Some(ticks) = &mut ticks {
                ticks.tick().await;
            }
            self.on_their_way.insert(id.clone());
            let update = calls.update(id.as_str()).merge_metadata(metadata);
            self.tasks.spawn(async move {
                let outcome = update.await.map(drop);
                Sent { number, id, outcome }
            });
        }
        while !self.tasks.is_empty() {
            self.take().await?;
        }
        self.settle()
    }

    /// Waits for a row and notes what came of it, and of others that have ended too: it takes one write then.
    async fn take(&mut self) -> Result<(), Failure> {
        let mut ended = self.tasks.join_next().await;
        // What the same wake has brought to others is read first.
        task::yield_now().await;
        let mut outcome = Ok(());
        while let Some(one) = ended {
            outcome = self.note(one);
            ended = match outcome {
                Ok(()) => self.tasks.try_join_next(),
                Err(_) => None,
            };
        }
        self.bar.set_position(self.journal.noted());
        outcome.and(self.journal.write())
    }

    fn note(&mut self, ended: Result<Sent, JoinError>) -> Result<(), Failure> {
        let Sent { number, id, outcome } = ended.map_err(|error| Failure::Usage(format!("a task ended: {error}")))?;
        self.on_their_way.remove(&id);
        match outcome {
            Ok(()) => {
                self.settle()?;
                self.journal.note(number, None)?;
            }
            Err(error) if is_of_the_row(error.kind()) => {
                self.settle()?;
                self.journal.note(number, Some(error.to_string()))?;
            }
            Err(error) if error.kind() == ErrorKind::Server && self.suspects.len() + 1 < OUTAGE => {
                self.suspects.push((number, error.to_string()));
            }
            Err(error) => return Err(Failure::Call(error)),
        }
        Ok(())
    }

    /// The service answers for others, so these rows are at fault.
    fn settle(&mut self) -> Result<(), Failure> {
        for (number, error) in std::mem::take(&mut self.suspects) {
            self.journal.note(number, Some(error))?;
        }
        Ok(())
    }
}

/// Whether the service would take other rows: what it says of the key, or that it can't be reached, holds for all.
fn is_of_the_row(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidRequest | ErrorKind::InvalidInput
    )
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
