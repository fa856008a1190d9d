//! Prints findings as GitHub workflow commands, which annotate the lines of a pull request.

use std::io::{self, Write};

use callrounded_document::{Location, Verdict, check::Finding, printable_char};

use super::{Paths, Report, Summary, hidden, message, text};

pub(super) struct Github {
    pub strict: bool,
    pub quiet: bool,
    pub paths: Paths,
}

impl Report for Github {
    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        let command = match finding.verdict {
            Verdict::Drift if !self.strict => "warning",
            _ => "error",
        };
        let Location { line, column } = finding.location;
        writeln!(
            out,
            "::{command} file={},line={line},col={column},title={}::{}",
            property(&self.paths.of(&finding.file)),
            property(&format!("{} [{}]", finding.keyword, finding.fingerprint)),
            data(&message(finding))
        )
    }

    fn unreadable(&mut self, name: &str, problem: &str, out: &mut dyn Write) -> io::Result<()> {
        let file = property(&self.paths.of(name));
        writeln!(
            out,
            "::error file={file},title=unreadable::{}",
            data(&format!("{name} {problem}"))
        )
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if let Some(hidden) = hidden(summary) {
            writeln!(out, "{hidden}")?;
        }
        if let Some(failure) = &summary.failure {
            writeln!(out, "::error::{}", data(failure))?;
        }
        if self.quiet {
            return Ok(());
        }
        for note in &summary.notes {
            writeln!(out, "::notice::{}", data(note))?;
        }
        writeln!(out, "{}", text::line(summary))
    }
}

/// Escapes the message of a workflow command.
pub fn data(text: &str) -> String {
    // The runner's log interprets escape sequences, and keys in payloads are untrusted.
    let printable = |c| if matches!(c, '\r' | '\n') { c } else { printable_char(c) };
    let text: String = text.chars().map(printable).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property of a workflow command.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
