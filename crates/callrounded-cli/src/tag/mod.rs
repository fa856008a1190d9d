//! Metadata into many calls, from a file, with a journal.
//!
//! A row is noted in FILE.journal once the service has answered for it. A run that is started again passes over the rows
//! that are noted. One that was ended between the answer and the note sends that row again, which leaves the call as it is,
//! unless someone else wrote in between. Rows of one call are sent one after the other, in their order.

mod journal;
mod records;
mod report;
mod rows;

use std::{
    collections::HashSet,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use callrounded::{Client, ErrorKind};
use indicatif::ProgressBar;
use tokio::{
    task::{self, JoinError, JoinSet},
    time,
};

use crate::{
    arguments::TagOptions,
    exit::{Failure, say},
    files, progress,
};
use journal::Journal;
use rows::{Numbered, Row, Table};

/// So many rows in a row that the service fails for are an outage, and not the rows' fault.
const OUTAGE: usize = 10;

pub(crate) async fn run(client: &Client, service: &str, options: &TagOptions) -> Result<(), Failure> {
    // What is wrong with the file is said before there is a journal of it.
    let table = Table::open(options)?;
    let part = options
        .shard
        .map(|shard| format!(".{}-of-{}", shard.index, shard.count))
        .unwrap_or_default();
    let journal_path = files::beside(&options.file, &format!("{part}.journal"));
    let failures_path = files::beside(&options.file, &format!("{part}.failures.ndjson"));
    if options.dry_run && !journal_path.exists() {
        return report::preview(options, &table, None);
    }
    let journal = Journal::open(&journal_path, &options.file, &table.manner(), service)?;
    if options.dry_run {
        return report::preview(options, &table, Some(&journal));
    }
    if journal.noted() > 0 {
        say(format_args!(
            "{} rows are done already; going on after them",
            journal.noted()
        ));
    }
    let rows = match options.shard {
        Some(shard) => shard.of(table.count),
        None => table.count,
    };
    let mut work = Work {
        bar: progress::bar("rows", Some(rows), journal.noted()),
        failed_before: journal.failed(),
        journal,
        tasks: JoinSet::new(),
        on_their_way: HashSet::new(),
        suspects: Vec::new(),
        has_answers: false,
    };
    // What was noted before a failure is written too.
    let outcome = work.all(client, options, &table).await;
    let outcome = outcome.and(work.journal.write());
    work.bar.finish_and_clear();
    let journal = work.journal;
    if let Err(Failure::Partly(_)) = &outcome {
        report::write_failures(&failures_path, &journal, &table)?;
    }
    if outcome.is_err() {
        say(format_args!(
            "{} rows are done; start it again to go on",
            journal.written()
        ));
    }
    outcome?;
    finish(journal, &failures_path, &table)
}

/// What is left behind, and what is said.
fn finish(journal: Journal, failures: &Path, table: &Table) -> Result<(), Failure> {
    let (done, failed) = (journal.noted() - journal.failed(), journal.failed());
    match failed {
        0 => {
            files::remove(failures).map_err(Failure::file(failures.display()))?;
            journal.remove()?;
        }
        // The journal stays, so that the same command does not send again what is done.
        _ => report::write_failures(failures, &journal, table)?,
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
    /// Rows that failed in earlier runs.
    failed_before: u64,
    bar: ProgressBar,
    tasks: JoinSet<Sent>,
    /// The calls that are being updated.
    on_their_way: HashSet<String>,
    /// Rows that got no answer of the service, since the last that did: it failed, or the response is not its own.
    suspects: Vec<(u64, callrounded::Error)>,
    /// Whether the service has answered for a row in this run.
    has_answers: bool,
}

/// A row that was sent, and what came of it.
struct Sent {
    number: u64,
    id: String,
    outcome: Result<(), callrounded::Error>,
}

impl Work {
    async fn all(&mut self, client: &Client, options: &TagOptions, table: &Table) -> Result<(), Failure> {
        let calls = client.calls();
        let mut ticks = options.rate.map(|rate| {
            let mut ticks = time::interval(Duration::from_secs(1) / rate);
            ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
            ticks
        });
        for row in table.rows()? {
            let Numbered { number, row, .. } = row?;
            if self.has_failed_enough(options) {
                return self.stop().await;
            }
            if options.shard.is_some_and(|shard| !shard.has(number)) || self.journal.has(number) {
                continue;
            }
            let Row { id, metadata } = match row {
                Ok(row) => row,
                Err(unreadable) => {
                    self.journal.note(number, Some(unreadable.problem))?;
                    continue;
                }
            };
            while self.tasks.len() >= usize::from(options.concurrency) || self.on_their_way.contains(&id) {
                self.take().await?;
            }
            if self.has_failed_enough(options) {
                return self.stop().await;
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
        self.end().await
    }

    fn failed(&self) -> u64 {
        self.journal.failed() - self.failed_before
    }

    fn has_failed_enough(&self, options: &TagOptions) -> bool {
        options.max_failures.is_some_and(|most| self.failed() >= most)
    }

    async fn stop(&mut self) -> Result<(), Failure> {
        self.end().await?;
        Err(Failure::Partly(format!(
            "{} rows failed, so the rest was not sent; the same command goes on with it",
            self.failed()
        )))
    }

    /// Waits for what is on its way.
    async fn end(&mut self) -> Result<(), Failure> {
        while !self.tasks.is_empty() {
            self.take().await?;
        }
        // Where nothing was answered, the address is as likely to be wrong as the rows.
        match self.suspects.pop() {
            Some((_, error)) if !self.has_answers => Err(Failure::Call(error)),
            Some(suspect) => {
                self.suspects.push(suspect);
                self.settle()
            }
            None => Ok(()),
        }
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
            // It was not sent, so this says nothing of the service.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                self.journal.note(number, Some(error.to_string()))?
            }
            Err(error) if is_of_the_row(error.kind()) => {
                self.settle()?;
                self.journal.note(number, Some(error.to_string()))?;
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::Server | ErrorKind::UnexpectedStatus)
                    && self.suspects.len() + 1 < OUTAGE =>
            {
                self.suspects.push((number, error));
            }
            Err(error) => return Err(Failure::Call(error)),
        }
        Ok(())
    }

    /// The service answers for others, so these rows are at fault.
    fn settle(&mut self) -> Result<(), Failure> {
        self.has_answers = true;
        for (number, error) in std::mem::take(&mut self.suspects) {
            self.journal.note(number, Some(error.to_string()))?;
        }
        Ok(())
    }
}

/// Whether the service would take other rows: what it says of the key, or that it can't be reached, holds for all.
fn is_of_the_row(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidRequest
    )
}
