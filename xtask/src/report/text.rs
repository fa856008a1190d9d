//! For people: each finding with its excerpt, then what it comes to.

use std::io::{self, Write};

use callrounded_document::check::Finding;

use super::{Report, Summary, plural};
use crate::expected;

pub(super) struct Text;

impl Report for Text {
    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{finding}\n")
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        for note in &summary.notes {
            writeln!(out, "note: {note}")?;
        }
        writeln!(out, "{}", line(summary))
    }
}

/// The summary in one line.
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
        line.push_str(&format!(", {} expected by {}", summary.expected, expected::FILE));
    }
    line
}
