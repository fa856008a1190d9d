//! Rules for OpenAPI 3.0 documents. See [`Document::lint`].
//!
//! Many tools ignore fields and keywords that they do not know, so that a misspelled keyword has no effect. Here each
//! violation of a rule is a [`Diagnostic`], and all of them are reported in one run.

mod fields;
mod operations;
mod references;
mod schemas;

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    document::Document,
    pointer, traverse,
};

impl Document {
    /// Checks the document against the rules of OpenAPI 3.0.
    ///
    /// # Errors
    /// All violations, in the order of the file. Operations are only checked if there are no other violations, since
    /// their references must resolve.
    pub fn lint(&self) -> Result<(), Diagnostics> {
        version(self)?;
        Diagnostics::ok_if_empty(structure(self))?;
        Diagnostics::ok_if_empty(operations(self))
    }
}

/// Checks that the document specifies a version 3.0.x of OpenAPI. For another version, the findings of other rules
/// would be misleading.
///
/// # Errors
/// The version is missing, invalid, or another one.
pub fn version(document: &Document) -> Result<(), Diagnostics> {
    const REMEDY: &str = "convert the document to OpenAPI 3.0, and write `openapi: 3.0.3`";
    let Some(version) = document.get("/openapi") else {
        let (at, problem) = match document.get("/swagger") {
            Some(_) => ("/swagger", "this is a Swagger 2.0 document; expected OpenAPI 3.0.x"),
            None => ("", "the document does not specify its OpenAPI version"),
        };
        return Err(document.diagnostic(at, problem, REMEDY).into());
    };
    match version.as_str() {
        Some(text) if is_3_0(text) => Ok(()),
        Some(text) => {
            let problem = format!("this is OpenAPI {text}; expected 3.0.x");
            Err(document.diagnostic("/openapi", problem, REMEDY).into())
        }
        None => {
            let problem = format!("invalid OpenAPI version: expected a string, found {version}");
            Err(document
                .diagnostic("/openapi", problem, "write all three parts: `openapi: 3.0.3`")
                .into())
        }
    }
}

fn is_3_0(version: &str) -> bool {
    version
        .strip_prefix("3.0.")
        .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()))
}

/// Checks everything except the operations, and returns all violations.
#[must_use]
pub fn structure(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    frame(document, &mut found);
    fields::check(document, &mut found);
    paths(document, &mut found);
    let nodes = traverse::nodes(document);
    references::check(document, &nodes, &mut found);
    schemas::check(document, &nodes, &mut found);
    found
}

/// Checks the operations and the names of headers, and returns all violations. References must resolve.
#[must_use]
pub fn operations(document: &Document) -> Vec<Diagnostic> {
    let mut found = operations::check(document);
    for (_, scheme) in document.members("/components/securitySchemes") {
        let at = pointer::join(&scheme, "name");
        if document.get_str(&pointer::join(&scheme, "in")) == Some("header")
            && let Some(name) = document.get_str(&at).filter(|name| !is_token(name))
        {
            found.push(invalid_header(document, &at, name));
        }
    }
    found
}

/// Checks the fields that every document must have.
fn frame(document: &Document, found: &mut Vec<Diagnostic>) {
    for field in ["/info/title", "/info/version"] {
        match document.get(field) {
            Some(Value::String(_)) => {}
            Some(_) => found.push(document.diagnostic(
                field,
                format!("`{}` must be a string", field.trim_start_matches('/').replace('/', ".")),
                "put it in quotes",
            )),
            None => found.push(document.diagnostic(
                field,
                format!(
                    "the document has no `{}`",
                    field.trim_start_matches('/').replace('/', ".")
                ),
                "add it: OpenAPI requires it",
            )),
        }
    }
    match document.get("/paths") {
        Some(Value::Object(_)) => {}
        Some(_) => found.push(document.diagnostic("/paths", "`paths` must be an object", "write each path below it")),
        None => found.push(document.diagnostic(
            "/paths",
            "the document has no `paths`",
            "add the paths of the API; `paths: {}` if there are none",
        )),
    }
}

/// Checks that paths start with a slash, and that path items are objects.
fn paths(document: &Document, found: &mut Vec<Diagnostic>) {
    for (path, item) in document.members("/paths").filter(|(path, _)| !path.starts_with("x-")) {
        if !path.starts_with('/') {
            found.push(document.diagnostic(
                &item,
                format!("the path `{path}` does not start with a slash"),
                "add the slash",
            ));
        }
        if !document.get(&item).is_some_and(Value::is_object) {
            found.push(document.diagnostic(
                &item,
                "invalid path item: expected an object",
                "write the methods of the path below it",
            ));
        }
    }
}

fn invalid_header(document: &Document, at: &str, name: &str) -> Diagnostic {
    document.diagnostic(
        at,
        format!("invalid header name `{name}`"),
        "use letters, digits and `-`",
    )
}

/// Checks whether a text is a valid header name (RFC 9110).
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
