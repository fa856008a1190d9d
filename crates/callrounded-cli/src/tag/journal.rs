//! Which rows are done. One line for each, added when the service has answered; the first line says of which file.
//!
//! Rows end nearly in their order, so what is kept in memory is how far all are done, and the few beyond that.

use std::{
    collections::BTreeMap,
    fs::File,
    hash::Hasher,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{exit::Failure, files};

pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Lines that are still to be written.
    lines: Vec<u8>,
    done: Done,
    noted: u64,
    failed: u64,
    /// How many of the noted rows are among those lines.
    unwritten: u64,
}

/// More lines than this are not kept.
const MOST_KEPT: usize = 8 * 1_024;

/// A line of the journal.
#[derive(Deserialize, Serialize)]
struct Line {
    row: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The rows that are done: ranges, which are few.
#[derive(Default)]
struct Done {
    /// The first and the last row of each.
    ranges: BTreeMap<u64, u64>,
}

impl Journal {
    /// The journal of a file, the way it is read and a service, with what an earlier run noted. No other run can have it meanwhile.
    pub fn open(path: &Path, rows: &Path, manner: &str, service: &str) -> Result<Self, Failure> {
        let failed = || Failure::file(path.display());
        let wanted = serde_json::json!({ "of": fingerprint(rows)?, "as": manner, "at": service }).to_string() + "\n";
        let mut journal = Self {
            path: path.to_owned(),
            file: files::own(path)?,
            lines: Vec::new(),
            done: Done::default(),
            noted: 0,
            failed: 0,
            unwritten: 0,
        };
        let mut reader = BufReader::new(journal.file.try_clone().map_err(failed())?);
        let mut line = Vec::new();
        let mut length = reader.read_until(b'\n', &mut line).map_err(failed())? as u64;
        if !line.ends_with(b"\n") {
            // A run that was ended before it noted anything.
            length = 0;
        } else if line != wanted.as_bytes() {
            return Err(Failure::Usage(format!(
                "{} belongs to another state of {}, or to another service or way to read the file; finish with that one, or \
                 remove the journal to begin anew",
                path.display(),
                rows.display()
            )));
        }
        while length > 0 {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(failed())?;
            // The last line of a run that was ended while it wrote is none.
            let whole = line.ends_with(b"\n");
            let Some(Line { row, error }) = serde_json::from_slice(&line).ok().filter(|_| whole) else {
                break;
            };
            length += read as u64;
            journal.count(row, error.is_some());
        }
        journal.file.set_len(length).map_err(failed())?;
        if length == 0 {
            journal.file.write_all(wanted.as_bytes()).map_err(failed())?;
        }
        Ok(journal)
    }

    pub fn has(&self, row: u64) -> bool {
        self.done.has(row)
    }

    /// How many rows are done, the failed ones among them.
    pub fn noted(&self) -> u64 {
        self.noted
    }

    /// Those of them that another run would pass over.
    pub fn written(&self) -> u64 {
        self.noted - self.unwritten
    }

    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Notes a row that is done, or why it failed, for [`write`](Self::write).
    pub fn note(&mut self, row: u64, error: Option<String>) -> Result<(), Failure> {
        let failed = error.is_some();
        serde_json::to_writer(&mut self.lines, &Line { row, error })
            .map_err(|error| Failure::Usage(error.to_string()))?;
        self.lines.push(b'\n');
        self.unwritten += u64::from(self.count(row, failed));
        match self.lines.len() {
            ..MOST_KEPT => Ok(()),
            _ => self.write(),
        }
    }

    /// Writes what is noted. What can't be written is not tried again: a line that is half there ends the journal.
    pub fn write(&mut self) -> Result<(), Failure> {
        let lines = std::mem::take(&mut self.lines);
        if lines.is_empty() {
            return Ok(());
        }
        self.file
            .write_all(&lines)
            .map_err(Failure::file(self.path.display()))?;
        self.unwritten = 0;
        Ok(())
    }

    /// Whether it was not there before.
    fn count(&mut self, row: u64, failed: bool) -> bool {
        let is_new = self.done.add(row);
        if is_new {
            self.noted += 1;
            self.failed += u64::from(failed);
        }
        is_new
    }

    /// Why rows failed, by their numbers.
    pub fn failures(&self) -> Result<BTreeMap<u64, String>, Failure> {
        let file = File::open(&self.path).map_err(Failure::file(self.path.display()))?;
        let mut failures = BTreeMap::new();
        for line in BufReader::new(file).lines().skip(1) {
            let line = line.map_err(Failure::file(self.path.display()))?;
            if let Ok(Line {
                row,
                error: Some(error),
            }) = serde_json::from_str(&line)
            {
                failures.insert(row, error);
            }
        }
        Ok(failures)
    }

    /// All is done, so there is nothing to go on with.
    pub fn remove(self) -> Result<(), Failure> {
        files::remove(&self.path).map_err(Failure::file(self.path.display()))
    }
}

/// What tells one state of a file from another.
fn fingerprint(path: &Path) -> Result<String, Failure> {
    let mut file = File::open(path).map_err(Failure::file(path.display()))?;
    let mut hasher = fnv::FnvHasher::default();
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0_u64;
    loop {
        let read = file.read(&mut buffer).map_err(Failure::file(path.display()))?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            return Ok(format!("{length} {:016x}", hasher.finish()));
        };
        hasher.write(part);
        length += part.len() as u64;
    }
}

impl Done {
    fn has(&self, row: u64) -> bool {
        self.ranges
            .range(..=row)
            .next_back()
            .is_some_and(|(_, last)| row <= *last)
    }

    /// Whether it was not there before.
    fn add(&mut self, row: u64) -> bool {
        if self.has(row) {
            return false;
        }
        let before = self
            .ranges
            .range(..row)
            .next_back()
            .map(|(first, last)| (*first, *last));
        let first = match before {
            Some((first, last)) if last + 1 == row => first,
            _ => row,
        };
        let last = self.ranges.remove(&(row + 1)).unwrap_or(row);
        self.ranges.insert(first, last);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Done;

    #[test]
    fn rows_in_any_order_are_few_ranges() {
        let mut done = Done::default();
        for row in [2, 1, 5, 4, 3, 9, 7, 8, 9] {
            let was_there = done.has(row);
            assert_eq!(done.add(row), !was_there, "{row}");
        }
        assert_eq!(done.ranges.into_iter().collect::<Vec<_>>(), [(1, 5), (7, 9)]);
    }
}
