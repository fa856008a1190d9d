//! Two names of the document do not become one name in Rust, nor one that the generated code has for itself.

use std::collections::HashMap;

use callrounded_document::{Diagnostic, Document, pointer};
use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use callrounded_document::walk::{Kind, Node};

/// Items that stand beside the types.
const TYPES: [&str; 2] = ["Default", "Self"];

pub(super) fn check(document: &Document, nodes: &[Node], found: &mut Vec<Diagnostic>) {
    let schemas = document
        .members("/components/schemas")
        .map(|(name, at)| (name.to_owned(), at));
    unique(document, schemas, str::to_pascal_case, &TYPES, "type", found);
    for node in nodes.iter().filter(|node| node.kind == Kind::Schema) {
        let list = pointer::join(&node.pointer, "properties");
        let extra = document.get(&pointer::join(&node.pointer, "additionalProperties"));
        // The field that holds what the document does not name.
        let taken: &[&str] = if extra.is_some_and(|extra| *extra != Value::Bool(false)) {
            &["extra"]
        } else {
            &[]
        };
        let properties = document.members(&list).map(|(name, at)| (name.to_owned(), at));
        unique(document, properties, str::to_snake_case, taken, "field", found);
    }
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
