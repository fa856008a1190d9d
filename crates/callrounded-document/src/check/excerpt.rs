//! The line of a payload that a finding is about, no longer than one can read, and without the values where they may be
//! personal data.

use std::{fmt, ops::Range};

use super::Values;
use crate::{
    document::Document,
    json::{Json, Kind, Node},
    located::Place,
};

/// So many characters of a line are shown at most.
const WIDTH: usize = 100;

/// How many of them stand before what is meant.
const BEFORE: usize = 40;

/// Part of a line, and what is meant in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    text: String,
    /// In characters of `text`.
    start: usize,
    length: usize,
}

impl Excerpt {
    /// A line of a document and the column, counted from 1, that is meant.
    pub(crate) fn at(line: &str, column: usize) -> Self {
        Self::cut(line, |_| false, column.saturating_sub(1), 1)
    }

    /// The part of a line around what is meant. `is_masked` is asked for the offset of each character that is shown; a line may be
    /// far longer than that.
    fn cut(line: &str, is_masked: impl Fn(usize) -> bool, start: usize, length: usize) -> Self {
        let from = match line.chars().nth(WIDTH) {
            Some(_) => start.saturating_sub(BEFORE),
            None => 0,
        };
        let mut characters = line.char_indices().skip(from);
        let window = characters.by_ref().take(WIDTH);
        let mut text: String = window
            .map(|(at, c)| visible(if is_masked(at) { mask_one(c) } else { c }))
            .collect();
        let mut start = start - from.min(start);
        if characters.next().is_some() {
            text.push('…');
        }
        if from > 0 {
            text.insert(0, '…');
            start += 1;
        }
        let length = length.clamp(1, (text.chars().count() + 1).saturating_sub(start).max(1));
        Self { text, start, length }
    }

    /// The text of the line, as far as it is shown.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, line: usize, width: usize, mark: char) -> fmt::Result {
        let gutter = " ".repeat(width);
        writeln!(f, "{line:>width$} | {}", self.text.trim_end())?;
        // A tab stays a tab, so that the mark stands below what it points at.
        let before = self.text.chars().take(self.start);
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        writeln!(f, "{gutter} | {indent}{}", mark.to_string().repeat(self.length))
    }
}

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
                let diagnostic = document.diagnostic(&format!("{base}{pointer}"), "", "");
                let column = diagnostic.place.column.saturating_sub(1);
                let value = document.get(&format!("{base}{pointer}"));
                let length = match value.and_then(|value| value.as_str()) {
                    Some(text) if diagnostic.excerpt.contains(text) => text.chars().count(),
                    _ => 1,
                };
                let excerpt = Excerpt::cut(&diagnostic.excerpt, |_| false, column, length);
                (diagnostic.place, excerpt)
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
                    Excerpt::cut(shown, |at| is_in(&masked, start + at), place.column - 1, length),
                )
            }
        }
    }
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

/// What a terminal would take for a command, or for a turn of direction, as a sign that there is something.
fn visible(c: char) -> char {
    match c {
        '\t' => c,
        c if c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
        {
            '\u{fffd}'
        }
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
    Excerpt::cut(line, |_| masked, column, 1)
}
