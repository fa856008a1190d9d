//! Parses the text of a payload into entries, in one pass.

mod duplicates;
mod number;
mod string;

use std::{fmt, string::FromUtf8Error};

use super::{
    Violation,
    entries::{Entries, MAX_SIZE, Open},
};

pub(super) use string::unescape;

/// The maximum depth of nesting, which is that of serde_json.
const MAX_DEPTH: usize = 127;

/// An error of [`Json::read`](super::Json::read): the payload is not JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The source text. It may contain personal data, so `Debug` and `Display` omit it.
    pub text: String,
    /// The byte offset of the error in the text.
    pub offset: usize,
    /// What is wrong. It quotes no value of the payload.
    pub problem: &'static str,
    /// How to fix it.
    pub remedy: &'static str,
}

impl ParseError {
    /// Creates the error for a payload that is not UTF-8.
    #[must_use]
    pub fn not_utf8(error: &FromUtf8Error) -> Self {
        let valid = error.utf8_error().valid_up_to();
        Self {
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            offset: valid,
            problem: "the payload is not UTF-8",
            remedy: "save it as UTF-8: JSON requires it",
        }
    }
}

impl fmt::Debug for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParseError")
            .field("offset", &self.offset)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}; {}", self.problem, self.offset, self.remedy)
    }
}

impl std::error::Error for ParseError {}

/// A parse error without the text, so that the parser does not copy it.
pub(super) struct SyntaxError {
    offset: usize,
    problem: &'static str,
    remedy: &'static str,
}

impl SyntaxError {
    pub fn with_text(self, text: String) -> ParseError {
        ParseError {
            text,
            offset: self.offset,
            problem: self.problem,
            remedy: self.remedy,
        }
    }
}

pub(super) fn read(text: &str) -> Result<(Entries, Vec<Violation>), SyntaxError> {
    if text.len() > MAX_SIZE {
        return Err(SyntaxError {
            offset: 0,
            problem: "the payload is larger than 4 GiB",
            remedy: "split it into smaller payloads",
        });
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        entries: Entries::of(text),
        violations: Vec::new(),
    };
    if text.starts_with('\u{feff}') {
        return Err(reader.error(
            "unexpected byte order mark at the start of the payload",
            "save it as UTF-8 without a byte order mark",
        ));
    }
    reader.space();
    if reader.peek().is_none() {
        return Err(reader.error("the payload is empty", "write a JSON value, such as `null`"));
    }
    reader.value(0)?;
    reader.space();
    if reader.peek().is_some() {
        return Err(reader.error(
            "unexpected content after the end of the value",
            "keep one value; put several payloads, one per line, into a file whose name ends in .ndjson",
        ));
    }
    reader.violations.sort_by_key(|violation| violation.span.start);
    Ok((reader.entries, reader.violations))
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    entries: Entries,
    violations: Vec<Violation>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&self, problem: &'static str, remedy: &'static str) -> SyntaxError {
        SyntaxError {
            offset: self.at.min(self.bytes.len()),
            problem,
            remedy,
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn starts_with(&self, prefix: &str) -> bool {
        self.bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(prefix.as_bytes()))
    }

    fn push(&mut self, start: usize) {
        self.entries.push(start..self.at);
    }

    fn open(&mut self) -> Open {
        let open = self.entries.open(self.at);
        self.at += 1;
        open
    }

    fn close(&mut self, open: Open) {
        self.at += 1;
        self.entries.close(open, self.at);
    }

    fn value(&mut self, depth: usize) -> Result<(), SyntaxError> {
        let start = self.at;
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => Err(self.error(
                "the payload nests deeper than 127 levels",
                "flatten it; many JSON parsers reject such nesting",
            )),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for literal in ["null", "true", "false"] {
                    if self.starts_with(literal) {
                        self.at += literal.len();
                        self.push(start);
                        return self.end_of_literal();
                    }
                }
                Err(self.expected_value())
            }
        }
    }

    /// Returns the error for what is here instead of a value.
    fn expected_value(&self) -> SyntaxError {
        let is_any_of = |words: &[&str]| words.iter().any(|word| self.starts_with(word));
        let (problem, remedy) = match self.peek() {
            None => (
                "unexpected end of the payload inside a value",
                "complete it; it was probably truncated",
            ),
            Some(b']' | b'}') => ("trailing comma before this bracket", "remove the comma"),
            Some(b',') => ("missing value before this comma", "add the value or remove the comma"),
            Some(b'\'') => ("single quotes are not allowed in JSON", "use double quotes"),
            Some(b'/' | b'#') => ("comments are not allowed in JSON", "remove the comment"),
            Some(b'+') => ("invalid number: leading plus sign", "remove the sign"),
            Some(b'.') => (
                "invalid number: expected a digit before the decimal point",
                "write a 0 before the point",
            ),
            _ if is_any_of(&["NaN", "Infinity"]) => (
                "NaN and Infinity are not allowed in JSON",
                "write null, or omit the value",
            ),
            _ if is_any_of(&["None", "True", "False"]) => (
                "this is a Python literal, not JSON",
                "write null, true or false, as json.dumps does",
            ),
            _ if is_any_of(&["undefined"]) => ("undefined is not allowed in JSON", "write null, or omit the value"),
            _ => ("expected a JSON value", "put strings in double quotes"),
        };
        self.error(problem, remedy)
    }

    fn end_of_literal(&self) -> Result<(), SyntaxError> {
        match self.peek() {
            Some(b) if b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80 => Err(self.error(
                "unexpected character after a literal or number",
                "put strings in double quotes",
            )),
            _ => Ok(()),
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), SyntaxError> {
        let open = self.open();
        self.space();
        if self.peek() != Some(b']') {
            loop {
                self.value(depth + 1)?;
                self.space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    None => return Err(self.expected_value()),
                    Some(b'/' | b'#') => return Err(self.expected_value()),
                    _ => return Err(self.error("missing comma", "separate the elements of an array by commas")),
                }
                self.space();
            }
        }
        self.close(open);
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<(), SyntaxError> {
        let open = self.open();
        self.space();
        if self.peek() != Some(b'}') {
            loop {
                match self.peek() {
                    Some(b'"') => self.string()?,
                    None | Some(b'}' | b',' | b'\'' | b'/' | b'#') => return Err(self.expected_value()),
                    _ => return Err(self.error("expected a key in double quotes", "put the key in double quotes")),
                }
                self.space();
                if self.peek() != Some(b':') {
                    return Err(match self.peek() {
                        None => self.expected_value(),
                        _ => self.error("missing colon", "write a colon between key and value"),
                    });
                }
                self.at += 1;
                self.space();
                self.value(depth + 1)?;
                self.space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    None | Some(b'/' | b'#') => return Err(self.expected_value()),
                    _ => return Err(self.error("missing comma", "separate the members of an object by commas")),
                }
                self.space();
            }
        }
        self.close(open);
        self.duplicates(open.index());
        Ok(())
    }
}
