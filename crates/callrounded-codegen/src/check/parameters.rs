//! Parameters are such as progenitor can send.

use callrounded_document::{Diagnostic, Document, Operation, pointer};
use serde_json::Value;

pub(super) fn check(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let own = pointer::join(&operation.pointer, "parameters");
    let shared = pointer::split(&operation.pointer).map(|(path_item, _)| pointer::join(path_item, "parameters"));
    let mut in_path: Vec<String> = Vec::new();
    for list in shared.into_iter().chain([own]) {
        let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count {
            let Some(at) = document.resolve(&pointer::join(&list, &index.to_string())) else {
                continue;
            };
            if document.text(&pointer::join(&at, "in")) == Some("path") {
                in_path.extend(document.text(&pointer::join(&at, "name")).map(str::to_owned));
            }
            parameter(document, &at, found);
        }
    }
    let wanted = names_in(operation.path);
    for name in wanted.iter().filter(|name| !in_path.iter().any(|known| known == *name)) {
        found.push(document.diagnostic(
            &operation.pointer,
            format!("the path names `{{{name}}}`, but the operation has no such path parameter"),
            format!("add a parameter with `name: {name}`, `in: path` and `required: true`"),
        ));
    }
    for name in in_path.iter().filter(|name| !wanted.contains(&name.as_str())) {
        found.push(document.diagnostic(
            &operation.pointer,
            format!("the path parameter `{name}` is not in the path {}", operation.path),
            format!("write `{{{name}}}` into the path or remove the parameter"),
        ));
    }
}

fn parameter(document: &Document, at: &str, found: &mut Vec<Diagnostic>) {
    let mut say = |field: &str, problem: String, remedy: &str| {
        found.push(document.diagnostic(&pointer::join(at, field), problem, remedy));
    };
    let field = |name: &str| document.text(&pointer::join(at, name));
    let Some(name) = field("name") else {
        return say("name", "the parameter has no name".to_owned(), "add `name`");
    };
    let style = field("style");
    match field("in") {
        Some("path") => {
            if document.get(&pointer::join(at, "required")) != Some(&Value::Bool(true)) {
                say(
                    "required",
                    format!("the path parameter `{name}` is not marked as required"),
                    "add `required: true`: a path has all its parts",
                );
            }
            if style.is_some_and(|style| style != "simple") {
                say(
                    "style",
                    format!("the generator sends path parameters in the style `simple` only, not `{name}` as here"),
                    "remove `style`",
                );
            }
        }
        Some("query") => {
            if style.is_some_and(|style| style != "form") {
                say(
                    "style",
                    format!("the generator sends query parameters in the style `form` only, not `{name}` as here"),
                    "remove `style`, or make it several parameters",
                );
            }
        }
        Some("header") => {
            if style.is_some_and(|style| style != "simple") {
                say(
                    "style",
                    format!("the generator sends headers in the style `simple` only, not `{name}` as here"),
                    "remove `style`",
                );
            }
        }
        Some("cookie") => say(
            "in",
            format!("the generator can't send `{name}` as a cookie"),
            "remove the parameter; a client can set the header `Cookie` itself",
        ),
        _ => say(
            "in",
            format!("the parameter `{name}` does not say where it goes"),
            "add `in: path`, `in: query` or `in: header`",
        ),
    }
    if document.get(&pointer::join(at, "content")).is_some() {
        say(
            "content",
            format!("the generator can't send `{name}` as a document in itself"),
            "describe it with `schema`",
        );
    } else if document.get(&pointer::join(at, "schema")).is_none() {
        say(
            "schema",
            format!("the parameter `{name}` has no schema"),
            "add `schema`, such as `schema: {type: string}`",
        );
    } else if let Some(schema) = document.resolve(&pointer::join(at, "schema")) {
        let is_object = document.text(&pointer::join(&schema, "type")) == Some("object");
        if is_object {
            say(
                "schema",
                format!("the generator can't send the object `{name}` as a parameter"),
                "make it several parameters or move it into the body",
            );
        }
        let nullable = document.get(&pointer::join(&schema, "nullable")) == Some(&Value::Bool(true));
        if nullable && field("in") == Some("header") {
            say(
                "schema",
                format!("the header `{name}` can't be null"),
                "remove `nullable`; `required: false` lets it be left out",
            );
        }
    }
}

/// The names in braces in a path.
fn names_in(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}
