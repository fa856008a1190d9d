//! Draws a message together with the lines that it is about. Diagnostics and findings are drawn alike.

use std::fmt;

use crate::{
    excerpt::{Excerpt, printable},
    located::Place,
};

/// Escape sequences for the parts of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Styles {
    /// Before what is an error, and before the mark below an excerpt.
    pub error: &'static str,
    /// Before what is drift.
    pub drift: &'static str,
    /// Before locations and the frame of an excerpt.
    pub location: &'static str,
    /// Ends each of them.
    pub reset: &'static str,
}

impl Styles {
    /// None, for files and pipes.
    pub const PLAIN: Self = Self {
        error: "",
        drift: "",
        location: "",
        reset: "",
    };

    /// Those of ANSI, for terminals.
    pub const ANSI: Self = Self {
        error: "\x1b[1;31m",
        drift: "\x1b[1;33m",
        location: "\x1b[1;34m",
        reset: "\x1b[0m",
    };
}

/// What is drawn.
pub(crate) struct Message<'a> {
    /// What kind of message it is, with its style.
    pub label: Option<(String, &'static str)>,
    pub problem: &'a str,
    pub file: &'a str,
    pub place: Place,
    /// Lines by their number, and what marks the part that is meant.
    pub excerpts: Vec<(usize, &'a Excerpt, char)>,
    /// What follows below, by name.
    pub notes: Vec<(&'static str, String)>,
}

impl Message<'_> {
    pub fn draw(&self, f: &mut fmt::Formatter<'_>, styles: &Styles) -> fmt::Result {
        let Styles { location, reset, .. } = styles;
        let lines = self.excerpts.iter().map(|(line, ..)| *line);
        let width = lines.chain([self.place.line]).max().unwrap_or(1).to_string().len();
        let gutter = " ".repeat(width);
        if let Some((label, style)) = &self.label {
            write!(f, "{style}{label}{reset}: ")?;
        }
        writeln!(f, "{}", printable(self.problem))?;
        let Place { line, column } = self.place;
        write!(
            f,
            "{location}{gutter}-->{reset} {}:{line}:{column}",
            printable(self.file)
        )?;
        for (line, excerpt, mark) in self.excerpts.iter().filter(|(_, excerpt, _)| !excerpt.is_empty()) {
            writeln!(f, "\n{location}{gutter} |{reset}")?;
            excerpt.draw(f, *line, width, *mark, styles)?;
        }
        for (name, text) in &self.notes {
            write!(f, "\n{location}{gutter} ={reset} {name}:")?;
            // A remedy may take more than one line.
            for (index, line) in text.split('\n').enumerate() {
                let indent = if index == 0 {
                    " "
                } else {
                    &format!("\n{gutter}         ")
                };
                write!(f, "{indent}{}", printable(line))?;
            }
        }
        Ok(())
    }
}
