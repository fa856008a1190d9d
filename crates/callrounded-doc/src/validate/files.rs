//! Payloads that the user gives, in files. What they hold may be personal data and is shown nowhere.

use std::path::Path;

use callrounded_document::{
    Deviation, Document,
    check::{Check, Finding, Values},
    json::{Json, Unreadable},
};

use super::{Options, Run, Unable, component, types::Types};
use crate::{
    expected::Expected,
    payloads::{self, Unusable},
    types::Sample,
};

/// So many payloads, or bytes of them, wait at most for the types.
const BATCH: usize = 512;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn check(
    options: &Options,
    here: &Path,
    document: &Document,
    check: &Check<'_>,
    expected: &mut Expected,
    types: &mut Types<'_>,
    run: &mut Run<'_>,
) -> Result<(), Unable> {
    let mut checker = Checker {
        document,
        check,
        component: component(document, check),
        expected,
        types,
        run,
        waiting: Vec::new(),
        file: String::new(),
        payloads: 0,
        bytes: 0,
    };
    let report = options.output.as_ref().map(|path| here.join(path));
    for input in options.inputs.expand(here, report.as_deref()) {
        checker.waiting.push(Waiting::File(input.name().to_owned()));
        let mut take = |line, read| checker.payload(line, read);
        let problem = match payloads::each(&input, &mut take) {
            Ok(()) => continue,
            Err(Unusable::Stopped(unable)) => return Err(unable),
            Err(Unusable::Empty) if options.inputs.allow_empty => continue,
            Err(Unusable::Empty) => "is empty".to_owned(),
            Err(Unusable::Unreadable(problem)) => problem,
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
    waiting: Vec<Waiting>,
    /// The file of the payload that was said last.
    file: String,
    payloads: usize,
    bytes: usize,
}

enum Waiting {
    /// What follows is of this file.
    File(String),
    Payload(Payload),
}

struct Payload {
    /// Where it begins.
    line: usize,
    read: Result<Json, Unreadable>,
    is_clean: bool,
    /// Whether its type has something to say of it: of what the schema refuses, the schema has said it.
    is_typed: bool,
}

impl Checker<'_, '_, '_> {
    fn payload(&mut self, line: usize, read: Result<Json, Unreadable>) -> Result<(), Unable> {
        let is_clean = read.as_ref().is_ok_and(|payload| self.check.is_clean(payload));
        let is_accepted = is_clean || read.as_ref().is_ok_and(|payload| self.check.accepts(payload));
        self.run.summary.payloads += 1;
        self.payloads += 1;
        self.bytes += read.as_ref().map_or(0, |payload| payload.text().len());
        self.waiting.push(Waiting::Payload(Payload {
            line,
            read,
            is_clean,
            is_typed: is_accepted && self.component.is_some(),
        }));
        match self.payloads >= BATCH || self.bytes >= BATCH_BYTES {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<(), Unable> {
        (self.payloads, self.bytes) = (0, 0);
        let waiting = std::mem::take(&mut self.waiting);
        let schema = self.component.as_deref().unwrap_or_default();
        let typed: Vec<Sample<'_>> = waiting
            .iter()
            .filter_map(|one| match one {
                Waiting::Payload(payload) if payload.is_typed => Some(Sample {
                    schema,
                    payload: payload.read.as_ref().ok()?,
                }),
                _ => None,
            })
            .collect();
        let of_types = self.types.round_trip(self.document, &typed);
        let mut of_types = of_types.into_iter();
        for one in waiting {
            match one {
                Waiting::File(name) => {
                    self.run.file(&name)?;
                    self.file = name;
                }
                Waiting::Payload(payload) => {
                    let deviations = if payload.is_typed { of_types.next() } else { None };
                    self.say(&payload, deviations.unwrap_or_default())?;
                }
            }
        }
        Ok(())
    }

    fn say(&mut self, one: &Payload, of_types: Vec<Deviation>) -> Result<(), Unable> {
        let (file, line) = (self.file.as_str(), one.line);
        let mut found: Vec<Finding> = Vec::new();
        match &one.read {
            Ok(payload) => {
                if !one.is_clean {
                    found.extend(self.check.payload(file, line, payload, Values::Masked));
                }
                let of_types = of_types.into_iter();
                found.extend(of_types.map(|one| self.check.other(file, line, payload, Values::Masked, one)));
            }
            Err(unreadable) => found.extend(self.check.unreadable(file, line, unreadable, Values::Masked)),
        }
        for mut finding in found {
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
