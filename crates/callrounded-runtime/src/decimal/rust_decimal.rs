//! Conversions to and from `rust_decimal::Decimal`.

use rust_decimal::{Decimal, Error};

use super::Digits;

/// More digits than that type has.
const LONGEST: usize = 64;

impl<const STRING: bool> From<Decimal> for Digits<STRING> {
    fn from(number: Decimal) -> Self {
        Self::of_number(number.to_string())
    }
}

/// Fails instead of rounding: for what is not a number, is too large, or has too many digits.
impl<const STRING: bool> TryFrom<&Digits<STRING>> for Decimal {
    type Error = Error;

    fn try_from(digits: &Digits<STRING>) -> Result<Self, Error> {
        let Ok(value) = digits.value() else {
            return Self::from_str_exact("");
        };
        // With its digits as they are, if it can be read so: `0.10` has two places.
        Self::from_str_exact(digits.as_str().trim()).or_else(|error| match value.positional(LONGEST) {
            Some(text) => Self::from_str_exact(&text),
            None => Err(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_decimal_has_the_same_digits() {
        for (text, expected) in [
            ("0.10", "0.10"),
            ("-12.5", "-12.5"),
            ("1.5e-7", "0.00000015"),
            ("12e3", "12000"),
            ("0e9", "0"),
        ] {
            let digits: Digits<false> = text.parse().unwrap();
            let number = Decimal::try_from(&digits).unwrap();
            assert_eq!(number.to_string(), expected, "{text}");
            assert_eq!(Digits::<false>::from(number), digits, "{text}");
        }
        for text in ["1e40", "1e-40", "0.12345678901234567890123456789012345", "1e400"] {
            let digits: Digits<false> = text.parse().unwrap();
            assert!(Decimal::try_from(&digits).is_err(), "{text}");
        }
        for json in ["\"free\"", "\"1_000\"", "true"] {
            let digits: Digits<false> = serde_json::from_str(json).unwrap();
            assert!(Decimal::try_from(&digits).is_err(), "{json}");
        }
    }
}
