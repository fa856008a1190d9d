//! The value of a decimal number of any size and precision, for comparisons.

use std::cmp::Ordering;

/// A normalized decimal: ± 0.digits × 10^exponent. The first and the last digit are not 0. Zero has no digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'t> {
    is_negative: bool,
    /// The digits, which may include a decimal point.
    digits: &'t str,
    exponent: i64,
}

impl<'t> Value<'t> {
    /// Parses a number in JSON syntax, or a similar one: `+1`, `.5`, `1.`. Returns `None` if the text is not a number,
    /// or its exponent does not fit into 32 bits.
    pub fn of(text: &'t str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, i64::from(exponent.parse::<i32>().ok()?)),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let digits = mantissa.trim_matches(['0', '.']);
        if digits.is_empty() {
            return Some(Self {
                is_negative: false,
                digits,
                exponent: 0,
            });
        }
        let leading = |text: &str| text.len() - text.trim_start_matches('0').len();
        // The position of the decimal point, relative to the first digit that is not 0.
        let point = match whole.len() - leading(whole) {
            0 => -i64::try_from(leading(fraction)).ok()?,
            length => i64::try_from(length).ok()?,
        };
        Some(Self {
            is_negative,
            digits,
            exponent: exponent.checked_add(point)?,
        })
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.digits.bytes().filter(|byte| *byte != b'.')
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => -1,
        }
    }

    /// Formats the number without exponent. Returns `None` if digits and exponent are together larger than
    /// `max_digits`.
    #[cfg(feature = "rust_decimal")]
    pub fn positional(&self, max_digits: usize) -> Option<String> {
        let digits: String = self.digits().map(char::from).collect();
        let shift = usize::try_from(self.exponent.unsigned_abs()).ok()?;
        if digits.len().checked_add(shift)? > max_digits {
            return None;
        }
        let sign = if self.is_negative { "-" } else { "" };
        Some(match digits.split_at_checked(shift) {
            _ if digits.is_empty() => "0".to_owned(),
            _ if self.exponent <= 0 => format!("{sign}0.{:0>width$}", digits, width = digits.len() + shift),
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
            None => format!("{sign}{digits:0<shift$}"),
        })
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value<'_> {}

impl std::hash::Hash for Value<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.sign(), self.exponent).hash(state);
        self.digits().for_each(|digit| state.write_u8(digit));
    }
}

impl Ord for Value<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = || {
            let exponents = self.exponent.cmp(&other.exponent);
            exponents.then_with(|| self.digits().cmp(other.digits()))
        };
        self.sign().cmp(&other.sign()).then_with(|| {
            if !self.is_negative {
                magnitude()
            } else {
                magnitude().reverse()
            }
        })
    }
}

impl PartialOrd for Value<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
