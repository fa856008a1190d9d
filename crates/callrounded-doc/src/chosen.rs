//! Which document, and which of its payloads: what `validate` and `drift` are both told.

use std::path::PathBuf;

use callrounded_document::{
    Document,
    check::{Subject, UnknownSubject},
};
use clap::Args;

use crate::context::{Context, Source};

/// What the payloads are of.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Chosen {
    /// They are of this component schema.
    #[arg(long, value_name = "NAME", conflicts_with = "operation")]
    schema: Option<String>,
    /// They are bodies of this operation.
    #[arg(long, value_name = "ID")]
    pub operation: Option<String>,
    /// They are requests of the operation.
    #[arg(long, requires = "operation", conflicts_with = "response")]
    request: bool,
    /// They are responses of the operation with this status.
    #[arg(long, value_name = "STATUS", requires = "operation")]
    response: Option<String>,
    /// The OpenAPI document that describes them, instead of that of the Rounded calls API.
    #[arg(long, value_name = "PATH")]
    pub document: Option<PathBuf>,
}

impl Chosen {
    /// The document that describes them. An error is a text for the user.
    pub fn source(&self, context: &Context<'_>) -> Result<Source, String> {
        context.source(self.document.as_deref())
    }

    /// Whether anything is said of what they are.
    pub fn is_any(&self) -> bool {
        self.schema.is_some() || self.operation.is_some()
    }

    /// What they are; `None` where that is not said, or of an operation not which of its bodies.
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
