//! Payloads against the schemas of a document.

mod branches;
mod discriminator;
mod formats;
mod hidden;
mod message;
mod numbers;
mod representation;
mod translate;
mod unknown;

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use jsonschema::{Draft, EmailOptions, ValidationError, error::ValidationErrorKind};

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    document::Document,
    json::Json,
    pointer,
    walk::{self, Direction},
};
use representation::Strict;
use unknown::Shapes;

/// What a deviation means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The payload contradicts the document.
    Error,
    /// It holds something that the document does not know: a property, or a value of an enumeration.
    Drift,
}

/// One way in which a payload is not as the document says. Its texts hold no value of the payload, which may be personal
/// data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// What it means.
    pub verdict: Verdict,
    /// The schema keyword that is not kept, such as `required`; for what is wrong with the text itself a word of our own.
    pub keyword: String,
    /// JSON pointer into the payload.
    pub pointer: String,
    /// The bytes of the payload's text that it is about.
    pub span: Range<usize>,
    /// Another place in the text that belongs to it: the first of two equal names.
    pub also: Option<Range<usize>>,
    /// The property concerned, where `pointer` leads to what holds it or should.
    pub property: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
    /// JSON pointer into the document, to what asks for it; empty where the document has no part in it.
    pub schema: String,
}

/// A schema of a document, made ready to check payloads with.
#[derive(Debug)]
pub struct Validator {
    schema: String,
    compiled: Compiled,
    shapes: Shapes,
}

#[derive(Debug)]
struct Compiled {
    inner: jsonschema::Validator<Strict>,
    origins: HashMap<String, String>,
    guards: HashSet<String>,
}

impl Document {
    /// Makes the schema at `pointer` ready, for payloads that go in this direction: `readOnly` and `writeOnly` count only
    /// where one is named.
    ///
    /// # Errors
    /// Where there is no schema at `pointer`, or it is no valid schema, such as a reference that leads nowhere.
    pub fn validator(&self, pointer: &str, direction: Option<Direction>) -> Result<Validator, Diagnostics> {
        if self.get(pointer).is_none() {
            return Err(self
                .diagnostic(pointer, "there is no schema here", "add a `schema`")
                .into());
        }
        Ok(Validator {
            schema: pointer.to_owned(),
            compiled: compile(self, pointer, direction)?,
            shapes: Shapes::of(self, pointer, direction)?,
        })
    }
}

impl Document {
    /// The patterns of its schemas that are no regular expressions. Payloads are judged without them.
    #[must_use]
    pub fn unusable_patterns(&self) -> Vec<Diagnostic> {
        let schemas = walk::nodes(self)
            .into_iter()
            .filter(|node| node.kind == walk::Kind::Schema);
        let unusable = |node: walk::Node| {
            let at = pointer::join(&node.pointer, "pattern");
            let why = translate::unusable(self.text(&at)?)?;
            let problem = format!("the pattern is no regular expression: {why}");
            Some(self.diagnostic(&at, problem, "write one that JavaScript takes (ECMA-262), or remove it"))
        };
        schemas.filter_map(unusable).collect()
    }
}

fn compile(document: &Document, at: &str, direction: Option<Direction>) -> Result<Compiled, Diagnostics> {
    let translate::Translated {
        schema,
        origins,
        guards,
    } = translate::translate(document, at, direction)?;
    let mut options = jsonschema::options_for::<Strict>()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_email_options(EmailOptions::default().without_display_text());
    if let Some(direction) = direction {
        options = options.with_keyword(hidden::keyword(direction), hidden::made);
    }
    let inner = numbers::with_numbers(formats::with_formats(options))
        .build(&schema)
        .map_err(|error| {
            let at = origin(&origins, error.instance_path().as_str());
            Diagnostics::from(document.diagnostic(&at, format!("this is no valid schema: {error}"), "mend the schema"))
        })?;
    Ok(Compiled { inner, origins, guards })
}

impl Validator {
    /// JSON pointer to the schema in its document.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Whether the payload is just as the schema says, and holds nothing that it does not know.
    #[must_use]
    pub fn is_clean(&self, payload: &Json) -> bool {
        payload.flaws().is_empty()
            && self.compiled.inner.is_valid(payload.root())
            && self.shapes.unknown(payload).is_empty()
    }

    /// Whether the payload fits the schema. It may hold what the schema does not know.
    #[must_use]
    pub fn accepts(&self, payload: &Json) -> bool {
        payload.flaws().is_empty() && self.compiled.inner.is_valid(payload.root())
    }

    /// Every way in which the payload is not as the schema says, in the order of the payload; empty where it is.
    #[must_use]
    pub fn check(&self, payload: &Json) -> Vec<Deviation> {
        let mut found: Vec<Deviation> = payload
            .flaws()
            .iter()
            .map(|flaw| message::of_flaw(payload, flaw))
            .collect();
        if !self.compiled.inner.is_valid(payload.root()) {
            for error in self.compiled.inner.iter_errors(payload.root()) {
                self.collect(payload, &error, &mut found);
            }
        }
        found.extend(self.shapes.unknown(payload));
        // A value of another type is none of those listed, which says nothing more.
        let of_type: HashSet<String> = found
            .iter()
            .filter(|one| one.keyword == "type")
            .map(|one| one.pointer.clone())
            .collect();
        found.retain(|one| one.keyword != "enum" || !of_type.contains(&one.pointer));
        found.sort_by(|a, b| (a.span.start, &a.keyword, &a.property).cmp(&(b.span.start, &b.keyword, &b.property)));
        found.dedup();
        found
    }

    fn collect(&self, payload: &Json, error: &ValidationError<'_>, found: &mut Vec<Deviation>) {
        if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
            match branches::meant(context, error, &self.compiled.guards) {
                branches::Meant::These(errors) => {
                    for inner in errors {
                        self.collect(payload, inner, found);
                    }
                    return;
                }
                branches::Meant::NoneByName(guard) => {
                    let at = error.instance_path().as_str();
                    found.push(message::of_discriminator(payload, at, guard, &self.schema_path(guard)));
                    return;
                }
                branches::Meant::Types(types) => {
                    found.push(message::of_types(payload, error, &types, self.schema_path(error)));
                    return;
                }
                branches::Meant::Unclear => {}
            }
        }
        message::of_error(payload, error, self.schema_path(error), found);
    }

    /// JSON pointer into the document, to the keyword that an error is about.
    fn schema_path(&self, error: &ValidationError<'_>) -> String {
        origin(&self.compiled.origins, error.schema_path().as_str())
    }
}

/// Where the part of a translated schema at `at` comes from.
fn origin(origins: &HashMap<String, String>, at: &str) -> String {
    let mut known = at;
    loop {
        if let Some(from) = origins.get(known) {
            return format!("{from}{}", at.strip_prefix(known).unwrap_or_default());
        }
        match pointer::split(known) {
            Some((parent, _)) => known = parent,
            None => return at.to_owned(),
        }
    }
}

/// See [`crate::check::fits`].
pub(crate) fn fits(format: &str, text: &str) -> bool {
    formats::fits(format, text)
}

/// See [`crate::check::draft4`].
pub(crate) fn draft4(document: &Document, at: &str) -> Result<serde_json::Value, Diagnostics> {
    translate::translate(document, at, None).map(|translated| translated.schema)
}
