//! The document as a whole: looks up values, follows references, and locates values in the source text.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    excerpt::Excerpt,
    location::Location,
    parse::{self, Parsed, RoundedNumber},
    pointer,
};

/// An OpenAPI document with the location of each of its values.
///
/// Any well-formed YAML or JSON can be parsed. [`lint`](Self::lint) checks that it is an OpenAPI 3.0 document. Clones
/// are cheap: they share the value and the source.
///
/// ```
/// use callrounded_document::Document;
///
/// let document = Document::parse("pets.yaml", "openapi: 3.0.3\npaths:\n  /pets: {}\n")?;
/// assert_eq!(document.get_str("/openapi"), Some("3.0.3"));
/// assert_eq!(document.location("/paths/~1pets").line, 3);
/// # Ok::<(), callrounded_document::Diagnostics>(())
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    /// Shared by all documents that are derived from this one: their values are located in the same text.
    source: Arc<Source>,
    /// Shared, since it may be large.
    value: Arc<Value>,
}

#[derive(Debug, Default)]
struct Source {
    name: String,
    lines: Vec<String>,
    locations: HashMap<String, Location>,
    key_locations: HashMap<String, Location>,
    rounded_numbers: Vec<RoundedNumber>,
}

impl Document {
    /// Parses a document. The format, JSON or YAML, is detected from the text. `name` is the file name that diagnostics
    /// show.
    ///
    /// # Errors
    /// The text is neither JSON nor YAML, has several YAML documents, a duplicate key, or a value that JSON cannot
    /// express. An integer that neither 64 bits nor a double can represent is an error too.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let document = Self::parse_rounding(name, text)?;
        let rounded = document.rounded_numbers().iter().map(|number| {
            document.diagnostic(
                &number.pointer,
                "invalid number: this integer needs more than 64 bits and would lose digits",
                "use a number that a double represents exactly, or quote it if it is a string",
            )
        });
        Diagnostics::ok_if_empty(rounded.collect())?;
        Ok(document)
    }

    /// Parses a document like [`parse`](Self::parse), but rounds integers that have too many digits to the nearest
    /// double. [`rounded_numbers`](Self::rounded_numbers) lists them.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse), except for such integers.
    pub fn parse_rounding(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        match parse::parse(text) {
            Ok(Parsed {
                value,
                locations,
                key_locations,
                rounded_numbers,
            }) => Ok(Self {
                source: Arc::new(Source {
                    name: name.to_owned(),
                    lines,
                    locations,
                    key_locations,
                    rounded_numbers,
                }),
                value: Arc::new(value),
            }),
            Err(error) => {
                let location = error.location;
                Err(Diagnostic {
                    file: name.to_owned(),
                    location,
                    pointer: error.pointer,
                    excerpt: Excerpt::at(line(&lines, location.line), location.column),
                    problem: error.problem,
                    remedy: error.remedy.to_owned(),
                }
                .into())
            }
        }
    }

    /// Creates a document from a value. It has no source text, so every value is located at [`Location::START`].
    #[must_use]
    pub fn from_value(name: &str, value: Value) -> Self {
        let source = Source {
            name: name.to_owned(),
            ..Source::default()
        };
        Self {
            source: Arc::new(source),
            value: Arc::new(value),
        }
    }

    /// Creates a document with another value and the source text of this one. Values are located by their JSON
    /// pointers, so the location is right for values that have not moved.
    #[must_use]
    pub fn with_value(&self, value: Value) -> Self {
        Self {
            source: Arc::clone(&self.source),
            value: Arc::new(value),
        }
    }

    /// Returns the integers that lost digits when the document was parsed. Empty unless it was parsed with
    /// [`parse_rounding`](Self::parse_rounding).
    #[must_use]
    pub fn rounded_numbers(&self) -> &[RoundedNumber] {
        &self.source.rounded_numbers
    }

    /// Returns the file name that diagnostics show.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Returns the whole document as JSON. Objects keep the order of the source text.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the value at a JSON pointer.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        pointer::get(&self.value, pointer)
    }

    /// Returns the value at a JSON pointer if it is a string.
    #[must_use]
    pub fn get_str(&self, pointer: &str) -> Option<&str> {
        self.get(pointer)?.as_str()
    }

    /// Checks whether the schema or parameter at `pointer` is marked as not personal data (`x-personal-data: false`),
    /// so that its values may be shown.
    #[must_use]
    pub fn may_be_shown(&self, pointer: &str) -> bool {
        self.get(&pointer::join(pointer, "x-personal-data")) == Some(&Value::Bool(false))
    }

    /// Returns the key and the JSON pointer of each member of the object at `pointer`. Empty if there is no object.
    pub fn members<'a>(&'a self, pointer: &'a str) -> impl Iterator<Item = (&'a str, String)> + 'a {
        self.get(pointer)
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|object| object.keys())
            .map(move |key| (key.as_str(), pointer::join(pointer, key)))
    }

    /// Returns the JSON pointer of each item of the array at `pointer`. Empty if there is no array.
    pub fn items(&self, pointer: &str) -> impl Iterator<Item = String> + use<> {
        let count = self.get(pointer).and_then(Value::as_array).map_or(0, Vec::len);
        let pointer = pointer.to_owned();
        (0..count).map(move |index| pointer::join(&pointer, &index.to_string()))
    }

    /// Follows `$ref` from `pointer` and returns the JSON pointer to the first value that is not a reference.
    ///
    /// Returns `None` if a reference leaves the document, does not resolve, or is part of a cycle.
    #[must_use]
    pub fn resolve(&self, pointer: &str) -> Option<String> {
        let mut at = pointer.to_owned();
        let mut seen: Vec<String> = Vec::new();
        loop {
            match self.get(&at)?.get("$ref") {
                None => return Some(at),
                Some(reference) => {
                    let next = pointer::of_reference(reference.as_str()?)?;
                    if seen.contains(&next) {
                        return None;
                    }
                    seen.push(next.clone());
                    at = next;
                }
            }
        }
    }

    /// Returns the location of the value at `pointer`. If there is none, returns the location of the nearest enclosing
    /// value.
    ///
    /// Objects and arrays inside an object are located at their key, other values at the value itself.
    #[must_use]
    pub fn location(&self, pointer: &str) -> Location {
        let mut at = pointer;
        loop {
            match (self.source.locations.get(at), pointer::split(at)) {
                (Some(location), _) => return *location,
                (None, Some((parent, _))) => at = parent,
                (None, None) => return Location::START,
            }
        }
    }

    /// Returns the location of the key of the member at `pointer`, or of the start of the array item there.
    #[must_use]
    pub fn key_location(&self, pointer: &str) -> Option<Location> {
        self.source.key_locations.get(pointer).copied()
    }

    /// Returns a line of the source text. The first line is 1.
    pub(crate) fn line(&self, number: usize) -> &str {
        line(&self.source.lines, number)
    }

    /// Creates a diagnostic about the value at `pointer`.
    #[must_use]
    pub fn diagnostic(&self, pointer: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Diagnostic {
        let location = self.location(pointer);
        Diagnostic {
            file: self.source.name.clone(),
            location,
            pointer: pointer.to_owned(),
            excerpt: Excerpt::at(self.line(location.line), location.column),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

fn line(lines: &[String], number: usize) -> &str {
    let line = number.checked_sub(1).and_then(|index| lines.get(index));
    line.map_or("", |line| line.trim_end())
}
