//! What a document must be before progenitor may see it.
//!
//! Progenitor panics on several constructs, drops others in silence, and says nowhere what part of the document it
//! means. Each of its walls is checked here first, all of them in one run, each finding with its place and what to do.

mod bodies;
mod cycles;
mod extensions;
mod names;
mod operations;
mod parameters;
mod references;

use callrounded_document::{Diagnostic, Diagnostics, Document, Method, lint, walk};

/// Checks the whole document.
pub(crate) fn check(document: &Document) -> Result<(), Diagnostics> {
    lint::version(document)?;
    let mut found = lint::structure(document);
    let nodes = walk::nodes(document);
    methods(document, &mut found);
    references::check(document, &nodes, &mut found);
    extensions::schemas(document, &nodes, &mut found);
    names::check(document, &mut found);
    // What follows looks through references, so those must lead somewhere.
    Diagnostics::none_or(found)?;
    let mut found = lint::operations(document);
    cycles::check(document, &mut found);
    server(document, &mut found);
    operations::check(document, &mut found);
    Diagnostics::none_or(found)
}

/// Methods that requests can be made with.
fn methods(document: &Document, found: &mut Vec<Diagnostic>) {
    for (_, item) in document.members("/paths").filter(|(path, _)| !path.starts_with("x-")) {
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

/// Where requests go by default.
fn server(document: &Document, found: &mut Vec<Diagnostic>) {
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
