//! Exact decimal numbers. As doubles, 0.1 and 0.10000000000000000001 would be equal, and so would 1e-400 and 0.

use std::cmp::Ordering;

/// A JSON number as 0.digits × 10^exponent, where the digits have no leading and no trailing zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Parses a JSON number. An exponent that does not fit into 64 bits is clamped.
    pub fn of(text: &str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // With an exponent this large, no other digit matters.
        let limit = if exponent.starts_with('-') {
            i64::MIN / 4
        } else {
            i64::MAX / 4
        };
        let shift = exponent.trim_start_matches('+').parse::<i64>().unwrap_or(limit);
        let all: Vec<u8> = whole
            .bytes()
            .chain(fraction.bytes())
            .map(|digit| digit.wrapping_sub(b'0'))
            .collect();
        let leading = all.iter().take_while(|digit| **digit == 0).count();
        let trailing = all.iter().rev().take_while(|digit| **digit == 0).count();
        let kept = all.len().saturating_sub(leading + trailing);
        let digits: Vec<u8> = all.into_iter().skip(leading).take(kept).collect();
        if digits.is_empty() {
            return Self {
                negative: false,
                digits,
                exponent: 0,
            };
        }
        let point = i64::try_from(whole.len()).unwrap_or_default() - i64::try_from(leading).unwrap_or_default();
        Self {
            negative,
            digits,
            exponent: shift.clamp(i64::MIN / 4, i64::MAX / 4) + point,
        }
    }

    /// Checks whether it is an integer multiple of `other`. The only multiple of 0 is 0.
    pub fn is_multiple_of(&self, other: &Self) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        // The power of ten of the last digit.
        let last = |one: &Self| one.exponent - i64::try_from(one.digits.len()).unwrap_or_default();
        let zeros = last(self) - last(other);
        let divisor = other.digits.iter().try_fold(0_u64, |divisor, digit| {
            divisor.checked_mul(10)?.checked_add(u64::from(*digit))
        });
        let Some(divisor) = divisor.filter(|divisor| *divisor > 0) else {
            return false;
        };
        // The last digit of `self` is at a lower power of ten and is not zero, so it is no multiple.
        let Ok(zeros) = u64::try_from(zeros) else {
            return false;
        };
        let divisor = u128::from(divisor);
        let remainder = self
            .digits
            .iter()
            .fold(0, |remainder, digit| (remainder * 10 + u128::from(*digit)) % divisor);
        (remainder * power_of_ten(zeros, divisor)).is_multiple_of(divisor)
    }
}

/// Computes 10^power modulo `modulo`, which fits into 64 bits.
fn power_of_ten(mut power: u64, modulo: u128) -> u128 {
    let (mut result, mut base) = (1 % modulo, 10 % modulo);
    while power > 0 {
        if power % 2 == 1 {
            result = result * base % modulo;
        }
        base = base * base % modulo;
        power /= 2;
    }
    result
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |one: &Self| match (one.digits.is_empty(), one.negative) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => -1,
        };
        let magnitude = || (self.exponent, &self.digits).cmp(&(other.exponent, &other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => magnitude(),
            _ => magnitude().reverse(),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_cmp_is_exact() {
        let ordered = [
            "-1e400",
            "-100",
            "-99.5",
            "-1e-400",
            "0",
            "1e-400",
            "0.1",
            "0.10000000000000000001",
            "1",
            "1.5",
            "2",
            "10",
            "9007199254740993",
            "1e20",
            "100000000000000000001",
            "1e400",
        ];
        for (index, one) in ordered.iter().enumerate() {
            for (other_index, other) in ordered.iter().enumerate() {
                assert_eq!(
                    Decimal::of(one).cmp(&Decimal::of(other)),
                    index.cmp(&other_index),
                    "{one} {other}"
                );
            }
        }
        for (one, other) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("0.5", "50E-2"),
            ("-0", "0.0"),
            ("0e9", "0"),
        ] {
            assert_eq!(Decimal::of(one), Decimal::of(other));
        }
    }

    #[test]
    fn decimal_is_multiple_of_is_exact() {
        for (value, of) in [
            ("19.99", "0.01"),
            ("0", "7"),
            ("-6", "3"),
            ("1e400", "2"),
            ("0.3", "0.1"),
            ("7.5", "2.5"),
            ("1e9000000", "64"),
            ("12345678901234567.89", "0.01"),
        ] {
            assert!(Decimal::of(value).is_multiple_of(&Decimal::of(of)), "{value} {of}");
        }
        for (value, of) in [
            ("19.995", "0.01"),
            ("7", "2"),
            ("0.30000000000000000001", "0.1"),
            ("1e400", "3"),
            ("1e-400", "1"),
            ("1", "0"),
            ("12345678901234567.895", "0.01"),
            ("1e9000000", "3"),
        ] {
            assert!(!Decimal::of(value).is_multiple_of(&Decimal::of(of)), "{value} {of}");
        }
    }
}
