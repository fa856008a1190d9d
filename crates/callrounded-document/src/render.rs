//! Formats diagnostics and findings with excerpts of the source, as compilers do.

use std::fmt;

use crate::{
    excerpt::{Excerpt, printable},
    location::Location,
    styles::Styles,
};

/// The parts of a message.
pub(crate) struct Message<'a> {
    /// The label, such as `error`, with its style.
    pub label: Option<(String, &'static str)>,
    pub problem: &'a str,
    pub file: &'a str,
    pub location: Location,
    /// Excerpts with their line numbers, and the character to mark with.
    pub excerpts: Vec<(usize, &'a Excerpt, char)>,
    /// The notes below the excerpts, as pairs of label and text.
    pub notes: Vec<(&'static str, String)>,
}

impl Message<'_> {
    pub fn draw(&self, f: &mut fmt::Formatter<'_>, styles: &Styles) -> fmt::Result {
        let Styles { location, reset, .. } = styles;
        let lines = self.excerpts.iter().map(|(line, ..)| *line);
        let width = lines.chain([self.location.line]).max().unwrap_or(1).to_string().len();
        let gutter = " ".repeat(width);
        if let Some((label, style)) = &self.label {
            write!(f, "{style}{label}{reset}: ")?;
        }
        writeln!(f, "{}", printable(self.problem))?;
        let Location { line, column } = self.location;
        write!(
            f,
            "{location}{gutter}-->{reset} {}:{line}:{column}",
            printable(self.file)
        )?;
        for (line, excerpt, mark) in self.excerpts.iter().filter(|(_, excerpt, _)| !excerpt.is_empty()) {
            writeln!(f, "\n{location}{gutter} |{reset}")?;
            excerpt.draw(f, *line, width, *mark, styles)?;
        }
        for (label, text) in &self.notes {
            write!(f, "\n{location}{gutter} ={reset} {label}:")?;
            // A remedy may have several lines.
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
