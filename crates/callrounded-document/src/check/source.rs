//! Where a payload comes from, and what of it is shown: not the values where they may be personal data.

use std::ops::Range;

use super::Values;
use crate::{
    document::Document,
    excerpt::{Excerpt, WIDTH},
    json::{Json, Kind},
    located::Place,
};

/// Where a payload comes from.
pub(super) enum Source<'a> {
    /// From a file, where it begins at this line.
    Text {
        file: &'a str,
        line: usize,
        payload: &'a Json,
        values: Values,
    },
    /// From the document, where it stands at this pointer.
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

    /// Identifies an example: the name of its file, or its location. Recorded payloads are distinguished by their kind alone, since
    /// their files change from day to day.
    pub fn identity(&self, about: &str) -> String {
        match self {
            Self::Text { file, values, .. } => match values {
                Values::Masked => about.to_owned(),
                Values::Shown => file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
            },
            Self::Inline { pointer, .. } => format!("#{pointer}"),
        }
    }

    /// The place and the excerpt of what is at `pointer`, or at these bytes.
    pub fn spot(&self, pointer: &str, span: Range<usize>, known: &dyn Fn(&str) -> bool) -> (Place, Excerpt) {
        match self {
            Self::Inline {
                document,
                pointer: base,
            } => {
                let at = format!("{base}{pointer}");
                let place = document.place(&at);
                let line = document.line(place.line);
                let length = match document.text(&at) {
                    Some(text) if line.contains(text) => text.chars().count(),
                    _ => 1,
                };
                let excerpt = Excerpt::of_line(line, place.column, length);
                (place, excerpt)
            }
            Self::Text {
                line, payload, values, ..
            } => {
                let spot = payload.spot(span.start);
                let text = payload.text();
                let masked = match values {
                    Values::Shown => Vec::new(),
                    // Characters take four bytes at most.
                    Values::Masked => {
                        let shown = span.start.saturating_sub(4 * WIDTH)..span.start + 4 * WIDTH;
                        masked_bytes(payload, shown, known)
                    }
                };
                let meant = text.get(span.clone()).unwrap_or_default();
                // Of what takes more than a line, only the beginning is marked.
                let length = match meant.contains('\n') {
                    true => 1,
                    // More than is shown need not be counted.
                    false => meant.chars().take(WIDTH + 2).count(),
                };
                let place = Place {
                    line: line + spot.line,
                    column: spot.column + 1,
                };
                let shown = masking(|at| is_in(&masked, at));
                (place, Excerpt::around(text, spot.start, span.start, length, shown))
            }
        }
    }
}

/// Shows characters as they are, or masked where `is_masked` says so of their offset.
fn masking(is_masked: impl Fn(usize) -> bool) -> impl Fn(usize, char) -> char {
    move |at, c| if is_masked(at) { mask_one(c) } else { c }
}

/// Whether the byte is in one of the spans, which are in the order of the text.
fn is_in(spans: &[Range<usize>], at: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= at);
    spans.get(next).is_some_and(|span| span.contains(&at))
}

/// What is not to be seen in these bytes: values but for true, false and null, and names that nobody knows.
fn masked_bytes(payload: &Json, window: Range<usize>, known: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    let scalars = payload.scalars(window);
    let masked = scalars.filter(|(node, is_name)| match node.kind() {
        Kind::String if *is_name => !known(&node.as_str().unwrap_or_default()),
        Kind::String | Kind::Number => true,
        _ => false,
    });
    masked.map(|(node, _)| node.span()).collect()
}

/// A text with its letters as `a` and its digits as `0`: its shape without what it says.
#[must_use]
pub fn mask(text: &str) -> String {
    text.chars().map(mask_one).collect()
}

fn mask_one(c: char) -> char {
    match c {
        '0'..='9' => '0',
        c if c.is_alphanumeric() => 'a',
        // What could be part of a word in any script.
        c if !c.is_ascii() => 'a',
        c => c,
    }
}

/// Part of a text that can't be read as JSON, so nothing is known of what is a value there.
pub(super) fn of_unreadable(text: &str, offset: usize, values: Values) -> Excerpt {
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let masked = values == Values::Masked;
    Excerpt::around(text, start, offset, 1, masking(|_| masked))
}
