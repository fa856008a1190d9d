//! The description of one operation.

use callrounded_document::{
    Diagnostics, Document, Operation as Described, Validator, is_json, pointer, traverse::Direction,
};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{DocumentedResponse, In, Operation};
use crate::filter::Filter;

impl Operation {
    pub(super) fn of(document: &Document, operation: &Described<'_>) -> Result<Self, Diagnostics> {
        let request_body = document.request_body(operation);
        let request_type = request_body.as_deref().map(pointer::last).unwrap_or_default();
        let request = request_body.map(|media| {
            let schema = pointer::join(&media, "schema");
            let validator = document.validator(&schema, Some(Direction::Request))?;
            Ok::<_, Diagnostics>((schema, validator))
        });
        let success = document.success_schema(operation);
        let (status, response) = document.success(operation).unwrap_or_default();
        let pagination = document.pagination(operation);
        let property = |name: &str| {
            let properties = pointer::join(success.as_deref()?, "properties");
            document.resolve(&pointer::join(&properties, name))
        };
        let item = pagination.as_ref().and_then(|pagination| {
            let list = property(&pagination.items)?;
            document.resolve(&pointer::join(&list, "items"))
        });
        let filters = document.parameters(operation).into_iter().filter_map(|parameter| {
            let name = document.get_str(&pointer::join(&parameter, "name"))?;
            Some((name.to_owned(), Filter::of(document, &parameter, item.as_deref()?)?))
        });
        let filters = filters.collect();
        Ok(Self {
            id: operation.id.unwrap_or_default().to_owned(),
            pointer: operation.pointer.clone(),
            method: operation.method.as_str(),
            path: operation.path.to_owned(),
            parameters: parameters(document, operation)?,
            request: request.transpose()?,
            request_type,
            requires_body: document.requires_body(operation),
            status: status.parse().unwrap_or(200),
            envelope: match &pagination {
                Some(pagination) => Some(pagination.items.clone()),
                None => document.envelope(operation).map(|envelope| envelope.property),
            },
            example: example(document, &response),
            success,
            pagination,
            item,
            filters,
            responses: responses(document, operation)?,
            #[cfg(feature = "record")]
            parameter_pointers: document
                .parameters(operation)
                .into_iter()
                .map(|at| {
                    let name = document.get_str(&pointer::join(&at, "name"));
                    (name.unwrap_or_default().to_owned(), at)
                })
                .collect(),
        })
    }

    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Checks whether it has a parameter with this name in path or query.
    pub fn has_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|(_, other, ..)| other == name)
    }

    /// Returns the status of success.
    pub fn success_status(&self) -> u16 {
        self.status
    }

    /// Returns the pointer to the schema of the successful response; `None` if that has no JSON body.
    pub fn success_schema(&self) -> Option<&str> {
        self.success.as_deref()
    }

    pub(super) fn response(&self, status: u16) -> Option<&DocumentedResponse> {
        let status = status.to_string();
        self.responses.iter().find(|response| response.status == status)
    }

    /// Returns the media type of requests.
    pub fn request_type(&self) -> &str {
        &self.request_type
    }

    /// Returns the media type of responses with this status.
    pub fn response_type(&self, status: u16) -> &str {
        self.response(status)
            .map_or("application/json", |response| &response.media_type)
    }

    /// Returns the pointer to the description of a parameter.
    #[cfg(feature = "record")]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameter_pointers.iter().find(|(other, _)| other == name);
        found.map(|(_, at)| at.as_str())
    }

    /// Returns the pointer to the schema of requests.
    #[cfg(feature = "record")]
    pub fn request_schema(&self) -> Option<&str> {
        self.request.as_ref().map(|(schema, _)| schema.as_str())
    }

    /// Returns the pointer to the schema of responses with this status. If the document has none, this is the schema of
    /// success: errors use the same envelope.
    #[cfg(feature = "record")]
    pub fn response_schema(&self, status: u16) -> Option<&str> {
        let of_success = self.success.as_deref();
        self.response(status)
            .map(|response| response.schema.as_str())
            .or(of_success)
    }

    /// Returns the decoded values of the path parameters, in order; `None` if `path` does not match the path template.
    pub(super) fn match_path(&self, path: &str) -> Option<Vec<String>> {
        let (mut template, mut segments) = (self.path.split('/'), path.split('/'));
        let mut values = Vec::new();
        loop {
            match (template.next(), segments.next()) {
                (None, None) => return Some(values),
                (Some(name), Some(value)) if name.starts_with('{') && !value.is_empty() => {
                    values.push(percent_decode_str(value).decode_utf8_lossy().into_owned());
                }
                (Some(fixed), Some(value)) if fixed == value => {}
                _ => return None,
            }
        }
    }
}

/// Returns the parameters in path and query.
fn parameters(
    document: &Document,
    operation: &Described<'_>,
) -> Result<Vec<(In, String, String, Validator)>, Diagnostics> {
    let mut parameters = Vec::new();
    for parameter in document.parameters(operation) {
        let location = match document.get_str(&pointer::join(&parameter, "in")) {
            Some("path") => In::Path,
            Some("query") => In::Query,
            _ => continue,
        };
        let name = document.get_str(&pointer::join(&parameter, "name"));
        let schema = pointer::join(&parameter, "schema");
        let validator = document.validator(&schema, Some(Direction::Request))?;
        parameters.push((location, name.unwrap_or_default().to_owned(), schema, validator));
    }
    Ok(parameters)
}

fn responses(document: &Document, operation: &Described<'_>) -> Result<Vec<DocumentedResponse>, Diagnostics> {
    let mut responses = Vec::new();
    for (status, media) in document.response_bodies(operation) {
        let schema = pointer::join(&media, "schema");
        let validator = document.validator(&schema, Some(Direction::Response))?;
        responses.push(DocumentedResponse {
            status,
            media_type: pointer::last(&media),
            #[cfg(feature = "record")]
            schema,
            validator,
        });
    }
    Ok(responses)
}

/// Returns the first example of a response's JSON body that is part of the document itself.
fn example(document: &Document, response: &str) -> Option<Value> {
    let content = pointer::join(response, "content");
    let (_, media) = document.members(&content).find(|(name, _)| is_json(name))?;
    if let Some(example) = document.get(&pointer::join(&media, "example")) {
        return Some(example.clone());
    }
    let examples = pointer::join(&media, "examples");
    let mut examples = document.members(&examples);
    examples.find_map(|(_, at)| {
        let at = document.resolve(&at)?;
        document.get(&pointer::join(&at, "value")).cloned()
    })
}
