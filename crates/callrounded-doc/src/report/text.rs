//! Prints findings as text: each finding with its excerpt, then a summary.

use std::io::{self, Write};

use callrounded_document::{Styles, check::Finding};

use super::{Report, Summary, hidden, plural};
use crate::expected;

pub(super) struct Text {
    pub quiet: bool,
    pub is_colored: bool,
}

impl Report for Text {
    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        let styles = if self.is_colored { Styles::ANSI } else { Styles::PLAIN };
        writeln!(out, "{}\n", finding.render(&styles))
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if let Some(hidden) = hidden(summary) {
            writeln!(out, "{hidden}")?;
        }
        // A failure was printed to standard error. Counts would suggest that the payloads were validated.
        if self.quiet || summary.failure.is_some() {
            return Ok(());
        }
        for note in &summary.notes {
            writeln!(out, "note: {note}")?;
        }
        writeln!(out, "{}", line(summary))
    }
}

/// Returns the summary line.
pub(super) fn line(summary: &Summary) -> String {
    let mut line = format!(
        "{}, {}",
        plural(summary.payloads, "payload"),
        plural(summary.errors, "error")
    );
    if summary.drift > 0 {
        line.push_str(&format!(", {} drift", summary.drift));
    }
    if summary.expected > 0 {
        line.push_str(&format!(", {} expected by {}", summary.expected, expected::FILE_NAME));
    }
    line
}
