//! The example payloads of a document: those in it and those in files that it names.

use serde_json::Value;

use crate::{document::Document, pointer};

/// Where the payload of an example is.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload<'a> {
    /// In the document.
    Inline(&'a Value),
    /// In a file, named relative to the document (`externalValue`).
    File(&'a str),
}

/// An example payload and the schema it is an example of.
#[derive(Clone, Debug)]
pub struct Example<'a> {
    /// JSON pointer to the example.
    pub pointer: String,
    /// JSON pointer to the schema, its references not followed.
    pub schema: String,
    /// The payload.
    pub payload: Payload<'a>,
}

impl Document {
    /// Every example of a request or response body, in the order of the document.
    #[must_use]
    pub fn examples(&self) -> Vec<Example<'_>> {
        let mut found = Vec::new();
        for operation in self.operations() {
            let bodies = self.request_body(&operation).into_iter();
            let bodies = bodies.chain(self.response_bodies(&operation).into_iter().map(|(_, media)| media));
            for media in bodies {
                self.examples_of(&media, &mut found);
            }
        }
        found
    }

    fn examples_of<'a>(&'a self, media: &str, found: &mut Vec<Example<'a>>) {
        let schema = pointer::join(media, "schema");
        let mut push = |pointer: String, payload| {
            found.push(Example {
                pointer,
                schema: schema.clone(),
                payload,
            })
        };
        let single = pointer::join(media, "example");
        if let Some(value) = self.get(&single) {
            push(single, Payload::Inline(value));
        }
        let several = pointer::join(media, "examples");
        for (_, named) in self.members(&several) {
            let Some(example) = self.resolve(&named) else { continue };
            if let Some(value) = self.get(&pointer::join(&example, "value")) {
                push(pointer::join(&example, "value"), Payload::Inline(value));
            } else if let Some(file) = self.text(&pointer::join(&example, "externalValue")) {
                push(pointer::join(&example, "externalValue"), Payload::File(file));
            }
        }
    }
}
