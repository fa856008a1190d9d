//! What was sent, taken out of what is printed: services repeat in their messages what they don't accept.

use reqwest::{Body, Request};
use serde_json::Value;

/// The texts of a request that may be personal data, longest first.
pub(crate) struct Sent(Vec<String>);

/// Shorter ones say nothing by themselves, and are in every other word.
const SHORTEST: usize = 3;

impl Sent {
    /// The texts in a JSON body and in the values of a query. The names of the body's own members are the document's;
    /// those below are the caller's, such as of metadata.
    pub fn of(request: &Request) -> Self {
        let query = request.url().query_pairs();
        let mut texts: Vec<String> = query.map(|(_, value)| value.into_owned()).collect();
        let body = request.body().and_then(Body::as_bytes).unwrap_or_default();
        if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
            members.values().for_each(|value| collect(value, &mut texts));
        }
        texts.retain(|text| text.chars().count() >= SHORTEST);
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts.dedup();
        Self(texts)
    }

    /// `text` with every one of them blotted out, where it stands as a word or words of its own.
    pub fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for sent in &self.0 {
            text = without(&text, sent);
        }
        text
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(members) => {
            for (name, value) in members {
                texts.push(name.clone());
                collect(value, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn without(text: &str, sent: &str) -> String {
    let mut rest = text;
    let mut clean = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once(sent) {
        clean.push_str(before);
        let inside = |neighbour: Option<char>, own: Option<char>| {
            neighbour.is_some_and(char::is_alphanumeric) && own.is_some_and(char::is_alphanumeric)
        };
        let part_of_a_word = inside(clean.chars().next_back(), sent.chars().next())
            || inside(after.chars().next(), sent.chars().next_back());
        clean.push_str(if part_of_a_word { sent } else { "<redacted>" });
        rest = after;
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::{Method, Url};

    use super::*;

    fn scrubbed(body: &'static str, text: &str) -> String {
        let url = Url::parse("http://localhost/x?from_number=%2B33698765432&use_cursor=true&page=1").unwrap();
        let mut request = Request::new(Method::POST, url);
        *request.body_mut() = Some(body.into());
        Sent::of(&request).scrub(text)
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        for (said, shown) in [
            (
                "to_number: +33612345678 is no number",
                "to_number: <redacted> is no number",
            ),
            ("'+33698765432'", "'<redacted>'"),
            ("Ann Li, Ann", "<redacted>, <redacted>"),
            (
                "metadata.customer: Ann is not ok",
                "metadata.<redacted>: <redacted> is not ok",
            ),
            ("Annual planning", "Annual planning"),
            ("AnnAnn Ann", "AnnAnn <redacted>"),
            ("", ""),
        ] {
            let body = r#"{"to_number": "+33612345678", "metadata": {"customer": "Ann", "note": ["Ann Li", 5, "ok"]}}"#;
            assert_eq!(scrubbed(body, said), shown);
        }
    }

    #[test]
    fn a_body_that_is_no_json_has_no_texts() {
        assert_eq!(scrubbed("{", "as it is"), "as it is");
    }
}
