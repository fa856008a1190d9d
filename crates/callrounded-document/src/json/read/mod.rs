//! Text to entries, in one pass and without recursion in anything but what nests.

mod duplicates;
mod number;
mod text;

use std::{fmt, string::FromUtf8Error};

use super::{
    Flaw,
    entries::{Entries, LARGEST, Open},
};

pub(super) use text::unescape;

/// As deep as serde_json goes, which is what most readers of such a payload are made with.
const DEPTH: usize = 127;

/// Why a text is not JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The text. Nothing here prints it: it may hold personal data.
    pub text: String,
    /// The byte at which that shows.
    pub offset: usize,
    /// What is wrong. It quotes nothing but punctuation.
    pub problem: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Unreadable {
    /// That the bytes of a payload are no text.
    #[must_use]
    pub fn not_utf8(error: &FromUtf8Error) -> Self {
        let valid = error.utf8_error().valid_up_to();
        Self {
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            offset: valid,
            problem: "the payload is not UTF-8",
            remedy: "save it as UTF-8, which is what JSON is exchanged in",
        }
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unreadable")
            .field("offset", &self.offset)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}; {}", self.problem, self.offset, self.remedy)
    }
}

impl std::error::Error for Unreadable {}

/// What is wrong with a text, which is not copied for it.
pub(super) struct Refused {
    offset: usize,
    problem: &'static str,
    remedy: &'static str,
}

impl Refused {
    pub fn of(self, text: String) -> Unreadable {
        Unreadable {
            text,
            offset: self.offset,
            problem: self.problem,
            remedy: self.remedy,
        }
    }
}

pub(super) fn read(text: &str) -> Result<(Entries, Vec<Flaw>), Refused> {
    if text.len() > LARGEST {
        return Err(Refused {
            offset: 0,
            problem: "the payload is larger than 4 GiB",
            remedy: "cut it into smaller ones",
        });
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        entries: Entries::of(text),
        flaws: Vec::new(),
    };
    if text.starts_with('\u{feff}') {
        return Err(reader.refuse(
            "the payload begins with a byte order mark",
            "save it as UTF-8 without one: JSON has none",
        ));
    }
    reader.space();
    if reader.peek().is_none() {
        return Err(reader.refuse("the payload is empty", "write a JSON value; `null` is the least"));
    }
    reader.value(0)?;
    reader.space();
    if reader.peek().is_some() {
        return Err(reader.refuse(
            "something follows after the end of the value",
            "keep one value; several payloads, one a line, go into a file whose name ends in .ndjson",
        ));
    }
    reader.flaws.sort_by_key(|flaw| flaw.span.start);
    Ok((reader.entries, reader.flaws))
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    entries: Entries,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn refuse(&self, problem: &'static str, remedy: &'static str) -> Refused {
        Refused {
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

    fn starts(&self, what: &str) -> bool {
        self.bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(what.as_bytes()))
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

    fn value(&mut self, depth: usize) -> Result<(), Refused> {
        let start = self.at;
        match self.peek() {
            Some(b'{' | b'[') if depth >= DEPTH => Err(self.refuse(
                "the payload nests deeper than 127 levels",
                "flatten it; readers of JSON refuse what nests so deep",
            )),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for word in ["null", "true", "false"] {
                    if self.starts(word) {
                        self.at += word.len();
                        self.push(start);
                        return self.end_of_word();
                    }
                }
                Err(self.no_value())
            }
        }
    }

    /// What stands where a value should.
    fn no_value(&self) -> Refused {
        let word = |words: &[&str]| words.iter().any(|word| self.starts(word));
        let (problem, remedy) = match self.peek() {
            None => (
                "the payload ends in the middle of a value",
                "complete it; it was probably cut",
            ),
            Some(b']' | b'}') => ("a comma stands before the end", "remove the comma"),
            Some(b',') => ("a value is missing before this comma", "write it or remove the comma"),
            Some(b'\'') => ("a text in single quotes is not JSON", "use double quotes"),
            Some(b'/' | b'#') => ("JSON has no comments", "remove the comment"),
            Some(b'+') => ("a number of JSON has no plus sign", "remove the sign"),
            Some(b'.') => ("a number of JSON begins with a digit", "write a 0 before the point"),
            _ if word(&["NaN", "Infinity"]) => (
                "JSON has neither NaN nor infinity",
                "write null, or leave the value out",
            ),
            _ if word(&["None", "True", "False"]) => {
                ("this is a word of Python", "write null, true or false; json.dumps does")
            }
            _ if word(&["undefined"]) => ("JSON has no undefined", "write null, or leave the value out"),
            _ => ("no value of JSON begins like this", "put texts in double quotes"),
        };
        self.refuse(problem, remedy)
    }

    fn end_of_word(&self) -> Result<(), Refused> {
        match self.peek() {
            Some(b) if b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80 => {
                Err(self.refuse("no value of JSON goes on like this", "put texts in double quotes"))
            }
            _ => Ok(()),
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), Refused> {
        let open = self.open();
        self.space();
        if self.peek() != Some(b']') {
            loop {
                self.value(depth + 1)?;
                self.space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    None => return Err(self.no_value()),
                    Some(b'/' | b'#') => return Err(self.no_value()),
                    _ => return Err(self.refuse("a comma is missing here", "write one between the values of a list")),
                }
                self.space();
            }
        }
        self.close(open);
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<(), Refused> {
        let open = self.open();
        self.space();
        if self.peek() != Some(b'}') {
            loop {
                match self.peek() {
                    Some(b'"') => self.string()?,
                    None | Some(b'}' | b',' | b'\'' | b'/' | b'#') => return Err(self.no_value()),
                    _ => return Err(self.refuse("a name is not in quotes", "put it in double quotes")),
                }
                self.space();
                if self.peek() != Some(b':') {
                    return Err(match self.peek() {
                        None => self.no_value(),
                        _ => self.refuse("a colon is missing here", "write one between name and value"),
                    });
                }
                self.at += 1;
                self.space();
                self.value(depth + 1)?;
                self.space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    None | Some(b'/' | b'#') => return Err(self.no_value()),
                    _ => {
                        return Err(
                            self.refuse("a comma is missing here", "write one between the members of an object")
                        );
                    }
                }
                self.space();
            }
        }
        self.close(open);
        self.duplicates(open.index());
        Ok(())
    }
}
