//! Checks a document before it is passed to progenitor.
//!
//! progenitor panics on several constructs, silently drops others, and its errors have no location. Its limitations are
//! checked here first, all in one run. Each finding has its location and a remedy.

mod bodies;
mod cycles;
mod extensions;
mod names;
mod operations;
mod parameters;
mod references;

use callrounded_document::{Diagnostic, Diagnostics, Document, Method, lint, traverse};

/// Checks the whole document.
pub(crate) fn check(document: &Document) -> Result<(), Diagnostics> {
    lint::version(document)?;
    let mut found = lint::structure(document);
    let nodes = traverse::nodes(document);
    methods(document, &mut found);
    references::check(document, &nodes, &mut found);
    extensions::schemas(document, &nodes, &mut found);
    names::check(document, &mut found);
    // The checks below resolve references, so these must be valid.
    Diagnostics::ok_if_empty(found)?;
    let mut found = lint::operations(document);
    cycles::check(document, &mut found);
    server(document, &mut found);
    operations::check(document, &mut found);
    Diagnostics::ok_if_empty(found)
}

/// Rejects HTTP methods that the generator does not support.
fn methods(document: &Document, found: &mut Vec<Diagnostic>) {
    for (_, item) in document.members("/paths").filter(|(path, _)| !path.starts_with("x-")) {
        for (name, at) in document.members(&item) {
            if matches!(Method::from_name(name), Some(Method::Options | Method::Trace)) {
                found.push(document.diagnostic(
                    &at,
                    format!("the HTTP method `{name}` is not supported"),
                    "remove the operation",
                ));
            }
        }
    }
}

/// Checks the URL to which requests are sent by default.
fn server(document: &Document, found: &mut Vec<Diagnostic>) {
    let server = "/servers/0/url";
    if let Some(url) = document.get_str(server)
        && (!(url.starts_with("https://") || url.starts_with("http://")) || url.contains('{'))
    {
        let problem = format!("`{url}` cannot be used as the default server");
        found.push(document.diagnostic(
            server,
            problem,
            "write an absolute http or https URL without variables, or remove `servers`",
        ));
    }
}
