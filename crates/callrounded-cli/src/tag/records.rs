//! CSV by RFC 4180, one record at a time.
//!
//! The csv crate takes a quote that is never closed for the end of the file, and text behind a closing quote for a part of the
//! field. What is read here changes calls, so such a file is an error.

use std::{
    fmt,
    io::{self, BufRead, Bytes},
    iter::Peekable,
};

/// A record of a CSV file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The line at which it begins, counted from 1 as an editor does.
    pub line: u64,
    /// As it stands in the file, without the line break at its end.
    pub raw: Vec<u8>,
    pub fields: Vec<Vec<u8>>,
    /// Whether a line break ends it. Without one it may have been cut off.
    pub is_terminated: bool,
}

/// Why reading ends: the boundaries of the following records are unknown.
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

/// The records of a file; blank lines are none.
pub(super) struct Records<R: BufRead> {
    bytes: Peekable<Bytes<R>>,
    delimiter: u8,
    /// The line that is read.
    line: u64,
}

/// Where in a field the next byte stands.
#[derive(Clone, Copy)]
enum Within {
    /// Nothing of the field is read yet.
    Start,
    Plain,
    /// In quotes, which were opened in this line.
    Quoted(u64),
    /// After a quote within quotes: it closes them, or another one follows and stands for one.
    Closed(u64),
}

impl<R: BufRead> Records<R> {
    pub fn new(reader: R, delimiter: u8) -> Self {
        Self {
            bytes: reader.bytes().peekable(),
            delimiter,
            line: 1,
        }
    }

    fn record(&mut self) -> Result<Option<Record>, Malformed> {
        let mut record = Record {
            line: self.line,
            ..Record::default()
        };
        let mut field = Vec::new();
        let mut within = Within::Start;
        while let Some(byte) = self.bytes.next().transpose()? {
            let line = self.line;
            let is_break = matches!(byte, b'\r' | b'\n');
            // The second half of a line break counts with the first.
            let is_half = byte == b'\r' && matches!(self.bytes.peek(), Some(Ok(b'\n')));
            self.line += u64::from(is_break && !is_half);
            within = match (within, byte) {
                (Within::Start | Within::Plain | Within::Closed(_), _) if is_break => {
                    if is_half {
                        self.line += 1;
                        let _second_half = self.bytes.next().transpose()?;
                    }
                    record.is_terminated = true;
                    break;
                }
                (Within::Start | Within::Plain | Within::Closed(_), byte) if byte == self.delimiter => {
                    record.fields.push(std::mem::take(&mut field));
                    Within::Start
                }
                (Within::Start, b'"') => Within::Quoted(line),
                (Within::Plain, b'"') => {
                    return Err(Malformed::Quotes {
                        line,
                        problem: "a quote within a field that does not begin with one; put the whole field in quotes, and write each \
                                  quote in it twice",
                    });
                }
                (Within::Quoted(opened), b'"') => Within::Closed(opened),
                (Within::Closed(opened), b'"') => {
                    field.push(b'"');
                    Within::Quoted(opened)
                }
                (Within::Closed(_), _) => {
                    return Err(Malformed::Quotes {
                        line,
                        problem: "text after the quote that closes a field; a quote within quotes is written twice",
                    });
                }
                (Within::Start | Within::Plain, byte) => {
                    field.push(byte);
                    Within::Plain
                }
                (within @ Within::Quoted(_), byte) => {
                    field.push(byte);
                    within
                }
            };
            record.raw.push(byte);
        }
        if let Within::Quoted(line) = within {
            return Err(Malformed::Quotes {
                line,
                problem: "the file ends within the quoted field that begins here; close its quote",
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
