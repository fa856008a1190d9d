//! Removes secrets and personal data from error messages of a service, which may repeat the request, even the API key.

mod encodings;

use std::cmp::Reverse;

use percent_encoding::percent_decode_str;
use reqwest::{
    Body, Request,
    header::{ACCEPT, CONTENT_TYPE, USER_AGENT},
};
use serde_json::Value;

use crate::{ApiKey, OperationInfo, error_body::MAX_MESSAGE_CHARS};
use encodings::encodings;

/// A set of strings to remove from messages, in all encodings that services use.
#[derive(Default)]
pub(crate) struct Scrubber {
    /// The strings, longest first, so that a string is not removed as a part of a longer one.
    strings: Vec<String>,
    /// What replaces a removed string.
    replacement: &'static str,
    /// Whether the whole message is removed, because there are too many strings or they are unknown.
    redacts_all: bool,
    /// Strings with fewer bytes are kept if they are part of a longer word.
    min_len_in_word: usize,
}

/// The number of characters that distinguish a string from others.
const PREFIX_CHARS: usize = 16;
const REDACTED: &str = "<redacted>";
/// Shorter strings are kept, because they identify nothing and occur in ordinary sentences.
const MIN_CHARS: usize = 3;
/// A shorter header value is a name, such as `eu-west`, and not a token.
const MIN_TOKEN_LEN: usize = 8;
/// The maximum number of strings. Searching for more takes too long.
const MAX_STRINGS: usize = 2_000;
/// Shorter strings may be part of any word.
const MIN_LEN_IN_WORD: usize = 8;
/// Numbers with fewer digits are kept.
const MIN_DIGITS: usize = 4;

impl Scrubber {
    /// Creates a scrubber that removes the API key and the other headers that are marked as sensitive.
    pub fn of_secrets(key: &ApiKey, request: Option<&Request>) -> Self {
        let headers = request.into_iter().flat_map(|request| request.headers().values());
        let headers = headers.filter(|value| value.is_sensitive());
        let values = headers.filter_map(|value| value.to_str().ok());
        // A scheme before the token is not secret: `Bearer …`.
        let words = values.flat_map(|text| [Some(text), text.rsplit_once(' ').map(|(_, token)| token)]);
        let words = words.flatten().filter(|text| text.len() >= MIN_TOKEN_LEN);
        let key = std::iter::once(key.expose_secret());
        Self::new(key.chain(words).map(str::to_owned).collect(), "<key>", 0)
    }

    /// Creates a scrubber that removes what may be personal in a request: the strings and numbers of its JSON body, and
    /// the values of its query, path and headers. Top-level keys of the body come from the document and are kept.
    /// Nested keys may come from users and are removed.
    pub fn of_request(request: &Request, operation: &OperationInfo) -> Self {
        let query = request.url().query_pairs().map(|(_, value)| value.into_owned());
        let is_setting = |text: &str| matches!(text, "true" | "false") || is_short_number(text);
        let mut strings: Vec<String> = query.filter(|text| !is_setting(text)).collect();
        strings.extend(path_values(request, operation));
        let set_by_client = [ACCEPT, CONTENT_TYPE, USER_AGENT];
        let headers = request
            .headers()
            .iter()
            .filter(|(name, _)| !set_by_client.contains(name));
        strings.extend(headers.filter_map(|(_, value)| Some(value.to_str().ok()?.to_owned())));
        let body = request.body().and_then(Body::as_bytes).unwrap_or_default();
        let properties = match serde_json::from_slice(body) {
            Ok(Value::Object(properties)) => properties,
            // The body cannot be parsed, for example because it is nested too deeply. It may contain anything.
            _ if !body.is_empty() => {
                return Self {
                    redacts_all: true,
                    replacement: REDACTED,
                    ..Self::default()
                };
            }
            _ => serde_json::Map::new(),
        };
        properties
            .values()
            .for_each(|value| collect_strings(value, &mut strings));
        strings.retain(|text| text.chars().count() >= MIN_CHARS);
        Self::new(strings, REDACTED, MIN_LEN_IN_WORD)
    }

    fn new(strings: Vec<String>, replacement: &'static str, min_len_in_word: usize) -> Self {
        let redacts_all = strings.len() > MAX_STRINGS;
        let mut strings: Vec<String> = strings
            .iter()
            .take(MAX_STRINGS)
            .flat_map(|text| encodings(text))
            .collect();
        strings.sort_unstable_by(|a, b| (Reverse(a.len()), a).cmp(&(Reverse(b.len()), b)));
        strings.dedup();
        Self {
            strings,
            replacement,
            redacts_all,
            min_len_in_word,
        }
    }

    /// Returns `text` without the strings.
    pub fn scrub(&self, text: &str) -> String {
        if self.redacts_all {
            return self.replacement.to_owned();
        }
        let mut text = text.to_owned();
        // A truncated text has at least this many bytes. Up to 3 bytes of a split character may be lost.
        let is_truncated = text.len() + 4 > MAX_MESSAGE_CHARS;
        for secret in &self.strings {
            if text.contains(secret.as_str()) {
                text = self.without(&text, secret, "");
            }
        }
        // Services truncate long strings, so prefixes are removed too. Whole strings come first, since two strings may
        // have the same prefix.
        for secret in &self.strings {
            let (prefix, tail) = split_prefix(secret);
            if text.contains(prefix) {
                text = self.without(&text, prefix, tail);
            }
        }
        if is_truncated {
            // A shorter prefix may remain at the end.
            for _ in 0..PREFIX_CHARS {
                text.pop();
            }
        }
        text
    }

    /// Replaces `needle` and the text after it, as far as that matches the start of `tail`.
    fn without(&self, text: &str, needle: &str, tail: &str) -> String {
        let mut rest = text;
        let mut clean = String::with_capacity(text.len());
        while let Some((before, after)) = rest.split_once(needle) {
            clean.push_str(before);
            let joined = |neighbour: Option<char>, own: Option<char>| {
                neighbour.is_some_and(char::is_alphanumeric) && own.is_some_and(char::is_alphanumeric)
            };
            let neighbour = clean.chars().next_back().filter(|_| !ends_with_escape(&clean));
            let is_in_word =
                joined(neighbour, needle.chars().next()) || joined(after.chars().next(), needle.chars().next_back());
            let is_kept = needle.len() < self.min_len_in_word && is_in_word;
            clean.push_str(if is_kept { needle } else { self.replacement });
            let matching = tail
                .chars()
                .zip(after.chars())
                .take_while(|(expected, actual)| expected == actual);
            let matching = matching.map(|(expected, _)| expected.len_utf8()).sum();
            rest = after.split_at_checked(matching).map_or(after, |(_, rest)| rest);
        }
        clean + rest
    }
}

/// Returns the values of path parameters that may be personal.
fn path_values(request: &Request, operation: &OperationInfo) -> Vec<String> {
    let segments = request.url().path().rsplit('/');
    let template = operation.path().rsplit('/');
    let is_personal = |part: &str| {
        let name = part
            .split_once('{')
            .and_then(|(_, rest)| rest.split_once('}'))
            .map(|(name, _)| name);
        let known = operation
            .parameters()
            .iter()
            .find(|parameter| Some(parameter.name()) == name);
        name.is_some() && known.is_none_or(|parameter| !parameter.is_public())
    };
    let values = template.zip(segments).filter(|(part, _)| is_personal(part));
    values
        .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
        .collect()
}

/// Returns whether the text ends with an escape such as `%22`. A word begins after it.
fn ends_with_escape(text: &str) -> bool {
    let mut last = text.chars().rev();
    let digits = last.by_ref().take(2).filter(char::is_ascii_hexdigit).count();
    digits == 2 && last.next() == Some('%')
}

/// Splits a string after the prefix that distinguishes it from others.
fn split_prefix(secret: &str) -> (&str, &str) {
    match secret.char_indices().nth(PREFIX_CHARS) {
        Some((end, _)) => secret.split_at_checked(end).unwrap_or((secret, "")),
        None => (secret, ""),
    }
}

/// Returns whether a value in a query is a short number, such as the number or size of a page. It is not personal.
fn is_short_number(text: &str) -> bool {
    text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Collects the strings, numbers and nested keys of a value.
fn collect_strings(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::String(text) => strings.push(text.clone()),
        Value::Number(number) => {
            let number = number.to_string();
            if number.len() >= MIN_DIGITS {
                strings.push(number);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_strings(value, strings)),
        Value::Object(properties) => {
            for (key, value) in properties {
                strings.push(key.clone());
                collect_strings(value, strings);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::{Method, Url};

    use super::*;
    use crate::{ParameterInfo, ParameterLocation};

    const OPERATION: OperationInfo =
        OperationInfo::new("post_thing", "POST", "/things/{name}/{kind}").with_parameters(&[
            ParameterInfo::new("name", ParameterLocation::Path, true, ""),
            ParameterInfo::new("kind", ParameterLocation::Path, true, "").public(),
        ]);

    #[test]
    fn scrub_removes_personal_values_of_path_and_headers() {
        let url = "http://localhost/base/things/Ann%20Li/private";
        let mut request = Request::new(Method::GET, Url::parse(url).unwrap());
        request.headers_mut().insert("x-name", "Bob Ray".parse().unwrap());
        let message = "no private thing of Ann Li for Bob Ray";
        let scrubbed = Scrubber::of_request(&request, &OPERATION).scrub(message);
        assert_eq!(scrubbed, "no private thing of <redacted> for <redacted>");
    }

    fn scrubbed(body: impl Into<Body>, text: &str) -> String {
        let url = "http://localhost/x?from=%2B33698765432&use_cursor=true&page=12&limit=1000";
        let mut request = Request::new(Method::POST, Url::parse(url).unwrap());
        *request.body_mut() = Some(body.into());
        Scrubber::of_request(&request, &OPERATION).scrub(text)
    }

    #[test]
    fn scrub_removes_sent_values() {
        for (message, expected) in [
            ("to: +33612345678 is not valid", "to: <redacted> is not valid"),
            ("33612345678 is not valid", "<redacted> is not valid"),
            ("'+33698765432'", "'<redacted>'"),
            ("GET /v1/things?from=%2B33698765432", "GET /v1/things?from=<redacted>"),
            ("GET /v1/things?from=%2b33698765432", "GET /v1/things?from=<redacted>"),
            ("Ann \"Jo\" Li, Ann", "<redacted>, <redacted>"),
            (r#"{"note":"Ann \"Jo\" Li"}"#, r#"{"<redacted>":"<redacted>"}"#),
            (
                "note=Ann+%22Jo%22+Li&n=Ann%20%22Jo%22%20Li",
                "<redacted>=<redacted>&n=<redacted>",
            ),
            ("two\nlines", "<redacted>"),
            (r#""two\nlines" and a\/b"#, r#""<redacted>" and <redacted>"#),
            (
                "extra.customer: Ann is not ok",
                "extra.<redacted>: <redacted> is not ok",
            ),
            ("number 4978001234 of 12", "number <redacted> of 12"),
            ("Annual planning", "Annual planning"),
            ("AnnAnn Ann", "AnnAnn <redacted>"),
            (
                "use_cursor must be true; page 12, limit 1000",
                "use_cursor must be true; page 12, limit 1000",
            ),
            ("", ""),
        ] {
            let body = r#"{"to": "+33612345678", "override": true, "extra": {"customer": "Ann", "account": 4978001234,
                "note": ["Ann \"Jo\" Li", 5, "ok", "two\nlines", "a/b"]}}"#;
            assert_eq!(scrubbed(body, message), expected);
        }
    }

    #[test]
    fn scrub_removes_truncated_values() {
        let body = r#"{"extra": {"x": "what she said about her mother and the house", "y": "what she said about her father"}}"#;
        for (message, expected) in [
            (
                "not valid: what she said about her mother and the house.",
                "not valid: <redacted>.",
            ),
            ("not valid: what she said about her moth…", "not valid: <redacted>…"),
            ("not valid: what she said about him", "not valid: <redacted>im"),
            ("what she says", "what she says"),
            ("what she said about her father", "<redacted>"),
        ] {
            assert_eq!(scrubbed(body, message), expected);
        }
    }

    #[test]
    fn scrub_of_too_many_values_removes_everything() {
        let many: Vec<String> = (0..MAX_STRINGS + 1).map(|number| format!("text {number}")).collect();
        let body = serde_json::json!({ "extra": many }).to_string();
        assert_eq!(scrubbed(body, "as it is, text 7"), "<redacted>");
    }

    #[test]
    fn scrub_of_unparsable_body_removes_everything() {
        assert_eq!(scrubbed("{", "as it is"), "<redacted>");
        assert_eq!(scrubbed("", "as it is"), "as it is");
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(200), "]".repeat(200));
        assert_eq!(scrubbed(deep, "as it is"), "<redacted>");
    }

    #[test]
    fn scrub_removes_other_encodings() {
        let body = r#"{"extra": {"a": "Zoë Li", "b": "Ann (Jo) O'Neil!", "c": "ann@x.org, Bob", "d": "Ann", "e": "Ann & Bob"}}"#;
        for message in [
            r"Zo\u00eb Li",
            "Zo%c3%ab+Li",
            "Zo%C3%AB%20Li",
            "Ann%20(Jo)%20O'Neil!",
            r"Ann (Jo) O\'Neil!",
            "ann@x.org,%20Bob",
            "%22Ann%22",
            "Ann &amp; Bob",
        ] {
            let scrubbed = scrubbed(body, message);
            let letters: String = scrubbed
                .replace("<redacted>", "")
                .chars()
                .filter(|c| c.is_alphabetic())
                .collect();
            assert_eq!(letters, "", "{message}: {scrubbed}");
        }
    }

    #[test]
    fn scrub_removes_api_key_in_any_encoding_and_inside_words() {
        let key = ApiKey::new("sk/live+01\"x".to_owned().into()).unwrap();
        let key = Scrubber::of_secrets(&key, None);
        for message in [
            "sk/live+01\"x",
            "asksk/live+01\"xb",
            r#"sk/live+01\"x"#,
            r#"sk\/live+01\"x"#,
            "sk%2Flive%2B01%22x",
            "sk%2flive%2b01%22x",
        ] {
            let scrubbed = key.scrub(message);
            assert!(scrubbed.contains("<key>") && !scrubbed.contains("live"), "{scrubbed}");
        }
    }

    proptest::proptest! {
        /// The key is removed from any text, in any encoding, whole or truncated.
        #[test]
        fn scrub_never_leaves_api_key(
            before in "\\PC{0,20}",
            key in "[!-~]{8,60}",
            after in "\\PC{0,20}",
            encoding in 0..18_usize,
            cut in 16..60_usize,
        ) {
            proptest::prop_assume!(!"<key>".contains(&key));
            let scrubber = Scrubber::of_secrets(&ApiKey::new(key.clone().into()).unwrap(), None);
            let encoded = encodings(&key).swap_remove(encoding);
            let cut: String = encoded.chars().take(cut).collect();
            let scrubbed = scrubber.scrub(&format!("{before}{encoded}{after}"));
            proptest::prop_assert!(!scrubbed.contains(&encoded), "{scrubbed}");
            let scrubbed = scrubber.scrub(&format!("{before}{cut}\n"));
            proptest::prop_assert!(!scrubbed.contains(&cut), "{scrubbed}");
        }
    }
}
