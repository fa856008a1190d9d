//! The command line arguments.

use std::{fmt, num::NonZeroUsize, path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::{api::ApiRequest, filters::Filters, json, output::Output};

/// Gets, lists, updates, starts, terminates, exports and tags the calls of Rounded, the voice agent service.
///
/// The API key is read from CALLROUNDED_API_KEY, or from the file that --key-file names.
///
/// Exit codes: 0 success; 1 some rows of `calls tag` failed; 2 invalid usage or settings; 3 the API key is not accepted
/// or does not permit this; 4 no such call; 5 the service rejects the request; 6 too many requests; 7 no connection, or
/// no response in time; 8 the service failed; 9 the response is not as documented; 10 a call may have been started, the
/// outcome is unknown; 11 a file or the output cannot be read or written; 130 interrupted (Ctrl-C); 143 terminated
/// (SIGTERM).
#[derive(Debug, Parser)]
#[command(name = "callrounded", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Gets, lists, updates, starts, terminates, exports and tags calls.
    #[command(subcommand)]
    Calls(CallsCommand),
    /// Runs an operation of the API document; without an operation, lists all of them.
    Api {
        #[command(subcommand)]
        request: Option<ApiRequest>,
    },
    /// Prints a completion script for a shell.
    Completions {
        /// Shell that loads the script.
        shell: Shell,
    },
    /// Prints the manual pages.
    Man,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CallsCommand {
    /// Prints a call.
    Get {
        /// Identifier of the call.
        id: String,
        #[command(flatten)]
        output: Output,
    },
    /// Lists calls: 50, unless --limit or --all is given.
    List(ListOptions),
    /// Updates the metadata of a call.
    Update(UpdateOptions),
    /// Starts a phone call by an agent, after asking for confirmation.
    Start(StartOptions),
    /// Ends a phone call.
    Terminate {
        /// Identifier of the call.
        id: String,
        #[command(flatten)]
        output: Output,
    },
    /// Exports calls to a file. If a run is interrupted, the same command continues it.
    Export(ExportOptions),
    /// Merges metadata into the calls of a file. If a run is interrupted, the same command continues it.
    Tag(TagOptions),
}

/// Base URL, API key and time limit.
#[derive(Args, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Reads the API key from this file instead of CALLROUNDED_API_KEY; `-` is standard input.
    #[arg(long, global = true, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Base URL of the service.
    #[arg(long, global = true, env = "CALLROUNDED_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// Time limit for one request, including its retries. Default: 60.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// Starts a mock server for this one command, with this many calls (20 if no number is given). Needs no API key.
    #[arg(long, global = true, value_name = "CALLS", num_args = 0..=1, require_equals = true, default_missing_value = "20")]
    pub mock: Option<u32>,
    /// Prints each attempt to standard error: status, duration, request ID, and the delay before the next attempt.
    #[arg(long, short = 'v', global = true)]
    pub verbose: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ListOptions {
    #[command(flatten)]
    pub filters: Filters,
    /// Maximum number of calls to list. Default: 50, unless --all is given.
    #[arg(long, value_name = "CALLS")]
    pub limit: Option<NonZeroUsize>,
    /// Lists all calls.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub(crate) struct UpdateOptions {
    /// Identifier of the call.
    pub id: String,
    /// Metadata to merge: NAME=VALUE for a string, NAME:=JSON for any other value.
    #[arg(value_name = "METADATA", value_parser = Pair::from_str, required_unless_present_any = ["clear", "json"])]
    pub metadata: Vec<Pair>,
    /// Metadata to merge as one JSON object, instead of METADATA.
    #[arg(long, value_name = "OBJECT", conflicts_with = "metadata")]
    pub json: Option<String>,
    /// Replaces all existing metadata of the call instead of merging into it.
    #[arg(long)]
    pub replace: bool,
    /// Removes all metadata of the call.
    #[arg(long, conflicts_with_all = ["metadata", "json", "replace"])]
    pub clear: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub(crate) struct StartOptions {
    /// Phone number to call from, which belongs to the organization, such as +33912345678.
    #[arg(long, value_name = "NUMBER")]
    pub from: String,
    /// Phone number to dial.
    #[arg(long, value_name = "NUMBER")]
    pub to: String,
    /// Identifier of the agent that speaks.
    #[arg(long, value_name = "ID")]
    pub agent: String,
    /// Variable for the agent: NAME=VALUE for a string, NAME:=JSON for any other value. Can be repeated.
    #[arg(long = "variable", value_name = "PAIR", value_parser = Pair::from_str)]
    pub variables: Vec<Pair>,
    /// Dials without asking for confirmation.
    #[arg(long, short = 'y')]
    pub yes: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub(crate) struct ExportOptions {
    /// File to write. Until the export is complete, its calls are in FILE.partial and its progress in FILE.progress.
    #[arg(value_parser = file_to_export)]
    pub file: PathBuf,
    #[command(flatten)]
    pub filters: Filters,
    /// Format of the file: ndjson or csv. Default: by the extension of FILE.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<ExportFormat>,
    /// Number of calls per request: 1 to 1000.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub page_size: u32,
    /// Replaces an existing FILE, once the export is complete.
    #[arg(long)]
    pub overwrite: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One JSON object per line, as the service sent it.
    Ndjson,
    /// Comma-separated values, with a header line.
    Csv,
}

#[derive(Args, Debug)]
pub(crate) struct TagOptions {
    /// Rows to send: NDJSON of {"id": …, "metadata": {…}}, or CSV with a column `id` and one per metadata key.
    #[arg(value_parser = file_to_tag)]
    pub file: PathBuf,
    /// Maximum number of updates in flight: 1 to 256.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
    /// Maximum number of updates per second: 1 to 100000. Default: no limit.
    #[arg(long, value_name = "PER_SECOND", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: Option<u32>,
    /// Processes every Nth row, starting with the Ith, so that several machines can share a file.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Column separator of a CSV file: one character, or `tab`. Default: the comma, semicolon, tab or pipe of its first
    /// line.
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<Delimiter>,
    /// Column of a CSV file that has the identifier of the call.
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub id_column: String,
    /// Sends nothing: prints the first rows as they would be sent, and the totals.
    #[arg(long)]
    pub dry_run: bool,
    /// Stops after this many rows have failed. Default: no limit.
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_failures: Option<u64>,
}

/// The column separator of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delimiter(pub u8);

impl FromStr for Delimiter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            b"tab" | b"\\t" => Ok(Self(b'\t')),
            [b'"' | b'\r' | b'\n'] => Err("expected a character other than a quote or a line break".to_owned()),
            [byte] if byte.is_ascii() => Ok(Self(*byte)),
            _ => Err("expected one ASCII character, or `tab`".to_owned()),
        }
    }
}

/// A part of the rows: those whose number, counted from 1, has the same remainder modulo `count` as `index`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    pub index: u64,
    pub count: u64,
}

impl Shard {
    pub fn contains(self, row: u64) -> bool {
        row % self.count == self.index % self.count
    }

    /// Returns how many of `rows` rows are in this shard.
    pub fn size(self, rows: u64) -> u64 {
        (rows + self.count - self.index) / self.count
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err("expected I/N with I from 1 to N, such as 2/10".to_owned()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// A name and a JSON value.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub name: String,
    pub value: serde_json::Value,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE or NAME:=JSON")?;
        let (name, value) = match name.strip_suffix(':') {
            Some(name) => {
                let value = json::read(value).map_err(|problem| format!("expected JSON after `:=`: {problem}"))?;
                (name, value)
            }
            None => (name, value.into()),
        };
        if name.is_empty() {
            return Err("expected a name before `=`".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

/// Parses the file of an export. A run can only be continued with a file, so `-` is rejected.
fn file_to_export(text: &str) -> Result<PathBuf, String> {
    match text {
        "-" => Err("expected a file; to write to standard output, use `calls list --all --output ndjson`".to_owned()),
        _ => Ok(text.into()),
    }
}

/// Parses the file of a tag run. `-` is rejected, as the journal belongs to a file.
fn file_to_tag(text: &str) -> Result<PathBuf, String> {
    match text {
        "-" => Err("expected a file; standard input cannot have a journal".to_owned()),
        _ => Ok(text.into()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|error| format!("{error}"))?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("expected a number of seconds greater than 0".to_owned()),
    }
}
