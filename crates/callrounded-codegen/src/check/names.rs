//! Checks that two names of the document do not become the same name in Rust, nor one that the generated code uses
//! itself.

use std::collections::HashMap;

use callrounded_document::{Diagnostic, Document};
use heck::ToPascalCase;

/// Names that a type cannot have.
const TYPES: [&str; 2] = ["Default", "Self"];

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    let schemas = document
        .members("/components/schemas")
        .map(|(name, at)| (name.to_owned(), at));
    unique(document, schemas, str::to_pascal_case, &TYPES, "type", found);
}

/// Reports names that are empty in Rust, become the same name as another, or become one of `taken`. `names` are names
/// and pointers, `what` is the kind of item that is named.
pub(super) fn unique(
    document: &Document,
    names: impl Iterator<Item = (String, String)>,
    case: fn(&str) -> String,
    taken: &[&str],
    what: &str,
    found: &mut Vec<Diagnostic>,
) {
    let mut seen: HashMap<String, String> = HashMap::new();
    for (name, at) in names {
        let rust = case(&name);
        if rust.is_empty() {
            found.push(document.diagnostic(
                &at,
                format!("`{name}` is not a valid name: no Rust name for the {what} can be derived from it"),
                "use letters and digits",
            ));
        } else if taken.contains(&rust.as_str()) {
            let problem = format!("`{name}` becomes the {what} `{rust}`, a name that the generated code uses itself");
            found.push(document.diagnostic(&at, problem, "choose another name"));
        } else if let Some(other) = seen.insert(rust.clone(), name.clone()) {
            let problem = format!("`{other}` and `{name}` both become the {what} `{rust}`");
            found.push(document.diagnostic(&at, problem, "rename one of them"));
        }
    }
}
