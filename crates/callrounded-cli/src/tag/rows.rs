//! The rows of a file, one at a time: which call, and what to merge into its metadata.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use super::records::{Malformed, Record, Records};
use crate::{arguments::TagOptions, exit::Failure, files, json};

/// Delimiters of CSV that are looked for.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub id: String,
    pub metadata: Map<String, Value>,
}

/// A row as it stands in the file.
pub(super) struct Numbered {
    /// Counted from 1; of NDJSON, where blank lines count, this is the line.
    pub number: u64,
    /// The line at which it begins, as an editor counts.
    pub line: u64,
    pub row: Result<Row, Unreadable>,
}

/// A row that can't be sent as it is.
#[derive(Debug, PartialEq)]
pub(super) struct Unreadable {
    pub problem: String,
    pub kept: Kept,
}

/// What is kept of it.
#[derive(Debug, PartialEq)]
pub(super) enum Kept {
    /// What it probably says.
    Guess(Row),
    /// Its text.
    Text(String),
}

/// A file whose structure was checked: the boundaries of its rows are known.
pub(super) struct Table {
    path: PathBuf,
    format: Format,
    /// How many rows there are.
    pub count: u64,
}

#[derive(Clone)]
enum Format {
    Ndjson,
    Csv(Csv),
}

#[derive(Clone)]
pub(super) struct Csv {
    delimiter: u8,
    columns: Vec<String>,
    /// Which of these is the identifier.
    id: usize,
}

pub(super) enum Rows {
    Ndjson {
        lines: BufReader<File>,
        line: u64,
    },
    Csv {
        records: Records<BufReader<File>>,
        csv: Csv,
        number: u64,
    },
}

impl Table {
    /// Reads the file once. What is wrong with the file as a whole is said before anything of it is sent.
    pub fn open(options: &TagOptions) -> Result<Self, Failure> {
        let path = options.file.clone();
        let at = path.display();
        let file = File::open(&path).map_err(Failure::file(&at))?;
        // It is read more than once.
        if !file.metadata().map_err(Failure::file(&at))?.is_file() {
            return Err(Failure::Usage(format!("{at} is no file that can be read again")));
        }
        let wrong = |problem: String| Failure::Usage(format!("{at}: {problem}"));
        let mut reader = BufReader::new(file);
        let start = reader.fill_buf().map_err(Failure::file(&at))?;
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(wrong("it is UTF-16; save it as UTF-8".to_owned()));
        }
        let format = match files::ending(&path).as_deref() {
            Some("csv" | "tsv") => Format::Csv(Csv::of(&path, options)?),
            Some("ndjson" | "jsonl") => Format::Ndjson,
            _ => {
                return Err(wrong(
                    "the name ends in neither .ndjson nor .jsonl nor .csv nor .tsv".to_owned(),
                ));
            }
        };
        let mut table = Self { path, format, count: 0 };
        table.count = table.counted()?;
        Ok(table)
    }

    fn counted(&self) -> Result<u64, Failure> {
        let mut count = 0;
        match &self.format {
            Format::Ndjson => {
                for row in self.rows()? {
                    row?;
                    count += 1;
                }
            }
            Format::Csv(csv) => {
                for record in records(&self.path, csv.delimiter)? {
                    let record = record.map_err(|malformed| malformed_at(&self.path, malformed))?;
                    if !record.is_terminated {
                        return Err(Failure::Usage(format!(
                            "{}: line {}: no line break after the last row, which may have been cut off; add one if it is whole",
                            self.path.display(),
                            record.line
                        )));
                    }
                    count += 1;
                }
                // The names of the columns are none.
                count -= 1;
            }
        }
        Ok(count)
    }

    /// What tells this way of reading the file from another.
    pub fn manner(&self) -> String {
        match &self.format {
            Format::Ndjson => "ndjson".to_owned(),
            Format::Csv(csv) => format!("csv {} {}", char::from(csv.delimiter), csv.id),
        }
    }

    pub fn rows(&self) -> Result<Rows, Failure> {
        match &self.format {
            Format::Ndjson => Ok(Rows::Ndjson {
                lines: BufReader::new(File::open(&self.path).map_err(Failure::file(self.path.display()))?),
                line: 0,
            }),
            Format::Csv(csv) => {
                let mut records = records(&self.path, csv.delimiter)?;
                let _columns = records.next();
                Ok(Rows::Csv {
                    records,
                    csv: csv.clone(),
                    number: 0,
                })
            }
        }
    }
}

/// The records of a CSV file, without a byte order mark.
fn records(path: &Path, delimiter: u8) -> Result<Records<BufReader<File>>, Failure> {
    let file = File::open(path).map_err(Failure::file(path.display()))?;
    let mut reader = BufReader::new(file);
    let start = reader.fill_buf().map_err(Failure::file(path.display()))?;
    if start.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(Records::new(reader, delimiter))
}

fn malformed_at(path: &Path, malformed: Malformed) -> Failure {
    match malformed {
        Malformed::Io(error) => Failure::file(path.display())(error),
        malformed => Failure::Usage(format!("{}: {malformed}", path.display())),
    }
}

impl Csv {
    /// What the first record says.
    fn of(path: &Path, options: &TagOptions) -> Result<Self, Failure> {
        let wrong = |problem: String| Failure::Usage(format!("{}: {problem}", path.display()));
        let wanted = options.id_column.as_str();
        let candidates = match &options.delimiter {
            Some(delimiter) => vec![delimiter.0],
            None => DELIMITERS.to_vec(),
        };
        let (mut found, mut problem): (Option<(u8, Vec<String>)>, _) = (None, None);
        for delimiter in candidates {
            let record = match records(path, delimiter)?.next() {
                None => return Err(wrong("it is empty; the first line names the columns".to_owned())),
                // With another delimiter the quotes may be right.
                Some(Err(malformed @ Malformed::Quotes { .. })) => {
                    problem = problem.or(Some(malformed));
                    continue;
                }
                Some(record) => record.map_err(|malformed| malformed_at(path, malformed))?,
            };
            let columns = record.fields.into_iter().map(String::from_utf8);
            let columns = columns.collect::<Result<Vec<String>, _>>().map_err(|_| {
                wrong("line 1: the names of the columns are not UTF-8; save the file as UTF-8".to_owned())
            })?;
            let rank = |columns: &[String]| (columns.iter().any(|name| name == wanted), columns.len());
            if found.as_ref().is_none_or(|(_, best)| rank(&columns) > rank(best)) {
                found = Some((delimiter, columns));
            }
        }
        let (delimiter, columns) = match (found, problem) {
            (Some(found), _) => found,
            (None, Some(problem)) => return Err(malformed_at(path, problem)),
            (None, None) => return Err(wrong("no delimiter was tried".to_owned())),
        };
        for (index, name) in columns.iter().enumerate() {
            if name.is_empty() {
                return Err(wrong(format!("line 1: column {} has no name", index + 1)));
            }
            if columns.iter().take(index).any(|other| other == name) {
                return Err(wrong(format!(
                    "line 1: the column `{name}` is there twice; rename or remove one"
                )));
            }
        }
        match columns.iter().position(|name| name == wanted) {
            Some(id) => Ok(Self { delimiter, columns, id }),
            None => Err(wrong(format!(
                "there is no column `{wanted}`; the columns are {}. --id-column names the one that holds the identifiers, \
                 --delimiter what stands between columns",
                columns
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }

    fn row(&self, record: &Record) -> Result<Row, Unreadable> {
        let (fields, columns) = (record.fields.len(), self.columns.len());
        if fields != columns {
            return Err(Unreadable {
                problem: format!("the row has {fields} fields, and there are {columns} columns"),
                kept: Kept::Text(text(&record.raw)),
            });
        }
        let row = self.of_texts(record.fields.iter().map(|field| text(field)));
        match str::from_utf8(&record.raw) {
            Ok(_) => Ok(row),
            Err(_) => Err(Unreadable {
                problem: "the row is not UTF-8; here it is read as Latin-1, which may be wrong".to_owned(),
                kept: Kept::Guess(row),
            }),
        }
    }

    fn of_texts(&self, texts: impl Iterator<Item = String>) -> Row {
        let mut row = Row {
            id: String::new(),
            metadata: Map::new(),
        };
        for (index, (name, value)) in self.columns.iter().zip(texts).enumerate() {
            if index == self.id {
                row.id = value;
            } else if !value.is_empty() {
                // An empty cell says nothing of the name.
                row.metadata.insert(name.clone(), value.into());
            }
        }
        row
    }
}

/// What is not UTF-8 as Latin-1, of which every byte is a character.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

impl Iterator for Rows {
    type Item = Result<Numbered, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Ndjson { lines, line } => loop {
                let mut bytes = Vec::new();
                match lines.read_until(b'\n', &mut bytes) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return Some(Err(unreadable(*line, error))),
                }
                *line += 1;
                let bytes = match line {
                    1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes),
                    _ => &bytes,
                };
                let bytes = bytes.trim_ascii();
                if !bytes.is_empty() {
                    return Some(Ok(Numbered {
                        number: *line,
                        line: *line,
                        row: of_json(bytes).map_err(|problem| Unreadable {
                            problem,
                            kept: Kept::Text(text(bytes)),
                        }),
                    }));
                }
            },
            Self::Csv { records, csv, number } => {
                *number += 1;
                match records.next()? {
                    Ok(record) => Some(Ok(Numbered {
                        number: *number,
                        line: record.line,
                        row: csv.row(&record),
                    })),
                    Err(Malformed::Io(error)) => Some(Err(unreadable(*number, error))),
                    // It was read to its end before, so it is another file by now.
                    Err(malformed) => Some(Err(Failure::Usage(malformed.to_string()))),
                }
            }
        }
    }
}

fn unreadable(row: u64, error: io::Error) -> Failure {
    Failure::file(format!("the file can't be read after row {row}"))(error)
}

fn of_json(line: &[u8]) -> Result<Row, String> {
    let line = str::from_utf8(line).map_err(|_| "the row is not UTF-8; save the file as UTF-8".to_owned())?;
    let Value::Object(mut row) = json::read(line)? else {
        return Err(NO_ROW.to_owned());
    };
    match (row.remove("id"), row.remove("metadata")) {
        (Some(Value::String(id)), Some(Value::Object(metadata))) => Ok(Row { id, metadata }),
        _ => Err(NO_ROW.to_owned()),
    }
}

const NO_ROW: &str = "the row is not {\"id\": …, \"metadata\": {…}}";
