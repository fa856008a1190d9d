//! Where a payload comes from, and what of it is shown: not the values where they may be personal data.

use std::ops::Range;

use super::Values;
use crate::{
    document::Document,
    excerpt::{Excerpt, WIDTH},
    json::{Json, Kind, Node},
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

    /// What tells an example from others: the name of its file, or its place. Recorded payloads are told apart by their
    /// kind alone: their files change from day to day.
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
                let excerpt = Excerpt::cut(line, |_, c| c, place.column.saturating_sub(1), length);
                (place, excerpt)
            }
            Self::Text {
                line, payload, values, ..
            } => {
                let place = payload.place(span.start);
                let text = payload.text();
                let start = text
                    .get(..span.start)
                    .and_then(|before| before.rfind('\n'))
                    .map_or(0, |at| at + 1);
                let rest = text.get(start..).unwrap_or_default();
                let shown = rest.lines().next().unwrap_or_default();
                let masked = match values {
                    Values::Shown => Vec::new(),
                    Values::Masked => masked_bytes(payload.root(), start..start + shown.len(), known),
                };
                let end = span.end.min(start + shown.len()).max(span.start);
                let meant = text.get(span.start..end).unwrap_or_default();
                // Of what takes more than a line, only the beginning is marked.
                let length = if span.end > start + shown.len() {
                    1
                } else {
                    // More than is shown need not be counted.
                    meant.chars().take(WIDTH + 2).count()
                };
                (
                    Place {
                        line: line + place.line - 1,
                        ..place
                    },
                    Excerpt::cut(
                        shown,
                        masking(|at| is_in(&masked, start + at)),
                        place.column - 1,
                        length,
                    ),
                )
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
fn masked_bytes(node: Node<'_>, window: Range<usize>, known: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let span = node.span();
    if span.end <= window.start || span.start >= window.end {
        return found;
    }
    match node.kind() {
        Kind::String | Kind::Number => found.push(span),
        Kind::Null | Kind::Boolean => {}
        Kind::Array => {
            for element in node.elements() {
                found.extend(masked_bytes(element, window.clone(), known));
            }
        }
        Kind::Object => {
            for (name, value) in node.members() {
                if !known(&name.as_str().unwrap_or_default()) {
                    found.push(name.span());
                }
                found.extend(masked_bytes(value, window.clone(), known));
            }
        }
    }
    found
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
    let start = text
        .get(..offset)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let masked = values == Values::Masked;
    let column = text.get(start..offset).unwrap_or_default().chars().count();
    Excerpt::cut(line, masking(|_| masked), column, 1)
}
