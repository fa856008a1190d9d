//! The examples and defaults of a document, each with the schema that it must match.

use serde_json::Value;

use crate::{
    document::Document,
    pointer,
    traverse::{self, Direction, Kind},
};

/// The payload of an [`Example`].
#[derive(Clone, Debug, PartialEq)]
pub enum Payload<'a> {
    /// A value in the document.
    Inline(&'a Value),
    /// The path of a file, relative to the document (`externalValue`).
    File(&'a str),
}

/// An example or default of a document. See [`Document::examples`].
#[derive(Clone, Debug)]
pub struct Example<'a> {
    /// JSON pointer to the value, or to the path of its file.
    pub pointer: String,
    /// JSON pointer to the schema that the value must match. References are not followed.
    pub schema: String,
    /// The value.
    pub payload: Payload<'a>,
    /// What the value is an example of, such as `update_call, response 200`.
    pub subject: String,
    /// The direction of the payload. `None` if it is that of both requests and responses.
    pub direction: Option<Direction>,
}

impl Document {
    /// Returns all examples of JSON bodies, parameters, headers and schemas, and the defaults of schemas.
    #[must_use]
    pub fn examples(&self) -> Vec<Example<'_>> {
        let mut found = Vec::new();
        for node in traverse::nodes(self) {
            let at = &node.pointer;
            if self.get(&pointer::join(at, "$ref")).is_some() {
                continue;
            }
            let context = Context {
                subject: self.subject_at(at),
                direction: direction_of(at, node.kind),
            };
            match node.kind {
                Kind::RequestBody | Kind::Response => self.in_content(at, &context, &mut found),
                Kind::Parameter | Kind::Header => {
                    self.in_content(at, &context, &mut found);
                    self.examples_of(at, &pointer::join(at, "schema"), &context, &mut found);
                }
                Kind::Schema => {
                    for keyword in ["example", "default"] {
                        let value = pointer::join(at, keyword);
                        self.inline(value, at, &context, &mut found);
                    }
                }
                Kind::Example | Kind::PathItem => {}
            }
        }
        found
    }

    fn in_content<'a>(&'a self, holder: &str, context: &Context, found: &mut Vec<Example<'a>>) {
        let content = pointer::join(holder, "content");
        for (media_type, media) in self.members(&content) {
            if crate::is_json(media_type) {
                self.examples_of(&media, &pointer::join(&media, "schema"), context, found);
            }
        }
    }

    fn examples_of<'a>(&'a self, holder: &str, schema: &str, context: &Context, found: &mut Vec<Example<'a>>) {
        if self.get(schema).is_none() {
            return;
        }
        self.inline(pointer::join(holder, "example"), schema, context, found);
        let several = pointer::join(holder, "examples");
        for (_, named) in self.members(&several) {
            let Some(example) = self.resolve(&named) else { continue };
            let file = pointer::join(&example, "externalValue");
            match self.get_str(&file) {
                Some(name) => found.push(Example {
                    payload: Payload::File(name),
                    schema: schema.to_owned(),
                    subject: context.subject.clone(),
                    direction: context.direction,
                    pointer: file,
                }),
                None => self.inline(pointer::join(&example, "value"), schema, context, found),
            }
        }
    }

    fn inline<'a>(&'a self, at: String, schema: &str, context: &Context, found: &mut Vec<Example<'a>>) {
        if let Some(value) = self.get(&at) {
            found.push(Example {
                payload: Payload::Inline(value),
                schema: schema.to_owned(),
                subject: context.subject.clone(),
                direction: context.direction,
                pointer: at,
            });
        }
    }

    /// Describes what is at `at`, such as `update_call, response 200`.
    fn subject_at(&self, at: &str) -> String {
        let tokens: Vec<String> = pointer::tokens(at).collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let named = |at: &str| self.get_str(&pointer::join(at, "name")).unwrap_or_default().to_owned();
        match tokens.as_slice() {
            ["paths", path, "parameters", index, ..] => {
                let at = pointer::join(&pointer::join(&pointer::join("/paths", path), "parameters"), index);
                format!("{path}, parameter {}", named(&at))
            }
            ["paths", path, method, rest @ ..] => {
                let operation = pointer::join(&pointer::join("/paths", path), method);
                let id = self.get_str(&pointer::join(&operation, "operationId"));
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

struct Context {
    subject: String,
    direction: Option<Direction>,
}

/// Returns the direction of the values at `at`. A component schema may be used in both directions.
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
