//! Validates payloads in files. They may contain personal data, so their values are never shown.

use std::path::Path;

use callrounded_document::{
    Document, Mismatch,
    check::{Check, Finding, Values},
    json::{Json, ParseError},
};

use super::{Failure, Options, Run, component_name, types::Types};
use crate::{
    expected::Expected,
    payloads::{self, ReadError},
    types::Sample,
};

/// The maximum number of payloads that are sent to the types at a time, and the maximum number of their bytes.
const BATCH_PAYLOADS: usize = 512;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn check(
    options: &Options,
    current_dir: &Path,
    document: &Document,
    check: &Check<'_>,
    expected: &mut Expected,
    types: &mut Types<'_>,
    run: &mut Run<'_>,
) -> Result<(), Failure> {
    let mut checker = Checker {
        document,
        check,
        component: component_name(document, check),
        expected,
        types,
        run,
        pending: Vec::new(),
        file: String::new(),
        payloads: 0,
        bytes: 0,
    };
    let report = options.output.as_ref().map(|path| current_dir.join(path));
    for input in options.inputs.expand(current_dir, report.as_deref()) {
        checker.pending.push(Pending::File(input.name().to_owned()));
        let mut callback = |line, json| checker.payload(line, json);
        let problem = match payloads::for_each(&input, &mut callback) {
            Ok(()) => continue,
            Err(ReadError::Callback(failure)) => return Err(failure),
            Err(ReadError::Empty) if options.inputs.allow_empty => continue,
            Err(ReadError::Empty) => "is empty".to_owned(),
            Err(ReadError::Unreadable(problem)) => problem,
        };
        checker.flush()?;
        checker.run.unreadable(input.name(), &problem)?;
    }
    checker.flush()
}

struct Checker<'a, 'o, 'r> {
    document: &'a Document,
    check: &'a Check<'a>,
    component: Option<String>,
    expected: &'a mut Expected,
    types: &'a mut Types<'r>,
    run: &'a mut Run<'o>,
    pending: Vec<Pending>,
    /// The file of the payload that was reported last.
    file: String,
    payloads: usize,
    bytes: usize,
}

/// What waits for a batch to be complete.
enum Pending {
    /// The file of the payloads that follow.
    File(String),
    Payload(Payload),
}

struct Payload {
    /// The line that the payload begins at.
    line: usize,
    json: Result<Json, ParseError>,
    is_clean: bool,
    /// Whether the payload is sent through its type. A payload that its schema rejects is not: it has findings already.
    is_typed: bool,
}

impl Checker<'_, '_, '_> {
    /// Validates a payload against the schema, and adds it to the batch.
    fn payload(&mut self, line: usize, json: Result<Json, ParseError>) -> Result<(), Failure> {
        let is_clean = json.as_ref().is_ok_and(|payload| self.check.is_clean(payload));
        let is_accepted = is_clean || json.as_ref().is_ok_and(|payload| self.check.accepts(payload));
        self.run.summary.payloads += 1;
        self.payloads += 1;
        self.bytes += json.as_ref().map_or(0, |payload| payload.text().len());
        self.pending.push(Pending::Payload(Payload {
            line,
            json,
            is_clean,
            is_typed: is_accepted && self.component.is_some(),
        }));
        if self.payloads >= BATCH_PAYLOADS || self.bytes >= BATCH_BYTES {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Sends the batch through the types, and reports its payloads.
    fn flush(&mut self) -> Result<(), Failure> {
        (self.payloads, self.bytes) = (0, 0);
        let pending = std::mem::take(&mut self.pending);
        let schema = self.component.as_deref().unwrap_or_default();
        let typed: Vec<Sample<'_>> = pending
            .iter()
            .filter_map(|one| match one {
                Pending::Payload(payload) if payload.is_typed => Some(Sample {
                    schema,
                    payload: payload.json.as_ref().ok()?,
                }),
                _ => None,
            })
            .collect();
        let of_types = self.types.round_trip(self.document, &typed);
        let mut of_types = of_types.into_iter();
        for one in pending {
            match one {
                Pending::File(name) => {
                    self.run.file(&name)?;
                    self.file = name;
                }
                Pending::Payload(payload) => {
                    let mismatches = if payload.is_typed { of_types.next() } else { None };
                    self.report(&payload, mismatches.unwrap_or_default())?;
                }
            }
        }
        Ok(())
    }

    /// Reports the findings in a payload.
    fn report(&mut self, payload: &Payload, of_types: Vec<Mismatch>) -> Result<(), Failure> {
        let (file, line) = (self.file.as_str(), payload.line);
        let mut findings: Vec<Finding> = Vec::new();
        match &payload.json {
            Ok(json) => {
                if !payload.is_clean {
                    findings.extend(self.check.payload(file, line, json, Values::Masked));
                }
                let of_types = of_types.into_iter();
                findings
                    .extend(of_types.map(|mismatch| self.check.finding(file, line, json, Values::Masked, mismatch)));
            }
            Err(error) => findings.extend(self.check.parse_error(file, line, error, Values::Masked)),
        }
        for mut finding in findings {
            if self.expected.covers(&finding.fingerprint, true) {
                self.run.summary.expected += 1;
                continue;
            }
            finding.remedy.push_str(&self.expected.entry_for(&finding, true));
            self.run.finding(&finding)?;
        }
        Ok(())
    }
}
