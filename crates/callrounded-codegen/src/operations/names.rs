//! What operations, groups and parameters are called in Rust.

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

/// Methods that a request has if its operation lists things in pages.
const PAGE_METHODS: [&str; 5] = ["items", "page", "pages", "prefetch", "stream"];

/// Methods that every client has.
const CLIENT_METHODS: [&str; 6] = ["blocking", "builder", "clone", "from_env", "new", "runtime"];

/// The group of an operation: its first tag.
pub(crate) fn group(document: &Document, operation: &Operation<'_>) -> Option<String> {
    let tag = document.text(&pointer::join(&pointer::join(&operation.pointer, "tags"), "0"))?;
    let tag = tag.replace(|c: char| !c.is_ascii_alphanumeric() && !c.is_alphabetic(), "_");
    Some(tag.to_snake_case()).filter(|tag| !tag.is_empty())
}

/// The method of a group on the client.
pub(crate) fn of_group(group: &str) -> String {
    reserved(group.to_owned(), &CLIENT_METHODS)
}

/// The type of a group.
pub(crate) fn type_of_group(group: &str) -> String {
    let name = group.to_pascal_case();
    let is_taken = name == "Self" || name.starts_with(|first: char| first.is_ascii_digit());
    if is_taken { format!("Group{name}") } else { name }
}

/// The method that creates a request: `x-method`, or the `operationId` without the words of its tag.
pub(crate) fn method(document: &Document, operation: &Operation<'_>) -> String {
    if let Some(stated) = document.text(&pointer::join(&operation.pointer, "x-method")) {
        return reserved(stated.to_snake_case(), &[]);
    }
    let id = operation.id.unwrap_or_default().to_snake_case();
    let Some(group) = group(document, operation) else {
        return reserved(id, &CLIENT_METHODS);
    };
    let tag: Vec<String> = group.split('_').map(singular).collect();
    let words: Vec<&str> = id.split('_').filter(|word| !tag.contains(&singular(word))).collect();
    let name = if words.is_empty() { id.clone() } else { words.join("_") };
    // Words alone may begin with a digit.
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) {
        id
    } else {
        name
    };
    reserved(name, &[])
}

/// The method that sets a parameter, or a property of a body.
pub(crate) fn of_parameter(name: &str, is_paginated: bool) -> String {
    let name = name.to_snake_case();
    let taken: &[&str] = match is_paginated && PAGE_METHODS.contains(&name.as_str()) {
        true => &PAGE_METHODS,
        false => &REQUEST_METHODS,
    };
    reserved(name, taken)
}

/// A name that is taken, or a keyword, gets an underscore.
fn reserved(name: String, taken: &[&str]) -> String {
    // Such as a superscript, which counts as a digit and is none in an identifier.
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && !c.is_alphabetic(), "_");
    let name = match name.chars().next() {
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        _ => name,
    };
    if taken.contains(&name.as_str()) || syn::parse_str::<syn::Ident>(&name).is_err() {
        format!("{name}_")
    } else {
        name
    }
}

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
