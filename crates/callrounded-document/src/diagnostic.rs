//! Errors in a document, with their location and a remedy.

use std::fmt;

use crate::{excerpt::Excerpt, location::Location, render::Message, styles::Styles};

/// An error in a document, with its location and a remedy.
///
/// Its `Display` output has several lines, with an excerpt of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file name that was passed to [`Document::parse`](crate::Document::parse).
    pub file: String,
    /// Line and column.
    pub location: Location,
    /// JSON pointer to the value. Empty if the text could not be parsed.
    pub pointer: String,
    /// The line at `location`. A long line is shortened to the part around it.
    pub excerpt: Excerpt,
    /// What is wrong.
    pub problem: String,
    /// How to fix it. It may have several lines.
    pub remedy: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = (!self.pointer.is_empty()).then(|| ("at", format!("#{}", self.pointer)));
        let message = Message {
            label: None,
            problem: &self.problem,
            file: &self.file,
            location: self.location,
            excerpts: vec![(self.location.line, &self.excerpt, '^')],
            notes: at.into_iter().chain([("help", self.remedy.clone())]).collect(),
        };
        message.draw(f, &Styles::PLAIN)
    }
}

/// All errors in a document, in the order of the file. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Returns `Ok` if `found` is empty, and otherwise the diagnostics in the order of the file, without duplicates.
    ///
    /// # Errors
    /// `found` is not empty.
    pub fn ok_if_empty(mut found: Vec<Diagnostic>) -> Result<(), Self> {
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by_key(|one| one.location);
        found.dedup();
        Err(Self(found))
    }

    /// Iterates over the diagnostics.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self(vec![one])
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, one) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "error: {one}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
