//! The kinds of payloads that can be checked: values of a component schema, request bodies, and response bodies.

use std::fmt;

use crate::{document::Document, operation::Operation, pointer, traverse::Direction};

/// A kind of payload: values of a component schema, request bodies or response bodies. See [`Document::schema`],
/// [`Document::request`] and [`Document::response`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The name in messages, such as `update_call, response 200`.
    pub name: String,
    /// JSON pointer to its schema.
    pub schema: String,
    /// The direction. `None` for a component schema, which may be used in both.
    pub direction: Option<Direction>,
}

/// An error: the document does not have the requested kind of payload. Its message lists those that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSubject {
    requested: String,
    known: Vec<String>,
}

impl fmt::Display for UnknownSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the document has no {}", self.requested)?;
        if self.known.is_empty() {
            Ok(())
        } else {
            write!(f, "; it has {}", self.known.join(", "))
        }
    }
}

impl std::error::Error for UnknownSubject {}

impl Document {
    /// Returns the subject for values of a component schema, by its name.
    ///
    /// # Errors
    /// The document has no such schema.
    pub fn schema(&self, name: &str) -> Result<Subject, UnknownSubject> {
        let schema = pointer::join("/components/schemas", name);
        if self.get(&schema).is_none() {
            return Err(UnknownSubject {
                requested: format!("schema `{name}`"),
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

    /// Returns the subject for request bodies of an operation, by its `operationId`.
    ///
    /// # Errors
    /// The document has no such operation, or the operation has no JSON request body.
    pub fn request(&self, operation: &str) -> Result<Subject, UnknownSubject> {
        let found = self.operation(operation)?;
        let media = self.request_body(&found).ok_or_else(|| UnknownSubject {
            requested: format!("JSON body for the request of {operation}"),
            known: Vec::new(),
        })?;
        Ok(Subject {
            name: format!("{operation}, request"),
            schema: pointer::join(&media, "schema"),
            direction: Some(Direction::Request),
        })
    }

    /// Returns the subject for response bodies of an operation, by its `operationId` and a status such as `200`.
    ///
    /// If the document does not list the status, its range, such as `2XX`, is used, or else `default`.
    ///
    /// # Errors
    /// The status is invalid, or the document has no such operation or no JSON response body for the status.
    pub fn response(&self, operation: &str, status: &str) -> Result<Subject, UnknownSubject> {
        let found = self.operation(operation)?;
        let bodies = self.response_bodies(&found);
        let unknown = |requested: String| UnknownSubject {
            requested,
            known: bodies.iter().map(|(status, _)| status.clone()).collect(),
        };
        if !is_status(status) {
            return Err(unknown(format!(
                "response with status `{status}`: expected 100 to 599, 1XX to 5XX, or default"
            )));
        }
        let responses = pointer::join(&found.pointer, "responses");
        let range = format!("{}XX", status.chars().next().unwrap_or_default());
        // The most specific one that the document lists applies, even if it has no JSON body.
        let declared = [status, &range, "default"].into_iter().find_map(|requested| {
            let mut statuses = self.members(&responses).map(|(status, _)| status);
            statuses.find(|status| status.eq_ignore_ascii_case(requested))
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

    /// Returns the operation with an `operationId`.
    ///
    /// # Errors
    /// The document has no such operation.
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
                requested: format!("operation `{id}`"),
                known,
            })
    }
}

/// Checks whether a text is a status, a range of statuses, or `default`.
fn is_status(text: &str) -> bool {
    let is_of_class = text.starts_with(['1', '2', '3', '4', '5']);
    let rest = text.get(1..).unwrap_or_default();
    let is_number = rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
    text.eq_ignore_ascii_case("default") || is_of_class && (is_number || rest.eq_ignore_ascii_case("xx"))
}
