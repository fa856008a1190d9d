//! A task that runs one operation after the other, and keeps account of their outcomes.

use std::{collections::BTreeMap, time::Instant};

use callrounded::{Client, Error, ErrorKind, types::Call};
use callrounded_tests::{DOCUMENTED_AGENT, DOCUMENTED_CALL};
use serde_json::json;

const FROM: &str = "+33912345678";

/// What a client knows about an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The operation was performed.
    Done,
    /// It was not performed.
    Refused,
    /// It may have been performed.
    Unknown,
}

impl Outcome {
    /// Returns the outcome of an operation that the client sends only once, even if it retries.
    fn of<T>(result: &Result<T, Error>) -> Self {
        match result.as_ref().map_err(Error::kind) {
            Ok(_) | Err(ErrorKind::Decode | ErrorKind::BodyTooLarge | ErrorKind::MissingData) => Self::Done,
            Err(
                ErrorKind::OutcomeUnknown
                | ErrorKind::Timeout
                | ErrorKind::Connection
                | ErrorKind::InvalidResponse
                | ErrorKind::Server,
            ) => Self::Unknown,
            Err(_) => Self::Refused,
        }
    }

    /// Returns the outcome of an idempotent operation. An attempt before the last one may have been performed. Of other
    /// operations, the kind of the error distinguishes a redirect after which the operation may have been performed.
    fn of_idempotent<T>(result: &Result<T, Error>) -> Self {
        match (Self::of(result), result) {
            (Self::Refused, Err(error)) if error.attempts() > 1 || error.kind() == ErrorKind::UnexpectedStatus => {
                Self::Unknown
            }
            (outcome, _) => outcome,
        }
    }

    /// Returns whether the server may have accepted a start so many times.
    pub fn allows(self, times: u32) -> bool {
        match self {
            Self::Done => times == 1,
            Self::Refused => times == 0,
            Self::Unknown => times <= 1,
        }
    }
}

/// Counts of outcomes by operation, and of errors by their kind.
#[derive(Default)]
pub struct Report {
    outcomes: BTreeMap<(&'static str, Outcome), u64>,
    kinds: BTreeMap<String, u64>,
    retried: u64,
}

impl Report {
    pub fn add(&mut self, other: &Self) {
        for (key, count) in &other.outcomes {
            *self.outcomes.entry(*key).or_default() += count;
        }
        for (kind, count) in &other.kinds {
            *self.kinds.entry(kind.clone()).or_default() += count;
        }
        self.retried += other.retried;
    }

    pub fn print(&self) {
        let total: u64 = self.outcomes.values().sum();
        println!("operations: {total}, of which {} failed after retries", self.retried);
        for ((operation, outcome), count) in &self.outcomes {
            println!("  {operation} {outcome:?}: {count}");
        }
        println!("errors:");
        for (kind, count) in &self.kinds {
            println!("  {kind}: {count}");
        }
    }

    fn count<T>(&mut self, operation: &'static str, outcome: Outcome, result: &Result<T, Error>) {
        *self.outcomes.entry((operation, outcome)).or_default() += 1;
        if let Err(error) = result {
            *self.kinds.entry(format!("{:?}", error.kind())).or_default() += 1;
            self.retried += u64::from(error.attempts() > 1);
        }
    }
}

/// What a worker knows about its operations.
pub struct Account {
    number: u32,
    /// The call that only this worker updates.
    pub call_id: String,
    /// The number of updates so far.
    updates: u64,
    /// The values that the last updates may have left.
    pub possible: Vec<Option<u64>>,
    /// The outcome of each start.
    pub starts: Vec<Outcome>,
    pub report: Report,
    pub problems: Vec<String>,
}

impl Account {
    /// Returns the number that the start with this index calls.
    pub fn number_to_call(&self, index: usize) -> String {
        format!("+1{:02}{index:09}", self.number)
    }
}

pub struct Worker {
    client: Client,
    random: fastrand::Rng,
    /// A started call that was not terminated.
    in_progress: Option<String>,
    account: Account,
}

/// Returns the number of the update that wrote the metadata of a call.
pub fn version(call: &Call) -> Option<u64> {
    call.metadata.as_ref()?.get("version")?.as_u64()
}

impl Worker {
    pub fn new(number: u32, client: Client) -> Self {
        Self {
            client,
            random: fastrand::Rng::with_seed(number.into()),
            in_progress: None,
            account: Account {
                number,
                call_id: format!("00000000-0000-4000-a000-{number:012}"),
                updates: 0,
                possible: vec![None],
                // Enough for all starts of an hour, so that the use of memory is constant.
                starts: Vec::with_capacity(100_000),
                report: Report::default(),
                problems: Vec::new(),
            },
        }
    }

    pub async fn run_until(mut self, end: Instant) -> Account {
        while Instant::now() < end {
            match self.random.u32(0..100) {
                0..40 => self.update().await,
                40..65 => self.get().await,
                65..80 => self.list().await,
                80..90 => self.start().await,
                _ => self.terminate().await,
            }
        }
        self.account
    }

    async fn update(&mut self) {
        self.account.updates += 1;
        let (calls, version) = (self.client.calls(), self.account.updates);
        let (update, metadata) = (calls.update(&self.account.call_id), json!({ "version": version }));
        let result = if self.random.bool() {
            update.merge_metadata(metadata).await
        } else {
            update.replace_metadata(metadata).await
        };
        let outcome = Outcome::of_idempotent(&result);
        match outcome {
            Outcome::Done => self.account.possible = vec![Some(version)],
            Outcome::Refused => {}
            Outcome::Unknown => self.account.possible.push(Some(version)),
        }
        self.account.report.count("update", outcome, &result);
    }

    async fn get(&mut self) {
        let result = self.client.calls().get(&self.account.call_id).await;
        if let Ok(call) = &result {
            let found = version(call);
            if !self.account.possible.contains(&found) {
                self.account.problems.push(format!(
                    "{}: version {found:?}, expected one of {:?}",
                    call.id, self.account.possible
                ));
            }
            // What was read stays, since no other update is in flight.
            self.account.possible = vec![found];
        }
        self.account
            .report
            .count("get", Outcome::of_idempotent(&result), &result);
    }

    async fn list(&mut self) {
        let result = self.client.calls().list().limit(self.random.u32(1..20)).await;
        self.account
            .report
            .count("list", Outcome::of_idempotent(&result), &result);
    }

    async fn start(&mut self) {
        let to = self.account.number_to_call(self.account.starts.len());
        let result = self.client.calls().start(FROM, to, DOCUMENTED_AGENT).await;
        let outcome = Outcome::of(&result);
        self.account.starts.push(outcome);
        self.account.report.count("start", outcome, &result);
        if let Ok(started) = result {
            self.in_progress = Some(started.call_id.clone());
        }
    }

    async fn terminate(&mut self) {
        let id = self.in_progress.take().unwrap_or_else(|| DOCUMENTED_CALL.to_owned());
        let result = self.client.calls().terminate(&id).await;
        let outcome = Outcome::of_idempotent(&result);
        self.account.report.count("terminate", outcome, &result);
        if outcome == Outcome::Done
            && let Ok(call) = self.client.calls().get(&id).await
            && call.end_time.is_none()
        {
            self.account
                .problems
                .push(format!("{id} was terminated, but has not ended"));
        }
    }
}
