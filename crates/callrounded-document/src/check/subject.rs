//! What kind of payload is checked: one of a component schema, the body of a request, or that of an answer.

use std::fmt;

use crate::{document::Document, operation::Operation, pointer, walk::Direction};

/// A kind of payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What messages call it, such as `update_call, response 200`.
    pub name: String,
    /// JSON pointer to its schema.
    pub schema: String,
    /// Which way it goes, where that is known.
    pub direction: Option<Direction>,
}

/// The document has no such kind of payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSubject {
    wanted: String,
    known: Vec<String>,
}

impl fmt::Display for UnknownSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the document has no {}", self.wanted)?;
        match self.known.is_empty() {
            true => Ok(()),
            false => write!(f, "; it has {}", self.known.join(", ")),
        }
    }
}

impl std::error::Error for UnknownSubject {}

impl Document {
    /// Payloads of a component schema, by its name.
    ///
    /// # Errors
    /// Where the document has no such schema, with those that it has.
    pub fn schema(&self, name: &str) -> Result<Subject, UnknownSubject> {
        let schema = pointer::join("/components/schemas", name);
        if self.get(&schema).is_none() {
            return Err(UnknownSubject {
                wanted: format!("schema `{name}`"),
                known: self
                    .members("/components/schemas")
                    .map(|(name, _)| name.to_owned())
                    .collect(),
            });
        }
        Ok(Subject {
            name: format!("schema {name}"),
            schema,
            direction: None,
        })
    }

    /// Bodies of requests of an operation, by its `operationId`.
    ///
    /// # Errors
    /// Where the document has no such operation, or it takes no JSON.
    pub fn request(&self, operation: &str) -> Result<Subject, UnknownSubject> {
        let found = self.operation(operation)?;
        let media = self.request_body(&found).ok_or_else(|| UnknownSubject {
            wanted: format!("JSON body for the request of {operation}"),
            known: Vec::new(),
        })?;
        Ok(Subject {
            name: format!("{operation}, request"),
            schema: pointer::join(&media, "schema"),
            direction: Some(Direction::Request),
        })
    }

    /// Bodies of answers of an operation with a status; `2XX` and `default` stand for those that are not named.
    ///
    /// # Errors
    /// Where the document has no such operation, or no JSON for the status, with the statuses that it has.
    pub fn response(&self, operation: &str, status: &str) -> Result<Subject, UnknownSubject> {
        let found = self.operation(operation)?;
        let bodies = self.response_bodies(&found);
        let unknown = |wanted: String| UnknownSubject {
            wanted,
            known: bodies.iter().map(|(status, _)| status.clone()).collect(),
        };
        if !is_status(status) {
            return Err(unknown(format!("status `{status}`, which is none")));
        }
        let responses = pointer::join(&found.pointer, "responses");
        let range = format!("{}XX", status.chars().next().unwrap_or_default());
        // The first that the document has is meant, even if it has no JSON.
        let declared = [status, &range, "default"].into_iter().find_map(|wanted| {
            let mut names = self.members(&responses).map(|(name, _)| name);
            names.find(|name| name.eq_ignore_ascii_case(wanted))
        });
        let media = declared.and_then(|declared| {
            let body = bodies.iter().find(|(known, _)| known == declared);
            body.map(|(_, media)| media)
        });
        let Some(media) = media else {
            return Err(unknown(format!("JSON body for the response {status} of {operation}")));
        };
        Ok(Subject {
            name: format!("{operation}, response {status}"),
            schema: pointer::join(media, "schema"),
            direction: Some(Direction::Response),
        })
    }

    /// The operation with this `operationId`.
    ///
    /// # Errors
    /// Where there is none, with those that there are.
    pub fn operation(&self, id: &str) -> Result<Operation<'_>, UnknownSubject> {
        let operations = self.operations();
        let known = operations
            .iter()
            .filter_map(|operation| operation.id.map(str::to_owned))
            .collect();
        operations
            .into_iter()
            .find(|operation| operation.id == Some(id))
            .ok_or_else(|| UnknownSubject {
                wanted: format!("operation `{id}`"),
                known,
            })
    }
}

/// Whether a text is a status, a range of them, or `default`.
fn is_status(text: &str) -> bool {
    let is_of_class = text.starts_with(['1', '2', '3', '4', '5']);
    let rest = text.get(1..).unwrap_or_default();
    let is_number = rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
    text.eq_ignore_ascii_case("default") || is_of_class && (is_number || rest.eq_ignore_ascii_case("xx"))
}
