//! An example payload as text, as JSON, and with the place of each value in it.

use std::{fs, path::Path};

use callrounded_document::{Diagnostic, Diagnostics, Document, Example, Payload, Place, pointer};
use serde_json::Value;

use crate::DOCUMENT;

/// A payload that has been read.
pub(crate) struct Loaded<'a> {
    /// The file that it stands in, below the folder of the document; of an inline example, the document.
    pub name: String,
    pub value: Value,
    /// JSON pointer to the schema that it is an example of.
    pub schema: String,
    places: Places<'a>,
}

enum Places<'a> {
    /// In the document, below this pointer.
    Inline(&'a Document, String),
    /// In a file of its own. JSON is read as the YAML that it is; what YAML can't read has no places.
    File(Option<Document>, String),
}

impl<'a> Loaded<'a> {
    pub fn read(root: &Path, document: &'a Document, example: &Example<'_>) -> Result<Self, Diagnostics> {
        let schema = example.schema.clone();
        match example.payload {
            Payload::Inline(value) => Ok(Self {
                name: DOCUMENT.to_owned(),
                value: value.clone(),
                schema,
                places: Places::Inline(document, example.pointer.clone()),
            }),
            Payload::File(file) => {
                let name = Path::new(DOCUMENT).with_file_name(file).display().to_string();
                let text = fs::read_to_string(root.join(&name)).map_err(|error| {
                    let problem = format!("the example file {name} can't be read: {error}");
                    document.diagnostic(&example.pointer, problem, "add the file or correct its name")
                })?;
                let value = serde_json::from_str(&text).map_err(|error| Diagnostic {
                    file: name.clone(),
                    place: Place {
                        line: error.line().max(1),
                        column: error.column().max(1),
                    },
                    pointer: String::new(),
                    excerpt: text
                        .lines()
                        .nth(error.line().saturating_sub(1))
                        .unwrap_or_default()
                        .to_owned(),
                    problem: format!("this is not JSON: {error}"),
                    remedy: "mend the payload".to_owned(),
                })?;
                let places = Places::File(Document::parse(&name, &text).ok(), name.clone());
                Ok(Self {
                    name,
                    value,
                    schema,
                    places,
                })
            }
        }
    }

    /// Says what is wrong with the value at `pointer` of the payload.
    pub fn diagnostic(&self, pointer: &str, problem: String, remedy: String) -> Diagnostic {
        match &self.places {
            Places::Inline(document, base) => document.diagnostic(&format!("{base}{pointer}"), problem, remedy),
            Places::File(Some(places), _) => places.diagnostic(pointer, problem, remedy),
            Places::File(None, name) => Diagnostic {
                file: name.clone(),
                place: Place::START,
                pointer: pointer.to_owned(),
                excerpt: String::new(),
                problem,
                remedy,
            },
        }
    }

    /// The name of the component schema that the payload is an example of, if it is one of a component.
    pub fn component(&self, document: &Document) -> Option<String> {
        let schema = document.resolve(&self.schema)?;
        schema
            .starts_with("/components/schemas/")
            .then(|| pointer::last(&schema))
    }
}
