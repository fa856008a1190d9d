//! The values that a document gives for a schema of its own: examples of bodies, parameters, headers and schemas, and
//! defaults. All of them have to fit.

use serde_json::Value;

use crate::{
    document::Document,
    pointer,
    walk::{self, Direction, Kind},
};

/// Where the payload of an example is.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload<'a> {
    /// In the document.
    Inline(&'a Value),
    /// In a file, named relative to the document (`externalValue`).
    File(&'a str),
}

/// A value and the schema that it has to fit.
#[derive(Clone, Debug)]
pub struct Example<'a> {
    /// JSON pointer to the value, or to the name of its file.
    pub pointer: String,
    /// JSON pointer to the schema, its references not followed.
    pub schema: String,
    /// The value.
    pub payload: Payload<'a>,
    /// What it is a value of, such as `update_call, response 200`.
    pub about: String,
    /// Which way it goes, where that is known.
    pub direction: Option<Direction>,
}

impl Document {
    /// Every value that the document gives for a schema, in the order of the document.
    #[must_use]
    pub fn examples(&self) -> Vec<Example<'_>> {
        let mut found = Vec::new();
        for node in walk::nodes(self) {
            let at = &node.pointer;
            if self.get(&pointer::join(at, "$ref")).is_some() {
                continue;
            }
            let place = Place {
                about: self.about(at),
                direction: direction_of(at, node.kind),
            };
            match node.kind {
                Kind::RequestBody | Kind::Response => self.in_content(at, &place, &mut found),
                Kind::Parameter | Kind::Header => {
                    self.in_content(at, &place, &mut found);
                    self.examples_of(at, &pointer::join(at, "schema"), &place, &mut found);
                }
                Kind::Schema => {
                    for keyword in ["example", "default"] {
                        let value = pointer::join(at, keyword);
                        self.inline(value, at, &place, &mut found);
                    }
                }
                Kind::Example | Kind::PathItem => {}
            }
        }
        found
    }

    fn in_content<'a>(&'a self, holder: &str, place: &Place, found: &mut Vec<Example<'a>>) {
        let content = pointer::join(holder, "content");
        for (media_type, media) in self.members(&content) {
            if crate::is_json(media_type) {
                self.examples_of(&media, &pointer::join(&media, "schema"), place, found);
            }
        }
    }

    fn examples_of<'a>(&'a self, holder: &str, schema: &str, place: &Place, found: &mut Vec<Example<'a>>) {
        if self.get(schema).is_none() {
            return;
        }
        self.inline(pointer::join(holder, "example"), schema, place, found);
        let several = pointer::join(holder, "examples");
        for (_, named) in self.members(&several) {
            let Some(example) = self.resolve(&named) else { continue };
            let file = pointer::join(&example, "externalValue");
            match self.text(&file) {
                Some(name) => found.push(Example {
                    payload: Payload::File(name),
                    schema: schema.to_owned(),
                    about: place.about.clone(),
                    direction: place.direction,
                    pointer: file,
                }),
                None => self.inline(pointer::join(&example, "value"), schema, place, found),
            }
        }
    }

    fn inline<'a>(&'a self, at: String, schema: &str, place: &Place, found: &mut Vec<Example<'a>>) {
        if let Some(value) = self.get(&at) {
            found.push(Example {
                payload: Payload::Inline(value),
                schema: schema.to_owned(),
                about: place.about.clone(),
                direction: place.direction,
                pointer: at,
            });
        }
    }

    /// What stands at `at`, in the words of somebody who knows the API.
    fn about(&self, at: &str) -> String {
        let tokens: Vec<String> = pointer::tokens(at).collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let named = |at: &str| self.text(&pointer::join(at, "name")).unwrap_or_default().to_owned();
        match tokens.as_slice() {
            ["paths", path, "parameters", index, ..] => {
                let at = pointer::join(&pointer::join(&pointer::join("/paths", path), "parameters"), index);
                format!("{path}, parameter {}", named(&at))
            }
            ["paths", path, method, rest @ ..] => {
                let operation = pointer::join(&pointer::join("/paths", path), method);
                let id = self.text(&pointer::join(&operation, "operationId"));
                let id = id.map_or_else(|| format!("{} {path}", method.to_uppercase()), str::to_owned);
                match rest {
                    ["requestBody", ..] => format!("{id}, request"),
                    ["responses", status, "headers", name, ..] => format!("{id}, response {status}, header {name}"),
                    ["responses", status, ..] => format!("{id}, response {status}"),
                    ["parameters", index, ..] => {
                        let at = pointer::join(&pointer::join(&operation, "parameters"), index);
                        format!("{id}, parameter {}", named(&at))
                    }
                    _ => id,
                }
            }
            ["components", "schemas", name, ..] => format!("schema {name}"),
            ["components", "parameters", name, ..] => format!("parameter {name}"),
            ["components", "headers", name, ..] => format!("header {name}"),
            ["components", "requestBodies", name, ..] => format!("request {name}"),
            ["components", "responses", name, ..] => format!("response {name}"),
            _ => String::new(),
        }
    }
}

struct Place {
    about: String,
    direction: Option<Direction>,
}

/// Which way a value that stands at `at` goes. A schema by itself may go both.
fn direction_of(at: &str, kind: Kind) -> Option<Direction> {
    match kind {
        Kind::RequestBody | Kind::Parameter => Some(Direction::Request),
        Kind::Response | Kind::Header => Some(Direction::Response),
        Kind::Schema if at.starts_with("/components/schemas/") => None,
        Kind::Schema if at.contains("/requestBody/") || at.contains("/parameters/") => Some(Direction::Request),
        Kind::Schema if at.contains("/responses/") => Some(Direction::Response),
        Kind::Schema | Kind::Example | Kind::PathItem => None,
    }
}
