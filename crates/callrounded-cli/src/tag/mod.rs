//! `calls tag`: merges metadata into many calls, from a file, with a journal.
//!
//! A row is recorded in FILE.journal once its outcome is final: accepted, rejected, invalid, or failed while other rows
//! got through. A run that continues skips the recorded rows. A row that was sent but not recorded is sent again. This has the same effect as sending it once,
//! unless someone changed the same keys in between. Rows of one call are sent one after the other, in their order.

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
    exit::{Failure, print_message},
    files, progress,
};
use journal::Journal;
use rows::{NumberedRow, Row, Table};

/// The number of consecutive failures of the service that are treated as an outage, not as failures of the rows.
const OUTAGE_FAILURES: usize = 10;

pub(crate) async fn run(client: &Client, service: &str, options: &TagOptions) -> Result<(), Failure> {
    // An invalid file is reported before a journal is created.
    let table = Table::open(options)?;
    let shard_suffix = options
        .shard
        .map(|shard| format!(".{}-of-{}", shard.index, shard.count))
        .unwrap_or_default();
    let journal_path = files::with_suffix(&options.file, &format!("{shard_suffix}.journal"));
    let failures_path = files::with_suffix(&options.file, &format!("{shard_suffix}.failures.ndjson"));
    if options.dry_run && !journal_path.exists() {
        return report::preview(options, &table, None);
    }
    let journal = Journal::open(&journal_path, &options.file, &table.format_id(), service)?;
    if options.dry_run {
        return report::preview(options, &table, Some(&journal));
    }
    if journal.recorded() > 0 {
        print_message(format_args!(
            "{} rows are already done; continuing after them",
            journal.recorded()
        ));
    }
    let rows = match options.shard {
        Some(shard) => shard.size(table.count),
        None => table.count,
    };
    let mut work = Work {
        bar: progress::bar("rows", Some(rows), journal.recorded()),
        failed_before: journal.failed(),
        journal,
        tasks: JoinSet::new(),
        in_flight: HashSet::new(),
        unsettled: Vec::new(),
        has_responses: false,
    };
    // Rows that were recorded before a failure are written too.
    let outcome = work.send_all(client, options, &table).await;
    let outcome = outcome.and(work.journal.write());
    work.bar.finish_and_clear();
    let journal = work.journal;
    if let Err(Failure::Partial(_)) = &outcome {
        report::write_failures(&failures_path, &journal, &table)?;
    }
    if outcome.is_err() {
        print_message(format_args!(
            "{} rows are done; run the same command again to continue",
            journal.written()
        ));
    }
    outcome?;
    finish(journal, &failures_path, &table)
}

/// Writes the failed rows and prints the totals. The journal is removed if no row failed.
fn finish(journal: Journal, failures: &Path, table: &Table) -> Result<(), Failure> {
    let (done, failed) = (journal.recorded() - journal.failed(), journal.failed());
    match failed {
        0 => {
            files::remove_if_exists(failures).map_err(Failure::file(failures.display()))?;
            journal.remove()?;
        }
        // The journal is kept, so that the same command does not send the done rows again.
        _ => report::write_failures(failures, &journal, table)?,
    }
    writeln!(io::stdout(), "{done} tagged, {failed} failed")?;
    match failed {
        0 => Ok(()),
        _ => Err(Failure::Partial(format!(
            "{failed} failed; correct them in a copy of {} and tag the copy",
            PathBuf::from(failures).display()
        ))),
    }
}

/// A tag run.
struct Work {
    journal: Journal,
    /// Rows that failed in earlier runs.
    failed_before: u64,
    bar: ProgressBar,
    tasks: JoinSet<SentRow>,
    /// The identifiers of the calls that are being updated.
    in_flight: HashSet<String>,
    /// Rows for which the service failed or the response was not from this API, since the last row that it accepted or
    /// rejected.
    unsettled: Vec<(u64, callrounded::Error)>,
    /// Whether the service has accepted or rejected a row in this run.
    has_responses: bool,
}

/// A row that was sent, with its outcome.
struct SentRow {
    number: u64,
    id: String,
    outcome: Result<(), callrounded::Error>,
}

impl Work {
    /// Sends all rows that are not done.
    async fn send_all(&mut self, client: &Client, options: &TagOptions, table: &Table) -> Result<(), Failure> {
        let calls = client.calls();
        let mut ticks = options.rate.map(|rate| {
            let mut ticks = time::interval(Duration::from_secs(1) / rate);
            ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
            ticks
        });
        for row in table.rows()? {
            let NumberedRow { number, row, .. } = row?;
            if self.has_reached_max_failures(options) {
                return self.stop().await;
            }
            if options.shard.is_some_and(|shard| !shard.contains(number)) || self.journal.contains(number) {
                continue;
            }
            let Row { id, metadata } = match row {
                Ok(row) => row,
                Err(invalid) => {
                    self.journal.record(number, Some(invalid.problem))?;
                    continue;
                }
            };
            while self.tasks.len() >= usize::from(options.concurrency) || self.in_flight.contains(&id) {
                self.wait_for_row().await?;
            }
            if self.has_reached_max_failures(options) {
                return self.stop().await;
            }
            if let Some(ticks) = &mut ticks {
                ticks.tick().await;
            }
            self.in_flight.insert(id.clone());
            let update = calls.update(id.as_str()).merge_metadata(metadata);
            self.tasks.spawn(async move {
                let outcome = update.await.map(drop);
                SentRow { number, id, outcome }
            });
        }
        self.finish().await
    }

    /// Returns the number of rows that failed in this run.
    fn failed(&self) -> u64 {
        self.journal.failed() - self.failed_before
    }

    fn has_reached_max_failures(&self, options: &TagOptions) -> bool {
        options.max_failures.is_some_and(|maximum| self.failed() >= maximum)
    }

    /// Ends the run early, after `--max-failures` rows have failed.
    async fn stop(&mut self) -> Result<(), Failure> {
        self.finish().await?;
        Err(Failure::Partial(format!(
            "stopped after {} failed rows (--max-failures); run the same command again to send the rest",
            self.failed()
        )))
    }

    /// Waits for the requests in flight.
    async fn finish(&mut self) -> Result<(), Failure> {
        while !self.tasks.is_empty() {
            self.wait_for_row().await?;
        }
        // If the service accepted or rejected no row at all, the base URL is as likely to be wrong as the rows.
        match self.unsettled.pop() {
            Some((_, error)) if !self.has_responses => Err(Failure::Operation(error)),
            Some(unsettled) => {
                self.unsettled.push(unsettled);
                self.settle()
            }
            None => Ok(()),
        }
    }

    /// Waits for a row and records its outcome, and those of other rows that are complete, with a single write.
    async fn wait_for_row(&mut self) -> Result<(), Failure> {
        let mut next = self.tasks.join_next().await;
        // Lets the other tasks that were woken at the same time complete first.
        task::yield_now().await;
        let mut outcome = Ok(());
        while let Some(row) = next {
            outcome = self.record(row);
            next = match outcome {
                Ok(()) => self.tasks.try_join_next(),
                Err(_) => None,
            };
        }
        self.bar.set_position(self.journal.recorded());
        outcome.and(self.journal.write())
    }

    /// Records the outcome of a row in the journal, or returns an error that affects all rows.
    fn record(&mut self, row: Result<SentRow, JoinError>) -> Result<(), Failure> {
        let SentRow { number, id, outcome } =
            row.map_err(|error| Failure::Usage(format!("the task that updates a call failed: {error}")))?;
        self.in_flight.remove(&id);
        match outcome {
            Ok(()) => {
                self.settle()?;
                self.journal.record(number, None)?;
            }
            // The row was not sent, so this is no evidence about the service.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                self.journal.record(number, Some(error.to_string()))?
            }
            Err(error) if concerns_row(error.kind()) => {
                self.settle()?;
                self.journal.record(number, Some(error.to_string()))?;
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::Server | ErrorKind::UnexpectedStatus)
                    && self.unsettled.len() + 1 < OUTAGE_FAILURES =>
            {
                self.unsettled.push((number, error));
            }
            Err(error) => return Err(Failure::Operation(error)),
        }
        Ok(())
    }

    /// Records the unsettled rows as failed: the service accepts or rejects other rows, so they are the cause.
    fn settle(&mut self) -> Result<(), Failure> {
        self.has_responses = true;
        for (number, error) in std::mem::take(&mut self.unsettled) {
            self.journal.record(number, Some(error.to_string()))?;
        }
        Ok(())
    }
}

/// Checks whether an error concerns this row only. A rejected API key or an unreachable service affects all rows.
fn concerns_row(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidRequest
    )
}
