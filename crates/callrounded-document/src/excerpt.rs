//! The part of a line that a message is about, no longer than one can read.

use std::{borrow::Cow, fmt};

use crate::render::Styles;

/// So many characters of a line are shown at most.
pub(crate) const WIDTH: usize = 100;

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
    /// A line and the column in it, counted from 1, that is meant.
    #[must_use]
    pub fn at(line: &str, column: usize) -> Self {
        Self::of_line(line, column, 1)
    }

    /// The same for so many characters from that column on.
    pub(crate) fn of_line(line: &str, column: usize, length: usize) -> Self {
        let before = column.saturating_sub(1);
        // Where each character is a byte, none has to be counted.
        let at = match line.is_ascii() {
            true => before.min(line.len()),
            false => line.char_indices().nth(before).map_or(line.len(), |(at, _)| at),
        };
        Self::around(line, 0, at, length, |_, c| c)
    }

    /// The part of a line of a text around the byte at `at`, from which so many characters are meant. The line begins at `start`, and
    /// may be far longer than what is shown. `shown` is asked, with its offset, what to show for each character.
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
                let is_end = *c == '\n' || *c == '\r' && rest.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
                !is_end
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
        let mut shown: String = window.map(|(at, c)| visible(shown(at, c))).collect();
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

    /// Draws the line and, below it, what is meant.
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
        // A tab stays a tab, so that the mark stands below what it points at.
        let before = self.text.chars().take(self.start);
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let marks = mark.to_string().repeat(self.length);
        write!(f, "{location}{gutter} |{reset} {indent}{error}{marks}{reset}")
    }
}

/// A text in one line, in which nothing can be taken for a command: names that come with a payload are anybody's.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let one = |c| if c == '\n' { ' ' } else { visible(c) };
    match text.chars().any(|c| one(c) != c) {
        true => text.chars().map(one).collect::<String>().into(),
        false => text.into(),
    }
}

/// What a terminal would take for a command, or for a turn of direction, as a sign that there is something.
#[must_use]
pub fn visible(c: char) -> char {
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
