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
        let range = format!("{}XX", status.chars().next().unwrap_or_default());
        let media = [status, &range, "default"].into_iter().find_map(|wanted| {
            let of = |known: &str| known.eq_ignore_ascii_case(wanted);
            bodies.iter().find(|(known, _)| of(known)).map(|(_, media)| media)
        });
        let Some(media) = media else {
            return Err(UnknownSubject {
                wanted: format!("JSON body for the response {status} of {operation}"),
                known: bodies.into_iter().map(|(status, _)| status).collect(),
            });
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
