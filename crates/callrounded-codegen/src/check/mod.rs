//! What a document must be before progenitor may see it.
//!
//! Progenitor panics on several constructs, drops others in silence, and says nowhere what part of the document it
//! means. Each of its walls is checked here first, all of them in one run, each finding with its place and what to do.

mod bodies;
mod cycles;
mod fields;
mod names;
mod operations;
mod parameters;
mod references;
mod schemas;

use callrounded_document::{Diagnostic, Diagnostics, Document, Method, pointer};
use serde_json::Value;

use callrounded_document::walk;

/// Checks the whole document.
pub(crate) fn check(document: &Document) -> Result<(), Diagnostics> {
    // A document of another version is another language: its other findings would mislead.
    version(document)?;
    let mut found = Vec::new();
    frame(document, &mut found);
    fields::check(document, &mut found);
    paths(document, &mut found);
    let nodes = walk::nodes(document);
    references::check(document, &nodes, &mut found);
    schemas::check(document, &nodes, &mut found);
    names::check(document, &mut found);
    // What follows looks through references, so those must lead somewhere.
    Diagnostics::none_or(found)?;
    let mut found = Vec::new();
    cycles::check(document, &mut found);
    headers(document, &mut found);
    operations::check(document, &mut found);
    Diagnostics::none_or(found)
}

fn version(document: &Document) -> Result<(), Diagnostics> {
    const REMEDY: &str = "write `openapi: 3.0.3`, and the document in its terms";
    let Some(version) = document.get("/openapi") else {
        let problem = match document.get("/swagger") {
            Some(_) => "this is a Swagger 2.0 document; the generator takes OpenAPI 3.0.x",
            None => "the document does not say which version of OpenAPI it is written in",
        };
        let at = if document.get("/swagger").is_some() {
            "/swagger"
        } else {
            ""
        };
        return Err(document.diagnostic(at, problem, REMEDY).into());
    };
    match version.as_str() {
        Some(text) if is_3_0(text) => Ok(()),
        Some(text) => {
            let problem = format!("this is OpenAPI {text}; the generator takes 3.0.x");
            Err(document.diagnostic("/openapi", problem, REMEDY).into())
        }
        None => {
            let problem = format!("the version of OpenAPI is not a text but {version}");
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

/// The parts that every document has.
fn frame(document: &Document, found: &mut Vec<Diagnostic>) {
    for field in ["/info/title", "/info/version"] {
        match document.get(field) {
            Some(Value::String(_)) => {}
            Some(_) => found.push(document.diagnostic(field, "this must be a text", "put it in quotes")),
            None => found.push(document.diagnostic(
                field,
                format!(
                    "the document has no `{}`",
                    field.trim_start_matches('/').replace('/', ".")
                ),
                "add it: OpenAPI requires it, and the client names itself by it",
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

/// Paths begin with a slash, and their items hold what a path item can.
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
        for (name, at) in document.members(&item) {
            if matches!(Method::from_name(name), Some(Method::Options | Method::Trace)) {
                found.push(document.diagnostic(
                    &at,
                    format!("the generator can't send the method `{name}`"),
                    "leave the operation out",
                ));
            }
        }
    }
}

/// What is sent as a header, and where to, can be.
fn headers(document: &Document, found: &mut Vec<Diagnostic>) {
    for (_, scheme) in document.members("/components/securitySchemes") {
        let at = pointer::join(&scheme, "name");
        if document.text(&pointer::join(&scheme, "in")) == Some("header")
            && let Some(name) = document.text(&at).filter(|name| !is_token(name))
        {
            found.push(document.diagnostic(
                &at,
                format!("`{name}` can't be the name of a header"),
                "use letters, digits and -",
            ));
        }
    }
    let server = "/servers/0/url";
    if let Some(url) = document.text(server)
        && (!(url.starts_with("https://") || url.starts_with("http://")) || url.contains('{'))
    {
        let problem = format!("the client can't take `{url}` for the server by default");
        found.push(document.diagnostic(
            server,
            problem,
            "write the whole URL, without variables, or leave `servers` out",
        ));
    }
}

/// Whether a text can be the name of a header (RFC 9110).
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
