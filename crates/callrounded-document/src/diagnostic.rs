//! What is wrong with a document, where, and what to do about it.

use std::fmt;

use crate::{
    excerpt::Excerpt,
    located::Place,
    render::{Message, Styles},
};

/// One thing that is wrong at one place of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, by the name that the document was given when it was read.
    pub file: String,
    /// Line and column.
    pub place: Place,
    /// JSON pointer to the value concerned; empty where the text could not be read as far as a value.
    pub pointer: String,
    /// The line of the file that `place` is on; of a long one what stands around it.
    pub excerpt: Excerpt,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; may take more than one line.
    pub remedy: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = (!self.pointer.is_empty()).then(|| ("at", format!("#{}", self.pointer)));
        let message = Message {
            label: None,
            problem: &self.problem,
            file: &self.file,
            place: self.place,
            excerpts: vec![(self.place.line, &self.excerpt, '^')],
            notes: at.into_iter().chain([("help", self.remedy.clone())]).collect(),
        };
        message.draw(f, &Styles::PLAIN)
    }
}

/// Everything that is wrong with a document, in the order of the file. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// `Err` with all of `found` in the order of the file, `Ok` where there is none.
    ///
    /// # Errors
    /// Where `found` holds anything.
    pub fn none_or(mut found: Vec<Diagnostic>) -> Result<(), Self> {
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by_key(|one| one.place);
        found.dedup();
        Err(Self(found))
    }

    /// Each of them.
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
