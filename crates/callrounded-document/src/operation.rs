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

impl Document {
    /// Every operation, in the order of the document.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let Some(paths) = self.get("/paths").and_then(Value::as_object) else {
            return Vec::new();
        };
        paths
            .iter()
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

    /// The pointer to the JSON body that an operation takes, its references followed: a media type object.
    #[must_use]
    pub fn request_body(&self, operation: &Operation<'_>) -> Option<String> {
        let body = self.resolve(&pointer::join(&operation.pointer, "requestBody"))?;
        self.json_media(&body)
    }

    /// The status (`200`, `4XX`, `default`) and the pointer to the JSON media type object of each response that has one.
    #[must_use]
    pub fn response_bodies(&self, operation: &Operation<'_>) -> Vec<(String, String)> {
        let responses = pointer::join(&operation.pointer, "responses");
        self.members(&responses)
            .filter_map(|(status, at)| Some((status.to_owned(), self.json_media(&self.resolve(&at)?)?)))
            .collect()
    }

    fn json_media(&self, holder: &str) -> Option<String> {
        let content = pointer::join(holder, "content");
        self.members(&content)
            .find(|(name, _)| *name == "application/json" || name.starts_with("application/json;"))
            .map(|(_, at)| at)
    }
}
