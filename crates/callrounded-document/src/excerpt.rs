//! The part of a line that a message is about, no longer than one can read.

use std::fmt;

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
    /// A line of a document and the column, counted from 1, that is meant.
    #[must_use]
    pub fn at(line: &str, column: usize) -> Self {
        Self::cut(line, |_, c| c, column.saturating_sub(1), 1)
    }

    /// The part of a line around what is meant. `shown` is asked, with its offset, what to show for each character that is shown; a
    /// line may be far longer than that.
    pub(crate) fn cut(line: &str, shown: impl Fn(usize, char) -> char, start: usize, length: usize) -> Self {
        let from = match line.chars().nth(WIDTH) {
            Some(_) => start.saturating_sub(BEFORE),
            None => 0,
        };
        // Where each character is a byte, none has to be counted.
        let offset = match line.is_ascii() {
            true => from.min(line.len()),
            false => line.char_indices().nth(from).map_or(line.len(), |(at, _)| at),
        };
        let mut characters = line.get(offset..).unwrap_or_default().char_indices();
        let window = characters.by_ref().take(WIDTH);
        let mut text: String = window.map(|(at, c)| visible(shown(offset + at, c))).collect();
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
