//! Findings in payloads and documents, and how they are printed.

use std::{fmt, hash::Hasher};

use crate::{
    diagnostic::Diagnostic,
    excerpt::{Excerpt, printable},
    location::Location,
    render::Message,
    styles::Styles,
    validate::Verdict,
};

/// A finding in a payload or in the document, with its location and a remedy.
///
/// Its `Display` output has several lines, with an excerpt of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The severity.
    pub verdict: Verdict,
    /// The rule that is violated: a schema keyword such as `required`, or another name such as `json` for a payload
    /// that is not JSON.
    pub keyword: String,
    /// The file name.
    pub file: String,
    /// The location in the file.
    pub location: Location,
    /// The line at `location`, with the finding marked.
    pub excerpt: Excerpt,
    /// A related location: that of the first of two equal keys.
    pub related: Option<(Location, Excerpt)>,
    /// The kind of payload, such as `update_call, response 200`. Empty for a finding in the document.
    pub subject: String,
    /// JSON pointer into the payload, or into the document.
    pub pointer: String,
    /// The location in the document of the keyword that is violated.
    pub required_by: Option<SchemaLocation>,
    /// What is wrong.
    pub problem: String,
    /// How to fix it. It may have several lines.
    pub remedy: String,
    /// 16 hexadecimal digits that identify the finding. They do not change if the payload is reordered, is moved to
    /// another file of payloads or has other values, or if the document grows.
    pub fingerprint: String,
}

/// The location of a schema keyword in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaLocation {
    /// The file name of the document.
    pub file: String,
    /// The location in the document.
    pub location: Location,
    /// JSON pointer to the keyword.
    pub pointer: String,
}

/// Hashes the parts that identify a finding to 16 hexadecimal digits. The result is the same in every build.
#[must_use]
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = fnv::FnvHasher::default();
    for part in parts {
        hasher.write(part.as_bytes());
        // Separates the parts, so that ["a", "b"] and ["ab"] have different hashes.
        hasher.write_u8(0);
    }
    format!("{:016x}", hasher.finish())
}

impl Finding {
    /// Creates a finding from a diagnostic about the document itself. `keyword` is the rule that is violated.
    #[must_use]
    pub fn in_document(keyword: &str, diagnostic: &Diagnostic) -> Self {
        Self {
            verdict: Verdict::Error,
            keyword: keyword.to_owned(),
            file: diagnostic.file.clone(),
            location: diagnostic.location,
            excerpt: diagnostic.excerpt.clone(),
            related: None,
            subject: String::new(),
            pointer: diagnostic.pointer.clone(),
            required_by: None,
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
    /// Formats the finding like a compiler message, in several lines, with terminal styles.
    #[must_use]
    pub fn render<'a>(&'a self, styles: &'a Styles) -> Rendered<'a> {
        Rendered { finding: self, styles }
    }
}

/// A finding with terminal styles, to print. See [`Finding::render`].
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
        let related = finding
            .related
            .iter()
            .map(|(location, excerpt)| (location.line, excerpt, '-'));
        let at = match (finding.subject.as_str(), finding.pointer.as_str()) {
            ("", "") => None,
            ("", pointer) => Some(format!("#{}", printable(pointer))),
            (subject, "") => Some(subject.to_owned()),
            (subject, pointer) => Some(format!("{subject}, #{}", printable(pointer))),
        };
        let required_by = finding.required_by.as_ref().map(
            |SchemaLocation {
                 file,
                 location,
                 pointer,
             }| {
                let Location { line, column } = location;
                format!("{file}:{line}:{column} #{pointer}")
            },
        );
        let notes = [
            ("at", at),
            ("required by", required_by),
            ("help", Some(finding.remedy.clone())),
            ("fingerprint", Some(finding.fingerprint.clone())),
        ];
        let message = Message {
            label: Some((format!("{label}[{}]", finding.keyword), style)),
            problem: &finding.problem,
            file: &finding.file,
            location: finding.location,
            excerpts: related
                .chain([(finding.location.line, &finding.excerpt, '^')])
                .collect(),
            notes: notes
                .into_iter()
                .filter_map(|(label, text)| Some((label, text?)))
                .collect(),
        };
        message.draw(f, styles)
    }
}

/// All findings in a payload, in the order of the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Checks whether there are no findings.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks whether no finding is an error. There may be drift.
    #[must_use]
    pub fn has_no_error(&self) -> bool {
        self.0.iter().all(|one| one.verdict != Verdict::Error)
    }

    /// Iterates over the findings.
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
