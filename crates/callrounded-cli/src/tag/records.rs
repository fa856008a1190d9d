//! A strict parser of CSV (RFC 4180), one record at a time.
//!
//! The csv crate accepts an unclosed quote at the end of the file, and text after a closing quote as part of the field.
//! The rows that are read here change calls, so such a file is an error.

use std::{
    fmt,
    io::{self, BufRead, Bytes},
    iter::Peekable,
};

/// A record of a CSV file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The number of its first line in the file, counted from 1.
    pub line: u64,
    /// The source bytes, without the line break at the end.
    pub raw: Vec<u8>,
    pub fields: Vec<Vec<u8>>,
    /// Whether it ends with a line break. Without one it may be truncated.
    pub is_terminated: bool,
}

/// An error after which reading stops, since the boundaries of the following records are unknown.
#[derive(Debug)]
pub(super) enum Malformed {
    Io(io::Error),
    Quotes { line: u64, problem: &'static str },
}

impl From<io::Error> for Malformed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Quotes { line, problem } => write!(f, "line {line}: {problem}"),
        }
    }
}

/// An iterator over the records of a file. Blank lines are skipped.
pub(super) struct Records<R: BufRead> {
    bytes: Peekable<Bytes<R>>,
    delimiter: u8,
    /// The number of the current line.
    line: u64,
}

/// The state of the parser within a field.
#[derive(Clone, Copy)]
enum FieldState {
    /// At the start of the field.
    Start,
    /// In an unquoted field.
    Unquoted,
    /// In a quoted field. The opening quote is in this line.
    Quoted(u64),
    /// After a quote in a quoted field. It is the closing quote, unless a second quote follows, which escapes it.
    QuoteInQuoted(u64),
}

impl<R: BufRead> Records<R> {
    pub fn new(reader: R, delimiter: u8) -> Self {
        Self {
            bytes: reader.bytes().peekable(),
            delimiter,
            line: 1,
        }
    }

    /// Reads the next record, which may be a blank line.
    fn record(&mut self) -> Result<Option<Record>, Malformed> {
        let mut record = Record {
            line: self.line,
            ..Record::default()
        };
        let mut field = Vec::new();
        let mut state = FieldState::Start;
        while let Some(byte) = self.bytes.next().transpose()? {
            let line = self.line;
            let is_break = matches!(byte, b'\r' | b'\n');
            // `\r\n` is one line break.
            let is_crlf = byte == b'\r' && matches!(self.bytes.peek(), Some(Ok(b'\n')));
            self.line += u64::from(is_break && !is_crlf);
            state = match (state, byte) {
                (FieldState::Start | FieldState::Unquoted | FieldState::QuoteInQuoted(_), _) if is_break => {
                    if is_crlf {
                        self.line += 1;
                        let _line_feed = self.bytes.next().transpose()?;
                    }
                    record.is_terminated = true;
                    break;
                }
                (FieldState::Start | FieldState::Unquoted | FieldState::QuoteInQuoted(_), byte)
                    if byte == self.delimiter =>
                {
                    record.fields.push(std::mem::take(&mut field));
                    FieldState::Start
                }
                (FieldState::Start, b'"') => FieldState::Quoted(line),
                (FieldState::Unquoted, b'"') => {
                    return Err(Malformed::Quotes {
                        line,
                        problem: "quote in an unquoted field; quote the whole field and double each quote in it",
                    });
                }
                (FieldState::Quoted(opened), b'"') => FieldState::QuoteInQuoted(opened),
                (FieldState::QuoteInQuoted(opened), b'"') => {
                    field.push(b'"');
                    FieldState::Quoted(opened)
                }
                (FieldState::QuoteInQuoted(_), _) => {
                    return Err(Malformed::Quotes {
                        line,
                        problem: "text after a closing quote; double each quote within a quoted field",
                    });
                }
                (FieldState::Start | FieldState::Unquoted, byte) => {
                    field.push(byte);
                    FieldState::Unquoted
                }
                (state @ FieldState::Quoted(_), byte) => {
                    field.push(byte);
                    state
                }
            };
            record.raw.push(byte);
        }
        if let FieldState::Quoted(line) = state {
            return Err(Malformed::Quotes {
                line,
                problem: "unclosed quote: the field that starts here runs to the end of the file; close the quote",
            });
        }
        if record.raw.is_empty() && !record.is_terminated {
            return Ok(None);
        }
        record.fields.push(field);
        Ok(Some(record))
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.record().transpose()? {
                Ok(record) if record.raw.is_empty() => {}
                other => return Some(other),
            }
        }
    }
}
