//! A report: the findings in many payloads.

use std::fmt;

use super::{Check, Finding, Values};
use crate::{
    json::{Json, ParseError},
    validate::Verdict,
};

/// A report of the findings in many payloads, in one or more files.
///
/// Its `Display` output is all findings, followed by the numbers of payloads and findings.
///
/// ```
/// use callrounded_document::{Document, check::{Report, Values}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let document = Document::parse("pets.yaml", r"
/// openapi: 3.0.3
/// info: {title: Pets, version: '1'}
/// paths: {}
/// components:
///   schemas:
///     Pet:
///       type: object
///       required: [name]
///       properties:
///         name: {type: string}
/// ")?;
/// document.lint()?;
/// let pets = document.check(document.schema("Pet")?)?;
///
/// let mut report = Report::new(Values::Shown);
/// report.payload(&pets, "rex.json", r#"{"name": "Rex"}"#);
/// report.lines(&pets, "pets.ndjson", "{\"name\": \"Tom\"}\n{\"name\": 7}\n");
///
/// assert_eq!(report.payloads(), 3);
/// let [finding] = report.findings() else { panic!("{report}") };
/// assert_eq!((finding.keyword.as_str(), finding.location.line), ("type", 2));
/// assert!(!report.is_clean());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    values: Values,
    payloads: u64,
    findings: Vec<Finding>,
}

impl Report {
    /// Creates an empty report. `values` specifies whether findings show the values of payloads.
    #[must_use]
    pub fn new(values: Values) -> Self {
        Self {
            values,
            payloads: 0,
            findings: Vec::new(),
        }
    }

    /// Checks a JSON file with one payload and adds its findings. `file` is the file name, and `text` is the content.
    pub fn payload(&mut self, check: &Check<'_>, file: &str, text: &str) {
        self.add(check, file, 1, Json::read(text));
    }

    /// Checks an NDJSON file, in which each line is a payload, and adds its findings. Blank lines are ignored.
    pub fn lines(&mut self, check: &Check<'_>, file: &str, text: &str) {
        for (index, line) in text.lines().enumerate() {
            if !line.trim_ascii().is_empty() {
                self.add(check, file, index + 1, Json::read(line));
            }
        }
    }

    fn add(&mut self, check: &Check<'_>, file: &str, line: usize, payload: Result<Json, ParseError>) {
        self.payloads += 1;
        self.findings.extend(match payload {
            Ok(payload) => check.payload(file, line, &payload, self.values),
            Err(error) => check.parse_error(file, line, &error, self.values),
        });
    }

    /// Returns the number of payloads that were checked.
    #[must_use]
    pub fn payloads(&self) -> u64 {
        self.payloads
    }

    /// Returns all findings, in the order in which the payloads were added.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Checks whether there are no findings: neither errors nor drift.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Checks whether no payload violates its schema. There may be drift: something that the document does not
    /// describe, such as an unknown value of an enumeration.
    #[must_use]
    pub fn has_no_error(&self) -> bool {
        self.findings.iter().all(|one| one.verdict != Verdict::Error)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            write!(f, "{finding}\n\n")?;
        }
        let findings = self.findings.len();
        write!(f, "{} payloads, {findings} findings", self.payloads)
    }
}
