//! Tables for people: columns that fit the terminal, and nothing that a terminal would obey.

use std::io::{self, Write};

use console::{Style, Term, measure_text_width, truncate_str};
use serde_json::Value;

/// What a cell is cut to at least, so that something of each column is visible.
const NARROWEST: usize = 6;

/// The rows of a table, kept until all are known, since the widest cell decides how wide a column is.
pub(crate) struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Without names it has no header.
    pub fn new(names: Vec<String>) -> Self {
        Self {
            names,
            rows: Vec::new(),
        }
    }

    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// On a terminal, what is too wide for it ends in `…`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let terminal = Term::stdout();
        let width = terminal.is_term().then(|| usize::from(terminal.size().1));
        self.write_within(width, out)
    }

    /// With every cell as it is, for a single value.
    pub fn write_whole(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_within(None, out)
    }

    fn write_within(&self, width: Option<usize>, out: &mut impl Write) -> io::Result<()> {
        let names: Vec<String> = self.names.iter().map(|name| printable(name)).collect();
        let header = Some(&names).filter(|names| !names.is_empty());
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
        let status = self.names.iter().position(|name| name == "status");
        for (number, line) in lines().enumerate() {
            let is_header = number == 0 && header.is_some();
            let mut text = String::new();
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let style = match Some(column) == status && !is_header {
                    true => of_status(cell),
                    false => Style::new(),
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

/// Makes the widest columns narrower until a line fits; the first only when there is no other way, since it has the identifiers.
fn shrink(widths: &mut [usize], terminal: usize) {
    // A blank on each side, of which the last is not written.
    let line = |widths: &[usize]| widths.iter().map(|width| width + 2).sum::<usize>().saturating_sub(1);
    while line(widths) > terminal {
        let (first, others) = widths.split_at_mut(widths.len().min(1));
        let can_shrink = |width: &&mut usize| **width > NARROWEST;
        let widest = others.iter_mut().filter(can_shrink).max_by_key(|width| **width);
        match widest.or_else(|| first.first_mut().filter(can_shrink)) {
            Some(width) => *width -= 1,
            None => return,
        }
    }
}

/// The document lists one status, and the service has others.
fn of_status(status: &str) -> Style {
    match status {
        "" => Style::new(),
        "completed" => Style::new().green(),
        _ if status.contains("fail") || status.contains("error") => Style::new().red(),
        _ => Style::new().yellow(),
    }
}

/// A value as one line.
pub(crate) fn shown(value: &Value) -> String {
    printable(&cell(value))
}

/// A value without the quotes of JSON.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text on one line, which a terminal shows and does not obey.
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

    fn written(names: &[&str], rows: &[&[&str]], width: Option<usize>) -> String {
        let mut table = Table::new(names.iter().map(|name| (*name).to_owned()).collect());
        for row in rows {
            table.push(row.iter().map(|cell| printable(cell)));
        }
        let mut out = Vec::new();
        table.write_within(width, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let table = written(&["id", "note"], &[&["1", "two\r\nlines\n"], &["22", ""]], None);
        assert_eq!(table, " id  note\n 1   two⏎lines⏎\n 22\n");
    }

    #[test]
    fn widest_columns_are_cut_until_a_line_fits() {
        let long = "x".repeat(60);
        let rows: &[&[&str]] = &[&["12345678", &long, "日本語日本語日本語日本語"]];
        for width in [40, 60, 100, 200] {
            let table = written(&["id", "text", "name"], rows, Some(width));
            assert!(
                table.lines().all(|line| measure_text_width(line) <= width),
                "{width}\n{table}"
            );
            assert!(table.contains("12345678"), "{width}\n{table}");
            assert_eq!(table.contains('…'), width < 100, "{width}\n{table}");
        }
        // Too narrow for any table: the beginning of each column is shown.
        let table = written(&["id", "text"], &[&["12345678", &long]], Some(5));
        assert_eq!(table, " id      text\n 12345…  xxxxx…\n");
    }

    #[test]
    fn control_characters_are_not_written() {
        assert_eq!(
            written(&[], &[&["\u{1b}[31mred", "a\tb"]], None),
            " \u{fffd}[31mred  a\u{fffd}b\n"
        );
    }
}
