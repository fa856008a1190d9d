//! Checks payloads and reports findings, with their location, the rule that is violated, and a remedy.
//!
//! [`Document::check`] prepares a check of one kind of payload. A [`Report`] collects the findings of many files.

mod finding;
mod report;
mod source;
mod subject;

use std::collections::HashSet;

use crate::{
    diagnostic::Diagnostics,
    document::Document,
    json::{Json, ParseError},
    location::Location,
    pointer, traverse,
    validate::{Mismatch, Validator, Verdict},
};
use source::Source;

pub use finding::{Finding, Findings, Rendered, SchemaLocation, fingerprint};
pub use report::Report;
pub use source::mask;
pub use subject::{Subject, UnknownSubject};

/// Whether findings show the values of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Values are shown. For payloads without personal data, such as the examples of a document.
    Shown,
    /// Values may be personal data: excerpts show letters as `a` and digits as `0`.
    Masked,
}

/// A check of one kind of payload. See [`Document::check`].
///
/// It compiles the schema once and can check any number of payloads.
#[derive(Debug)]
pub struct Check<'d> {
    document: &'d Document,
    subject: Subject,
    validator: Validator,
    /// The names of all properties in the document. They are not personal data, so they are never masked.
    names: HashSet<&'d str>,
}

impl Document {
    /// Prepares a check of one kind of payload, such as `document.response("update_call", "200")?`.
    ///
    /// # Errors
    /// The schema is invalid, such as one with a reference that does not resolve.
    pub fn check(&self, subject: Subject) -> Result<Check<'_>, Diagnostics> {
        let validator = self.validator(&subject.schema, subject.direction)?;
        Ok(Check {
            document: self,
            subject,
            validator,
            names: self.property_names(),
        })
    }

    fn property_names(&self) -> HashSet<&str> {
        let nodes = traverse::nodes(self).into_iter();
        let schemas = nodes.filter(|node| node.kind == traverse::Kind::Schema);
        schemas
            .filter_map(|node| self.get(&pointer::join(&node.pointer, "properties"))?.as_object())
            .flat_map(|properties| properties.keys().map(String::as_str))
            .collect()
    }
}

impl Check<'_> {
    /// Returns the kind of payload that is checked.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Checks whether a payload has no findings. Faster than collecting them.
    #[must_use]
    pub fn is_clean(&self, payload: &Json) -> bool {
        self.validator.is_clean(payload)
    }

    /// Checks whether a payload is valid. It may have properties that the document does not describe.
    #[must_use]
    pub fn accepts(&self, payload: &Json) -> bool {
        self.validator.accepts(payload)
    }

    /// Returns the mismatches between a payload and the document, without locations in a file.
    #[must_use]
    pub fn mismatches(&self, payload: &Json) -> Vec<Mismatch> {
        self.validator.check(payload)
    }

    /// Parses a payload and returns all findings. `text` is a file, or a part of it that starts at `line`; the first
    /// line is 1.
    #[must_use]
    pub fn text(&self, file: &str, line: usize, text: &str, values: Values) -> Findings {
        match Json::read(text) {
            Ok(payload) => self.payload(file, line, &payload, values),
            Err(error) => self.parse_error(file, line, &error, values),
        }
    }

    /// Returns all findings in a payload that is already parsed. `line` is its first line in the file.
    #[must_use]
    pub fn payload(&self, file: &str, line: usize, payload: &Json, values: Values) -> Findings {
        let source = Source::Text {
            file,
            line,
            payload,
            values,
        };
        self.findings(&source, payload)
    }

    /// Returns all findings in a value of the document itself, at the JSON pointer `pointer`. Empty if there is none.
    #[must_use]
    pub fn inline(&self, pointer: &str) -> Findings {
        let Some(value) = self.document.get(pointer) else {
            return Findings::default();
        };
        let payload = Json::of(value);
        let source = Source::Inline {
            document: self.document,
            pointer,
        };
        self.findings(&source, &payload)
    }

    /// Returns the finding for a payload that cannot be parsed.
    #[must_use]
    pub fn parse_error(&self, file: &str, line: usize, error: &ParseError, values: Values) -> Findings {
        let location = crate::json::location(&error.text, error.offset);
        let finding = Finding {
            verdict: Verdict::Error,
            keyword: "json".to_owned(),
            file: file.to_owned(),
            location: Location {
                line: line + location.line - 1,
                ..location
            },
            excerpt: source::of_parse_error(&error.text, error.offset, values),
            related: None,
            subject: self.subject.name.clone(),
            pointer: String::new(),
            required_by: None,
            problem: error.problem.to_owned(),
            remedy: error.remedy.to_owned(),
            fingerprint: finding::fingerprint(&[&self.subject.name, "json", error.problem]),
        };
        Findings::from(vec![finding])
    }

    /// Returns the finding for a mismatch from another source, such as the round trip through generated types.
    #[must_use]
    pub fn finding(&self, file: &str, line: usize, payload: &Json, values: Values, mismatch: Mismatch) -> Finding {
        let source = Source::Text {
            file,
            line,
            payload,
            values,
        };
        self.finding_at(&source, payload, mismatch)
    }

    /// Returns the finding for a mismatch from another source in a value of the document itself, at the JSON pointer
    /// `pointer`.
    #[must_use]
    pub fn inline_finding(&self, pointer: &str, mismatch: Mismatch) -> Finding {
        let payload = self
            .document
            .get(pointer)
            .map(Json::of)
            .unwrap_or_else(|| Json::of(&serde_json::Value::Null));
        let source = Source::Inline {
            document: self.document,
            pointer,
        };
        self.finding_at(&source, &payload, mismatch)
    }

    fn findings(&self, source: &Source<'_>, payload: &Json) -> Findings {
        let found = self.validator.check(payload).into_iter();
        let findings: Vec<Finding> = found.map(|one| self.finding_at(source, payload, one)).collect();
        findings.into()
    }

    fn finding_at(&self, source: &Source<'_>, payload: &Json, mismatch: Mismatch) -> Finding {
        let general = self.generalized(payload, &mismatch);
        let known = |name: &str| self.names.contains(name) || mismatch.shows(name);
        let (location, excerpt) = source.locate(&mismatch.pointer, mismatch.span.clone(), &known);
        let property = mismatch.property.as_deref().unwrap_or_default();
        let required_by = (!mismatch.schema.is_empty()).then(|| SchemaLocation {
            file: self.document.name().to_owned(),
            location: self.document.location(&mismatch.schema),
            pointer: mismatch.schema.clone(),
        });
        Finding {
            fingerprint: finding::fingerprint(&[
                &source.identity(&self.subject.name),
                &mismatch.keyword,
                &mismatch.schema,
                &general,
                property,
                // Mismatches with generated types have no schema keyword that would distinguish them.
                if mismatch.keyword == "rust-type" {
                    &mismatch.problem
                } else {
                    ""
                },
            ]),
            related: mismatch
                .related
                .clone()
                .map(|span| source.locate(&mismatch.pointer, span, &known)),
            pointer: match source.values() {
                Values::Shown => mismatch.pointer.clone(),
                Values::Masked => self.masked(payload, &mismatch),
            },
            verdict: mismatch.verdict,
            keyword: mismatch.keyword,
            file: source.file().to_owned(),
            location,
            excerpt,
            subject: self.subject.name.clone(),
            required_by,
            problem: mismatch.problem,
            remedy: mismatch.remedy,
        }
    }

    /// Returns the pointer of a mismatch, with `*` in place of indexes and of keys that are data.
    fn generalized(&self, payload: &Json, mismatch: &Mismatch) -> String {
        self.tokens(payload, mismatch, |_, _| "*".to_owned())
    }

    /// Returns the pointer of a mismatch, in which keys that are data are masked.
    fn masked(&self, payload: &Json, mismatch: &Mismatch) -> String {
        self.tokens(payload, mismatch, |token, is_index| {
            if is_index {
                token.to_owned()
            } else {
                source::mask(token)
            }
        })
    }

    fn tokens(&self, payload: &Json, mismatch: &Mismatch, other: impl Fn(&str, bool) -> String) -> String {
        let (mut at, mut out) = (String::new(), String::new());
        for token in pointer::tokens(&mismatch.pointer) {
            let is_index = payload
                .at(&at)
                .is_some_and(|node| node.kind() == crate::json::Kind::Array);
            at = pointer::join(&at, &token);
            let known = !is_index && (self.names.contains(token.as_str()) || mismatch.shows(&token));
            out = pointer::join(&out, &if known { token } else { other(&token, is_index) });
        }
        out
    }
}

impl Mismatch {
    /// Checks whether the mismatch is about this property name, so that the name must not be masked.
    fn shows(&self, name: &str) -> bool {
        let is_about_key = matches!(self.keyword.as_str(), "properties" | "additionalProperties");
        self.property.as_deref() == Some(name) || is_about_key && pointer::last(&self.pointer) == name
    }
}

/// Checks whether a string matches a format, such as `date-time`. Every string matches an unknown format.
#[must_use]
pub fn matches_format(format: &str, text: &str) -> bool {
    crate::validate::matches_format(format, text)
}

/// Translates the schema at the JSON pointer `at` to JSON Schema draft 4, together with all schemas that it refers to.
///
/// This is the schema that payloads are validated with, except that `readOnly` and `writeOnly` are ignored. Formats of
/// numbers are in the keyword `x-number-format`.
///
/// # Errors
/// A reference does not resolve, or a schema is not an object.
pub fn draft4_schema(document: &Document, at: &str) -> Result<serde_json::Value, Diagnostics> {
    crate::validate::draft4_schema(document, at)
}

/// Validates a payload with a JSON Schema (draft 2020-12). Returns its violations, as pairs of the JSON pointer to the
/// value and the JSON pointer to the keyword in the schema.
///
/// # Errors
/// The message for an invalid schema.
pub fn validate_json_schema(schema: &serde_json::Value, payload: &Json) -> Result<Vec<(String, String)>, String> {
    let validator = jsonschema::draft202012::new(schema).map_err(|error| error.to_string())?;
    let value = payload.root().to_value();
    let errors = validator.iter_errors(&value).map(|error| {
        let (value, keyword) = (error.instance_path(), error.schema_path());
        (value.as_str().to_owned(), keyword.as_str().to_owned())
    });
    Ok(errors.collect())
}
