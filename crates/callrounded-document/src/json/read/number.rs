//! Numbers, as JSON writes them.

use super::{Reader, Refused};
use crate::json::{Flaw, FlawKind};

impl Reader<'_> {
    pub(super) fn number(&mut self) -> Result<(), Refused> {
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
        self.push(start);
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }
}
