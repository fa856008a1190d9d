//! The document as a whole: look something up, follow a reference, say where it is.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    excerpt::Excerpt,
    located::{self, Located, Place, Rounded},
    pointer,
};

/// An OpenAPI document together with the place of each of its values.
///
/// It is any well-formed YAML or JSON: what it must hold to be generated from is the generator's to check.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it was read from. There may be many documents that are made of one, and all have their places in it.
    source: Arc<Source>,
    /// Large, and copied with the document.
    value: Arc<Value>,
}

#[derive(Debug, Default)]
struct Source {
    name: String,
    lines: Vec<String>,
    places: HashMap<String, Place>,
    names: HashMap<String, Place>,
    rounded: Vec<Rounded>,
}

impl Document {
    /// Reads the text of a document, JSON or YAML; `name` is the file name that diagnostics show.
    ///
    /// # Errors
    /// Where the text is neither, holds several documents, a name twice, or something that JSON can't express, such as a
    /// whole number of more digits than can be held.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let document = Self::parse_rounding(name, text)?;
        let rounded = document.rounded().iter().map(|number| {
            document.diagnostic(
                &number.pointer,
                "this whole number has more than 64 bits, and would lose digits",
                "use a number that a double holds exactly, or quote it if a text was meant",
            )
        });
        Diagnostics::none_or(rounded.collect())?;
        Ok(document)
    }

    /// As [`parse`](Self::parse), but a number of too many digits is read as the nearest that can be held. [`Self::rounded`]
    /// lists these.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_rounding(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        match located::read(text) {
            Ok(Located {
                value,
                places,
                names,
                rounded,
            }) => Ok(Self {
                source: Arc::new(Source {
                    name: name.to_owned(),
                    lines,
                    places,
                    names,
                    rounded,
                }),
                value: Arc::new(value),
            }),
            Err(unreadable) => {
                let place = unreadable.place;
                Err(Diagnostic {
                    file: name.to_owned(),
                    place,
                    pointer: unreadable.pointer,
                    excerpt: Excerpt::at(line(&lines, place.line), place.column),
                    problem: unreadable.problem,
                    remedy: unreadable.remedy.to_owned(),
                }
                .into())
            }
        }
    }

    /// A document that stands in no file, so that nothing in it has a place.
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

    /// Another value under the same name and with the same places, as far as it is built alike.
    #[must_use]
    pub fn with_value(&self, value: Value) -> Self {
        Self {
            source: Arc::clone(&self.source),
            value: Arc::new(value),
        }
    }

    /// The numbers that are not in the value as they are written.
    #[must_use]
    pub fn rounded(&self) -> &[Rounded] {
        &self.source.rounded
    }

    /// The file name that the document was read under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The whole document as JSON, in its own order.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What `pointer` points at.
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        pointer::get(&self.value, pointer)
    }

    /// What `pointer` points at, if that is a text.
    #[must_use]
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.get(pointer)?.as_str()
    }

    /// Whether what is described at `pointer` is marked as no personal data (`x-personal-data: false`), so that it may be shown.
    #[must_use]
    pub fn may_be_shown(&self, pointer: &str) -> bool {
        self.get(&pointer::join(pointer, "x-personal-data")) == Some(&Value::Bool(false))
    }

    /// The names and pointers of the members of the object at `pointer`; nothing where there is no object.
    pub fn members<'a>(&'a self, pointer: &'a str) -> impl Iterator<Item = (&'a str, String)> + 'a {
        self.get(pointer)
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|object| object.keys())
            .map(move |name| (name.as_str(), pointer::join(pointer, name)))
    }

    /// Follows `$ref` from `pointer` until it points at something that is no reference.
    ///
    /// `None` where a reference leaves the document, leads nowhere, or in a circle.
    #[must_use]
    pub fn resolve(&self, pointer: &str) -> Option<String> {
        let mut at = pointer.to_owned();
        // A chain that comes back is a circle.
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

    /// Where the value at `pointer` stands; where there is none, the nearest value around it.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        let mut at = pointer;
        loop {
            match (self.source.places.get(at), pointer::split(at)) {
                (Some(place), _) => return *place,
                (None, Some((parent, _))) => at = parent,
                (None, None) => return Place::START,
            }
        }
    }

    /// Where the name of the member at `pointer` stands, or where the item begins.
    #[must_use]
    pub fn name_place(&self, pointer: &str) -> Option<Place> {
        self.source.names.get(pointer).copied()
    }

    /// A line of the text, by its number.
    pub(crate) fn line(&self, number: usize) -> &str {
        line(&self.source.lines, number)
    }

    /// Says what is wrong with the value at `pointer`, and what to do about it.
    #[must_use]
    pub fn diagnostic(&self, pointer: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Diagnostic {
        let place = self.place(pointer);
        Diagnostic {
            file: self.source.name.clone(),
            place,
            pointer: pointer.to_owned(),
            excerpt: Excerpt::at(self.line(place.line), place.column),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

fn line(lines: &[String], number: usize) -> &str {
    let line = number.checked_sub(1).and_then(|index| lines.get(index));
    line.map_or("", |line| line.trim_end())
}
