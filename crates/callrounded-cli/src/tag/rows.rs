//! The rows of a file, one at a time: which call, and what to merge into its metadata.

use std::{
    fs::File,
    io::{BufRead, BufReader, Lines},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::exit::Failure;

#[derive(Deserialize)]
pub(super) struct Row {
    pub id: String,
    pub metadata: Map<String, Value>,
}

/// The rows with their numbers, counted from 1. A row that can't be read is one with what is wrong with it; a file that
/// can't be read is a failure.
pub(super) enum Rows {
    Ndjson {
        lines: Lines<BufReader<File>>,
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
        match path.extension().and_then(|ending| ending.to_str()) {
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
                lines: BufReader::new(file).lines(),
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
            Self::Ndjson { lines, row } => {
                let line = lines.next()?;
                *row += 1;
                let line = match line {
                    Ok(line) => line,
                    Err(error) => return Some(Err(Failure::file(format!("row {row}"))(error))),
                };
                Some(Ok((*row, of_json(&line))))
            }
            Self::Csv { records, names, row } => {
                let record = records.next()?;
                *row += 1;
                Some(Ok((
                    *row,
                    record
                        .map_err(|error| error.to_string())
                        .and_then(|record| of_csv(names, &record)),
                )))
            }
        }
    }
}

fn of_json(line: &str) -> Result<Row, String> {
    // Without what it says of the value, which is the user's.
    serde_json::from_str(line).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "the row is not {\"id\": …, \"metadata\": {…}}".to_owned(),
        _ => format!("the row is no JSON, at its character {}", error.column()),
    })
}

fn of_csv(names: &csv::StringRecord, record: &csv::StringRecord) -> Result<Row, String> {
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
    Ok(row)
}
