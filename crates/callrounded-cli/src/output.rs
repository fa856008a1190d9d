//! Printing calls: for people, for programs, and for tables elsewhere.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal, Write},
};

use serde_json::Value;

use crate::{
    arguments::{Format, Output},
    calls::{RawCall, on_one_line},
    exit::say,
    table::{Table, cell, printable, shown},
};

/// What a line of a table or of CSV holds of a call.
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

/// Fewer, since a terminal is narrow.
const SHOWN: [&str; 6] = ["id", "status", "type", "start_time", "duration_seconds", "to_number"];

impl Output {
    pub fn format(&self, is_list: bool) -> Format {
        match (self.output, is_list) {
            (Some(format), _) => format,
            (None, _) if io::stdout().is_terminal() => Format::Table,
            (None, true) => Format::Ndjson,
            (None, false) => Format::Json,
        }
    }

    /// The columns that were asked for, or else these.
    fn columns_or(&self, names: &[&str]) -> Vec<String> {
        match self.columns.as_slice() {
            [] => names.iter().map(|name| (*name).to_owned()).collect(),
            columns => columns.to_vec(),
        }
    }
}

/// Prints one value.
pub(crate) fn one(value: &Value, output: &Output) -> io::Result<()> {
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
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            report_missing(
                output.columns.iter().filter(|name| !members.contains_key(*name)),
                names.iter().copied(),
            );
            for name in output.columns_or(&names) {
                let value = members.get(&name).map(shown).unwrap_or_default();
                table.push([printable(&name), value]);
            }
            table.write_whole(&mut out)
        }
    }
}

/// Prints a list as it comes, page by page; a table when it ends.
pub(crate) struct List {
    format: Format,
    count: usize,
    rows: Rows,
}

impl List {
    /// Of calls.
    pub fn of_calls(output: &Output) -> Self {
        let format = output.format(true);
        let columns = match format {
            Format::Table => SHOWN.map(str::to_owned).to_vec(),
            _ => all_columns(),
        };
        Self {
            format,
            count: 0,
            rows: Rows::new(output, format, columns),
        }
    }

    /// Of anything. The first item decides which columns there are.
    pub fn of_items(output: &Output, format: Format) -> Self {
        Self {
            format,
            count: 0,
            rows: Rows::new(output, format, Vec::new()),
        }
    }

    /// `json` is the text of the item, of which no digit is lost.
    pub fn push(&mut self, json: &str, value: impl FnOnce() -> Value) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.format {
            Format::Ndjson => writeln!(out, "{}", on_one_line(json))?,
            Format::Json => {
                out.write_all(if self.count == 0 { b"[\n" } else { b",\n" })?;
                write!(out, "{:#}", value())?;
            }
            Format::Csv | Format::Table => self.rows.push(&mut out, &value())?,
        }
        self.count += 1;
        Ok(())
    }

    pub fn push_call(&mut self, call: &RawCall<'_>) -> io::Result<()> {
        self.push(&call.line, || call.value())
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// Ends the list; after an error too, it is well-formed.
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

/// Rows with the same columns, as CSV or as a table.
struct Rows {
    /// Without any, those of the first row.
    columns: Vec<String>,
    /// Those of which no row has a value yet.
    missing: Vec<String>,
    /// Of the rows, to name what might have been meant.
    known: BTreeSet<String>,
    is_empty: bool,
    table: Option<Table>,
}

impl Rows {
    fn new(output: &Output, format: Format, columns: Vec<String>) -> Self {
        // A column that a call may have need not be in any of these.
        let missing = output
            .columns
            .iter()
            .filter(|name| !columns.contains(name) && !is_column(name));
        Self {
            missing: missing.cloned().collect(),
            columns: match output.columns.as_slice() {
                [] => columns,
                asked => asked.to_vec(),
            },
            known: BTreeSet::new(),
            is_empty: true,
            table: (format == Format::Table).then(|| Table::new(Vec::new())),
        }
    }

    fn push(&mut self, out: &mut impl Write, value: &Value) -> io::Result<()> {
        let members = value.as_object();
        if self.columns.is_empty() {
            self.columns = members.into_iter().flatten().map(|(name, _)| name.clone()).collect();
        }
        if self.is_empty {
            self.header(out)?;
        }
        self.is_empty = false;
        if !self.missing.is_empty() {
            self.missing.retain(|name| value.get(name).is_none());
            for (name, _) in members.into_iter().flatten() {
                if !self.known.contains(name) {
                    self.known.insert(name.clone());
                }
            }
        }
        let cells = |show: fn(&Value) -> String| match self.columns.as_slice() {
            // What is no object has one column.
            [] => vec![show(value)],
            columns => columns
                .iter()
                .map(|name| value.get(name).map(show).unwrap_or_default())
                .collect(),
        };
        match &mut self.table {
            Some(table) => {
                let cells = cells(shown);
                table.push(cells);
                Ok(())
            }
            None => record(out, &cells(cell)),
        }
    }

    fn header(&mut self, out: &mut impl Write) -> io::Result<()> {
        match &mut self.table {
            Some(table) => {
                *table = Table::new(self.columns.clone());
                Ok(())
            }
            None if self.columns.is_empty() => Ok(()),
            None => record(out, &self.columns),
        }
    }

    fn end(mut self, out: &mut impl Write) -> io::Result<()> {
        if self.is_empty && !self.columns.is_empty() {
            self.header(out)?;
        }
        if let Some(table) = &self.table {
            table.write(out)?;
        }
        if !self.is_empty {
            report_missing(self.missing.iter(), self.known.iter().map(String::as_str));
        }
        Ok(())
    }
}

/// Names the columns that were asked for and that nothing has, and those that there are.
fn report_missing<'n>(missing: impl Iterator<Item = &'n String>, known: impl Iterator<Item = &'n str>) {
    let missing: Vec<String> = missing.map(|name| printable(name)).collect();
    if !missing.is_empty() {
        let known: Vec<String> = known.map(printable).collect();
        say(format_args!(
            "no column {}; there are {}",
            missing.join(", "),
            known.join(", ")
        ));
    }
}

fn is_column(name: &str) -> bool {
    name == "metadata" || COLUMNS.contains(&name)
}

fn all_columns() -> Vec<String> {
    COLUMNS.iter().copied().chain(["metadata"]).map(str::to_owned).collect()
}

/// One line of CSV, by RFC 4180.
fn record(out: &mut impl Write, cells: &[String]) -> io::Result<()> {
    let mut lines = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    lines.write_record(cells)?;
    lines.flush()
}

/// Lines of CSV, by RFC 4180.
pub(crate) fn write_csv(out: impl Write, calls: &[Value], with_names: bool) -> io::Result<()> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    let names = || COLUMNS.iter().copied().chain(["metadata"]);
    if with_names {
        out.write_record(names())?;
    }
    for call in calls {
        out.write_record(names().map(|name| call.get(name).map(cell).unwrap_or_default()))?;
    }
    out.flush()
}
