//! Tables for reading: columns fit the terminal, and control characters are replaced.

use std::io::{self, Write};

use console::{Style, Term, measure_text_width, truncate_str};
use serde_json::Value;

/// The minimum width to which a column is shortened, so that the start of each column is visible.
const MIN_COLUMN_WIDTH: usize = 6;

/// The rows of a table. They are kept until all are known, since a column is as wide as its widest cell.
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Creates a table. If `header` is empty, the table has no header line.
    pub fn new(header: Vec<String>) -> Self {
        Self {
            header,
            rows: Vec::new(),
        }
    }

    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Writes the table. On a terminal, cells that do not fit are truncated with `…`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let terminal = Term::stdout();
        let width = terminal.is_term().then(|| usize::from(terminal.size().1));
        self.write_within(width, out)
    }

    /// Writes the table without truncating cells, for a single value.
    pub fn write_untruncated(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_within(None, out)
    }

    fn write_within(&self, width: Option<usize>, out: &mut impl Write) -> io::Result<()> {
        let header: Vec<String> = self.header.iter().map(|name| printable(name)).collect();
        let header = Some(&header).filter(|header| !header.is_empty());
        let lines = || header.into_iter().chain(&self.rows);
        let mut widths = Vec::new();
        for line in lines() {
            for (column, cell) in line.iter().enumerate() {
                let needed = measure_text_width(cell);
                match widths.get_mut(column) {
                    Some(width) => *width = needed.max(*width),
                    None => widths.push(needed),
                }
            }
        }
        if let Some(width) = width {
            shrink(&mut widths, width);
        }
        let status = self.header.iter().position(|name| name == "status");
        for (number, line) in lines().enumerate() {
            let is_header = number == 0 && header.is_some();
            let mut text = String::new();
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let style = if Some(column) == status && !is_header {
                    status_style(cell)
                } else {
                    Style::new()
                };
                let cell = truncate_str(cell, *width, "…");
                let padding = width.saturating_sub(measure_text_width(&cell));
                text.push_str(&format!(" {}{:padding$} ", style.apply_to(&cell), ""));
            }
            writeln!(out, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

/// Narrows the widest columns until a line fits the terminal. The first column, which has the identifiers, is narrowed
/// last.
fn shrink(widths: &mut [usize], terminal: usize) {
    // Each cell has a blank on both sides; the last one of a line is not written.
    let line = |widths: &[usize]| widths.iter().map(|width| width + 2).sum::<usize>().saturating_sub(1);
    while line(widths) > terminal {
        let (first, others) = widths.split_at_mut(widths.len().min(1));
        let can_shrink = |width: &&mut usize| **width > MIN_COLUMN_WIDTH;
        let widest = others.iter_mut().filter(can_shrink).max_by_key(|width| **width);
        match widest.or_else(|| first.first_mut().filter(can_shrink)) {
            Some(width) => *width -= 1,
            None => return,
        }
    }
}

/// Returns the style for a status. The document lists only one status, but the service has others.
fn status_style(status: &str) -> Style {
    match status {
        "" => Style::new(),
        "completed" => Style::new().green(),
        _ if status.contains("fail") || status.contains("error") => Style::new().red(),
        _ => Style::new().yellow(),
    }
}

/// Returns a value as printable text on one line.
pub(crate) fn printable_cell(value: &Value) -> String {
    printable(&cell(value))
}

/// Returns a value without the quotes of JSON; `null` is empty.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns a text on one line. Control characters, which a terminal would interpret, are replaced.
pub(crate) fn printable(text: &str) -> String {
    text.replace("\r\n", "⏎")
        .chars()
        .map(|c| match c {
            '\n' | '\r' => '⏎',
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(header: &[&str], rows: &[&[&str]], width: Option<usize>) -> String {
        let mut table = Table::new(header.iter().map(|name| (*name).to_owned()).collect());
        for row in rows {
            table.push(row.iter().map(|cell| printable(cell)));
        }
        let mut out = Vec::new();
        table.write_within(width, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn table_without_width_has_columns_as_wide_as_widest_cell() {
        let table = render(&["id", "note"], &[&["1", "two\r\nlines\n"], &["22", ""]], None);
        assert_eq!(table, " id  note\n 1   two⏎lines⏎\n 22\n");
    }

    #[test]
    fn table_wider_than_terminal_truncates_widest_columns() {
        let long = "x".repeat(60);
        let rows: &[&[&str]] = &[&["12345678", &long, "日本語日本語日本語日本語"]];
        for width in [40, 60, 100, 200] {
            let table = render(&["id", "text", "name"], rows, Some(width));
            assert!(
                table.lines().all(|line| measure_text_width(line) <= width),
                "{width}\n{table}"
            );
            assert!(table.contains("12345678"), "{width}\n{table}");
            assert_eq!(table.contains('…'), width < 100, "{width}\n{table}");
        }
        // A terminal too narrow for the table: the start of each column is shown.
        let table = render(&["id", "text"], &[&["12345678", &long]], Some(5));
        assert_eq!(table, " id      text\n 12345…  xxxxx…\n");
    }

    #[test]
    fn table_control_characters_are_replaced() {
        assert_eq!(
            render(&[], &[&["\u{1b}[31mred", "a\tb"]], None),
            " \u{fffd}[31mred  a\u{fffd}b\n"
        );
    }
}
