//! The rules that every OpenAPI 3.0 document must follow, whatever is made of it.
//!
//! Tools tend to ignore what they do not know: a misspelled keyword is no constraint at all. So each rule that is broken is a
//! [`Diagnostic`], and all of them are reported in one run.

mod fields;
mod operations;
mod references;
mod schemas;

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    document::Document,
    pointer, walk,
};

impl Document {
    /// Checks the document itself against the rules of OpenAPI 3.0.
    ///
    /// # Errors
    /// Every rule that is broken, with its location and a remedy, in the order of the file. Operations are checked only where the
    /// rest has no findings, since references must resolve for that.
    pub fn lint(&self) -> Result<(), Diagnostics> {
        version(self)?;
        Diagnostics::none_or(structure(self))?;
        Diagnostics::none_or(operations(self))
    }
}

/// Checks that the document states a version 3.0.x. One of another version is in another language, in which other findings would
/// mislead.
///
/// # Errors
/// Where it does not.
pub fn version(document: &Document) -> Result<(), Diagnostics> {
    const REMEDY: &str = "write `openapi: 3.0.3`, and the document in its terms";
    let Some(version) = document.get("/openapi") else {
        let (at, problem) = match document.get("/swagger") {
            Some(_) => ("/swagger", "this is a Swagger 2.0 document; expected OpenAPI 3.0.x"),
            None => (
                "",
                "the document does not say which version of OpenAPI it is written in",
            ),
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
            let problem = format!("the version of OpenAPI is not a string but {version}");
            Err(document
                .diagnostic("/openapi", problem, "write it with all three parts: `openapi: 3.0.3`")
                .into())
        }
    }
}

fn is_3_0(version: &str) -> bool {
    version
        .strip_prefix("3.0.")
        .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()))
}

/// Checks everything but the operations.
#[must_use]
pub fn structure(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    frame(document, &mut found);
    fields::check(document, &mut found);
    paths(document, &mut found);
    let nodes = walk::nodes(document);
    references::check(document, &nodes, &mut found);
    schemas::check(document, &nodes, &mut found);
    found
}

/// Checks the operations and the names of headers; references have to resolve.
#[must_use]
pub fn operations(document: &Document) -> Vec<Diagnostic> {
    let mut found = operations::check(document);
    for (_, scheme) in document.members("/components/securitySchemes") {
        let at = pointer::join(&scheme, "name");
        if document.text(&pointer::join(&scheme, "in")) == Some("header")
            && let Some(name) = document.text(&at).filter(|name| !is_token(name))
        {
            found.push(no_header(document, &at, name));
        }
    }
    found
}

/// The parts that every document has.
fn frame(document: &Document, found: &mut Vec<Diagnostic>) {
    for field in ["/info/title", "/info/version"] {
        match document.get(field) {
            Some(Value::String(_)) => {}
            Some(_) => found.push(document.diagnostic(field, "this must be a string", "put it in quotes")),
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
        Some(_) => found.push(document.diagnostic("/paths", "`paths` must be an object", "name each path below it")),
        None => found.push(document.diagnostic(
            "/paths",
            "the document has no `paths`",
            "add the paths of the API; `paths: {}` if there are none",
        )),
    }
}

/// Paths begin with a slash, and their items are objects.
fn paths(document: &Document, found: &mut Vec<Diagnostic>) {
    for (path, item) in document.members("/paths").filter(|(path, _)| !path.starts_with("x-")) {
        if !path.starts_with('/') {
            found.push(document.diagnostic(
                &item,
                format!("the path `{path}` does not begin with a slash"),
                "write one before it",
            ));
        }
        if !document.get(&item).is_some_and(Value::is_object) {
            found.push(document.diagnostic(
                &item,
                "a path item is an object",
                "name the methods of the path below it",
            ));
        }
    }
}

fn no_header(document: &Document, at: &str, name: &str) -> Diagnostic {
    document.diagnostic(
        at,
        format!("`{name}` can't be the name of a header"),
        "use letters, digits and -",
    )
}

/// Whether a text can be the name of a header (RFC 9110).
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
