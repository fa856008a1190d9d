//! Checks payloads, and reports findings with their location, the rule that requires something else, and a remedy.
//!
//! [`Document::check`] prepares a check of one kind of payload; a [`Report`] collects the findings of many files.

mod finding;
mod report;
mod source;
mod subject;

use std::collections::HashSet;

use crate::{
    diagnostic::Diagnostics,
    document::Document,
    json::{Json, Unreadable},
    located::Place,
    pointer,
    validate::{Deviation, Validator, Verdict},
    walk,
};
use source::Source;

pub use finding::{Asked, Finding, Findings, Rendered, fingerprint};
pub use report::Report;
pub use source::mask;
pub use subject::{Subject, UnknownSubject};

/// Whether the values of a payload may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// They stand in the repository, such as those of an example of the document.
    Shown,
    /// They may be personal data: excerpts show their letters as `a` and their digits as `0`.
    Masked,
}

/// A schema of a document, made ready to check payloads with and to say what is wrong with them.
#[derive(Debug)]
pub struct Check<'d> {
    document: &'d Document,
    subject: Subject,
    validator: Validator,
    /// The names of all properties that the document has, which are no personal data.
    names: HashSet<&'d str>,
}

impl Document {
    /// Makes ready to check payloads of one kind.
    ///
    /// # Errors
    /// Where the schema is no valid schema, such as a reference that leads nowhere.
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
        let nodes = walk::nodes(self).into_iter();
        let schemas = nodes.filter(|node| node.kind == walk::Kind::Schema);
        schemas
            .filter_map(|node| self.get(&pointer::join(&node.pointer, "properties"))?.as_object())
            .flat_map(|properties| properties.keys().map(String::as_str))
            .collect()
    }
}

impl Check<'_> {
    /// What kind of payload it checks.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether there is nothing to find in the payload. Faster than looking for it.
    #[must_use]
    pub fn is_clean(&self, payload: &Json) -> bool {
        self.validator.is_clean(payload)
    }

    /// Whether the payload fits the schema. It may hold what the document does not know.
    #[must_use]
    pub fn accepts(&self, payload: &Json) -> bool {
        self.validator.accepts(payload)
    }

    /// The bare findings in a payload, without places.
    #[must_use]
    pub fn deviations(&self, payload: &Json) -> Vec<Deviation> {
        self.validator.check(payload)
    }

    /// Everything to find in a payload: the text of a file, or a part of it that begins at `line`.
    #[must_use]
    pub fn text(&self, file: &str, line: usize, text: &str, values: Values) -> Findings {
        match Json::read(text) {
            Ok(payload) => self.payload(file, line, &payload, values),
            Err(unreadable) => self.unreadable(file, line, &unreadable, values),
        }
    }

    /// The same of one that has been read.
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

    /// The same of a value that stands in the document itself, at `pointer`.
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

    /// That a payload can't be read at all.
    #[must_use]
    pub fn unreadable(&self, file: &str, line: usize, why: &Unreadable, values: Values) -> Findings {
        let place = crate::json::place(&why.text, why.offset);
        let finding = Finding {
            verdict: Verdict::Error,
            keyword: "json".to_owned(),
            file: file.to_owned(),
            place: Place {
                line: line + place.line - 1,
                ..place
            },
            excerpt: source::of_unreadable(&why.text, why.offset, values),
            also: None,
            about: self.subject.name.clone(),
            pointer: String::new(),
            asked: None,
            problem: why.problem.to_owned(),
            remedy: why.remedy.to_owned(),
            fingerprint: finding::fingerprint(&[&self.subject.name, "json", why.problem]),
        };
        Findings::from(vec![finding])
    }

    /// A finding of another reader of the payload, such as a generated type: `keyword` is its name for it.
    #[must_use]
    pub fn other(&self, file: &str, line: usize, payload: &Json, values: Values, deviation: Deviation) -> Finding {
        let source = Source::Text {
            file,
            line,
            payload,
            values,
        };
        self.located(&source, payload, deviation)
    }

    /// The same of a value that stands in the document itself.
    #[must_use]
    pub fn other_inline(&self, pointer: &str, deviation: Deviation) -> Finding {
        let payload = self
            .document
            .get(pointer)
            .map(Json::of)
            .unwrap_or_else(|| Json::of(&serde_json::Value::Null));
        let source = Source::Inline {
            document: self.document,
            pointer,
        };
        self.located(&source, &payload, deviation)
    }

    fn findings(&self, source: &Source<'_>, payload: &Json) -> Findings {
        let found = self.validator.check(payload).into_iter();
        let located: Vec<Finding> = found.map(|one| self.located(source, payload, one)).collect();
        located.into()
    }

    fn located(&self, source: &Source<'_>, payload: &Json, deviation: Deviation) -> Finding {
        let general = self.generalized(payload, &deviation);
        let known = |name: &str| self.names.contains(name) || deviation.shows(name);
        let (place, excerpt) = source.spot(&deviation.pointer, deviation.span.clone(), &known);
        let property = deviation.property.as_deref().unwrap_or_default();
        let asked = (!deviation.schema.is_empty()).then(|| Asked {
            file: self.document.name().to_owned(),
            place: self.document.place(&deviation.schema),
            pointer: deviation.schema.clone(),
        });
        Finding {
            fingerprint: finding::fingerprint(&[
                &source.identity(&self.subject.name),
                &deviation.keyword,
                &deviation.schema,
                &general,
                property,
                // What others than the schema find has nothing else to be told apart by.
                if deviation.keyword == "rust-type" {
                    &deviation.problem
                } else {
                    ""
                },
            ]),
            also: deviation
                .also
                .clone()
                .map(|span| source.spot(&deviation.pointer, span, &known)),
            pointer: match source.values() {
                Values::Shown => deviation.pointer.clone(),
                Values::Masked => self.masked(payload, &deviation),
            },
            verdict: deviation.verdict,
            keyword: deviation.keyword,
            file: source.file().to_owned(),
            place,
            excerpt,
            about: self.subject.name.clone(),
            asked,
            problem: deviation.problem,
            remedy: deviation.remedy,
        }
    }

    /// The pointer with `*` for the index of an item and for names that are data.
    fn generalized(&self, payload: &Json, deviation: &Deviation) -> String {
        self.tokens(payload, deviation, |_, _| "*".to_owned())
    }

    /// The pointer with names that are data masked.
    fn masked(&self, payload: &Json, deviation: &Deviation) -> String {
        self.tokens(payload, deviation, |token, is_index| match is_index {
            true => token.to_owned(),
            false => source::mask(token),
        })
    }

    fn tokens(&self, payload: &Json, deviation: &Deviation, other: impl Fn(&str, bool) -> String) -> String {
        let (mut at, mut out) = (String::new(), String::new());
        for token in pointer::tokens(&deviation.pointer) {
            let is_index = payload
                .at(&at)
                .is_some_and(|node| node.kind() == crate::json::Kind::Array);
            at = pointer::join(&at, &token);
            let known = !is_index && (self.names.contains(token.as_str()) || deviation.shows(&token));
            out = pointer::join(&out, &if known { token } else { other(&token, is_index) });
        }
        out
    }
}

impl Deviation {
    /// Whether the name is what it is about, and so has to be seen.
    fn shows(&self, name: &str) -> bool {
        let about_names = matches!(self.keyword.as_str(), "properties" | "additionalProperties");
        self.property.as_deref() == Some(name) || about_names && pointer::last(&self.pointer) == name
    }
}

/// Whether a text is of a format; every text is of one that is not known.
#[must_use]
pub fn fits(format: &str, text: &str) -> bool {
    crate::validate::fits(format, text)
}

/// The schema at `at` as one of JSON Schema draft 4, with all that it refers to: what payloads are validated by, but for
/// directions and for formats of numbers.
///
/// # Errors
/// Where it refers to what is not there.
pub fn draft4(document: &Document, at: &str) -> Result<serde_json::Value, Diagnostics> {
    crate::validate::draft4(document, at)
}

/// What a JSON Schema (draft 2020-12) says against a payload: JSON pointers to values, each with the pointer to the keyword that
/// refuses it.
///
/// # Errors
/// Where the schema is none.
pub fn json_schema(schema: &serde_json::Value, payload: &Json) -> Result<Vec<(String, String)>, String> {
    let validator = jsonschema::draft202012::new(schema).map_err(|error| error.to_string())?;
    let value = payload.root().to_value();
    let errors = validator.iter_errors(&value).map(|error| {
        let (at, by) = (error.instance_path(), error.schema_path());
        (at.as_str().to_owned(), by.as_str().to_owned())
    });
    Ok(errors.collect())
}
