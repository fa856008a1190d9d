//! The operations of a document, as far as any reader of it needs them.

use serde_json::Value;

use crate::{document::Document, pointer};

/// An HTTP method that OpenAPI 3.0 knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say it.
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

    /// The method whose name a path item uses, in lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, method)| *method)
    }

    /// As it goes over the wire, in upper case.
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

/// One operation: a method on a path.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// Its `operationId`, where it has one.
    pub id: Option<&'a str>,
    /// The method.
    pub method: Method,
    /// The path as it stands, with its parameters in braces.
    pub path: &'a str,
    /// JSON pointer to the operation.
    pub pointer: String,
}

/// A media type without its parameters, in lower case: case makes no difference (RFC 9110).
#[must_use]
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON: `application/json`, or one that is built on it, such as `application/merge-patch+json`;
/// with parameters or without.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let subtype = essence.split_once('/').filter(|(kind, _)| *kind == "application");
    subtype.is_some_and(|(_, subtype)| subtype == "json" || subtype.ends_with("+json"))
}

impl Document {
    /// The name of the header that carries the API key, as the document writes it; `None` where no such scheme is named.
    #[must_use]
    pub fn api_key_header(&self) -> Option<&str> {
        self.members("/components/securitySchemes").find_map(|(_, scheme)| {
            let is = |field: &str, value: &str| self.text(&pointer::join(&scheme, field)) == Some(value);
            let is_key = is("type", "apiKey") && is("in", "header");
            self.text(&pointer::join(&scheme, "name")).filter(|_| is_key)
        })
    }

    /// Every operation, in the order of the document.
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
                    .filter_map(move |(name, operation)| {
                        Some(Operation {
                            id: operation.get("operationId").and_then(Value::as_str),
                            method: Method::from_name(name)?,
                            path,
                            pointer: pointer::join(&item_pointer, name),
                        })
                    })
            })
            .collect()
    }

    /// The pointers to the parameters of an operation, its references followed: those of its path first, but for the ones
    /// that the operation itself names again.
    #[must_use]
    pub fn parameters(&self, operation: &Operation<'_>) -> Vec<String> {
        let path_item = pointer::split(&operation.pointer)
            .map(|(path_item, _)| path_item)
            .unwrap_or_default();
        let mut found: Vec<String> = Vec::new();
        for holder in [path_item, &operation.pointer] {
            let list = pointer::join(holder, "parameters");
            let count = self.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for at in (0..count).filter_map(|index| self.resolve(&pointer::join(&list, &index.to_string()))) {
                let key = |at: &str| {
                    [
                        self.text(&pointer::join(at, "in")),
                        self.text(&pointer::join(at, "name")),
                    ]
                    .map(|text| text.map(str::to_owned))
                };
                found.retain(|other| key(other) != key(&at));
                found.push(at);
            }
        }
        found
    }

    /// The pointer to the JSON body that an operation takes, its references followed: a media type object.
    #[must_use]
    pub fn request_body(&self, operation: &Operation<'_>) -> Option<String> {
        let body = self.resolve(&pointer::join(&operation.pointer, "requestBody"))?;
        self.json_media(&body)
    }

    /// Whether the body of the request must be sent.
    #[must_use]
    pub fn requires_body(&self, operation: &Operation<'_>) -> bool {
        let body = self.resolve(&pointer::join(&operation.pointer, "requestBody"));
        let required = body.and_then(|body| self.get(&pointer::join(&body, "required")));
        required == Some(&Value::Bool(true))
    }

    /// The status (`200`, `4XX`, `default`) and the pointer to the JSON media type object of each response that has one.
    #[must_use]
    pub fn response_bodies(&self, operation: &Operation<'_>) -> Vec<(String, String)> {
        let responses = pointer::join(&operation.pointer, "responses");
        self.members(&responses)
            .filter_map(|(status, at)| Some((status.to_owned(), self.json_media(&self.resolve(&at)?)?)))
            .collect()
    }

    pub(crate) fn json_media(&self, holder: &str) -> Option<String> {
        let content = pointer::join(holder, "content");
        self.members(&content).find(|(name, _)| is_json(name)).map(|(_, at)| at)
    }
}
