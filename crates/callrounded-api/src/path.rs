//! Path parameters: whatever is in one, it stays one segment of the path.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes `text` as one segment.
///
/// `.` and `..` can't be sent as segments at all, since URL parsers take even their encoded forms for the directory
/// itself and the one above: whoever takes identifiers from elsewhere has to refuse those two.
pub(crate) fn encode_path_segment(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_segment() {
        assert_eq!(encode_path_segment("a/b\\c?d#e%2Ff;g"), "a%2Fb%5Cc%3Fd%23e%252Ff%3Bg");
        assert_eq!(encode_path_segment("é ~-._"), "%C3%A9%20~-._");
    }
}
