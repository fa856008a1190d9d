//! Reports on rows: the file of failures, and the preview of `--dry-run`.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use serde_json::{Value, json};

use super::{
    journal::Journal,
    rows::{Kept, Numbered, Row, Table, Unreadable},
};
use crate::{
    arguments::TagOptions,
    exit::{Failure, say},
    files,
};

/// So many rows are printed by `--dry-run`.
const SHOWN: u64 = 5;

/// So many reasons are said, and so many lines of each.
const REASONS: usize = 5;
const LINES: usize = 5;

/// Writes the rows that failed, each as it can be given again, and why; the reasons are said too, the most frequent first.
pub(super) fn write_failures(path: &Path, journal: &Journal, table: &Table) -> Result<(), Failure> {
    let mut failures = journal.failures()?;
    let mut out = Vec::new();
    let mut reasons: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for row in table.rows()? {
        let row = row?;
        let Some(error) = failures.remove(&row.number) else {
            continue;
        };
        reasons.entry(without_request(&error)).or_default().push(row.line);
        out.extend_from_slice(failed(row, error).to_string().as_bytes());
        out.push(b'\n');
    }
    let mut reasons: Vec<(String, Vec<u64>)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    for (reason, lines) in reasons.iter().take(REASONS) {
        say(format_args!("{reason}: {}", at(lines)));
    }
    if let Some(others) = reasons.len().checked_sub(REASONS).filter(|others| *others > 0) {
        say(format_args!("{others} more reasons are in {}", path.display()));
    }
    files::replace(path, &out).map_err(Failure::file(path.display()))
}

/// The service gives each response an identifier, which would make each reason another.
fn without_request(error: &str) -> String {
    error.split(" [").next().unwrap_or(error).to_owned()
}

/// `line 3`, `lines 3, 9`, or `7 rows, the first in lines 3, 9, 12`.
fn at(lines: &[u64]) -> String {
    let first: Vec<String> = lines.iter().take(LINES).map(u64::to_string).collect();
    let first = first.join(", ");
    match lines.len() {
        1 => format!("line {first}"),
        ..=LINES => format!("lines {first}"),
        count => format!("{count} rows, the first in lines {first}"),
    }
}

fn failed(row: Numbered, error: String) -> Value {
    match row.row {
        Ok(Row { id, metadata })
        | Err(Unreadable {
            kept: Kept::Guess(Row { id, metadata }),
            ..
        }) => json!({ "line": row.line, "id": id, "metadata": metadata, "error": error }),
        Err(Unreadable {
            kept: Kept::Text(text), ..
        }) => json!({ "line": row.line, "text": text, "error": error }),
    }
}

/// Prints what a run would send.
pub(super) fn preview(options: &TagOptions, table: &Table, journal: Option<&Journal>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let (mut ready, mut done, mut unreadable) = (0_u64, 0_u64, Vec::new());
    for row in table.rows()? {
        let Numbered { number, line, row } = row?;
        if options.shard.is_some_and(|shard| !shard.has(number)) {
            continue;
        }
        if journal.is_some_and(|journal| journal.has(number)) {
            done += 1;
            continue;
        }
        match row {
            Ok(Row { id, metadata }) => {
                ready += 1;
                if ready <= SHOWN {
                    writeln!(out, "{}", json!({ "line": line, "id": id, "metadata": metadata }))?;
                }
            }
            Err(Unreadable { problem, .. }) => {
                if unreadable.len() < REASONS {
                    say(format_args!("line {line}: {problem}"));
                }
                unreadable.push(line);
            }
        }
    }
    let more = ready.saturating_sub(SHOWN);
    if more > 0 {
        say(format_args!("… and {more} more"));
    }
    say(format_args!(
        "{ready} rows would be sent, {} can't be read, {done} are done already; nothing was sent",
        unreadable.len()
    ));
    match unreadable.as_slice() {
        [] => Ok(()),
        lines => Err(Failure::Partly(format!("rows that can't be read: {}", at(lines)))),
    }
}
