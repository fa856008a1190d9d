//! Lists of known findings, each with a reason: `expected-failures.txt` next to the document, and the list of accepted
//! changes. An entry that matches no finding is itself a finding.

use std::{fs, io, path::Path};

use callrounded_document::{Diagnostic, Diagnostics, Excerpt, Location, check::Finding};

/// The file name of the list, which is in the document's directory.
pub(crate) const FILE_NAME: &str = "expected-failures.txt";

/// A list of known findings.
pub(crate) struct Expected {
    file: String,
    entries: Vec<Entry>,
}

struct Entry {
    line: usize,
    text: String,
    fingerprint: String,
    /// Whether the entry applies to recorded payloads, not to the examples of the document.
    for_payloads: bool,
    is_used: bool,
}

impl Expected {
    /// Reads the list at `path`, which has the name `file` in messages. A missing file is an empty list.
    pub fn read(path: &Path, file: &str) -> Result<Self, Diagnostics> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                let problem = format!("the list cannot be read: {error}");
                return Err(diagnostic(file, 1, "", problem, "make the file readable").into());
            }
        };
        let mut entries = Vec::new();
        let mut errors = Vec::new();
        for (index, text) in text.lines().enumerate() {
            if text.trim().is_empty() || text.trim_start().starts_with('#') {
                continue;
            }
            match parse_entry(index + 1, text) {
                Some(entry) => entries.push(entry),
                None => errors.push(diagnostic(
                    file,
                    index + 1,
                    text,
                    "invalid entry: expected a fingerprint of 16 hexadecimal digits and a reason".to_owned(),
                    "write `FINGERPRINT # REASON` or `payload FINGERPRINT # REASON`",
                )),
            }
        }
        Diagnostics::ok_if_empty(errors).map(|()| Self {
            file: file.to_owned(),
            entries,
        })
    }

    /// Checks whether a finding is on the list, among the entries for payloads or those for examples, and marks its
    /// entry as used.
    pub fn covers(&mut self, fingerprint: &str, for_payloads: bool) -> bool {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.fingerprint == fingerprint && entry.for_payloads == for_payloads);
        match entry {
            Some(entry) => {
                entry.is_used = true;
                true
            }
            None => false,
        }
    }

    /// Returns the last line of a remedy: the entry that accepts the finding.
    pub fn entry_for(&self, finding: &Finding, for_payloads: bool) -> String {
        let kind = if for_payloads { "payload " } else { "" };
        format!(
            "\nto accept it, add it to {} as: {kind}{} # REASON",
            self.file, finding.fingerprint
        )
    }

    /// Reports the entries for examples that matched no finding. Entries for payloads are not reported: each run
    /// validates other payloads.
    pub fn unused(&self) -> impl Iterator<Item = Diagnostic> {
        let unused = self
            .entries
            .iter()
            .filter(|entry| !entry.is_used && !entry.for_payloads);
        unused.map(|entry| {
            diagnostic(
                &self.file,
                entry.line,
                &entry.text,
                "unused entry: no finding has this fingerprint".to_owned(),
                "remove the entry",
            )
        })
    }

    /// Reports the entries for payloads, for a command that has no payloads.
    #[cfg(feature = "changes")]
    pub fn payload_entries(&self) -> impl Iterator<Item = Diagnostic> {
        let for_payloads = self.entries.iter().filter(|entry| entry.for_payloads);
        for_payloads.map(|entry| {
            diagnostic(
                &self.file,
                entry.line,
                &entry.text,
                "invalid entry: `payload` is allowed only in the list of `validate`".to_owned(),
                "write `FINGERPRINT # REASON`",
            )
        })
    }
}

/// Parses `[payload] FINGERPRINT # REASON`.
fn parse_entry(line: usize, text: &str) -> Option<Entry> {
    let (key, reason) = text.split_once('#')?;
    let mut fields = key.split_whitespace();
    let (mut fingerprint, mut for_payloads) = (fields.next()?, false);
    if fingerprint == "payload" {
        (fingerprint, for_payloads) = (fields.next()?, true);
    }
    let is_fingerprint = fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
    if fields.next().is_some() || reason.trim().is_empty() || !is_fingerprint {
        return None;
    }
    Some(Entry {
        line,
        text: text.to_owned(),
        fingerprint: fingerprint.to_ascii_lowercase(),
        for_payloads,
        is_used: false,
    })
}

fn diagnostic(file: &str, line: usize, text: &str, problem: String, remedy: &str) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        location: Location { line, column: 1 },
        pointer: String::new(),
        excerpt: Excerpt::at(text, 1),
        problem,
        remedy: remedy.to_owned(),
    }
}
