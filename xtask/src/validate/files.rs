//! Payloads that the user gives, in files. What they hold may be personal data and is shown nowhere.

use std::{io, path::Path};

use callrounded_document::{
    Deviation, Document,
    check::{Check, Finding, Values},
    json::{Json, Unreadable},
};

use super::{Options, Run, Unable, component, types::Types};
use crate::{Folders, expected::Expected, payloads};

/// So many payloads, or bytes of them, wait at most for the types.
const BATCH: usize = 512;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn check(
    options: &Options,
    folders: Folders<'_>,
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
        bytes: 0,
    };
    let mut unread = Vec::new();
    for path in &options.payloads {
        let name = path.display().to_string();
        checker.run.file(&name)?;
        match checker.file(&name, &folders.here.join(path)) {
            Ok(()) => {}
            Err(Stop::Read(error)) => unread.push(format!("{name} can't be read: {error}")),
            Err(Stop::Unable(unable)) => return Err(unable),
        }
        checker.flush()?;
    }
    match unread.is_empty() {
        true => Ok(()),
        false => Err(Unable::Said(unread.join("\nerror: "))),
    }
}

enum Stop {
    Read(io::Error),
    Unable(Unable),
}

impl From<Unable> for Stop {
    fn from(unable: Unable) -> Self {
        Self::Unable(unable)
    }
}

struct Checker<'a, 'o, 'r> {
    document: &'a Document,
    check: &'a Check<'a>,
    component: Option<String>,
    expected: &'a mut Expected,
    types: &'a mut Types<'r>,
    run: &'a mut Run<'o>,
    waiting: Vec<Waiting>,
    bytes: usize,
}

/// A payload and where it begins.
struct Waiting {
    file: String,
    line: usize,
    payload: Result<Json, Unreadable>,
}

impl Checker<'_, '_, '_> {
    fn file(&mut self, name: &str, path: &Path) -> Result<(), Stop> {
        let mut take = |line, payload| self.payload(name, line, payload);
        let taken = payloads::each(path, &mut take).map_err(Stop::Read)?;
        Ok(taken?)
    }

    fn payload(&mut self, file: &str, line: usize, payload: Result<Json, Unreadable>) -> Result<(), Unable> {
        self.run.summary.payloads += 1;
        self.bytes += payload.as_ref().map_or(0, |payload| payload.text().len());
        self.waiting.push(Waiting {
            file: file.to_owned(),
            line,
            payload,
        });
        match self.waiting.len() >= BATCH || self.bytes >= BATCH_BYTES {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<(), Unable> {
        self.bytes = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let check = self.check;
        let accepted = |one: &&Waiting| one.payload.as_ref().is_ok_and(|payload| check.accepts(payload));
        let component = self.component.clone();
        let typed: Vec<(String, &Json)> = waiting
            .iter()
            .filter(accepted)
            .filter_map(|one| Some((component.clone()?, one.payload.as_ref().ok()?)))
            .collect();
        let mut of_types = self.types.through(self.document, &typed)?.into_iter();
        for one in &waiting {
            let is_typed = component.is_some() && accepted(&one);
            let deviations = if is_typed { of_types.next() } else { None };
            self.say(one, deviations.unwrap_or_default())?;
        }
        Ok(())
    }

    fn say(&mut self, one: &Waiting, of_types: Vec<Deviation>) -> Result<(), Unable> {
        let (file, line) = (one.file.as_str(), one.line);
        let mut found: Vec<Finding> = Vec::new();
        match &one.payload {
            Ok(payload) => {
                if !self.check.is_clean(payload) {
                    found.extend(self.check.payload(file, line, payload, Values::Masked));
                }
                let of_types = of_types.into_iter();
                found.extend(of_types.map(|one| self.check.other(file, line, payload, Values::Masked, one)));
            }
            Err(unreadable) => found.extend(self.check.unreadable(file, line, unreadable, Values::Masked)),
        }
        for mut finding in found {
            if self.expected.covers(&finding, true) {
                self.run.summary.expected += 1;
                continue;
            }
            finding.remedy.push_str(&self.expected.entry_for(&finding, true));
            self.run.finding(&finding)?;
        }
        Ok(())
    }
}
