//! Checks that progenitor can send the parameters.

use callrounded_document::{Diagnostic, Document, Operation, pointer, traverse};
use heck::ToSnakeCase;
use serde_json::Value;

use super::names;

pub(super) fn check(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let own = pointer::join(&operation.pointer, "parameters");
    let shared = pointer::split(&operation.pointer).map(|(path_item, _)| pointer::join(path_item, "parameters"));
    let mut named: Vec<(String, String)> = Vec::new();
    for list in shared.into_iter().chain([own]) {
        for at in document.items(&list).filter_map(|at| document.resolve(&at)) {
            parameter(document, &at, found);
            let name = document
                .get_str(&pointer::join(&at, "name"))
                .unwrap_or_default()
                .to_owned();
            match named.iter_mut().find(|(known, _)| *known == name) {
                // A parameter of the operation overrides one of the path item.
                Some(known) => known.1 = at,
                None if name.is_empty() => {}
                None => named.push((name, at)),
            }
        }
    }
    let methods: Vec<(String, String)> = named
        .iter()
        .filter_map(|(_, at)| {
            let name = pointer::join(at, "x-name");
            document
                .get(&name)
                .is_some()
                .then(|| (document.get_str(&name).unwrap_or_default().to_owned(), name))
        })
        .chain(
            named
                .iter()
                .filter(|(_, at)| document.get(&pointer::join(at, "x-name")).is_none())
                .cloned(),
        )
        .collect();
    if methods != named {
        names::unique(document, methods.into_iter(), str::to_snake_case, &[], "method", found);
    }
}

fn parameter(document: &Document, at: &str, found: &mut Vec<Diagnostic>) {
    let mut report = |field: &str, problem: String, remedy: &str| {
        found.push(document.diagnostic(&pointer::join(at, field), problem, remedy));
    };
    let field = |name: &str| document.get_str(&pointer::join(at, name));
    let Some(name) = field("name") else { return };
    let style = field("style");
    match field("in") {
        Some("path") if style.is_some_and(|style| style != "simple") => {
            report(
                "style",
                format!("the style of the path parameter `{name}` is not supported; expected `simple`"),
                "remove `style`",
            );
        }
        Some("query") if style.is_some_and(|style| style != "form") && document.list_separator(at).is_none() => {
            report(
                "style",
                format!("the style of the query parameter `{name}` is not supported; expected `form`"),
                "remove `style`, or split it into several parameters",
            );
        }
        Some("header") if style.is_some_and(|style| style != "simple") => {
            report(
                "style",
                format!("the style of the header `{name}` is not supported; expected `simple`"),
                "remove `style`",
            );
        }
        Some("cookie") => report(
            "in",
            format!("the cookie parameter `{name}` is not supported"),
            "remove the parameter; a client can set the header `Cookie` itself",
        ),
        _ => {}
    }
    let filter = pointer::join(at, "x-filter");
    let operator = document.get(&pointer::join(&filter, "operator"));
    let is_operator = operator.is_none_or(|operator| {
        let operator = operator.as_str().unwrap_or_default();
        ["=", "<", "<=", ">", ">="].contains(&operator)
    });
    if document.get(&filter).is_some()
        && !(is_operator && document.get_str(&pointer::join(&filter, "property")).is_some())
    {
        report(
            "x-filter",
            "`x-filter` must have a `property`, and an `operator` that is =, <, <=, > or >=".to_owned(),
            "write, for example, `{property: start_time, operator: \">\"}`",
        );
    }
    if document.get(&pointer::join(at, "content")).is_some() {
        report(
            "content",
            format!("`content` is not supported, so `{name}` cannot be sent"),
            "describe the parameter with `schema`",
        );
    } else if let Some(schema) = document.resolve(&pointer::join(at, "schema")) {
        let location = field("in");
        let parts = traverse::parts(document, &schema);
        if parts.iter().any(|part| traverse::describes_object(document, part)) {
            report(
                "schema",
                format!("the parameter `{name}` is an object, which is not supported"),
                "split it into several parameters, or move it to the body",
            );
        }
        if document.get(&pointer::join(&schema, "nullable")) == Some(&Value::Bool(true)) && location != Some("query") {
            report(
                "schema",
                format!(
                    "the {} parameter `{name}` cannot be null",
                    location.unwrap_or("unknown")
                ),
                "remove `nullable`; use `required: false` for a header that may be omitted",
            );
        }
    }
}
