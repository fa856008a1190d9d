//! Printing calls: for people, for programs, and for tables elsewhere.

use std::io::{self, IsTerminal, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

use crate::{
    arguments::{Format, Output},
    calls::{RawCall, on_one_line},
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
    pub fn format(self, is_list: bool) -> Format {
        match (self.output, is_list) {
            (Some(format), _) => format,
            (None, _) if io::stdout().is_terminal() => Format::Table,
            (None, true) => Format::Ndjson,
            (None, false) => Format::Json,
        }
    }
}

/// Prints one value.
pub(crate) fn one(value: &Value, output: Output) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match output.format(false) {
        Format::Json => writeln!(out, "{value:#}"),
        Format::Ndjson => writeln!(out, "{value}"),
        Format::Csv => write_csv(out, std::slice::from_ref(value), true),
        Format::Table => {
            let mut table = table();
            for (name, value) in value.as_object().into_iter().flatten() {
                table.add_row([printable(name), shown(value)]);
            }
            match value.is_object() {
                true => writeln!(out, "{}", table.trim_fmt()),
                false => writeln!(out, "{value}"),
            }
        }
    }
}

/// Prints a list as it comes, page by page.
pub(crate) struct List {
    format: Format,
    count: usize,
    table: Table,
}

impl List {
    pub fn new(output: Output) -> Self {
        let mut table = table();
        table.set_header(SHOWN);
        Self {
            format: output.format(true),
            count: 0,
            table,
        }
    }

    pub fn push(&mut self, call: &RawCall<'_>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.format {
            Format::Ndjson => writeln!(out, "{}", call.line)?,
            Format::Json => {
                out.write_all(if self.count == 0 { b"[\n" } else { b",\n" })?;
                write!(out, "{:#}", call.value())?;
            }
            Format::Csv => write_csv(out, &[call.value()], self.count == 0)?,
            Format::Table => {
                let value = call.value();
                let cells = SHOWN.map(|name| value.get(name).map(shown).unwrap_or_default());
                self.table.add_row(cells);
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Ends the list; what comes after an error is no less well-formed.
    pub fn end(self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.format {
            Format::Json if self.count == 0 => writeln!(out, "[]"),
            Format::Json => writeln!(out, "\n]"),
            Format::Table => writeln!(out, "{}", self.table.trim_fmt()),
            Format::Ndjson | Format::Csv => Ok(()),
        }
    }
}

/// Prints the items of any list as they come. The first item decides which columns a table or CSV has.
pub(crate) struct Items {
    format: Format,
    columns: Vec<String>,
    count: usize,
    table: Table,
}

impl Items {
    pub fn new(output: Output) -> Self {
        Self {
            format: output.format(true),
            columns: Vec::new(),
            count: 0,
            table: table(),
        }
    }

    /// `json` is an item as the service wrote it.
    pub fn push(&mut self, json: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let value: Value = serde_json::from_str(json).unwrap_or_else(|_| json.into());
        if self.count == 0 {
            self.columns = value
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect();
        }
        let cells = |show: fn(&Value) -> String| {
            let cells = self
                .columns
                .iter()
                .map(|name| value.get(name).map(show).unwrap_or_default());
            // What is no object has one column.
            if self.columns.is_empty() {
                vec![show(&value)]
            } else {
                cells.collect()
            }
        };
        match self.format {
            Format::Ndjson => writeln!(out, "{}", on_one_line(json))?,
            Format::Json => {
                out.write_all(if self.count == 0 { b"[\n" } else { b",\n" })?;
                write!(out, "{value:#}")?;
            }
            Format::Csv => {
                let mut lines = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::Any(b'\n'))
                    .from_writer(out);
                if self.count == 0 && !self.columns.is_empty() {
                    lines.write_record(&self.columns)?;
                }
                lines.write_record(cells(cell))?;
                lines.flush()?;
            }
            Format::Table => {
                if self.count == 0 {
                    self.table.set_header(self.columns.iter().map(|name| printable(name)));
                }
                let row = cells(shown);
                self.table.add_row(row);
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Ends the list; after an error too, it is well-formed.
    pub fn end(self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.format {
            Format::Json if self.count == 0 => writeln!(out, "[]"),
            Format::Json => writeln!(out, "\n]"),
            Format::Table => writeln!(out, "{}", self.table.trim_fmt()),
            Format::Ndjson | Format::Csv => Ok(()),
        }
    }
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

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn shown(value: &Value) -> String {
    printable(&cell(value))
}

/// A text that a terminal shows and does not obey.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

fn table() -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table
}
