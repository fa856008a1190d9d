//! Operations have names that make methods.

use callrounded_document::{Diagnostic, Document, Operation, pointer};
use heck::{ToKebabCase, ToSnakeCase};

use super::{bodies, extensions, names, parameters};
use crate::operations::names::of_group;

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    let mut named: Vec<(String, String)> = Vec::new();
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
            // Of two operations with one name that is said already.
            Some(id) if named.iter().any(|(known, _)| known == id) => {}
            Some(id) => named.push((id.to_owned(), pointer::join(&operation.pointer, "operationId"))),
        }
        extensions::check(document, &operation, found);
        server(document, &operation, found);
        parameters::check(document, &operation, found);
        bodies::check(document, &operation, found);
    }
    names::unique(document, named.into_iter(), str::to_snake_case, &[], "operation", found);
    methods(document, found);
}

/// Each operation has a method of its own, and so has each group beside the operations that belong to none.
fn methods(document: &Document, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(Option<String>, String, String)> = Vec::new();
    for operation in document
        .operations()
        .into_iter()
        .filter(|operation| operation.id.is_some())
    {
        let (group, method) = crate::method(document, &operation);
        let at = pointer::join(&operation.pointer, "operationId");
        let accessor = group.as_deref().map(of_group);
        let clash = seen.iter().find(|(other, known, _)| match (&group, other) {
            (Some(_), None) => Some(known) == accessor.as_ref(),
            (None, Some(other)) => of_group(other) == method,
            _ => *other == group && *known == method,
        });
        // Of two with one name that was reported already.
        let id = |at: &str| document.text(at).unwrap_or_default().to_snake_case();
        let clash = clash.filter(|(_, _, other)| id(other) != id(&at));
        if let Some((_, _, other)) = clash {
            let place = document.place(other);
            let of = group
                .as_ref()
                .map_or("the client".to_owned(), |group| format!("`{group}`"));
            found.push(document.diagnostic(
                &at,
                format!(
                    "`{}` and `{}` (line {}) make the same method of {of}",
                    document.text(&at).unwrap_or_default(),
                    document.text(other).unwrap_or_default(),
                    place.line
                ),
                "add `x-method` with another name to one of them",
            ));
        }
        seen.push((group, method, at));
    }
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
