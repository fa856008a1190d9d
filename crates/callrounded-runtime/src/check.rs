//! Checks of arguments against the document, for generated code. Their messages do not contain the value.

use std::fmt::Display;

/// Checks the length of a string, in characters.
///
/// # Errors
/// The problem as a message, if the length is not from `min` to `max`.
pub fn length(text: String, min: Option<usize>, max: Option<usize>) -> Result<String, String> {
    let length = text.chars().count();
    if min == Some(1) && length == 0 {
        return Err("must not be empty".to_owned());
    }
    within(length, min, max)
        .map(|_| text)
        .map_err(|range| format!("must have {range} characters"))
}

/// Checks that a number is within its bounds, which are inclusive.
///
/// # Errors
/// The problem as a message, if the number is not from `min` to `max`.
pub fn in_range<T: PartialOrd + Display + Copy>(number: T, min: Option<T>, max: Option<T>) -> Result<T, String> {
    within(number, min, max).map_err(|range| format!("must be {range}"))
}

fn within<T: PartialOrd + Display + Copy>(number: T, min: Option<T>, max: Option<T>) -> Result<T, String> {
    let is_within = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
    match (min, max) {
        _ if is_within => Ok(number),
        (Some(min), Some(max)) => Err(format!("{min} to {max}")),
        (Some(min), None) => Err(format!("at least {min}")),
        (_, Some(max)) => Err(format!("at most {max}")),
        (None, None) => Ok(number),
    }
}

/// Joins the values of a list into one string.
pub fn joined(values: impl IntoIterator<Item = impl ToString>, separator: &str) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    values.join(separator)
}

/// Checks that a value is one of the documented values of an enumeration.
///
/// # Errors
/// The problem as a message with the documented values, if `value` is not one of them.
pub fn known(value: &str, known: &[&str]) -> Result<(), String> {
    if known.contains(&value) {
        Ok(())
    } else {
        Err(format!("is not a documented value: expected {}", known.join(", ")))
    }
}
