//! Two names of the document do not become one name in Rust, nor one that the generated code has for itself.

use std::collections::HashMap;

use callrounded_document::{Diagnostic, Document};
use heck::ToPascalCase;

/// Items that stand beside the types.
const TYPES: [&str; 2] = ["Default", "Self"];

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    let schemas = document
        .members("/components/schemas")
        .map(|(name, at)| (name.to_owned(), at));
    unique(document, schemas, str::to_pascal_case, &TYPES, "type", found);
}

/// Says so where two of `names` become the same, or one becomes what is taken.
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
                format!("no {what} can be named after `{name}`"),
                "use letters and digits",
            ));
        } else if taken.contains(&rust.as_str()) {
            let problem = format!("`{name}` makes the {what} `{rust}`, which the generated code has for itself");
            found.push(document.diagnostic(&at, problem, "give it another name"));
        } else if let Some(other) = seen.insert(rust.clone(), name.clone()) {
            let problem = format!("`{other}` and `{name}` make the same {what} `{rust}`");
            found.push(document.diagnostic(&at, problem, "give one of them another name"));
        }
    }
}
