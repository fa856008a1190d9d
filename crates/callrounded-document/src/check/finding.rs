//! What was found, ready to be shown.

use std::{fmt, hash::Hasher};

use crate::{
    diagnostic::Diagnostic,
    excerpt::{Excerpt, printable},
    located::Place,
    render::{Message, Styles},
    validate::Verdict,
};

/// One thing found in a payload or in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it means.
    pub verdict: Verdict,
    /// What rule it is about: the schema keyword, or a word of our own.
    pub keyword: String,
    /// The file it stands in.
    pub file: String,
    /// Where in the file.
    pub place: Place,
    /// The line there, and which part of it is meant.
    pub excerpt: Excerpt,
    /// Another place that belongs to it, such as that of the first of two equal names.
    pub also: Option<(Place, Excerpt)>,
    /// What kind of payload it is in, such as `update_call, response 200`; empty for the document.
    pub about: String,
    /// JSON pointer into the payload, or into the document.
    pub pointer: String,
    /// What in the document asks for it.
    pub asked: Option<Asked>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; may take more than one line.
    pub remedy: String,
    /// Sixteen hexadecimal digits that stay the same while the payload is reordered, moved to another file of payloads,
    /// or holds other values, and while the document grows.
    pub fingerprint: String,
}

/// What in the document asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The name of the document.
    pub file: String,
    /// Line and column in it.
    pub place: Place,
    /// JSON pointer to the keyword.
    pub pointer: String,
}

/// A short name for what makes a finding what it is: 16 hexadecimal digits.
#[must_use]
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = fnv::FnvHasher::default();
    for part in parts {
        hasher.write(part.as_bytes());
        // No part goes on in the next.
        hasher.write_u8(0);
    }
    format!("{:016x}", hasher.finish())
}

impl Finding {
    /// That something is wrong with the document itself; `keyword` says of what kind.
    #[must_use]
    pub fn in_document(keyword: &str, diagnostic: &Diagnostic) -> Self {
        Self {
            verdict: Verdict::Error,
            keyword: keyword.to_owned(),
            file: diagnostic.file.clone(),
            place: diagnostic.place,
            excerpt: diagnostic.excerpt.clone(),
            also: None,
            about: String::new(),
            pointer: diagnostic.pointer.clone(),
            asked: None,
            problem: diagnostic.problem.clone(),
            remedy: diagnostic.remedy.clone(),
            fingerprint: fingerprint(&[
                keyword,
                &diagnostic.pointer,
                &diagnostic.problem,
                if diagnostic.pointer.is_empty() {
                    diagnostic.excerpt.text()
                } else {
                    ""
                },
            ]),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.render(&Styles::PLAIN).fmt(f)
    }
}

impl Finding {
    /// Draws it as messages of compilers are, in several lines, with these styles.
    #[must_use]
    pub fn render<'a>(&'a self, styles: &'a Styles) -> Rendered<'a> {
        Rendered { finding: self, styles }
    }
}

/// A finding as it is printed; see [`Finding::render`].
#[derive(Clone, Copy, Debug)]
pub struct Rendered<'a> {
    finding: &'a Finding,
    styles: &'a Styles,
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finding, styles } = self;
        let (label, style) = match finding.verdict {
            Verdict::Error => ("error", styles.error),
            Verdict::Drift => ("drift", styles.drift),
        };
        let also = finding.also.iter().map(|(place, excerpt)| (place.line, excerpt, '-'));
        let at = match (finding.about.as_str(), finding.pointer.as_str()) {
            ("", "") => None,
            ("", pointer) => Some(format!("#{}", printable(pointer))),
            (about, "") => Some(about.to_owned()),
            (about, pointer) => Some(format!("{about}, #{}", printable(pointer))),
        };
        let asked = finding.asked.as_ref().map(|Asked { file, place, pointer }| {
            let Place { line, column } = place;
            format!("{file}:{line}:{column} #{pointer}")
        });
        let notes = [
            ("at", at),
            ("required by", asked),
            ("help", Some(finding.remedy.clone())),
            ("fingerprint", Some(finding.fingerprint.clone())),
        ];
        let message = Message {
            label: Some((format!("{label}[{}]", finding.keyword), style)),
            problem: &finding.problem,
            file: &finding.file,
            place: finding.place,
            excerpts: also.chain([(finding.place.line, &finding.excerpt, '^')]).collect(),
            notes: notes
                .into_iter()
                .filter_map(|(name, text)| Some((name, text?)))
                .collect(),
        };
        message.draw(f, styles)
    }
}

/// Everything found, in the order of the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether nothing was found that contradicts the document.
    #[must_use]
    pub fn has_no_error(&self) -> bool {
        self.0.iter().all(|one| one.verdict != Verdict::Error)
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }
}

impl From<Vec<Finding>> for Findings {
    fn from(found: Vec<Finding>) -> Self {
        Self(found)
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, one) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{one}")?;
        }
        Ok(())
    }
}
