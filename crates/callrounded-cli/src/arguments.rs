//! What can be said on the command line.

use std::{fmt, num::NonZeroUsize, path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::{api::ApiRequest, filters::Filters, json};

/// The calls of Rounded, the voice agent service: look at them, update, start and end them, export and tag them in bulk.
///
/// The key is read from CALLROUNDED_API_KEY, or from where --key-file says.
///
/// Exit codes: 0 done; 1 some rows failed; 2 wrong use or settings; 3 the key is not accepted or does not permit this; 4 no such
/// call; 5 the service rejects the request; 6 too many requests; 7 no connection, or no response in time; 8 the service failed;
/// 9 its response is not as documented; 10 a call may have been started, or may not; 11 a file cannot be read or written; 130
/// interrupted (Ctrl-C); 143 terminated by SIGTERM.
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
    /// The calls of the organization.
    #[command(subcommand)]
    Calls(CallsCommand),
    /// Runs any operation of the API document; without one, lists them.
    Api {
        #[command(subcommand)]
        request: Option<ApiRequest>,
    },
    /// Prints a script that completes commands, for a shell to load.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Prints the manual page.
    Man,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CallsCommand {
    /// Shows a call.
    Get {
        /// Its identifier.
        id: String,
        #[command(flatten)]
        output: Output,
    },
    /// Lists calls, the first of them unless more are asked for.
    List(ListOptions),
    /// Updates the metadata of a call.
    Update(UpdateOptions),
    /// Has an agent dial a telephone. Asks before it does.
    Start(StartOptions),
    /// Ends a phone call.
    Terminate {
        /// Its identifier.
        id: String,
        #[command(flatten)]
        output: Output,
    },
    /// Writes all calls of a window into a file. A run that was ended goes on where it was when it is started again.
    Export(ExportOptions),
    /// Merges metadata into the calls that a file names. A run that was ended goes on where it was when it is started again.
    Tag(TagOptions),
}

/// Where the service is, and by which key.
#[derive(Args, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Reads the key from this file, `-` for standard input, instead of CALLROUNDED_API_KEY.
    #[arg(long, global = true, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Where the service is.
    #[arg(long, global = true, env = "CALLROUNDED_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// How long one request may take, with all that is sent again.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// Tries it against a mock server of its own, which has this many calls and forgets them. Needs no key.
    #[arg(long, global = true, value_name = "CALLS", num_args = 0..=1, require_equals = true, default_missing_value = "20")]
    pub mock: Option<u32>,
    /// Prints each attempt on standard error: status, time, request ID, and the delay before the next attempt.
    #[arg(long, short = 'v', global = true)]
    pub verbose: bool,
}

/// How to print.
#[derive(Args, Clone, Debug)]
pub(crate) struct Output {
    /// How to print. Without this: a table on a terminal, else json, for lists ndjson.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub output: Option<Format>,
    /// The fields that a table or csv shows, such as `id,status,cost`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = column)]
    pub columns: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// Indented JSON.
    Json,
    /// One JSON object a line, as the service gave it.
    Ndjson,
    /// Comma-separated values, with a line of names.
    Csv,
}

#[derive(Args, Debug)]
pub(crate) struct ListOptions {
    #[command(flatten)]
    pub filters: Filters,
    /// How many calls at most. Without this and --all: 50.
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
    /// The identifier of the call.
    pub id: String,
    /// NAME=VALUE, where the value is a text; or NAME:=JSON.
    #[arg(value_name = "METADATA", value_parser = Pair::from_str, required_unless_present_any = ["clear", "json"])]
    pub metadata: Vec<Pair>,
    /// All of it as one JSON object instead.
    #[arg(long, value_name = "OBJECT", conflicts_with = "metadata")]
    pub json: Option<String>,
    /// Puts it in place of all the metadata that the call has, instead of adding to it.
    #[arg(long)]
    pub replace: bool,
    /// Leaves no metadata at all.
    #[arg(long, conflicts_with_all = ["metadata", "json", "replace"])]
    pub clear: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub(crate) struct StartOptions {
    /// A number of the organization, such as +33912345678.
    #[arg(long, value_name = "NUMBER")]
    pub from: String,
    /// The number to dial.
    #[arg(long, value_name = "NUMBER")]
    pub to: String,
    /// The agent that speaks.
    #[arg(long, value_name = "ID")]
    pub agent: String,
    /// A variable for the agent: NAME=VALUE, or NAME:=JSON.
    #[arg(long = "variable", value_name = "PAIR", value_parser = Pair::from_str)]
    pub variables: Vec<Pair>,
    /// Dials without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub(crate) struct ExportOptions {
    /// The file to write. Until it is whole, what there is of it stands in FILE.partial, and how far it is in FILE.progress.
    #[arg(value_parser = file_to_export)]
    pub file: PathBuf,
    #[command(flatten)]
    pub filters: Filters,
    /// What to write: ndjson or csv. Without this, what the name of the file ends in.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<ExportFormat>,
    /// How many calls to ask for at a time: 1 to 1000.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub page_size: u32,
    /// Takes the place of a file that is there, once it is whole.
    #[arg(long)]
    pub overwrite: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One JSON object a line, as the service gave it.
    Ndjson,
    /// Comma-separated values, with a line of names.
    Csv,
}

#[derive(Args, Debug)]
pub(crate) struct TagOptions {
    /// The calls: NDJSON of {"id": …, "metadata": {…}}, or CSV with a column `id` and one for each name.
    #[arg(value_parser = file_to_tag)]
    pub file: PathBuf,
    /// How many are updated at a time.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
    /// How many are updated in a second at most.
    #[arg(long, value_name = "PER_SECOND", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: Option<u32>,
    /// Only every Nth row, beginning with the Ith: for several machines that share the work.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// What stands between the columns of a CSV file: a character, or `tab`. Without this: the comma, semicolon, tab or bar of its first line.
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<Delimiter>,
    /// The column of a CSV file that holds the identifiers.
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub id_column: String,
    /// Sends nothing: prints the first rows as they would be sent, and how many there are.
    #[arg(long)]
    pub dry_run: bool,
    /// Stops after so many rows have failed.
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_failures: Option<u64>,
}

/// What stands between the columns of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delimiter(pub u8);

impl FromStr for Delimiter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            b"tab" | b"\\t" => Ok(Self(b'\t')),
            [b'"' | b'\r' | b'\n'] => Err("quotes and line breaks have a meaning of their own".to_owned()),
            [byte] if byte.is_ascii() => Ok(Self(*byte)),
            _ => Err("it is one ASCII character, or `tab`".to_owned()),
        }
    }
}

/// A part of the rows: those whose number, counted from 1, leaves the same rest as `index`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    pub index: u64,
    pub count: u64,
}

impl Shard {
    pub fn has(self, row: u64) -> bool {
        row % self.count == self.index % self.count
    }

    /// How many of so many rows it has.
    pub fn of(self, rows: u64) -> u64 {
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
            _ => Err("it is I/N with I from 1 to N, such as 2/10".to_owned()),
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
        let (name, value) = text.split_once('=').ok_or("it is NAME=VALUE, or NAME:=JSON")?;
        let (name, value) = match name.strip_suffix(':') {
            Some(name) => {
                let value = json::read(value).map_err(|problem| format!("after := comes JSON, and {problem}"))?;
                (name, value)
            }
            None => (name, value.into()),
        };
        if name.is_empty() {
            return Err("the name is empty".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

/// What a run that is started again goes on with is a file.
fn file_to_export(text: &str) -> Result<PathBuf, String> {
    match text {
        "-" => Err("it has to be a file; `calls list --all --output ndjson` writes to standard output".to_owned()),
        _ => Ok(text.into()),
    }
}

fn file_to_tag(text: &str) -> Result<PathBuf, String> {
    match text {
        "-" => Err("it has to be a file, which a journal can belong to".to_owned()),
        _ => Ok(text.into()),
    }
}

fn column(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a name is empty".to_owned()),
        name => Ok(name.to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|error| format!("{error}"))?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("it is a number of seconds above 0".to_owned()),
    }
}
