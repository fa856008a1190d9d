//! The encodings in which a message may repeat a string.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Returns the encodings of a string:
/// - unchanged;
/// - in JSON, with non-ASCII characters escaped or not, and with `\/`;
/// - in URLs and forms, with upper or lower case escapes and different sets of escaped characters;
/// - in quoted text and in HTML;
/// - for a number in international format, without its leading `+`.
pub(super) fn encodings(text: &str) -> Vec<String> {
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    // COMPONENT is the set of JavaScript's encodeURIComponent. READABLE is a set that loggers use to keep URLs
    // readable.
    const COMPONENT: &AsciiSet = &UNRESERVED
        .remove(b'!')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')')
        .remove(b'*');
    const READABLE: &AsciiSet = &COMPONENT.remove(b'@').remove(b',').remove(b':').remove(b'/');
    let json = Value::from(text).to_string();
    let json = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'))
        .unwrap_or(&json);
    let mut encodings = vec![
        text.to_owned(),
        json.to_owned(),
        json.replace('/', "\\/"),
        ascii_json(json),
        text.replace('\'', "\\'"),
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
    ];
    for escaped in [UNRESERVED, COMPONENT, READABLE] {
        let url = utf8_percent_encode(text, escaped).to_string();
        let lower = lower_escapes(&url);
        encodings.extend([url.replace("%20", "+"), lower.replace("%20", "+"), url, lower]);
    }
    let digits = text
        .strip_prefix('+')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    encodings.extend(digits.map(str::to_owned));
    encodings
}

/// Escapes non-ASCII characters in JSON, such as `é` as `\u00e9`.
fn ascii_json(json: &str) -> String {
    let mut units = [0; 2];
    json.chars().fold(String::new(), |mut text, c| {
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
        text
    })
}

/// Converts escapes to lower case, such as `%2B` to `%2b`.
fn lower_escapes(url: &str) -> String {
    let mut parts = url.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (escape, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        text + "%" + &escape.to_ascii_lowercase() + rest
    })
}
