//! The journal: which rows are done. A line per row is appended when its outcome is final. The first line
//! identifies the file, how it is read, and the service.
//!
//! Rows are completed nearly in order, so the done rows are kept in memory as a few ranges.

use std::{
    collections::BTreeMap,
    fs::File,
    hash::Hasher,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{exit::Failure, files};

/// The journal of a tag run, locked by this run.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Lines that are not written yet.
    lines: Vec<u8>,
    done: DoneRows,
    /// The number of done rows, including failed ones.
    recorded: u64,
    failed: u64,
    /// The number of recorded rows whose lines are not written yet.
    unwritten: u64,
}

/// The size in bytes at which buffered lines are written.
const BUFFER_SIZE: usize = 8 * 1_024;

/// A line of the journal.
#[derive(Deserialize, Serialize)]
struct Line {
    row: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The rows that are done, as ranges.
#[derive(Default)]
struct DoneRows {
    /// The first row of each range, with its last row.
    ranges: BTreeMap<u64, u64>,
}

impl Journal {
    /// Opens and locks the journal at `path`, with the rows that an earlier run recorded. Creates it if it does not
    /// exist.
    ///
    /// # Errors
    /// [`Failure::Usage`] if it belongs to other content of `rows`, another format or another service, or if another
    /// run has locked it.
    pub fn open(path: &Path, rows: &Path, format: &str, service: &str) -> Result<Self, Failure> {
        let failed = || Failure::file(path.display());
        let header = serde_json::json!({ "of": fingerprint(rows)?, "as": format, "at": service }).to_string() + "\n";
        let mut journal = Self {
            path: path.to_owned(),
            file: files::open_locked(path)?,
            lines: Vec::new(),
            done: DoneRows::default(),
            recorded: 0,
            failed: 0,
            unwritten: 0,
        };
        let mut reader = BufReader::new(journal.file.try_clone().map_err(failed())?);
        let mut line = Vec::new();
        let mut length = reader.read_until(b'\n', &mut line).map_err(failed())? as u64;
        if !line.ends_with(b"\n") {
            // The earlier run was interrupted before it recorded anything.
            length = 0;
        } else if line != header.as_bytes() {
            return Err(Failure::Usage(format!(
                "{} belongs to other content of {}, to another base URL or to other options; use the same, or delete \
                 the journal to start over",
                path.display(),
                rows.display()
            )));
        }
        while length > 0 {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(failed())?;
            // A run that was interrupted while it wrote leaves an incomplete line, which is not counted.
            let is_complete = line.ends_with(b"\n");
            let Some(Line { row, error }) = serde_json::from_slice(&line).ok().filter(|_| is_complete) else {
                break;
            };
            length += read as u64;
            journal.add(row, error.is_some());
        }
        journal.file.set_len(length).map_err(failed())?;
        if length == 0 {
            journal.file.write_all(header.as_bytes()).map_err(failed())?;
        }
        Ok(journal)
    }

    /// Checks whether a row is done.
    pub fn contains(&self, row: u64) -> bool {
        self.done.contains(row)
    }

    /// Returns the number of done rows, including failed ones.
    pub fn recorded(&self) -> u64 {
        self.recorded
    }

    /// Returns the number of done rows that are in the file, so that the next run skips them.
    pub fn written(&self) -> u64 {
        self.recorded - self.unwritten
    }

    /// Returns the number of failed rows.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Records that a row is done, or why it failed. Lines are buffered until [`write`](Self::write) or a full buffer.
    pub fn record(&mut self, row: u64, error: Option<String>) -> Result<(), Failure> {
        let failed = error.is_some();
        serde_json::to_writer(&mut self.lines, &Line { row, error })
            .map_err(|error| Failure::Usage(error.to_string()))?;
        self.lines.push(b'\n');
        self.unwritten += u64::from(self.add(row, failed));
        match self.lines.len() {
            ..BUFFER_SIZE => Ok(()),
            _ => self.write(),
        }
    }

    /// Writes the buffered lines. After an error they are not written again, since an incomplete line ends the journal.
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

    /// Adds a row and returns whether it is new.
    fn add(&mut self, row: u64, failed: bool) -> bool {
        let is_new = self.done.add(row);
        if is_new {
            self.recorded += 1;
            self.failed += u64::from(failed);
        }
        is_new
    }

    /// Reads the errors of failed rows from the file, by row number.
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

    /// Removes the file, after all rows are done.
    pub fn remove(self) -> Result<(), Failure> {
        files::remove_if_exists(&self.path).map_err(Failure::file(self.path.display()))
    }
}

/// Returns the length and a hash of a file, which identify its content.
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

impl DoneRows {
    fn contains(&self, row: u64) -> bool {
        self.ranges
            .range(..=row)
            .next_back()
            .is_some_and(|(_, last)| row <= *last)
    }

    /// Adds a row and returns whether it is new.
    fn add(&mut self, row: u64) -> bool {
        if self.contains(row) {
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
    use super::DoneRows;

    #[test]
    fn done_rows_added_in_any_order_merge_into_ranges() {
        let mut done = DoneRows::default();
        for row in [2, 1, 5, 4, 3, 9, 7, 8, 9] {
            let is_done = done.contains(row);
            assert_eq!(done.add(row), !is_done, "{row}");
        }
        assert_eq!(done.ranges.into_iter().collect::<Vec<_>>(), [(1, 5), (7, 9)]);
    }
}
