//! Checks and encodes path parameters, so that any value is one segment of the path.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes `text` as one path segment.
///
/// `.` and `..` cannot be segments: URL parsers resolve even their encoded forms. [`check_path_parameter`] rejects
/// them.
#[must_use]
pub fn encode_path_segment(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// Checks that a path parameter cannot address another resource: it must not be empty, `.` or `..`, and must not
/// contain control characters. Any other text is allowed, since [`encode_path_segment`] encodes it.
///
/// # Errors
/// The problem as a message without the name of the parameter.
pub fn check_path_parameter(text: &str) -> Result<(), String> {
    let problem = match text {
        "" => "must not be empty",
        "." | ".." => "must not be `.` or `..`, which URLs resolve as directories",
        _ if text.chars().any(char::is_control) => "contains a control character, such as a line break",
        _ => return Ok(()),
    };
    Err(problem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_segment_encodes_reserved_characters() {
        assert_eq!(encode_path_segment("a/b\\c?d#e%2Ff;g"), "a%2Fb%5Cc%3Fd%23e%252Ff%3Bg");
        assert_eq!(encode_path_segment("é ~-._"), "%C3%A9%20~-._");
    }
}
