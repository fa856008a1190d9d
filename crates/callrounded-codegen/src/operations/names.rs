//! The Rust names of operations, groups and parameters.

use callrounded_document::{Document, Operation, pointer};
use heck::{ToPascalCase, ToSnakeCase};

/// Methods that every request has.
const REQUEST_METHODS: [&str; 8] = [
    "attempt_timeout",
    "clone",
    "header",
    "into_future",
    "max_retries",
    "retry_rate_limited",
    "send",
    "timeout",
];

/// Methods that a request has if its operation is paginated.
const PAGE_METHODS: [&str; 5] = ["items", "page", "pages", "prefetch", "stream"];

/// Methods that every client has.
const CLIENT_METHODS: [&str; 6] = ["blocking", "builder", "clone", "from_env", "new", "runtime"];

/// Returns the group of an operation, which is its first tag in snake case.
pub(crate) fn group(document: &Document, operation: &Operation<'_>) -> Option<String> {
    let tag = document.get_str(&pointer::join(&pointer::join(&operation.pointer, "tags"), "0"))?;
    let tag = tag.replace(|c: char| !c.is_ascii_alphanumeric() && !c.is_alphabetic(), "_");
    Some(tag.to_snake_case()).filter(|tag| !tag.is_empty())
}

/// Returns the method of the client that returns a group.
pub(crate) fn group_method(group: &str) -> String {
    valid_name(group.to_owned(), &CLIENT_METHODS)
}

/// Returns the type of a group.
pub(crate) fn group_type(group: &str) -> String {
    let name = group.to_pascal_case();
    let is_taken = name == "Self" || name.starts_with(|first: char| first.is_ascii_digit());
    if is_taken { format!("Group{name}") } else { name }
}

/// Returns the method that creates a request: `x-method`, or the `operationId` without the words of its tag.
pub(crate) fn method(document: &Document, operation: &Operation<'_>) -> String {
    if let Some(stated) = document.get_str(&pointer::join(&operation.pointer, "x-method")) {
        return valid_name(stated.to_snake_case(), &[]);
    }
    let id = operation.id.unwrap_or_default().to_snake_case();
    let Some(group) = group(document, operation) else {
        return valid_name(id, &CLIENT_METHODS);
    };
    let tag: Vec<String> = group.split('_').map(singular).collect();
    let words: Vec<&str> = id.split('_').filter(|word| !tag.contains(&singular(word))).collect();
    let name = if words.is_empty() { id.clone() } else { words.join("_") };
    // Without the words of the tag, the name may begin with a digit.
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) {
        id
    } else {
        name
    };
    valid_name(name, &[])
}

/// Returns the method that sets a parameter, or a property of a body.
pub(crate) fn parameter_method(name: &str, is_paginated: bool) -> String {
    let name = name.to_snake_case();
    let taken: &[&str] = if is_paginated && PAGE_METHODS.contains(&name.as_str()) {
        &PAGE_METHODS
    } else {
        &REQUEST_METHODS
    };
    valid_name(name, taken)
}

/// Makes a name valid in Rust and different from those in `taken`. A name that is taken, or a keyword, gets an
/// underscore at the end.
fn valid_name(name: String, taken: &[&str]) -> String {
    // Replaces other digits, such as superscripts, which are not allowed in an identifier.
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && !c.is_alphabetic(), "_");
    let name = match name.chars().next() {
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
        // The name that typify and progenitor give it.
        None => "x".to_owned(),
    };
    if taken.contains(&name.as_str()) || syn::parse_str::<syn::Ident>(&name).is_err() {
        format!("{name}_")
    } else {
        name
    }
}

/// Returns the singular of a word, as far as its ending tells.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with('s') => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn method_of(tag: &str, id: &str) -> String {
        let text = format!("paths: {{/x: {{get: {{tags: [{tag}], operationId: {id}}}}}}}");
        let document = Document::parse("names.yaml", &text).unwrap();
        method(&document, &document.operations()[0])
    }

    #[test]
    fn method_is_operation_id_without_words_of_tag() {
        for (tag, id, name) in [
            ("agents", "get_agent", "get"),
            ("agents", "list_agents", "list"),
            ("agents", "listAgents", "list"),
            ("agents", "agents", "agents"),
            ("Phone Numbers", "buy_phone_number", "buy"),
            ("knowledge_bases", "KnowledgeBaseController_create", "controller_create"),
            ("policies", "delete_policy", "delete"),
            ("calls", "move_call", "move_"),
            ("calls", "call_2", "call_2"),
            ("status", "get_status", "get"),
            ("things", "timeout", "timeout"),
        ] {
            assert_eq!(method_of(tag, id), name, "{tag} {id}");
        }
    }
}
