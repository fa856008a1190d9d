//! Prints calls and other values as tables, JSON, NDJSON and CSV.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal, Write},
};

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::{
    exit::print_message,
    raw::{RawCall, to_single_line},
    table::{Table, cell, printable, printable_cell},
};

/// Format and columns of the output.
#[derive(Args, Clone, Debug)]
pub(crate) struct Output {
    /// Output format. Default: table on a terminal; otherwise json, or ndjson for lists.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub output: Option<Format>,
    /// Columns of table and csv output, separated by commas, such as `id,status,cost`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = column)]
    pub columns: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, for reading.
    Table,
    /// Indented JSON.
    Json,
    /// One JSON object per line, as the service sent it.
    Ndjson,
    /// Comma-separated values, with a header line.
    Csv,
}

/// The fields of a call that CSV has by default, besides the metadata.
pub(crate) const COLUMNS: [&str; 11] = [
    "id",
    "status",
    "type",
    "direction",
    "start_time",
    "end_time",
    "duration_seconds",
    "cost",
    "from_number",
    "to_number",
    "agent_id",
];

/// The fields of a call that a table has by default. These are fewer, since a terminal is narrow.
const TABLE_COLUMNS: [&str; 6] = ["id", "status", "type", "start_time", "duration_seconds", "to_number"];

impl Output {
    /// Returns the format that the user chose, or the default: a table on a terminal, otherwise NDJSON for a list and
    /// JSON for a single value.
    pub fn format(&self, is_list: bool) -> Format {
        match (self.output, is_list) {
            (Some(format), _) => format,
            (None, _) if io::stdout().is_terminal() => Format::Table,
            (None, true) => Format::Ndjson,
            (None, false) => Format::Json,
        }
    }

    /// Returns the columns that the user chose, or these by default.
    fn columns_or(&self, default: &[&str]) -> Vec<String> {
        match self.columns.as_slice() {
            [] => default.iter().map(|name| (*name).to_owned()).collect(),
            columns => columns.to_vec(),
        }
    }
}

/// Prints one value.
pub(crate) fn print_value(value: &Value, output: &Output) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match output.format(false) {
        Format::Json => writeln!(out, "{value:#}"),
        Format::Ndjson => writeln!(out, "{value}"),
        Format::Csv => {
            let mut rows = Rows::new(output, Format::Csv, all_columns());
            rows.push(&mut out, value)?;
            rows.end(&mut out)
        }
        Format::Table => {
            let Some(members) = value.as_object() else {
                return writeln!(out, "{value}");
            };
            let mut table = Table::new(Vec::new());
            let keys: Vec<&str> = members.keys().map(String::as_str).collect();
            report_missing_columns(
                output.columns.iter().filter(|name| !members.contains_key(*name)),
                keys.iter().copied(),
            );
            for name in output.columns_or(&keys) {
                let value = members.get(&name).map(printable_cell).unwrap_or_default();
                table.push([printable(&name), value]);
            }
            table.write_untruncated(&mut out)
        }
    }
}

/// A list that is printed item by item as it is received; a table is printed at the end.
pub(crate) struct List {
    format: Format,
    count: usize,
    rows: Rows,
}

impl List {
    /// Creates a list of calls.
    pub fn of_calls(output: &Output) -> Self {
        let format = output.format(true);
        let columns = match format {
            Format::Table => TABLE_COLUMNS.map(str::to_owned).to_vec(),
            _ => all_columns(),
        };
        Self {
            format,
            count: 0,
            rows: Rows::new(output, format, columns),
        }
    }

    /// Creates a list of any items. By default, the columns are the keys of the first item.
    pub fn of_items(output: &Output, format: Format) -> Self {
        Self {
            format,
            count: 0,
            rows: Rows::new(output, format, Vec::new()),
        }
    }

    /// Prints an item. `json` is its source text, which NDJSON prints with all digits.
    pub fn push(&mut self, json: &str, value: impl FnOnce() -> Value) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.format {
            Format::Ndjson => writeln!(out, "{}", to_single_line(json))?,
            Format::Json => {
                out.write_all(if self.count == 0 { b"[\n" } else { b",\n" })?;
                write!(out, "{:#}", value())?;
            }
            Format::Csv | Format::Table => self.rows.push(&mut out, &value())?,
        }
        self.count += 1;
        Ok(())
    }

    /// Prints a call.
    pub fn push_call(&mut self, call: &RawCall<'_>) -> io::Result<()> {
        self.push(&call.line, || call.value())
    }

    /// Returns the number of items.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Ends the list. It must be called after an error too, so that the output is well-formed.
    pub fn end(self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.format {
            Format::Json if self.count == 0 => writeln!(out, "[]"),
            Format::Json => writeln!(out, "\n]"),
            Format::Csv | Format::Table => self.rows.end(&mut out),
            Format::Ndjson => Ok(()),
        }
    }
}

/// Rows with the same columns, printed as CSV or as a table.
struct Rows {
    /// If empty, the keys of the first row.
    columns: Vec<String>,
    /// The columns for which no row has had a value yet.
    missing: Vec<String>,
    /// The keys of all rows, which are reported if a column is missing.
    existing: BTreeSet<String>,
    is_empty: bool,
    table: Option<Table>,
}

impl Rows {
    fn new(output: &Output, format: Format, columns: Vec<String>) -> Self {
        // A documented field of a call is not reported, even if no row has it.
        let missing = output
            .columns
            .iter()
            .filter(|name| !columns.contains(name) && !is_column(name));
        Self {
            missing: missing.cloned().collect(),
            columns: match output.columns.as_slice() {
                [] => columns,
                chosen => chosen.to_vec(),
            },
            existing: BTreeSet::new(),
            is_empty: true,
            table: (format == Format::Table).then(|| Table::new(Vec::new())),
        }
    }

    fn push(&mut self, out: &mut impl Write, value: &Value) -> io::Result<()> {
        let members = value.as_object();
        if self.columns.is_empty() {
            self.columns = members.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        }
        if self.is_empty {
            self.write_header(out)?;
        }
        self.is_empty = false;
        if !self.missing.is_empty() {
            self.missing.retain(|name| value.get(name).is_none());
            for (key, _) in members.into_iter().flatten() {
                if !self.existing.contains(key) {
                    self.existing.insert(key.clone());
                }
            }
        }
        let cells = |show: fn(&Value) -> String| match self.columns.as_slice() {
            // A value that is not an object has one column.
            [] => vec![show(value)],
            columns => columns
                .iter()
                .map(|name| value.get(name).map(show).unwrap_or_default())
                .collect(),
        };
        match &mut self.table {
            Some(table) => {
                let cells = cells(printable_cell);
                table.push(cells);
                Ok(())
            }
            None => write_record(out, &cells(cell)),
        }
    }

    fn write_header(&mut self, out: &mut impl Write) -> io::Result<()> {
        match &mut self.table {
            Some(table) => {
                *table = Table::new(self.columns.clone());
                Ok(())
            }
            None if self.columns.is_empty() => Ok(()),
            None => write_record(out, &self.columns),
        }
    }

    fn end(mut self, out: &mut impl Write) -> io::Result<()> {
        if self.is_empty && !self.columns.is_empty() {
            self.write_header(out)?;
        }
        if let Some(table) = &self.table {
            table.write(out)?;
        }
        if !self.is_empty {
            report_missing_columns(self.missing.iter(), self.existing.iter().map(String::as_str));
        }
        Ok(())
    }
}

/// Reports chosen columns for which no row has a value, and the columns that exist.
fn report_missing_columns<'n>(missing: impl Iterator<Item = &'n String>, existing: impl Iterator<Item = &'n str>) {
    let missing: Vec<String> = missing.map(|name| printable(name)).collect();
    if !missing.is_empty() {
        let existing: Vec<String> = existing.map(printable).collect();
        print_message(format_args!(
            "no column {}; the columns are {}",
            missing.join(", "),
            existing.join(", ")
        ));
    }
}

/// Checks whether calls have this field, according to the document.
fn is_column(name: &str) -> bool {
    name == "metadata" || COLUMNS.contains(&name)
}

/// Returns the default columns of CSV.
fn all_columns() -> Vec<String> {
    COLUMNS.iter().copied().chain(["metadata"]).map(str::to_owned).collect()
}

/// Writes a record of CSV (RFC 4180).
fn write_record(out: &mut impl Write, cells: &[String]) -> io::Result<()> {
    let mut lines = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    lines.write_record(cells)?;
    lines.flush()
}

/// Writes calls as CSV (RFC 4180), with the default columns.
pub(crate) fn write_csv(out: impl Write, calls: &[Value], with_header: bool) -> io::Result<()> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    let columns = || COLUMNS.iter().copied().chain(["metadata"]);
    if with_header {
        out.write_record(columns())?;
    }
    for call in calls {
        out.write_record(columns().map(|name| call.get(name).map(cell).unwrap_or_default()))?;
    }
    out.flush()
}

fn column(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("expected column names separated by commas; one is empty".to_owned()),
        name => Ok(name.to_owned()),
    }
}
