//! Text to entries, in one pass and without recursion in anything but what nests.

use std::{collections::HashMap, fmt, ops::Range, string::FromUtf8Error};

use super::{Entry, Flaw, FlawKind, Kind};

/// As deep as serde_json goes, which is what most readers of such a payload are made with.
const DEPTH: usize = 127;

/// Objects with fewer members than this are searched for duplicates one by one.
const FEW: usize = 16;

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

pub(super) fn read(text: &str) -> Result<(Vec<Entry>, Vec<Flaw>), Unreadable> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        entries: Vec::with_capacity(text.len() / 12 + 1),
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
    entries: Vec<Entry>,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn refuse(&self, problem: &'static str, remedy: &'static str) -> Unreadable {
        Unreadable {
            text: self.text.to_owned(),
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

    fn push(&mut self, kind: Kind, start: usize) {
        let after = self.entries.len() + 1;
        self.entries.push(Entry {
            kind,
            start,
            end: self.at,
            after,
        });
    }

    fn close(&mut self, index: usize) {
        let after = self.entries.len();
        if let Some(entry) = self.entries.get_mut(index) {
            entry.end = self.at;
            entry.after = after;
        }
    }

    fn value(&mut self, depth: usize) -> Result<(), Unreadable> {
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
                for (word, kind) in [("null", Kind::Null), ("true", Kind::Boolean), ("false", Kind::Boolean)] {
                    if self.starts(word) {
                        self.at += word.len();
                        self.push(kind, start);
                        return self.end_of_word();
                    }
                }
                Err(self.no_value())
            }
        }
    }

    /// What stands where a value should.
    fn no_value(&self) -> Unreadable {
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

    fn end_of_word(&self) -> Result<(), Unreadable> {
        match self.peek() {
            Some(b) if b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80 => {
                Err(self.refuse("no value of JSON goes on like this", "put texts in double quotes"))
            }
            _ => Ok(()),
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), Unreadable> {
        let (index, start) = (self.entries.len(), self.at);
        self.push(Kind::Array, start);
        self.at += 1;
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
        self.at += 1;
        self.close(index);
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<(), Unreadable> {
        let (index, start) = (self.entries.len(), self.at);
        self.push(Kind::Object, start);
        self.at += 1;
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
        self.at += 1;
        self.close(index);
        self.duplicates(index);
        Ok(())
    }

    /// Notes each name of the object at `index` that stands there before. Names are compared as they read, not as
    /// they are written: `"a"` and `"\u0061"` are the same.
    fn duplicates(&mut self, index: usize) {
        let Some(object) = self.entries.get(index) else { return };
        let mut names: Vec<Entry> = Vec::new();
        let mut next = index + 1;
        while next < object.after {
            let Some((name, value)) = self.entries.get(next).zip(self.entries.get(next + 1)) else {
                break;
            };
            names.push(*name);
            next = value.after;
        }
        let read = |name: &Entry| -> String {
            let inner = self.text.get(name.start + 1..name.end - 1).unwrap_or_default();
            if inner.contains('\\') {
                unescape(inner)
            } else {
                inner.to_owned()
            }
        };
        let source = |name: &Entry| self.bytes.get(name.start..name.end).unwrap_or_default();
        let escaped = names.iter().any(|name| source(name).contains(&b'\\'));
        let same = |a: &Entry, b: &Entry| source(a) == source(b) || escaped && read(a) == read(b);
        let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        if names.len() < FEW {
            for (count, name) in names.iter().enumerate() {
                if let Some(first) = names.iter().take(count).find(|first| same(first, name)) {
                    found.push((first.start..first.end, name.start..name.end));
                }
            }
        } else {
            let mut seen: HashMap<String, Range<usize>> = HashMap::with_capacity(names.len());
            for name in &names {
                let span = name.start..name.end;
                match seen.get(&read(name)) {
                    Some(first) => found.push((first.clone(), span)),
                    None => {
                        seen.insert(read(name), span);
                    }
                }
            }
        }
        self.flaws.extend(found.into_iter().map(|(first, span)| Flaw {
            kind: FlawKind::Duplicate { first },
            span,
        }));
    }

    fn string(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(self.refuse("a text does not end", "close it with a double quote")),
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(control) if control < 0x20 => {
                    return Err(self.refuse(
                        "a control character stands in a text as it is",
                        "escape it, a line break as \\n",
                    ));
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        self.push(Kind::String, start);
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let unit = self.unit()?;
                // Only a high half followed by a low one makes a character.
                let whole = match unit {
                    0xd800..0xdc00 if self.starts("\\u") => {
                        let second = self.at;
                        let low = self.unit()?;
                        if !(0xdc00..0xe000).contains(&low) {
                            self.at = second;
                            false
                        } else {
                            true
                        }
                    }
                    0xd800..0xe000 => false,
                    _ => true,
                };
                if !whole {
                    self.flaws.push(Flaw {
                        kind: FlawKind::HalfCharacter,
                        span: start..start + 6,
                    });
                }
                Ok(())
            }
            _ => Err(self.refuse(
                "no escape of JSON begins like this",
                "write \\\\ for a backslash; the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
            )),
        }
    }

    /// The code unit of a `\uXXXX`.
    fn unit(&mut self) -> Result<u32, Unreadable> {
        let digits = self.text.get(self.at + 2..self.at + 6);
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match unit {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => Err(self.refuse("`\\u` wants four hexadecimal digits", "write all four")),
        }
    }

    fn number(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                match self.peek() {
                    Some(b'0'..=b'9') => {
                        return Err(self.refuse(
                            "a number of JSON has no leading zeros",
                            "remove them, or put the value in quotes if it is no amount",
                        ));
                    }
                    Some(b'x' | b'X' | b'b' | b'o') => {
                        return Err(self.refuse("a number of JSON is decimal", "write it in decimal digits"));
                    }
                    _ => {}
                }
            }
            Some(b'1'..=b'9') => self.digits(),
            Some(b'I') => {
                return Err(self.refuse(
                    "JSON has neither NaN nor infinity",
                    "write null, or leave the value out",
                ));
            }
            _ => return Err(self.refuse("a digit is missing after the minus sign", "write the number")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.refuse("a digit is missing after the point", "write a 0 or remove the point"));
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.refuse("a digit is missing in the exponent", "write it or remove the exponent"));
            }
            self.digits();
        }
        self.end_of_word()?;
        let text = self.text.get(start..self.at).unwrap_or_default();
        if !text.parse::<f64>().is_ok_and(f64::is_finite) {
            self.flaws.push(Flaw {
                kind: FlawKind::Overflow,
                span: start..self.at,
            });
        }
        self.push(Kind::Number, start);
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }
}

/// A text without its escapes, half characters as U+FFFD. It has been read, so every escape is whole.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next() } else { None };
        if escaped == Some('u') {
            let digits: String = rest.by_ref().take(4).collect();
            units.push(u16::from_str_radix(&digits, 16).unwrap_or(0xfffd));
            continue;
        }
        flush(&mut units, &mut out);
        out.push(match escaped {
            None => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(other) => other,
        });
    }
    flush(&mut units, &mut out);
    out
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or('\u{fffd}')));
}
