//! Parameters are such as progenitor can send.

use callrounded_document::{Diagnostic, Document, Operation, pointer, walk};
use heck::ToSnakeCase;
use serde_json::Value;

use super::names;

pub(super) fn check(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let own = pointer::join(&operation.pointer, "parameters");
    let shared = pointer::split(&operation.pointer).map(|(path_item, _)| pointer::join(path_item, "parameters"));
    let mut named: Vec<(String, String)> = Vec::new();
    for list in shared.into_iter().chain([own]) {
        let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count {
            let Some(at) = document.resolve(&pointer::join(&list, &index.to_string())) else {
                continue;
            };
            parameter(document, &at, found);
            let name = document
                .text(&pointer::join(&at, "name"))
                .unwrap_or_default()
                .to_owned();
            match named.iter_mut().find(|(known, _)| *known == name) {
                // An operation's own parameter stands for the one of its path.
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
                .then(|| (document.text(&name).unwrap_or_default().to_owned(), name))
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
    let mut say = |field: &str, problem: String, remedy: &str| {
        found.push(document.diagnostic(&pointer::join(at, field), problem, remedy));
    };
    let field = |name: &str| document.text(&pointer::join(at, name));
    let Some(name) = field("name") else { return };
    let style = field("style");
    match field("in") {
        Some("path") if style.is_some_and(|style| style != "simple") => {
            say(
                "style",
                format!("the generator sends path parameters in the style `simple` only, not `{name}` as here"),
                "remove `style`",
            );
        }
        Some("query") if style.is_some_and(|style| style != "form") && document.list_separator(at).is_none() => {
            say(
                "style",
                format!("the generator sends objects in the style `form` only, not `{name}` as here"),
                "remove `style`, or make it several parameters",
            );
        }
        Some("header") if style.is_some_and(|style| style != "simple") => {
            say(
                "style",
                format!("the generator sends headers in the style `simple` only, not `{name}` as here"),
                "remove `style`",
            );
        }
        Some("cookie") => say(
            "in",
            format!("the generator can't send `{name}` as a cookie"),
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
    if document.get(&filter).is_some() && !(is_operator && document.text(&pointer::join(&filter, "property")).is_some())
    {
        say(
            "x-filter",
            "`x-filter` must have a `property`, and one of the operators =, <, <=, > and >=".to_owned(),
            "write, for example, `{property: start_time, operator: \">\"}`",
        );
    }
    if document.get(&pointer::join(at, "content")).is_some() {
        say(
            "content",
            format!("the generator can't send `{name}` as a document in itself"),
            "describe it with `schema`",
        );
    } else if let Some(schema) = document.resolve(&pointer::join(at, "schema")) {
        let place = field("in");
        let is_object = |part: &String| {
            document.text(&pointer::join(part, "type")) == Some("object")
                || document.get(&pointer::join(part, "properties")).is_some()
        };
        if walk::parts(document, &schema).iter().any(is_object) {
            say(
                "schema",
                format!("the generator can't send the object `{name}` as a parameter"),
                "make it several parameters or move it into the body",
            );
        }
        if document.get(&pointer::join(&schema, "nullable")) == Some(&Value::Bool(true)) && place != Some("query") {
            say(
                "schema",
                format!("the {} `{name}` can't be null", place.unwrap_or("parameter")),
                "remove `nullable`; `required: false` lets a header be left out",
            );
        }
    }
}
