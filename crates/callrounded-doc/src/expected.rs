//! `expected-failures.txt` beside the document, and the list of accepted changes: findings that are known, each with its reason.
//! An entry that finds nothing any more is itself a finding.

use std::{fs, io, path::Path};

use callrounded_document::{Diagnostic, Diagnostics, Excerpt, Place, check::Finding};

/// The name of the list, beside the document.
pub(crate) const FILE: &str = "expected-failures.txt";

pub(crate) struct Expected {
    file: String,
    entries: Vec<Entry>,
}

struct Entry {
    line: usize,
    text: String,
    fingerprint: String,
    /// Whether it is about recorded payloads, and not about the examples of the document.
    of_payloads: bool,
    fired: bool,
}

impl Expected {
    /// Reads the list at `path`, which messages call `file`; a missing file is an empty one.
    pub fn read(path: &Path, file: &str) -> Result<Self, Diagnostics> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                let problem = format!("the list can't be read: {error}");
                return Err(at(file, 1, "", problem, "make it readable").into());
            }
        };
        let mut entries = Vec::new();
        let mut wrong = Vec::new();
        for (index, text) in text.lines().enumerate() {
            if text.trim().is_empty() || text.trim_start().starts_with('#') {
                continue;
            }
            match entry(index + 1, text) {
                Some(entry) => entries.push(entry),
                None => wrong.push(at(
                    file,
                    index + 1,
                    text,
                    "this is no entry of the list".to_owned(),
                    "write: FINGERPRINT # REASON, or: payload FINGERPRINT # REASON",
                )),
            }
        }
        Diagnostics::none_or(wrong).map(|()| Self {
            file: file.to_owned(),
            entries,
        })
    }

    /// Whether this finding is on the list, among those of payloads or of examples.
    pub fn covers(&mut self, fingerprint: &str, of_payloads: bool) -> bool {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.fingerprint == fingerprint && entry.of_payloads == of_payloads);
        match entry {
            Some(entry) => {
                entry.fired = true;
                true
            }
            None => false,
        }
    }

    /// The end of a remedy: the entry that would silence the finding.
    pub fn entry_for(&self, finding: &Finding, of_payloads: bool) -> String {
        let kind = if of_payloads { "payload " } else { "" };
        format!(
            "\nwhat has to stay goes into {} as: {kind}{} # REASON",
            self.file, finding.fingerprint
        )
    }

    /// The entries about examples that found nothing. What recorded payloads hold depends on which are looked at.
    pub fn idle(&self) -> impl Iterator<Item = Diagnostic> {
        let idle = self.entries.iter().filter(|entry| !entry.fired && !entry.of_payloads);
        idle.map(|entry| {
            at(
                &self.file,
                entry.line,
                &entry.text,
                "this entry finds nothing any more".to_owned(),
                "remove it",
            )
        })
    }

    /// The entries about recorded payloads, where there are none.
    #[cfg(feature = "changes")]
    pub fn of_payloads(&self) -> impl Iterator<Item = Diagnostic> {
        let of_payloads = self.entries.iter().filter(|entry| entry.of_payloads);
        of_payloads.map(|entry| {
            at(
                &self.file,
                entry.line,
                &entry.text,
                "this entry is about a payload, and here are none".to_owned(),
                "write: FINGERPRINT # REASON",
            )
        })
    }
}

/// `[payload] FINGERPRINT # REASON`
fn entry(line: usize, text: &str) -> Option<Entry> {
    let (key, reason) = text.split_once('#')?;
    let mut fields = key.split_whitespace();
    let (mut fingerprint, mut of_payloads) = (fields.next()?, false);
    if fingerprint == "payload" {
        (fingerprint, of_payloads) = (fields.next()?, true);
    }
    let is_fingerprint = fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
    if fields.next().is_some() || reason.trim().is_empty() || !is_fingerprint {
        return None;
    }
    Some(Entry {
        line,
        text: text.to_owned(),
        fingerprint: fingerprint.to_ascii_lowercase(),
        of_payloads,
        fired: false,
    })
}

fn at(file: &str, line: usize, text: &str, problem: String, remedy: &str) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        place: Place { line, column: 1 },
        pointer: String::new(),
        excerpt: Excerpt::at(text, 1),
        problem,
        remedy: remedy.to_owned(),
    }
}
