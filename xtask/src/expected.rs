//! `openapi/expected-failures.txt`: findings that are known, each with its reason. An entry that finds nothing any more
//! is itself a finding.

use std::{fs, io, path::Path};

use callrounded_document::{Diagnostic, Diagnostics, Place};

/// Below the workspace.
pub(crate) const FILE: &str = "openapi/expected-failures.txt";

pub(crate) struct Expected {
    entries: Vec<Entry>,
}

struct Entry {
    line: usize,
    text: String,
    file: String,
    pointer: String,
    keyword: String,
    fired: bool,
}

impl Expected {
    /// Reads the list; a missing file is an empty one.
    pub fn read(root: &Path) -> Result<Self, Diagnostics> {
        let text = match fs::read_to_string(root.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(at(1, "", format!("the list can't be read: {error}"), "make it readable").into()),
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
                    index + 1,
                    text,
                    "this is no entry of the list".to_owned(),
                    "write: FILE #POINTER KEYWORD # REASON",
                )),
            }
        }
        Diagnostics::none_or(wrong).map(|()| Self { entries })
    }

    /// Whether this finding is on the list.
    pub fn covers(&mut self, file: &str, pointer: &str, keyword: &str) -> bool {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.file == file && entry.pointer == pointer && entry.keyword == keyword);
        match entry {
            Some(entry) => {
                entry.fired = true;
                true
            }
            None => false,
        }
    }

    /// How many entries found something.
    pub fn fired(&self) -> usize {
        self.entries.iter().filter(|entry| entry.fired).count()
    }

    /// The entries that found nothing.
    pub fn idle(&self) -> impl Iterator<Item = Diagnostic> {
        self.entries.iter().filter(|entry| !entry.fired).map(|entry| {
            at(
                entry.line,
                &entry.text,
                "this entry finds nothing any more".to_owned(),
                "remove it",
            )
        })
    }
}

/// `FILE #POINTER KEYWORD # REASON`
fn entry(line: usize, text: &str) -> Option<Entry> {
    let mut fields = text.split_whitespace();
    let (file, pointer, keyword) = (fields.next()?, fields.next()?.strip_prefix('#')?, fields.next()?);
    if fields.next()? != "#" {
        return None;
    }
    // The reason.
    fields.next()?;
    Some(Entry {
        line,
        text: text.to_owned(),
        file: file.to_owned(),
        pointer: pointer.to_owned(),
        keyword: keyword.to_owned(),
        fired: false,
    })
}

fn at(line: usize, text: &str, problem: String, remedy: &str) -> Diagnostic {
    Diagnostic {
        file: FILE.to_owned(),
        place: Place { line, column: 1 },
        pointer: String::new(),
        excerpt: text.to_owned(),
        problem,
        remedy: remedy.to_owned(),
    }
}
