//! The sources of payloads, and their excerpts. Values that may be personal data are masked.

use std::ops::Range;

use super::Values;
use crate::{
    document::Document,
    excerpt::{Excerpt, WIDTH},
    json::{Json, Kind},
    location::Location,
};

/// The source of a payload.
pub(super) enum Source<'a> {
    /// A file, in which the payload starts at this line.
    Text {
        file: &'a str,
        line: usize,
        payload: &'a Json,
        values: Values,
    },
    /// A value of the document, at this JSON pointer.
    Inline { document: &'a Document, pointer: &'a str },
}

impl Source<'_> {
    pub fn file(&self) -> &str {
        match self {
            Self::Text { file, .. } => file,
            Self::Inline { document, .. } => document.name(),
        }
    }

    pub fn values(&self) -> Values {
        match self {
            Self::Text { values, .. } => *values,
            Self::Inline { .. } => Values::Shown,
        }
    }

    /// Identifies an example by the name of its file or its location. Recorded payloads are only distinguished by their
    /// subject, since their files change from day to day.
    pub fn identity(&self, subject: &str) -> String {
        match self {
            Self::Text { file, values, .. } => match values {
                Values::Masked => subject.to_owned(),
                Values::Shown => file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
            },
            Self::Inline { pointer, .. } => format!("#{pointer}"),
        }
    }

    /// Returns the location and the excerpt for a value: by `pointer` in the document, by `span` in a text. `known`
    /// checks whether a key may be shown.
    pub fn locate(&self, pointer: &str, span: Range<usize>, known: &dyn Fn(&str) -> bool) -> (Location, Excerpt) {
        match self {
            Self::Inline {
                document,
                pointer: base,
            } => {
                let at = format!("{base}{pointer}");
                let location = document.location(&at);
                let line = document.line(location.line);
                let length = match document.get_str(&at) {
                    Some(text) if line.contains(text) => text.chars().count(),
                    _ => 1,
                };
                let excerpt = Excerpt::of_line(line, location.column, length);
                (location, excerpt)
            }
            Self::Text {
                line, payload, values, ..
            } => {
                let position = payload.position(span.start);
                let text = payload.text();
                let masked = match values {
                    Values::Shown => Vec::new(),
                    // A character has at most four bytes, so these are all that an excerpt shows.
                    Values::Masked => {
                        let shown = span.start.saturating_sub(4 * WIDTH)..span.start + 4 * WIDTH;
                        masked_bytes(payload, shown, known)
                    }
                };
                let marked = text.get(span.clone()).unwrap_or_default();
                // If the value has several lines, only its first character is marked.
                let length = if marked.contains('\n') {
                    1
                } else {
                    marked.chars().take(WIDTH + 2).count()
                };
                let location = Location {
                    line: line + position.line,
                    column: position.column + 1,
                };
                let shown = masking(|at| is_in(&masked, at));
                (
                    location,
                    Excerpt::around(text, position.start, span.start, length, shown),
                )
            }
        }
    }
}

/// Returns a function that masks the characters at the offsets for which `is_masked` is true.
fn masking(is_masked: impl Fn(usize) -> bool) -> impl Fn(usize, char) -> char {
    move |at, c| if is_masked(at) { mask_one(c) } else { c }
}

/// Checks whether a byte is in one of the spans, which are sorted.
fn is_in(spans: &[Range<usize>], at: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= at);
    spans.get(next).is_some_and(|span| span.contains(&at))
}

/// Returns the parts of a window to mask: strings, numbers, and keys that are not known.
fn masked_bytes(payload: &Json, window: Range<usize>, known: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    let scalars = payload.scalars(window);
    let masked = scalars.filter(|(node, is_key)| match node.kind() {
        Kind::String if *is_key => !known(&node.as_str().unwrap_or_default()),
        Kind::String | Kind::Number => true,
        _ => false,
    });
    masked.map(|(node, _)| node.span()).collect()
}

/// Masks a text: letters become `a` and digits become `0`, so that only its shape remains.
#[must_use]
pub fn mask(text: &str) -> String {
    text.chars().map(mask_one).collect()
}

fn mask_one(c: char) -> char {
    match c {
        '0'..='9' => '0',
        c if c.is_alphanumeric() => 'a',
        // Marks of other scripts, which may be part of a word.
        c if !c.is_ascii() => 'a',
        c => c,
    }
}

/// Returns the excerpt for a parse error. Since values cannot be recognized, the whole excerpt is masked.
pub(super) fn of_parse_error(text: &str, offset: usize, values: Values) -> Excerpt {
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let masked = values == Values::Masked;
    Excerpt::around(text, start, offset, 1, masking(|_| masked))
}
