//! JUnit's XML, as Jenkins and others read it: a test case for each file, a failure for each error in it. The counts
//! stand at the beginning, so the test cases wait in a temporary file.

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
    /// Whether it has a failure.
    failed: bool,
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
            failed: false,
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
        self.failed = false;
        writeln!(self.cases, "  <testcase classname=\"validate\" name=\"{}\">", xml(name))
    }

    fn fail(&mut self) {
        self.failed = true;
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
        // A case that fails says so, once.
        if self.failed || finding.verdict == Verdict::Drift && !self.strict {
            return Ok(());
        }
        self.fail();
        writeln!(
            self.cases,
            "    <failure message=\"its findings are beyond --max-findings\"/>"
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
            self.begin("the run as a whole")?;
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
        let mut said = summary.notes.clone();
        said.extend(
            summary
                .unreadable
                .iter()
                .map(|(file, problem)| format!("{file} {problem}")),
        );
        said.extend(summary.failure.clone());
        said.push(text::line(summary));
        writeln!(
            out,
            "  <system-out>{}</system-out>\n</testsuite>\n</testsuites>",
            xml(&said.join("\n"))
        )
    }
}

/// A text without what XML has no place for.
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
