//! Parses numbers.

use super::{Reader, SyntaxError};
use crate::json::{Violation, ViolationKind};

impl Reader<'_> {
    pub(super) fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                match self.peek() {
                    Some(b'0'..=b'9') => {
                        return Err(self.error(
                            "invalid number: leading zeros",
                            "remove them, or put the value in quotes if it is not a quantity",
                        ));
                    }
                    Some(b'x' | b'X' | b'b' | b'o') => {
                        return Err(
                            self.error("invalid number: expected decimal digits", "write the number in decimal")
                        );
                    }
                    _ => {}
                }
            }
            Some(b'1'..=b'9') => self.digits(),
            Some(b'I') => {
                return Err(self.error(
                    "NaN and Infinity are not allowed in JSON",
                    "write null, or omit the value",
                ));
            }
            _ => {
                return Err(self.error(
                    "invalid number: expected a digit after the minus sign",
                    "write the number",
                ));
            }
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.error(
                    "invalid number: expected a digit after the decimal point",
                    "write a 0 or remove the point",
                ));
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.error(
                    "invalid number: expected a digit in the exponent",
                    "write it or remove the exponent",
                ));
            }
            self.digits();
        }
        self.end_of_literal()?;
        let text = self.text.get(start..self.at).unwrap_or_default();
        if !text.parse::<f64>().is_ok_and(f64::is_finite) {
            self.violations.push(Violation {
                kind: ViolationKind::Overflow,
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
