//! The rows of a file, one at a time: which call, and what to merge into its metadata.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{exit::Failure, files};

#[derive(Deserialize)]
pub(super) struct Row {
    pub id: String,
    pub metadata: Map<String, Value>,
}

/// The rows with their numbers, counted from 1: of NDJSON the numbers of their lines. A row that can't be read is one with
/// what is wrong with it; a file that can't be read is a failure.
pub(super) enum Rows {
    Ndjson {
        lines: BufReader<File>,
        row: u64,
    },
    Csv {
        records: csv::StringRecordsIntoIter<File>,
        names: csv::StringRecord,
        row: u64,
    },
}

impl Rows {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let at = || path.display().to_string();
        let file = File::open(path).map_err(Failure::file(at()))?;
        // It is read more than once.
        if !file.metadata().map_err(Failure::file(at()))?.is_file() {
            return Err(Failure::Usage(format!("{} is no file that can be read again", at())));
        }
        match files::ending(path).as_deref() {
            Some("csv") => {
                let mut reader = csv::ReaderBuilder::new().from_reader(file);
                let names = reader
                    .headers()
                    .map_err(|error| Failure::Usage(format!("{}: {error}", at())))?;
                let names = names.clone();
                if !names.iter().any(|name| name == "id") {
                    return Err(Failure::Usage(format!("{}: there is no column `id`", at())));
                }
                Ok(Self::Csv {
                    records: reader.into_records(),
                    names,
                    row: 0,
                })
            }
            Some("ndjson" | "jsonl") => Ok(Self::Ndjson {
                lines: BufReader::new(file),
                row: 0,
            }),
            _ => Err(Failure::Usage(format!(
                "{}: the name ends in neither .ndjson nor .csv",
                at()
            ))),
        }
    }
}

impl Iterator for Rows {
    type Item = Result<(u64, Result<Row, String>), Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Ndjson { lines, row } => loop {
                let mut line = Vec::new();
                match lines.read_until(b'\n', &mut line) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return Some(Err(unreadable(*row, error))),
                }
                *row += 1;
                let line = match row {
                    1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line),
                    _ => &line,
                };
                if !line.trim_ascii().is_empty() {
                    return Some(Ok((*row, of_json(line))));
                }
            },
            Self::Csv { records, names, row } => {
                let record = records.next()?;
                *row += 1;
                let record = match record.map_err(csv::Error::into_kind) {
                    // The reader takes this for the end of the file.
                    Err(csv::ErrorKind::Io(error)) => return Some(Err(unreadable(*row, error))),
                    Err(csv::ErrorKind::UnequalLengths { expected_len, len, .. }) => {
                        Err(format!("the row has {len} cells, and there are {expected_len} columns"))
                    }
                    Err(_) => Err("the row is not UTF-8".to_owned()),
                    Ok(record) => Ok(of_csv(names, &record)),
                };
                Some(Ok((*row, record)))
            }
        }
    }
}

fn unreadable(row: u64, error: io::Error) -> Failure {
    Failure::file(format!("the file can't be read after row {row}"))(error)
}

fn of_json(line: &[u8]) -> Result<Row, String> {
    // Without what it says of the value, which is the user's.
    serde_json::from_slice(line).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "the row is not {\"id\": …, \"metadata\": {…}}".to_owned(),
        _ => format!("the row is no JSON, at its character {}", error.column()),
    })
}

fn of_csv(names: &csv::StringRecord, record: &csv::StringRecord) -> Row {
    let mut row = Row {
        id: String::new(),
        metadata: Map::new(),
    };
    for (name, value) in names.iter().zip(record) {
        match name {
            "id" => value.clone_into(&mut row.id),
            // An empty cell says nothing of the name.
            _ if value.is_empty() => {}
            _ => drop(row.metadata.insert(name.to_owned(), value.into())),
        }
    }
    row
}
