//! Parses strings and their escape sequences.

use super::{Reader, SyntaxError};
use crate::json::{Violation, ViolationKind};

impl Reader<'_> {
    pub(super) fn string(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            self.at += plain.unwrap_or(rest.len());
            match self.peek() {
                None => return Err(self.error("unterminated string", "close it with a double quote")),
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => {
                    return Err(self.error(
                        "unescaped control character in a string",
                        "escape it; a line break is \\n",
                    ));
                }
            }
        }
        self.at += 1;
        self.push(start);
        Ok(())
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let unit = self.unit()?;
                // A surrogate pair is a high surrogate followed by a low one.
                let is_complete = match unit {
                    0xd800..0xdc00 if self.starts_with("\\u") => {
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
                if !is_complete {
                    self.violations.push(Violation {
                        kind: ViolationKind::LoneSurrogate,
                        span: start..start + 6,
                    });
                }
                Ok(())
            }
            _ => Err(self.error(
                "invalid escape sequence",
                "write \\\\ for a backslash; the escape sequences are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
            )),
        }
    }

    /// Parses the UTF-16 code unit of a `\uXXXX`.
    fn unit(&mut self) -> Result<u32, SyntaxError> {
        let digits = self.text.get(self.at + 2..self.at + 6);
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match unit {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => Err(self.error(
                "invalid escape sequence: expected four hexadecimal digits after `\\u`",
                "write all four digits",
            )),
        }
    }
}

/// Unescapes the content of a parsed string. Lone surrogates become U+FFFD.
pub(in crate::json) fn unescape(text: &str) -> String {
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
