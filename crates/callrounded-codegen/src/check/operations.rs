//! Operations have names that make methods.

use callrounded_document::{Diagnostic, Document, pointer};
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
