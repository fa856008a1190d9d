//! Reports on rows: the file of failed rows, and the preview of `--dry-run`.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use serde_json::{Value, json};

use super::{
    journal::Journal,
    rows::{InvalidRow, NumberedRow, Row, RowContent, Table},
};
use crate::{
    arguments::TagOptions,
    exit::{Failure, print_message},
    files,
};

/// The number of rows that `--dry-run` prints.
const PREVIEW_ROWS: u64 = 5;

/// The number of reasons that are printed, and of line numbers for each.
const MAX_REASONS: usize = 5;
const MAX_LINES: usize = 5;

/// Writes the failed rows with their reasons, in a form that can be tagged again. Prints the reasons, the most frequent
/// first.
pub(super) fn write_failures(path: &Path, journal: &Journal, table: &Table) -> Result<(), Failure> {
    let mut failures = journal.failures()?;
    let mut out = Vec::new();
    let mut reasons: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for row in table.rows()? {
        let row = row?;
        let Some(error) = failures.remove(&row.number) else {
            continue;
        };
        reasons.entry(without_request_id(&error)).or_default().push(row.line);
        out.extend_from_slice(failed_row(row, error).to_string().as_bytes());
        out.push(b'\n');
    }
    let mut reasons: Vec<(String, Vec<u64>)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    for (reason, lines) in reasons.iter().take(MAX_REASONS) {
        print_message(format_args!("{reason}: {}", describe_lines(lines)));
    }
    if let Some(others) = reasons.len().checked_sub(MAX_REASONS).filter(|others| *others > 0) {
        print_message(format_args!("{others} more reasons are in {}", path.display()));
    }
    files::replace(path, &out).map_err(Failure::file(path.display()))
}

/// Returns an error without the request ID, which would make each reason unique.
fn without_request_id(error: &str) -> String {
    error.split(" [").next().unwrap_or(error).to_owned()
}

/// Returns `line 3`, `lines 3, 9`, or `7 rows, the first in lines 3, 9, 12`.
fn describe_lines(lines: &[u64]) -> String {
    let first: Vec<String> = lines.iter().take(MAX_LINES).map(u64::to_string).collect();
    let first = first.join(", ");
    match lines.len() {
        1 => format!("line {first}"),
        ..=MAX_LINES => format!("lines {first}"),
        count => format!("{count} rows, the first in lines {first}"),
    }
}

/// Returns a failed row as JSON.
fn failed_row(row: NumberedRow, error: String) -> Value {
    match row.row {
        Ok(Row { id, metadata })
        | Err(InvalidRow {
            content: RowContent::Guess(Row { id, metadata }),
            ..
        }) => json!({ "line": row.line, "id": id, "metadata": metadata, "error": error }),
        Err(InvalidRow {
            content: RowContent::Text(text),
            ..
        }) => json!({ "line": row.line, "text": text, "error": error }),
    }
}

/// Prints the first rows that a run would send, and the totals.
pub(super) fn preview(options: &TagOptions, table: &Table, journal: Option<&Journal>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let (mut ready, mut done, mut invalid_lines) = (0_u64, 0_u64, Vec::new());
    for row in table.rows()? {
        let NumberedRow { number, line, row } = row?;
        if options.shard.is_some_and(|shard| !shard.contains(number)) {
            continue;
        }
        if journal.is_some_and(|journal| journal.contains(number)) {
            done += 1;
            continue;
        }
        match row {
            Ok(Row { id, metadata }) => {
                ready += 1;
                if ready <= PREVIEW_ROWS {
                    writeln!(out, "{}", json!({ "line": line, "id": id, "metadata": metadata }))?;
                }
            }
            Err(InvalidRow { problem, .. }) => {
                if invalid_lines.len() < MAX_REASONS {
                    print_message(format_args!("line {line}: {problem}"));
                }
                invalid_lines.push(line);
            }
        }
    }
    let more = ready.saturating_sub(PREVIEW_ROWS);
    if more > 0 {
        print_message(format_args!("… and {more} more"));
    }
    print_message(format_args!(
        "{ready} rows would be sent, {} are invalid, {done} are already done; nothing was sent",
        invalid_lines.len()
    ));
    match invalid_lines.as_slice() {
        [] => Ok(()),
        lines => Err(Failure::Partial(format!("invalid rows: {}", describe_lines(lines)))),
    }
}
