//! Conversions to and from `rust_decimal::Decimal`.

use rust_decimal::{Decimal, Error};

use super::Digits;

/// The maximum number of digits that are converted. It is more than that type has.
const MAX_DIGITS: usize = 64;

impl<const STRING: bool> From<Decimal> for Digits<STRING> {
    fn from(number: Decimal) -> Self {
        Self::of_number(number.to_string())
    }
}

/// Fails if the value is not a number, is too large, or has too many digits. It is never rounded.
impl<const STRING: bool> TryFrom<&Digits<STRING>> for Decimal {
    type Error = Error;

    fn try_from(digits: &Digits<STRING>) -> Result<Self, Error> {
        let Ok(value) = digits.value() else {
            return Self::from_str_exact("");
        };
        // The original digits come first, since they keep trailing zeros: `0.10` has two decimal places.
        Self::from_str_exact(digits.as_str().trim()).or_else(|error| match value.positional(MAX_DIGITS) {
            Some(text) => Self::from_str_exact(&text),
            None => Err(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_decimal_conversion_keeps_digits_or_fails() {
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
