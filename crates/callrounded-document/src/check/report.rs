//! The findings of many payloads.

use std::fmt;

use super::{Check, Finding, Values};
use crate::{
    json::{Json, Unreadable},
    validate::Verdict,
};

/// Collects the findings of many payloads, in many files.
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
/// assert_eq!((finding.keyword.as_str(), finding.place.line), ("type", 2));
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
    /// An empty report. `values` says whether the values of payloads may be printed.
    #[must_use]
    pub fn new(values: Values) -> Self {
        Self {
            values,
            payloads: 0,
            findings: Vec::new(),
        }
    }

    /// Checks the JSON text of a file, which messages call `file`.
    pub fn payload(&mut self, check: &Check<'_>, file: &str, text: &str) {
        self.add(check, file, 1, Json::read(text));
    }

    /// Checks each line of a file that is not blank as a payload of its own (NDJSON).
    pub fn lines(&mut self, check: &Check<'_>, file: &str, text: &str) {
        for (index, line) in text.lines().enumerate() {
            if !line.trim_ascii().is_empty() {
                self.add(check, file, index + 1, Json::read(line));
            }
        }
    }

    fn add(&mut self, check: &Check<'_>, file: &str, line: usize, payload: Result<Json, Unreadable>) {
        self.payloads += 1;
        self.findings.extend(match payload {
            Ok(payload) => check.payload(file, line, &payload, self.values),
            Err(unreadable) => check.unreadable(file, line, &unreadable, self.values),
        });
    }

    /// How many payloads were checked.
    #[must_use]
    pub fn payloads(&self) -> u64 {
        self.payloads
    }

    /// Everything that was found, in the order in which the payloads were added.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing was found: no payload violates its schema or has what the document does not describe.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether no payload violates its schema. Drift is no violation: what the document does not describe, such as an unknown value of
    /// an enumeration.
    #[must_use]
    pub fn has_no_error(&self) -> bool {
        self.findings.iter().all(|one| one.verdict != Verdict::Error)
    }
}

/// The findings, and how many payloads were checked.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            write!(f, "{finding}\n\n")?;
        }
        let findings = self.findings.len();
        write!(f, "{} payloads, {findings} findings", self.payloads)
    }
}
