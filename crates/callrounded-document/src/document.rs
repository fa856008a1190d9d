//! The document as a whole: look something up, follow a reference, say where it is.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    pointer,
    yaml::{self, Place},
};

/// An OpenAPI document together with the place of each of its values.
///
/// It is any well-formed YAML or JSON: what it must hold to be generated from is the generator's to check.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    lines: Vec<String>,
    value: Value,
    places: HashMap<String, Place>,
    names: HashMap<String, Place>,
}

impl Document {
    /// Reads the text of a document; `name` is the file name that diagnostics show.
    ///
    /// # Errors
    /// Where the text is not YAML, holds several documents, a name twice, or something that JSON can't express.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        match yaml::read(text) {
            Ok(yaml::Located { value, places, names }) => Ok(Self {
                name: name.to_owned(),
                lines,
                value,
                places,
                names,
            }),
            Err(unreadable) => Err(Diagnostic {
                file: name.to_owned(),
                place: unreadable.place,
                pointer: unreadable.pointer,
                excerpt: excerpt(&lines, unreadable.place),
                problem: unreadable.problem,
                remedy: unreadable.remedy.to_owned(),
            }
            .into()),
        }
    }

    /// A document that stands in no file, so that nothing in it has a place.
    #[must_use]
    pub fn from_value(name: &str, value: Value) -> Self {
        Self {
            name: name.to_owned(),
            lines: Vec::new(),
            value,
            places: HashMap::new(),
            names: HashMap::new(),
        }
    }

    /// Another value under the same name and with the same places, as far as it is built alike.
    #[must_use]
    pub fn with_value(&self, value: Value) -> Self {
        Self { value, ..self.clone() }
    }

    /// The file name that the document was read under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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
            match (self.places.get(at), pointer::split(at)) {
                (Some(place), _) => return *place,
                (None, Some((parent, _))) => at = parent,
                (None, None) => return Place::START,
            }
        }
    }

    /// Where the name of the member at `pointer` stands, or where the item begins.
    #[must_use]
    pub fn name_place(&self, pointer: &str) -> Option<Place> {
        self.names.get(pointer).copied()
    }

    /// Says what is wrong with the value at `pointer`, and what to do about it.
    #[must_use]
    pub fn diagnostic(&self, pointer: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Diagnostic {
        let place = self.place(pointer);
        Diagnostic {
            file: self.name.clone(),
            place,
            pointer: pointer.to_owned(),
            excerpt: excerpt(&self.lines, place),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

fn excerpt(lines: &[String], place: Place) -> String {
    lines
        .get(place.line.saturating_sub(1))
        .map(|line| line.trim_end().to_owned())
        .unwrap_or_default()
}
