//! Removes secrets and personal data from the messages of a service, which may repeat what it rejects, even the API key.

use std::cmp::Reverse;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::{
    Body, Request,
    header::{ACCEPT, CONTENT_TYPE, USER_AGENT},
};
use serde_json::Value;

use crate::{ApiKey, OperationInfo, error_body::KEPT};

/// Strings that are removed wherever they occur, in the encodings that services use.
#[derive(Default)]
pub(crate) struct Scrubber {
    /// Longest first, so that none is found inside another.
    texts: Vec<String>,
    mark: &'static str,
    /// There are too many strings to search for, so everything is removed.
    everything: bool,
    /// Strings shorter than this are kept where they are part of a longer word.
    word: usize,
}

/// This many characters distinguish a string from others.
const ENOUGH: usize = 16;
const REDACTED: &str = "<redacted>";
/// Shorter strings identify nothing and occur in ordinary sentences.
const SHORTEST: usize = 3;
/// A shorter header value is a name, such as `eu-west`, and no token.
const SHORTEST_TOKEN: usize = 8;
/// Searching for more takes too long.
const MOST: usize = 2_000;
/// Shorter strings may be part of any word.
const SHORT_WORD: usize = 8;
/// Numbers with fewer digits are not searched for.
const FEWEST_DIGITS: usize = 4;

impl Scrubber {
    /// Removes the API key and the other headers that are marked as sensitive.
    pub fn of_secrets(key: &ApiKey, request: Option<&Request>) -> Self {
        let headers = request.into_iter().flat_map(|request| request.headers().values());
        let headers = headers.filter(|value| value.is_sensitive());
        let texts = headers.filter_map(|value| value.to_str().ok());
        // A scheme before the token is not secret: `Bearer …`.
        let words = texts.flat_map(|text| [Some(text), text.rsplit_once(' ').map(|(_, token)| token)]);
        let words = words.flatten().filter(|text| text.len() >= SHORTEST_TOKEN);
        let key = std::iter::once(key.expose_secret());
        Self::new(key.chain(words).map(str::to_owned).collect(), "<key>", 0)
    }

    /// Removes what may be personal in a request: the strings and numbers of its JSON body and query. The keys of the body itself
    /// come from the document; keys further inside may come from users.
    pub fn of_request(request: &Request, operation: &OperationInfo) -> Self {
        let query = request.url().query_pairs().map(|(_, value)| value.into_owned());
        let flag = |text: &str| matches!(text, "true" | "false") || is_short_number(text);
        let mut texts: Vec<String> = query.filter(|text| !flag(text)).collect();
        texts.extend(in_path(request, operation));
        let set_by_client = [ACCEPT, CONTENT_TYPE, USER_AGENT];
        let headers = request
            .headers()
            .iter()
            .filter(|(name, _)| !set_by_client.contains(name));
        texts.extend(headers.filter_map(|(_, value)| Some(value.to_str().ok()?.to_owned())));
        let body = request.body().and_then(Body::as_bytes).unwrap_or_default();
        let members = match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => members,
            // The body cannot be parsed, for example because it is nested too deeply. It may contain anything.
            _ if !body.is_empty() => {
                return Self {
                    everything: true,
                    mark: REDACTED,
                    ..Self::default()
                };
            }
            _ => serde_json::Map::new(),
        };
        members.values().for_each(|value| collect(value, &mut texts));
        texts.retain(|text| text.chars().count() >= SHORTEST);
        Self::new(texts, REDACTED, SHORT_WORD)
    }

    fn new(texts: Vec<String>, mark: &'static str, word: usize) -> Self {
        let everything = texts.len() > MOST;
        let mut texts: Vec<String> = texts.iter().take(MOST).flat_map(|text| encodings(text)).collect();
        texts.sort_unstable_by(|a, b| (Reverse(a.len()), a).cmp(&(Reverse(b.len()), b)));
        texts.dedup();
        Self {
            texts,
            mark,
            everything,
            word,
        }
    }

    /// Returns `text` without the strings.
    pub fn scrub(&self, text: &str) -> String {
        if self.everything {
            return self.mark.to_owned();
        }
        let mut text = text.to_owned();
        // A text that was cut has at least this many bytes, except for those of a broken character.
        let cut = text.len() + 4 > KEPT;
        for secret in &self.texts {
            if text.contains(secret.as_str()) {
                text = self.without(&text, secret, "");
            }
        }
        // Services truncate long strings. This comes second, since two strings may begin alike.
        for secret in &self.texts {
            let (beginning, tail) = beginning(secret);
            if text.contains(beginning) {
                text = self.without(&text, beginning, tail);
            }
        }
        if cut {
            // A shorter beginning may remain at the end.
            for _ in 0..ENOUGH {
                text.pop();
            }
        }
        text
    }

    /// Removes `needle` and what follows it, as far as that matches `tail`.
    fn without(&self, text: &str, needle: &str, tail: &str) -> String {
        let mut rest = text;
        let mut clean = String::with_capacity(text.len());
        while let Some((before, after)) = rest.split_once(needle) {
            clean.push_str(before);
            let joined = |neighbour: Option<char>, own: Option<char>| {
                neighbour.is_some_and(char::is_alphanumeric) && own.is_some_and(char::is_alphanumeric)
            };
            let neighbour = clean.chars().next_back().filter(|_| !ends_with_escape(&clean));
            let part_of_a_word =
                joined(neighbour, needle.chars().next()) || joined(after.chars().next(), needle.chars().next_back());
            let kept = needle.len() < self.word && part_of_a_word;
            clean.push_str(if kept { needle } else { self.mark });
            let alike = tail.chars().zip(after.chars()).take_while(|(own, there)| own == there);
            let alike = alike.map(|(own, _)| own.len_utf8()).sum();
            rest = after.split_at_checked(alike).map_or(after, |(_, rest)| rest);
        }
        clean + rest
    }
}

/// The values of path parameters that may be personal.
fn in_path(request: &Request, operation: &OperationInfo) -> Vec<String> {
    let segments = request.url().path().rsplit('/');
    let template = operation.path().rsplit('/');
    let personal = |part: &str| {
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
    let values = template.zip(segments).filter(|(part, _)| personal(part));
    values
        .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
        .collect()
}

/// Whether the text ends with an escape such as `%22`, after which a word begins.
fn ends_with_escape(text: &str) -> bool {
    let mut last = text.chars().rev();
    let digits = last.by_ref().take(2).filter(char::is_ascii_hexdigit).count();
    digits == 2 && last.next() == Some('%')
}

/// Splits a string after the characters that distinguish it from others.
fn beginning(secret: &str) -> (&str, &str) {
    match secret.char_indices().nth(ENOUGH) {
        Some((end, _)) => secret.split_at_checked(end).unwrap_or((secret, "")),
        None => (secret, ""),
    }
}

/// The number or size of a page: not secret in a query.
fn is_short_number(text: &str) -> bool {
    text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => {
            let number = number.to_string();
            if number.len() >= FEWEST_DIGITS {
                texts.push(number);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(members) => {
            for (name, value) in members {
                texts.push(name.clone());
                collect(value, texts);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The encodings of a string: plain; in JSON, with non-ASCII characters escaped or not, and with `\/`; in URLs and forms, with
/// digits in either case and more or fewer characters escaped; in HTML and quoted text; a number without its leading `+`.
fn encodings(text: &str) -> Vec<String> {
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    // What JavaScript's encodeURIComponent leaves unescaped, and what readable logs also leave.
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
    for kept in [UNRESERVED, COMPONENT, READABLE] {
        let url = utf8_percent_encode(text, kept).to_string();
        let lower = lower_escapes(&url);
        encodings.extend([url.replace("%20", "+"), lower.replace("%20", "+"), url, lower]);
    }
    let digits = text
        .strip_prefix('+')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    encodings.extend(digits.map(str::to_owned));
    encodings
}

/// `é` as `\u00e9`.
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

/// `%2B` as `%2b`.
fn lower_escapes(url: &str) -> String {
    let mut parts = url.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (escape, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        text + "%" + &escape.to_ascii_lowercase() + rest
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::{Method, Url};

    use super::*;
    use crate::{ParameterInfo, ParameterPlace};

    const OPERATION: OperationInfo =
        OperationInfo::new("post_thing", "POST", "/things/{name}/{kind}").with_parameters(&[
            ParameterInfo::new("name", ParameterPlace::Path, true, ""),
            ParameterInfo::new("kind", ParameterPlace::Path, true, "").public(),
        ]);

    #[test]
    fn scrub_removes_personal_values_of_path_and_headers() {
        let url = "http://localhost/base/things/Ann%20Li/private";
        let mut request = Request::new(Method::GET, Url::parse(url).unwrap());
        request.headers_mut().insert("x-name", "Bob Ray".parse().unwrap());
        let said = "no private thing of Ann Li for Bob Ray";
        let shown = Scrubber::of_request(&request, &OPERATION).scrub(said);
        assert_eq!(shown, "no private thing of <redacted> for <redacted>");
    }

    fn scrubbed(body: impl Into<Body>, text: &str) -> String {
        let url = "http://localhost/x?from=%2B33698765432&use_cursor=true&page=12&limit=1000";
        let mut request = Request::new(Method::POST, Url::parse(url).unwrap());
        *request.body_mut() = Some(body.into());
        Scrubber::of_request(&request, &OPERATION).scrub(text)
    }

    #[test]
    fn scrub_removes_sent_values() {
        for (said, shown) in [
            ("to: +33612345678 is no number", "to: <redacted> is no number"),
            ("33612345678 is no number", "<redacted> is no number"),
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
            assert_eq!(scrubbed(body, said), shown);
        }
    }

    #[test]
    fn scrub_removes_truncated_values() {
        let body = r#"{"extra": {"x": "what she said about her mother and the house", "y": "what she said about her father"}}"#;
        for (said, shown) in [
            (
                "not valid: what she said about her mother and the house.",
                "not valid: <redacted>.",
            ),
            ("not valid: what she said about her moth…", "not valid: <redacted>…"),
            ("not valid: what she said about him", "not valid: <redacted>im"),
            ("what she says", "what she says"),
            ("what she said about her father", "<redacted>"),
        ] {
            assert_eq!(scrubbed(body, said), shown);
        }
    }

    #[test]
    fn scrub_of_very_many_values_removes_everything() {
        let many: Vec<String> = (0..MOST + 1).map(|number| format!("text {number}")).collect();
        let body = serde_json::json!({ "extra": many }).to_string();
        assert_eq!(scrubbed(body, "as it is, text 7"), "<redacted>");
    }

    #[test]
    fn scrub_of_unreadable_body_removes_everything() {
        assert_eq!(scrubbed("{", "as it is"), "<redacted>");
        assert_eq!(scrubbed("", "as it is"), "as it is");
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(200), "]".repeat(200));
        assert_eq!(scrubbed(deep, "as it is"), "<redacted>");
    }

    #[test]
    fn scrub_removes_other_encodings() {
        let body = r#"{"extra": {"a": "Zoë Li", "b": "Ann (Jo) O'Neil!", "c": "ann@x.org, Bob", "d": "Ann", "e": "Ann & Bob"}}"#;
        for said in [
            r"Zo\u00eb Li",
            "Zo%c3%ab+Li",
            "Zo%C3%AB%20Li",
            "Ann%20(Jo)%20O'Neil!",
            r"Ann (Jo) O\'Neil!",
            "ann@x.org,%20Bob",
            "%22Ann%22",
            "Ann &amp; Bob",
        ] {
            let shown = scrubbed(body, said);
            let letters: String = shown
                .replace("<redacted>", "")
                .chars()
                .filter(|c| c.is_alphabetic())
                .collect();
            assert_eq!(letters, "", "{said}: {shown}");
        }
    }

    #[test]
    fn scrub_removes_api_key_in_any_encoding_and_inside_words() {
        let key = ApiKey::new("sk/live+01\"x".to_owned().into()).unwrap();
        let key = Scrubber::of_secrets(&key, None);
        for said in [
            "sk/live+01\"x",
            "asksk/live+01\"xb",
            r#"sk/live+01\"x"#,
            r#"sk\/live+01\"x"#,
            "sk%2Flive%2B01%22x",
            "sk%2flive%2b01%22x",
        ] {
            let shown = key.scrub(said);
            assert!(shown.contains("<key>") && !shown.contains("live"), "{shown}");
        }
    }

    proptest::proptest! {
        /// In any text, in any encoding, whole or truncated.
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
            let shown = scrubber.scrub(&format!("{before}{encoded}{after}"));
            proptest::prop_assert!(!shown.contains(&encoded), "{shown}");
            let shown = scrubber.scrub(&format!("{before}{cut}\n"));
            proptest::prop_assert!(!shown.contains(&cut), "{shown}");
        }
    }
}
