//! The operations of a document: their methods, paths, parameters and bodies.

use serde_json::Value;

use crate::{document::Document, pointer};

/// An HTTP method of an operation in OpenAPI 3.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The variants are named as in HTTP.
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    const ALL: [(&'static str, Self); 8] = [
        ("get", Self::Get),
        ("put", Self::Put),
        ("post", Self::Post),
        ("delete", Self::Delete),
        ("options", Self::Options),
        ("head", Self::Head),
        ("patch", Self::Patch),
        ("trace", Self::Trace),
    ];

    /// Returns the method by its field in a path item, which is in lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, method)| *method)
    }

    /// Returns the method as HTTP spells it, in upper case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }
}

/// An operation: a method on a path. See [`Document::operations`].
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// Its `operationId`, if it has one.
    pub id: Option<&'a str>,
    /// The HTTP method.
    pub method: Method,
    /// The path template, with parameters in braces.
    pub path: &'a str,
    /// JSON pointer to the operation.
    pub pointer: String,
}

/// Returns a media type without its parameters, in lower case. Media types are case-insensitive (RFC 9110).
#[must_use]
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Checks whether a media type is JSON: `application/json`, or one with the suffix `+json`, such as
/// `application/merge-patch+json`. Parameters are ignored.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let subtype = essence.split_once('/').filter(|(kind, _)| *kind == "application");
    subtype.is_some_and(|(_, subtype)| subtype == "json" || subtype.ends_with("+json"))
}

impl Document {
    /// Returns the name of the header for the API key, or `None` if no security scheme of the document has one.
    #[must_use]
    pub fn api_key_header(&self) -> Option<&str> {
        self.members("/components/securitySchemes").find_map(|(_, scheme)| {
            let has = |field: &str, value: &str| self.get_str(&pointer::join(&scheme, field)) == Some(value);
            let is_key = has("type", "apiKey") && has("in", "header");
            self.get_str(&pointer::join(&scheme, "name")).filter(|_| is_key)
        })
    }

    /// Returns all operations, in the order of the document.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let Some(paths) = self.get("/paths").and_then(Value::as_object) else {
            return Vec::new();
        };
        paths
            .iter()
            .filter(|(path, _)| !path.starts_with("x-"))
            .flat_map(|(path, item)| {
                let item_pointer = pointer::join("/paths", path);
                item.as_object()
                    .into_iter()
                    .flatten()
                    .filter_map(move |(field, operation)| {
                        Some(Operation {
                            id: operation.get("operationId").and_then(Value::as_str),
                            method: Method::from_name(field)?,
                            path,
                            pointer: pointer::join(&item_pointer, field),
                        })
                    })
            })
            .collect()
    }

    /// Returns the JSON pointers to the parameters of an operation, with references resolved. Parameters of the path
    /// item come first, without those that the operation overrides.
    #[must_use]
    pub fn parameters(&self, operation: &Operation<'_>) -> Vec<String> {
        let path_item = pointer::split(&operation.pointer)
            .map(|(path_item, _)| path_item)
            .unwrap_or_default();
        let mut found: Vec<String> = Vec::new();
        for holder in [path_item, &operation.pointer] {
            let list = pointer::join(holder, "parameters");
            for at in self.items(&list).filter_map(|at| self.resolve(&at)) {
                let key = |at: &str| {
                    [
                        self.get_str(&pointer::join(at, "in")),
                        self.get_str(&pointer::join(at, "name")),
                    ]
                    .map(|field| field.map(str::to_owned))
                };
                found.retain(|other| key(other) != key(&at));
                found.push(at);
            }
        }
        found
    }

    /// Returns the JSON pointer to the media type object of the JSON request body of an operation, with references
    /// resolved. Returns `None` if it has no JSON request body.
    #[must_use]
    pub fn request_body(&self, operation: &Operation<'_>) -> Option<String> {
        let body = self.resolve(&pointer::join(&operation.pointer, "requestBody"))?;
        self.json_media(&body)
    }

    /// Checks whether the request body of an operation is required.
    #[must_use]
    pub fn requires_body(&self, operation: &Operation<'_>) -> bool {
        let body = self.resolve(&pointer::join(&operation.pointer, "requestBody"));
        let required = body.and_then(|body| self.get(&pointer::join(&body, "required")));
        required == Some(&Value::Bool(true))
    }

    /// Returns the responses of an operation that have a JSON body, as pairs of status (such as `200`, `4XX` or
    /// `default`) and JSON pointer to the media type object. References are resolved.
    #[must_use]
    pub fn response_bodies(&self, operation: &Operation<'_>) -> Vec<(String, String)> {
        let responses = pointer::join(&operation.pointer, "responses");
        self.members(&responses)
            .filter_map(|(status, at)| Some((status.to_owned(), self.json_media(&self.resolve(&at)?)?)))
            .collect()
    }

    pub(crate) fn json_media(&self, holder: &str) -> Option<String> {
        let content = pointer::join(holder, "content");
        self.members(&content)
            .find(|(media_type, _)| is_json(media_type))
            .map(|(_, at)| at)
    }
}
