//! Checks operations: their names, which become methods, their servers, parameters and bodies.

use callrounded_document::{Diagnostic, Document, Operation, pointer};
use heck::{ToKebabCase, ToSnakeCase};

use super::{bodies, extensions, names, parameters};
use crate::operations::names::group_method;

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    let mut named: Vec<(String, String)> = Vec::new();
    for operation in document.operations() {
        match operation.id {
            None => {
                let title = format!("{} {}", operation.method.as_str(), operation.path);
                let summary = document.get_str(&pointer::join(&operation.pointer, "summary"));
                let name = summary.map(str::to_snake_case).filter(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| title.to_kebab_case().to_snake_case());
                found.push(document.diagnostic(
                    &operation.pointer,
                    format!("the operation {title} has no `operationId`"),
                    format!("add one, such as `operationId: {name}`; the generated method is named after it"),
                ));
            }
            // Two operations with the same `operationId` are reported by the lint.
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

/// Checks that no two operations of a group have the same method. On the client, the methods that return groups count
/// too.
fn methods(document: &Document, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(Option<String>, String, String)> = Vec::new();
    for operation in document
        .operations()
        .into_iter()
        .filter(|operation| operation.id.is_some())
    {
        let (group, method) = crate::group_and_method(document, &operation);
        let at = pointer::join(&operation.pointer, "operationId");
        let accessor = group.as_deref().map(group_method);
        let clash = seen.iter().find(|(other, known, _)| match (&group, other) {
            (Some(_), None) => Some(known) == accessor.as_ref(),
            (None, Some(other)) => group_method(other) == method,
            _ => *other == group && *known == method,
        });
        // Two operations whose `operationId` becomes the same name are reported already.
        let id = |at: &str| document.get_str(at).unwrap_or_default().to_snake_case();
        let clash = clash.filter(|(_, _, other)| id(other) != id(&at));
        if let Some((_, _, other)) = clash {
            let location = document.location(other);
            let holder = group
                .as_ref()
                .map_or("the client".to_owned(), |group| format!("the group `{group}`"));
            found.push(document.diagnostic(
                &at,
                format!(
                    "`{}` and `{}` (line {}) become the same method of {holder}",
                    document.get_str(&at).unwrap_or_default(),
                    document.get_str(other).unwrap_or_default(),
                    location.line
                ),
                "add `x-method` with a different name to one of them",
            ));
        }
        seen.push((group, method, at));
    }
}

/// Rejects an operation whose servers do not include the first server of the document: the client would send it to the
/// wrong one.
fn server(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let path_item = pointer::split(&operation.pointer).map_or("", |(path_item, _)| path_item);
    let servers = [&operation.pointer, path_item].map(|holder| pointer::join(holder, "servers"));
    let Some(servers) = servers.into_iter().find(|servers| document.get(servers).is_some()) else {
        return;
    };
    let url = |at: &str| {
        document
            .get_str(&pointer::join(at, "url"))
            .map(|url| url.trim_end_matches('/'))
    };
    let mut own = document.items(&servers).map(|at| url(&at)).peekable();
    let first = url("/servers/0");
    if own.peek().is_some() && !own.any(|own| own == first) {
        found.push(document.diagnostic(
            &servers,
            "requests are sent to the first server of the document, which is not one of these",
            "remove the operation, or describe it in a separate document",
        ));
    }
}
