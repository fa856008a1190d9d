//! Operations have names that make methods.

use std::collections::HashMap;

use callrounded_document::{Diagnostic, Document, pointer};
use heck::{ToKebabCase, ToSnakeCase};

use super::{bodies, parameters};

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    let mut named: HashMap<String, String> = HashMap::new();
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
            Some(id) => {
                let at = pointer::join(&operation.pointer, "operationId");
                let method = id.to_snake_case();
                if method.is_empty() {
                    found.push(document.diagnostic(
                        &at,
                        format!("no method can be named after `{id}`"),
                        "use letters and digits",
                    ));
                } else if let Some(other) = named.insert(method, id.to_owned()) {
                    found.push(document.diagnostic(
                        &at,
                        format!("`{id}` and the `{other}` above make the same method"),
                        "give each operation a name of its own",
                    ));
                }
            }
        }
        parameters::check(document, &operation, found);
        bodies::check(document, &operation, found);
    }
}
