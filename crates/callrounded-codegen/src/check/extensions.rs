//! Checks the values of this project's OpenAPI extensions.

use callrounded_document::{
    Diagnostic, Document, Operation, pointer,
    traverse::{Kind, Node},
};
use heck::ToSnakeCase;
use serde_json::Value;

/// Checks `x-needed` of schemas.
pub(super) fn schemas(document: &Document, nodes: &[Node], found: &mut Vec<Diagnostic>) {
    for node in nodes.iter().filter(|node| node.kind == Kind::Schema) {
        let at = pointer::join(&node.pointer, "x-needed");
        let Some(needed) = document.get(&at) else { continue };
        let properties = pointer::join(&node.pointer, "properties");
        let is_known = |name: &Value| {
            name.as_str()
                .is_some_and(|name| document.get(&pointer::join(&properties, name)).is_some())
        };
        if needed.as_array().is_none_or(|names| !names.iter().all(is_known)) {
            found.push(document.diagnostic(
                &at,
                "`x-needed` must be a list of properties of this schema",
                "correct the names; properties that are not listed may be absent from a response",
            ));
        }
    }
}

/// Checks the extensions of an operation.
pub(super) fn check(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let idempotent = pointer::join(&operation.pointer, "x-idempotent");
    if document.get(&idempotent).is_some_and(|value| !value.is_boolean()) {
        found.push(document.diagnostic(
            &idempotent,
            "`x-idempotent` must be true or false",
            "write true if sending the same request twice has the same effect as sending it once",
        ));
    }
    names(document, operation, found);
}

/// Checks the extensions that name methods, data and pages.
fn names(document: &Document, operation: &Operation<'_>, found: &mut Vec<Diagnostic>) {
    let method = pointer::join(&operation.pointer, "x-method");
    if document
        .get(&method)
        .is_some_and(|name| name.as_str().is_none_or(|name| name.to_snake_case().is_empty()))
    {
        found.push(document.diagnostic(
            &method,
            "`x-method` must be a method name",
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
                "name the property that contains the data",
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
            "name the property with the items, the parameter for the cursor, and the property with the next cursor",
        ));
        return;
    };
    let parameters: Vec<String> = document
        .parameters(operation)
        .iter()
        .filter(|parameter| document.get_str(&pointer::join(parameter, "in")) == Some("query"))
        .filter_map(|parameter| document.get_str(&pointer::join(parameter, "name")).map(str::to_owned))
        .collect();
    let properties: Vec<String> = document
        .success_schema(operation)
        .map(|schema| crate::operations::body::documented_properties(document, &schema))
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    // Only the required keys are checked: a service that removes an optional property must not break the client.
    for (key, name, is_parameter) in [
        ("items", pagination.items, false),
        ("next", pagination.next, false),
        ("cursor", pagination.cursor, true),
    ] {
        let (known, what) = if is_parameter {
            (&parameters, "query parameter")
        } else {
            (&properties, "response property")
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
