//! Workflow commands of GitHub, which shows them beside the lines of a pull request.

use std::io::{self, Write};

use callrounded_document::{Place, Verdict, check::Finding, visible};

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
        let Place { line, column } = finding.place;
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

/// A message as GitHub's runner reads it back.
pub fn data(text: &str) -> String {
    // The runner shows colours in its log, and names that come with a payload are anybody's.
    let one = |c| if matches!(c, '\r' | '\n') { c } else { visible(c) };
    let text: String = text.chars().map(one).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property as GitHub's runner reads it back.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
