//! Reads the rows of a file, one at a time. A row has the identifier of a call and the metadata to merge.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use super::records::{Malformed, Record, Records};
use crate::{arguments::TagOptions, exit::Failure, files, json};

/// The delimiters of CSV that are detected.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The identifier of a call, and the metadata to merge into it.
#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub id: String,
    pub metadata: Map<String, Value>,
}

/// A row with its location in the file.
pub(super) struct NumberedRow {
    /// The number of the row, counted from 1. In NDJSON, it is the number of the line, so blank lines count.
    pub number: u64,
    /// The number of its first line in the file, counted from 1.
    pub line: u64,
    pub row: Result<Row, InvalidRow>,
}

/// A row that cannot be sent.
#[derive(Debug, PartialEq)]
pub(super) struct InvalidRow {
    pub problem: String,
    pub content: RowContent,
}

/// The content of an invalid row, for the file of failed rows.
#[derive(Debug, PartialEq)]
pub(super) enum RowContent {
    /// The row decoded by a guess of its encoding.
    Guess(Row),
    /// The source text of the row.
    Text(String),
}

/// A file whose structure was validated, so that the boundaries of its rows are known.
pub(super) struct Table {
    path: PathBuf,
    format: Format,
    /// The number of rows.
    pub count: u64,
}

#[derive(Clone)]
enum Format {
    Ndjson,
    Csv(Csv),
}

/// How to read a CSV file.
#[derive(Clone)]
pub(super) struct Csv {
    delimiter: u8,
    columns: Vec<String>,
    /// The index of the column with the identifier.
    id_column: usize,
}

/// An iterator over the rows of a file.
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
    /// Reads the whole file once, so that an error of the file is reported before any row is sent.
    ///
    /// # Errors
    /// [`Failure::Usage`] if the file is invalid; [`Failure::Io`] if it cannot be read.
    pub fn open(options: &TagOptions) -> Result<Self, Failure> {
        let path = options.file.clone();
        let shown_path = path.display();
        let file = File::open(&path).map_err(Failure::file(&shown_path))?;
        // The file is read more than once.
        if !file.metadata().map_err(Failure::file(&shown_path))?.is_file() {
            return Err(Failure::Usage(format!(
                "{shown_path}: expected a regular file, which can be read more than once"
            )));
        }
        let invalid = |problem: String| Failure::Usage(format!("{shown_path}: {problem}"));
        let mut reader = BufReader::new(file);
        let start = reader.fill_buf().map_err(Failure::file(&shown_path))?;
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(invalid("the file is UTF-16; save it as UTF-8".to_owned()));
        }
        let format = match files::extension(&path).as_deref() {
            Some("csv" | "tsv") => Format::Csv(Csv::detect(&path, options)?),
            Some("ndjson" | "jsonl") => Format::Ndjson,
            _ => {
                return Err(invalid(
                    "unknown file extension: expected .ndjson, .jsonl, .csv or .tsv".to_owned(),
                ));
            }
        };
        let mut table = Self { path, format, count: 0 };
        table.count = table.count_rows()?;
        Ok(table)
    }

    /// Counts the rows, and validates the boundaries of CSV records.
    fn count_rows(&self) -> Result<u64, Failure> {
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
                            "{}: line {}: no line break after the last row, which may be truncated; add one if the row \
                             is complete",
                            self.path.display(),
                            record.line
                        )));
                    }
                    count += 1;
                }
                // The header is not a row.
                count -= 1;
            }
        }
        Ok(count)
    }

    /// Returns an identifier of the format with its options, for the journal.
    pub fn format_id(&self) -> String {
        match &self.format {
            Format::Ndjson => "ndjson".to_owned(),
            Format::Csv(csv) => format!("csv {} {}", char::from(csv.delimiter), csv.id_column),
        }
    }

    /// Reads the file again, row by row.
    pub fn rows(&self) -> Result<Rows, Failure> {
        match &self.format {
            Format::Ndjson => Ok(Rows::Ndjson {
                lines: BufReader::new(File::open(&self.path).map_err(Failure::file(self.path.display()))?),
                line: 0,
            }),
            Format::Csv(csv) => {
                let mut records = records(&self.path, csv.delimiter)?;
                let _header = records.next();
                Ok(Rows::Csv {
                    records,
                    csv: csv.clone(),
                    number: 0,
                })
            }
        }
    }
}

/// Opens a CSV file and skips a byte order mark.
fn records(path: &Path, delimiter: u8) -> Result<Records<BufReader<File>>, Failure> {
    let file = File::open(path).map_err(Failure::file(path.display()))?;
    let mut reader = BufReader::new(file);
    let start = reader.fill_buf().map_err(Failure::file(path.display()))?;
    if start.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(Records::new(reader, delimiter))
}

/// Adds the path to an error.
fn malformed_at(path: &Path, malformed: Malformed) -> Failure {
    match malformed {
        Malformed::Io(error) => Failure::file(path.display())(error),
        malformed => Failure::Usage(format!("{}: {malformed}", path.display())),
    }
}

impl Csv {
    /// Detects the delimiter and the columns by the first record.
    fn detect(path: &Path, options: &TagOptions) -> Result<Self, Failure> {
        let invalid = |problem: String| Failure::Usage(format!("{}: {problem}", path.display()));
        let id_column = options.id_column.as_str();
        let candidates = match &options.delimiter {
            Some(delimiter) => vec![delimiter.0],
            None => DELIMITERS.to_vec(),
        };
        let (mut found, mut problem): (Option<(u8, Vec<String>)>, _) = (None, None);
        for delimiter in candidates {
            let record = match records(path, delimiter)?.next() {
                None => {
                    return Err(invalid(
                        "the file is empty; expected a header line with the column names".to_owned(),
                    ));
                }
                // With another delimiter, the quotes may be valid.
                Some(Err(malformed @ Malformed::Quotes { .. })) => {
                    problem = problem.or(Some(malformed));
                    continue;
                }
                Some(record) => record.map_err(|malformed| malformed_at(path, malformed))?,
            };
            let columns = record.fields.into_iter().map(String::from_utf8);
            let columns = columns
                .collect::<Result<Vec<String>, _>>()
                .map_err(|_| invalid("line 1: the column names are not UTF-8; save the file as UTF-8".to_owned()))?;
            let rank = |columns: &[String]| (columns.iter().any(|name| name == id_column), columns.len());
            if found.as_ref().is_none_or(|(_, best)| rank(&columns) > rank(best)) {
                found = Some((delimiter, columns));
            }
        }
        let (delimiter, columns) = match (found, problem) {
            (Some(found), _) => found,
            (None, Some(problem)) => return Err(malformed_at(path, problem)),
            (None, None) => return Err(invalid("no delimiter was tried".to_owned())),
        };
        for (index, name) in columns.iter().enumerate() {
            if name.is_empty() {
                return Err(invalid(format!(
                    "line 1: column {} has no name; name or remove it",
                    index + 1
                )));
            }
            if columns.iter().take(index).any(|other| other == name) {
                return Err(invalid(format!(
                    "line 1: duplicate column `{name}`; rename or remove one"
                )));
            }
        }
        match columns.iter().position(|name| name == id_column) {
            Some(index) => Ok(Self {
                delimiter,
                columns,
                id_column: index,
            }),
            None => Err(invalid(format!(
                "no column `{id_column}`; the columns are {}; set the column of the identifier with --id-column, or \
                 the column separator with --delimiter",
                columns
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }

    /// Converts a record to a row.
    fn row(&self, record: &Record) -> Result<Row, InvalidRow> {
        let (fields, columns) = (record.fields.len(), self.columns.len());
        if fields != columns {
            return Err(InvalidRow {
                problem: format!("the row has {fields} fields, but there are {columns} columns"),
                content: RowContent::Text(decode(&record.raw)),
            });
        }
        let row = self.row_from_fields(record.fields.iter().map(|field| decode(field)));
        match str::from_utf8(&record.raw) {
            Ok(_) => Ok(row),
            Err(_) => Err(InvalidRow {
                problem: "the row is not UTF-8; it is decoded as Latin-1 here, which may be wrong".to_owned(),
                content: RowContent::Guess(row),
            }),
        }
    }

    fn row_from_fields(&self, fields: impl Iterator<Item = String>) -> Row {
        let mut row = Row {
            id: String::new(),
            metadata: Map::new(),
        };
        for (index, (name, value)) in self.columns.iter().zip(fields).enumerate() {
            if index == self.id_column {
                row.id = value;
            } else if !value.is_empty() {
                // An empty cell leaves its key unchanged.
                row.metadata.insert(name.clone(), value.into());
            }
        }
        row
    }
}

/// Decodes UTF-8; other bytes are decoded as Latin-1, in which every byte is a character.
fn decode(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

impl Iterator for Rows {
    type Item = Result<NumberedRow, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Ndjson { lines, line } => loop {
                let mut bytes = Vec::new();
                match lines.read_until(b'\n', &mut bytes) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return Some(Err(read_error(*line, error))),
                }
                *line += 1;
                let bytes = match line {
                    1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes),
                    _ => &bytes,
                };
                let bytes = bytes.trim_ascii();
                if !bytes.is_empty() {
                    return Some(Ok(NumberedRow {
                        number: *line,
                        line: *line,
                        row: parse_json(bytes).map_err(|problem| InvalidRow {
                            problem,
                            content: RowContent::Text(decode(bytes)),
                        }),
                    }));
                }
            },
            Self::Csv { records, csv, number } => {
                *number += 1;
                match records.next()? {
                    Ok(record) => Some(Ok(NumberedRow {
                        number: *number,
                        line: record.line,
                        row: csv.row(&record),
                    })),
                    Err(Malformed::Io(error)) => Some(Err(read_error(*number, error))),
                    // The file was valid when it was opened, so it has changed since.
                    Err(malformed) => Some(Err(Failure::Usage(malformed.to_string()))),
                }
            }
        }
    }
}

fn read_error(row: u64, error: io::Error) -> Failure {
    Failure::file(format!("cannot read the file after row {row}"))(error)
}

/// Parses a line of NDJSON.
fn parse_json(line: &[u8]) -> Result<Row, String> {
    let line = str::from_utf8(line).map_err(|_| "the row is not UTF-8; save the file as UTF-8".to_owned())?;
    let Value::Object(mut row) = json::read(line)? else {
        return Err(NOT_A_ROW.to_owned());
    };
    match (row.remove("id"), row.remove("metadata")) {
        (Some(Value::String(id)), Some(Value::Object(metadata))) => Ok(Row { id, metadata }),
        _ => Err(NOT_A_ROW.to_owned()),
    }
}

const NOT_A_ROW: &str = "invalid row: expected {\"id\": …, \"metadata\": {…}}";
