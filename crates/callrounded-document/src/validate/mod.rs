//! Validates payloads against the schemas of a document.

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
    traverse::{self, Direction},
};
use representation::Strict;
use unknown::Shapes;

/// The severity of a [`Mismatch`] or a [`Finding`](crate::check::Finding).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The payload violates the document.
    Error,
    /// The payload has something that the document does not describe: a property, or a value of an enumeration. The
    /// document may be out of date.
    Drift,
}

/// A mismatch between a payload and the document, without the location in a file.
///
/// Its messages contain no values of the payload, which may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The severity.
    pub verdict: Verdict,
    /// The schema keyword that is violated, such as `required`. For violations of I-JSON: `duplicate`, `overflow` or
    /// `half-character`.
    pub keyword: String,
    /// JSON pointer into the payload.
    pub pointer: String,
    /// The bytes in the text of the payload.
    pub span: Range<usize>,
    /// The bytes of a related part of the payload: of the first of two equal keys.
    pub related: Option<Range<usize>>,
    /// The property that the mismatch is about, if `pointer` is that of its object, as for a missing property.
    pub property: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// How to fix it.
    pub remedy: String,
    /// JSON pointer into the document, to the keyword that is violated. Empty for violations of I-JSON.
    pub schema: String,
}

/// A schema of a document, compiled to validate payloads. See [`Document::validator`].
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
    /// Compiles the schema at `pointer`, to validate payloads of one direction. Without a direction, `readOnly` and
    /// `writeOnly` are ignored.
    ///
    /// # Errors
    /// There is no schema at `pointer`, or it is invalid, such as one with a reference that does not resolve.
    pub fn validator(&self, pointer: &str, direction: Option<Direction>) -> Result<Validator, Diagnostics> {
        if self.get(pointer).is_none() {
            return Err(self
                .diagnostic(pointer, "the schema is missing", "add a `schema`")
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
    /// Returns a diagnostic for each `pattern` that is not a valid regular expression. Payloads are validated without
    /// these patterns.
    #[must_use]
    pub fn invalid_patterns(&self) -> Vec<Diagnostic> {
        let schemas = traverse::nodes(self)
            .into_iter()
            .filter(|node| node.kind == traverse::Kind::Schema);
        let diagnostic = |node: traverse::Node| {
            let at = pointer::join(&node.pointer, "pattern");
            let error = translate::pattern_error(self.get_str(&at)?)?;
            let problem = format!("invalid regular expression: {error}");
            Some(self.diagnostic(
                &at,
                problem,
                "write one that JavaScript accepts (ECMA-262), or remove it",
            ))
        };
        schemas.filter_map(diagnostic).collect()
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
        options = options.with_keyword(hidden::keyword(direction), hidden::compile);
    }
    let inner = numbers::with_numbers(formats::with_formats(options))
        .build(&schema)
        .map_err(|error| {
            let at = origin(&origins, error.instance_path().as_str());
            Diagnostics::from(document.diagnostic(&at, format!("invalid schema: {error}"), "fix the schema"))
        })?;
    Ok(Compiled { inner, origins, guards })
}

impl Validator {
    /// Returns the JSON pointer to the schema in its document.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Checks whether the payload is valid and has no property that the document does not describe. Faster than
    /// [`check`](Self::check).
    #[must_use]
    pub fn is_clean(&self, payload: &Json) -> bool {
        payload.violations().is_empty()
            && self.compiled.inner.is_valid(payload.root())
            && self.shapes.unknown(payload).is_empty()
    }

    /// Checks whether the payload is valid. It may have properties that the document does not describe.
    #[must_use]
    pub fn accepts(&self, payload: &Json) -> bool {
        payload.violations().is_empty() && self.compiled.inner.is_valid(payload.root())
    }

    /// Returns all mismatches between the payload and the schema, in the order of the payload.
    #[must_use]
    pub fn check(&self, payload: &Json) -> Vec<Mismatch> {
        let mut found: Vec<Mismatch> = payload
            .violations()
            .iter()
            .map(|violation| message::of_violation(payload, violation))
            .collect();
        if !self.compiled.inner.is_valid(payload.root()) {
            for error in self.compiled.inner.iter_errors(payload.root()) {
                self.collect(payload, &error, &mut found);
            }
        }
        found.extend(self.shapes.unknown(payload));
        // If the type is wrong, an enumeration is violated too, which adds nothing.
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

    fn collect(&self, payload: &Json, error: &ValidationError<'_>, found: &mut Vec<Mismatch>) {
        if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
            match branches::best_branch(context, error, &self.compiled.guards) {
                branches::BestBranch::Branch(errors) => {
                    for inner in errors {
                        self.collect(payload, inner, found);
                    }
                    return;
                }
                branches::BestBranch::UnknownDiscriminator(guard) => {
                    let at = error.instance_path().as_str();
                    found.push(message::of_discriminator(payload, at, guard, &self.schema_path(guard)));
                    return;
                }
                branches::BestBranch::WrongType(types) => {
                    found.push(message::of_types(payload, error, &types, self.schema_path(error)));
                    return;
                }
                branches::BestBranch::Ambiguous => {}
            }
        }
        message::of_error(payload, error, self.schema_path(error), found);
    }

    /// Returns the JSON pointer to the keyword of an error in the document.
    fn schema_path(&self, error: &ValidationError<'_>) -> String {
        origin(&self.compiled.origins, error.schema_path().as_str())
    }
}

/// Returns the JSON pointer in the document for a JSON pointer in a translated schema.
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

/// See [`crate::check::matches_format`].
pub(crate) fn matches_format(format: &str, text: &str) -> bool {
    formats::matches_format(format, text)
}

/// See [`crate::check::draft4_schema`].
pub(crate) fn draft4_schema(document: &Document, at: &str) -> Result<serde_json::Value, Diagnostics> {
    translate::translate(document, at, None).map(|translated| translated.schema)
}
