//! Excerpts of source lines for messages, of limited length and without control characters.

use std::{borrow::Cow, fmt};

use crate::styles::Styles;

/// The maximum number of characters of a line that are shown.
pub(crate) const WIDTH: usize = 100;

/// How many of them come before the marked part, if the line is longer.
const BEFORE: usize = 40;

/// A line of a source text, or a part of it, in which some characters are marked.
///
/// At most 100 characters are shown; omitted ones are replaced by `…`. Control characters are replaced, see
/// [`printable_char`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    text: String,
    /// The first marked character, as an index of characters in `text`.
    start: usize,
    /// The number of marked characters.
    length: usize,
}

impl Excerpt {
    /// Creates an excerpt of a line in which one character is marked. The first column is 1.
    #[must_use]
    pub fn at(line: &str, column: usize) -> Self {
        Self::of_line(line, column, 1)
    }

    /// Creates an excerpt in which `length` characters are marked, starting at `column`.
    pub(crate) fn of_line(line: &str, column: usize, length: usize) -> Self {
        let before = column.saturating_sub(1);
        // A shortcut for ASCII, where no characters need to be counted.
        let at = if line.is_ascii() {
            before.min(line.len())
        } else {
            line.char_indices().nth(before).map_or(line.len(), |(at, _)| at)
        };
        Self::around(line, 0, at, length, |_, c| c)
    }

    /// Creates an excerpt of a line of a text, in which `length` characters are marked, starting at the byte `at`. The
    /// line starts at the byte `start` and may be very long. `shown` maps each character, with its byte offset, to the
    /// one to show.
    pub(crate) fn around(
        text: &str,
        start: usize,
        at: usize,
        length: usize,
        shown: impl Fn(usize, char) -> char,
    ) -> Self {
        let of_line = |from: usize| {
            let rest = text.get(from..).unwrap_or_default();
            let characters = rest.char_indices().take_while(move |(at, c)| {
                let is_line_end =
                    *c == '\n' || *c == '\r' && rest.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
                !is_line_end
            });
            characters.map(move |(at, c)| (from + at, c))
        };
        let from = match of_line(start).nth(WIDTH) {
            None => start,
            Some(_) => {
                let before = text.get(start..at).unwrap_or_default();
                let first = before.char_indices().rev().nth(BEFORE - 1);
                start + first.map_or(0, |(at, _)| at)
            }
        };
        let mut characters = of_line(from);
        let window = characters.by_ref().take(WIDTH);
        let mut shown: String = window.map(|(at, c)| printable_char(shown(at, c))).collect();
        let mut before = text.get(from..at).unwrap_or_default().chars().count();
        if characters.next().is_some() {
            shown.push('…');
        }
        if from > start {
            shown.insert(0, '…');
            before += 1;
        }
        let length = length.clamp(1, (shown.chars().count() + 1).saturating_sub(before).max(1));
        Self {
            text: shown,
            start: before,
            length,
        }
    }

    /// Returns the part of the line that is shown.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Checks whether there is nothing to show but white space.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Writes the line and, below it, the marks.
    pub(crate) fn draw(
        &self,
        f: &mut fmt::Formatter<'_>,
        line: usize,
        width: usize,
        mark: char,
        styles: &Styles,
    ) -> fmt::Result {
        let gutter = " ".repeat(width);
        let Styles {
            error, location, reset, ..
        } = styles;
        writeln!(f, "{location}{line:>width$} |{reset} {}", self.text.trim_end())?;
        // Tabs are kept, so that the marks are aligned with the line above.
        let before = self.text.chars().take(self.start);
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let marks = mark.to_string().repeat(self.length);
        write!(f, "{location}{gutter} |{reset} {indent}{error}{marks}{reset}")
    }
}

/// Makes a text safe to print on one line of a terminal: line breaks become spaces, and control characters are replaced
/// as by [`printable_char`]. Keys of a payload are untrusted input and could contain escape sequences.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let replace = |c| if c == '\n' { ' ' } else { printable_char(c) };
    if text.chars().any(|c| replace(c) != c) {
        text.chars().map(replace).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Replaces a control character or a character that changes the text direction by U+FFFD. Returns any other character,
/// and a tab, unchanged.
#[must_use]
pub fn printable_char(c: char) -> char {
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
