//! Prints findings as JUnit XML, as read by Jenkins and others: a test case per file, and a failure per error in it.
//! The counts come first, so the test cases are buffered in a temporary file.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
};

use callrounded_document::{Verdict, check::Finding};
use quick_xml::escape::escape;

use super::{Report, Summary, text};

pub(super) struct Junit {
    strict: bool,
    cases: io::BufWriter<File>,
    /// The file of the open test case.
    open: Option<String>,
    /// Whether the open test case has a failure.
    has_failed: bool,
    count: u64,
    failures: u64,
    errors: u64,
}

impl Junit {
    pub fn new(strict: bool) -> io::Result<Self> {
        Ok(Self {
            strict,
            cases: io::BufWriter::new(tempfile::tempfile()?),
            open: None,
            has_failed: false,
            count: 0,
            failures: 0,
            errors: 0,
        })
    }

    fn begin(&mut self, name: &str) -> io::Result<()> {
        if self.open.as_deref() == Some(name) {
            return Ok(());
        }
        self.close()?;
        self.count += 1;
        self.open = Some(name.to_owned());
        self.has_failed = false;
        writeln!(self.cases, "  <testcase classname=\"validate\" name=\"{}\">", xml(name))
    }

    fn fail(&mut self) {
        self.has_failed = true;
        self.failures += 1;
    }

    fn close(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(_) => writeln!(self.cases, "  </testcase>"),
            None => Ok(()),
        }
    }
}

impl Report for Junit {
    fn file(&mut self, name: &str, _out: &mut dyn Write) -> io::Result<()> {
        self.begin(name)
    }

    fn finding(&mut self, finding: &Finding, _out: &mut dyn Write) -> io::Result<()> {
        self.begin(&finding.file)?;
        let text = xml(&finding.to_string());
        if finding.verdict == Verdict::Drift && !self.strict {
            return writeln!(self.cases, "    <system-out>{text}</system-out>");
        }
        self.fail();
        writeln!(
            self.cases,
            "    <failure type=\"{}\" message=\"{}\">{text}</failure>",
            xml(&finding.keyword),
            xml(&finding.problem)
        )
    }

    fn hidden(&mut self, finding: &Finding, _out: &mut dyn Write) -> io::Result<()> {
        self.begin(&finding.file)?;
        // One failure marks the test case as failed.
        if self.has_failed || finding.verdict == Verdict::Drift && !self.strict {
            return Ok(());
        }
        self.fail();
        writeln!(
            self.cases,
            "    <failure message=\"findings are hidden by --max-findings\"/>"
        )
    }

    fn unreadable(&mut self, name: &str, problem: &str, _out: &mut dyn Write) -> io::Result<()> {
        self.begin(name)?;
        self.errors += 1;
        writeln!(
            self.cases,
            "    <error message=\"{}\"/>",
            xml(&format!("{name} {problem}"))
        )
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if let Some(failure) = &summary.failure {
            self.begin("the command validate")?;
            self.errors += 1;
            writeln!(self.cases, "    <error message=\"{}\"/>", xml(failure))?;
        }
        self.close()?;
        let errors = self.errors;
        writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\
             <testsuite name=\"validate\" tests=\"{}\" failures=\"{}\" errors=\"{errors}\">",
            self.count, self.failures
        )?;
        self.cases.flush()?;
        let cases = self.cases.get_mut();
        cases.rewind()?;
        io::copy(&mut Read::by_ref(cases), out)?;
        let mut lines = summary.notes.clone();
        lines.extend(
            summary
                .unreadable
                .iter()
                .map(|(file, problem)| format!("{file} {problem}")),
        );
        lines.extend(summary.failure.clone());
        lines.push(text::line(summary));
        writeln!(
            out,
            "  <system-out>{}</system-out>\n</testsuite>\n</testsuites>",
            xml(&lines.join("\n"))
        )
    }
}

/// Escapes a text for XML, and replaces characters that XML does not allow.
pub(crate) fn xml(text: &str) -> String {
    let allowed: String = text
        .chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => c,
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
            c => c,
        })
        .collect();
    escape(allowed).into_owned()
}
