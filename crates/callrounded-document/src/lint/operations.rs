//! Rules for operations: unique names, complete parameters, bodies with content, and valid statuses.

use std::collections::HashMap;

use serde_json::Value;

use super::{invalid_header, is_token};
use crate::{diagnostic::Diagnostic, document::Document, operation::Operation, pointer};

pub(super) fn check(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for operation in document.operations() {
        if let Some(id) = operation.id {
            let at = pointer::join(&operation.pointer, "operationId");
            let line = document.location(&at).line;
            if let Some(other) = seen.insert(id.to_owned(), line) {
                found.push(document.diagnostic(
                    &at,
                    format!("duplicate `operationId` `{id}`: the operation at line {other} has it too"),
                    "rename one of them",
                ));
            }
        }
        parameters(document, &operation, &mut found);
        bodies(document, &operation, &mut found);
    }
    found
}

fn parameters(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let own = pointer::join(&operation.pointer, "parameters");
    let shared = pointer::split(&operation.pointer).map(|(path_item, _)| pointer::join(path_item, "parameters"));
    let mut in_path: Vec<String> = Vec::new();
    for list in shared.into_iter().chain([own]) {
        for at in document.items(&list).filter_map(|at| document.resolve(&at)) {
            if document.get_str(&pointer::join(&at, "in")) == Some("path") {
                in_path.extend(document.get_str(&pointer::join(&at, "name")).map(str::to_owned));
            }
            parameter(document, &at, found);
        }
    }
    let expected = names_in(operation.path);
    for name in expected
        .iter()
        .filter(|name| !in_path.iter().any(|known| known == *name))
    {
        found.push(document.diagnostic(
            &operation.pointer,
            format!("the path contains `{{{name}}}`, but the operation has no such path parameter"),
            format!("add a parameter with `name: {name}`, `in: path` and `required: true`"),
        ));
    }
    for name in in_path.iter().filter(|name| !expected.contains(&name.as_str())) {
        found.push(document.diagnostic(
            &operation.pointer,
            format!("the path parameter `{name}` is not in the path {}", operation.path),
            format!("add `{{{name}}}` to the path, or remove the parameter"),
        ));
    }
}

fn parameter(document: &Document, at: &str, found: &mut Vec<Diagnostic>) {
    let mut report = |field: &str, problem: String, remedy: &str| {
        found.push(document.diagnostic(&pointer::join(at, field), problem, remedy));
    };
    let field = |name: &str| document.get_str(&pointer::join(at, name));
    let has = |name: &str| document.get(&pointer::join(at, name)).is_some();
    let Some(name) = field("name") else {
        return report("name", "the parameter has no name".to_owned(), "add `name`");
    };
    match field("in") {
        Some("path") if document.get(&pointer::join(at, "required")) != Some(&Value::Bool(true)) => report(
            "required",
            format!("the path parameter `{name}` is not marked as required"),
            "add `required: true`: path parameters are always required",
        ),
        Some("path" | "query" | "header" | "cookie") => {}
        _ => report(
            "in",
            format!("the parameter `{name}` has no valid `in`"),
            "add `in: path`, `in: query`, `in: header` or `in: cookie`",
        ),
    }
    if !has("schema") && !has("content") {
        report(
            "schema",
            format!("the parameter `{name}` has no schema"),
            "add `schema`, such as `schema: {type: string}`",
        );
    }
    if field("in") == Some("header") && !is_token(name) {
        found.push(invalid_header(document, &pointer::join(at, "name"), name));
    }
}

fn bodies(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(body) = document.resolve(&pointer::join(&operation.pointer, "requestBody"))
        && document.members(&pointer::join(&body, "content")).next().is_none()
    {
        found.push(document.diagnostic(
            &body,
            "the request body has no content",
            "add `content` with a media type and its schema",
        ));
    }
    let list = pointer::join(&operation.pointer, "responses");
    let responses = document.members(&list).filter(|(status, _)| !status.starts_with("x-"));
    let mut any = false;
    for (status, at) in responses {
        any = true;
        if !is_status(status) {
            found.push(document.diagnostic(
                &at,
                format!("invalid status `{status}`"),
                "write 100 to 599, 1XX to 5XX, or default",
            ));
        }
    }
    if !any {
        found.push(document.diagnostic(
            &operation.pointer,
            "the operation has no responses",
            "add `responses` with at least the success response",
        ));
    }
}

fn is_status(status: &str) -> bool {
    matches!(status, "default" | "1XX" | "2XX" | "3XX" | "4XX" | "5XX")
        || status.parse::<u16>().is_ok_and(|status| (100..600).contains(&status))
}

/// Returns the names in braces in a path.
fn names_in(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}
