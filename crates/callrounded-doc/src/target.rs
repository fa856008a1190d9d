//! The options of `validate` and `drift` that select the document and the schema or body of the payloads.

use std::path::PathBuf;

use callrounded_document::{
    Document,
    check::{Subject, UnknownSubject},
};
use clap::Args;

use crate::context::{Context, Source};

/// The document, and the schema or body in it that the payloads are instances of.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Target {
    /// The component schema of the payloads.
    #[arg(long, value_name = "NAME", conflicts_with = "operation")]
    schema: Option<String>,
    /// The operation that the payloads are bodies of.
    #[arg(long, value_name = "ID")]
    pub operation: Option<String>,
    /// The payloads are request bodies of the operation.
    #[arg(long, requires = "operation", conflicts_with = "response")]
    request: bool,
    /// The payloads are response bodies of the operation with this status, such as 200, 4XX or default.
    #[arg(long, value_name = "STATUS", requires = "operation")]
    response: Option<String>,
    /// The OpenAPI document that describes the payloads. [default: that of the Rounded calls API]
    #[arg(long, value_name = "PATH")]
    pub document: Option<PathBuf>,
}

impl Target {
    /// Reads the document. The error is a message for the user.
    pub fn source(&self, context: &Context<'_>) -> Result<Source, String> {
        context.source(self.document.as_deref())
    }

    /// Checks whether a schema or an operation is given.
    pub fn is_given(&self) -> bool {
        self.schema.is_some() || self.operation.is_some()
    }

    /// Returns the kind of the payloads; `None` if neither a schema nor an operation is given, or an operation without
    /// `--request` or `--response`.
    pub fn subject(&self, document: &Document) -> Result<Option<Subject>, UnknownSubject> {
        let subject = match (&self.schema, &self.operation, &self.response) {
            (Some(schema), ..) => document.schema(schema),
            (None, Some(operation), Some(status)) => document.response(operation, status),
            (None, Some(operation), None) if self.request => document.request(operation),
            _ => return Ok(None),
        };
        subject.map(Some)
    }
}
