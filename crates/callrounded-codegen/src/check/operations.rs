//! Operations have names that make methods.

use callrounded_document::{Diagnostic, Document, Operation, pointer};
use heck::{ToKebabCase, ToSnakeCase};

use super::{bodies, names, parameters};
use crate::operations::names::of_group;

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
        extensions(document, &operation, found);
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

/// The extensions that name methods, data and pages.
fn extensions(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let method = pointer::join(&operation.pointer, "x-method");
    if document
        .get(&method)
        .is_some_and(|name| name.as_str().is_none_or(|name| name.to_snake_case().is_empty()))
    {
        found.push(document.diagnostic(
            &method,
            "`x-method` must be the name of a method",
            "write a name in snake case, such as `start`",
        ));
    }
    if let Some(schema) = document.success_schema(operation) {
        let envelope = pointer::join(&schema, "x-envelope");
        let properties = pointer::join(&schema, "properties");
        let is_valid = match document.get(&envelope) {
            None | Some(serde_json::Value::Bool(false)) => true,
            Some(name) => name
                .as_str()
                .is_some_and(|name| document.get(&pointer::join(&properties, name)).is_some()),
        };
        if !is_valid {
            found.push(document.diagnostic(
                &envelope,
                "`x-envelope` must be a property of this schema, or false",
                "name the property that holds the data",
            ));
        }
    }
    pagination(document, operation, found);
}

fn pagination(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let at = pointer::join(&operation.pointer, "x-pagination");
    if document.get(&at).is_none() {
        return;
    }
    let Some(pagination) = document.pagination(operation) else {
        found.push(document.diagnostic(
            &at,
            "`x-pagination` must name at least `items`, `cursor` and `next`",
            "name the response property with the list, the parameter that takes a cursor, and the response property with the next cursor",
        ));
        return;
    };
    let parameters: Vec<String> = document
        .parameters(operation)
        .iter()
        .filter(|parameter| document.text(&pointer::join(parameter, "in")) == Some("query"))
        .filter_map(|parameter| document.text(&pointer::join(parameter, "name")).map(str::to_owned))
        .collect();
    let properties: Vec<String> = document
        .success_schema(operation)
        .map(|schema| crate::operations::body::described(document, &schema))
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    // What is optional may be absent: a service that drops it does not break the client.
    for (key, name, is_parameter) in [
        ("items", pagination.items, false),
        ("next", pagination.next, false),
        ("cursor", pagination.cursor, true),
    ] {
        let (known, what) = match is_parameter {
            true => (&parameters, "query parameter"),
            false => (&properties, "response property"),
        };
        if !known.contains(&name) {
            found.push(document.diagnostic(
                &pointer::join(&at, key),
                format!("the operation has no {what} `{name}`"),
                format!("write one of: {}", known.join(", ")),
            ));
        }
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
