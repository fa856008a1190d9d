//! Operations have names that make methods.

use callrounded_document::{Diagnostic, Document, Operation, pointer};
use heck::{ToKebabCase, ToSnakeCase};

use super::{bodies, names, parameters};

/// Methods that the generated client has anyway.
const METHODS: [&str; 10] = [
    "api_version",
    "baseurl",
    "client",
    "inner",
    "new_with_client",
    "pre",
    "post",
    "exec",
    "clone",
    "from",
];

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    let mut named = Vec::new();
    for operation in document.operations() {
        match operation.id {
            None => {
                let title = format!("{} {}", operation.method.as_str(), operation.path);
                let summary = document.text(&pointer::join(&operation.pointer, "summary"));
                let name = summary.map(str::to_snake_case).filter(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| title.to_kebab_case().to_snake_case());
                found.push(document.diagnostic(
                    &operation.pointer,
                    format!("the operation {title} has no `operationId`"),
                    format!("add one, such as `operationId: {name}`: the generated method is named after it"),
                ));
            }
            Some(id) => named.push((id.to_owned(), pointer::join(&operation.pointer, "operationId"))),
        }
        let idempotent = pointer::join(&operation.pointer, "x-idempotent");
        if document.get(&idempotent).is_some_and(|value| !value.is_boolean()) {
            found.push(document.diagnostic(
                &idempotent,
                "`x-idempotent` must be true or false",
                "say whether sending the same request twice does what sending it once does",
            ));
        }
        server(document, &operation, found);
        parameters::check(document, &operation, found);
        bodies::check(document, &operation, found);
    }
    names::unique(
        document,
        named.into_iter(),
        str::to_snake_case,
        &METHODS,
        "method",
        found,
    );
}

/// A client has one server, so an operation of another would be sent to the wrong one.
fn server(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let path_item = pointer::split(&operation.pointer).map_or("", |(path_item, _)| path_item);
    let servers = [&operation.pointer, path_item].map(|holder| pointer::join(holder, "servers"));
    let Some(servers) = servers.into_iter().find(|servers| document.get(servers).is_some()) else {
        return;
    };
    let url = |at: &str| {
        document
            .text(&pointer::join(at, "url"))
            .map(|url| url.trim_end_matches('/'))
    };
    let count = document
        .get(&servers)
        .and_then(serde_json::Value::as_array)
        .map_or(0, Vec::len);
    let mut own = (0..count).map(|index| url(&pointer::join(&servers, &index.to_string())));
    let first = url("/servers/0");
    if count > 0 && !own.any(|own| own == first) {
        found.push(document.diagnostic(
            &servers,
            "the client sends every request to the first server of the document, which is none of these",
            "leave the operation out, or describe it in a document of its own",
        ));
    }
}
