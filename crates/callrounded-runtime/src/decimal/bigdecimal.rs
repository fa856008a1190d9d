//! Conversions to and from `bigdecimal::BigDecimal`.

use bigdecimal::{BigDecimal, ParseBigDecimalError};

use super::Digits;

impl<const STRING: bool> From<BigDecimal> for Digits<STRING> {
    fn from(number: BigDecimal) -> Self {
        Self::of_number(number.to_string().replace("E+", "E"))
    }
}

/// Fails if the value is not a number.
impl<const STRING: bool> TryFrom<&Digits<STRING>> for BigDecimal {
    type Error = ParseBigDecimalError;

    fn try_from(digits: &Digits<STRING>) -> Result<Self, ParseBigDecimalError> {
        match digits.value() {
            Ok(_) => digits.parse(),
            Err(_) => "".parse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn big_decimal_round_trip_keeps_value() {
        for text in [
            "0.10",
            "-12.5",
            "1.5e-7",
            "12e3",
            "1e400",
            "1e-400",
            "12345678901234567890.12345678901234567890",
        ] {
            let digits: Digits<false> = text.parse().unwrap();
            let number = BigDecimal::try_from(&digits).unwrap();
            let back = Digits::<false>::from(number);
            assert_eq!(back, digits, "{text}");
            // The digits are a JSON number.
            assert_eq!(back.as_str().parse::<Digits<false>>().unwrap(), digits, "{text}");
        }
        for json in ["\"free\"", "\"1_000\"", "true"] {
            let digits: Digits<false> = serde_json::from_str(json).unwrap();
            assert!(BigDecimal::try_from(&digits).is_err(), "{json}");
        }
    }
}
