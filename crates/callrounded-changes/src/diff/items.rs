//! Attributes changed items of the generated client to changes of the document.

use callrounded_document::{Document, Location, pointer};
use heck::{ToPascalCase, ToSnakeCase};

use super::{Change, Effect};
use crate::ItemChange;

/// Attributes each item to the change that explains it best. Items that no change explains are reported as a change of
/// their own, so that none is lost.
pub(super) fn attribute(old: &Document, new: &Document, items: Vec<ItemChange>, changes: &mut Vec<Change>) {
    let mut unexplained = Vec::new();
    for item in items {
        let best = changes
            .iter_mut()
            .filter_map(|change| {
                let document = if change.removed { old } else { new };
                let weight = weight(document, change, &item).max(group_weight(&[old, new], change, &item));
                (weight > 0).then_some((weight, change))
            })
            .max_by_key(|(weight, _)| *weight);
        match best {
            Some((_, change)) => {
                change.source = change.source.max(item.effect);
                change.items.push(item);
            }
            None => unexplained.push(item),
        }
    }
    if let Some(effect) = unexplained.iter().map(|item| item.effect).max() {
        changes.push(Change {
            rule: "generated-source",
            subject: "generated client".to_owned(),
            problem: "items changed that no other change explains".to_owned(),
            wire: Effect::None,
            source: effect,
            items: unexplained,
            names: Vec::new(),
            operations: Vec::new(),
            before: None,
            removed: false,
            pointer: String::new(),
            location: Location::START,
        });
    }
}

/// Returns how well a change explains that an item changed. 0 means not at all.
fn weight(document: &Document, change: &Change, item: &ItemChange) -> usize {
    let segments: Vec<&str> = item.path.split("::").collect();
    let tokens: Vec<String> = pointer::tokens(&change.pointer).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    // A change of annotations changes no item, so any other change at the same place is the better explanation.
    let bonus = match change.rule {
        "description" | "deprecated" => 0,
        _ => 1,
    };
    let base = match tokens.as_slice() {
        ["components", "schemas", name, rest @ ..] => {
            let ident = name.to_pascal_case();
            let is_type = |segment: &&str| {
                segment
                    .split([' ', '<'])
                    .any(|part| part == ident || part.ends_with(&format!("::{ident}")))
            };
            let property = rest.iter().skip_while(|token| **token != "properties").nth(1);
            let field = property.map(|name| name.to_snake_case());
            let names = |field: &String| {
                let last = segments.last().copied().unwrap_or_default();
                last == field || last.trim_end_matches('_') == field
            };
            // The type of a property is named after the schema and the property.
            let inner = property.map(|name| format!("{ident} {name}").to_pascal_case());
            let is_inner = |inner: &String| {
                segments
                    .iter()
                    .any(|segment| segment.split([' ', '<']).any(|part| part == inner))
            };
            // The type of an unnamed inner schema is named after the outer schema.
            let is_part = |segment: &&str| {
                segment
                    .split([' ', '<', ':'])
                    .filter_map(|part| part.strip_prefix(ident.as_str()))
                    .any(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
            };
            match field {
                Some(field) if segments.iter().any(is_type) && names(&field) => 40,
                None if matches!(change.rule, "schema-added" | "schema-removed") && segments.iter().any(is_part) => 8,
                Some(_) if inner.as_ref().is_some_and(is_inner) => 38,
                _ if !segments.iter().any(is_type) => match is_request_body(document, name, item) {
                    false => 0,
                    // The properties of a body become arguments and methods of its operations.
                    true if field.as_ref().is_some_and(names) => 22,
                    true => 12,
                },
                Some(_) => 10,
                None => 20,
            }
        }
        ["servers", ..] if item.path.contains("SERVER_URL") => 30,
        _ => {
            let by_name = change
                .names
                .iter()
                .map(|id| operation_weight(id, item))
                .max()
                .unwrap_or_default();
            // A parameter becomes a method of the request of its operation.
            let parameter = document
                .get_str(&pointer::join(&change.pointer, "name"))
                .map(|name| name.to_snake_case());
            let last = segments.last().map(|last| last.trim_end_matches('_'));
            match by_name {
                0 => 0,
                weight if parameter.as_deref() == last => weight + 10,
                weight if change.rule == "operation-id" => weight + 5,
                weight => weight,
            }
        }
    };
    if base == 0 { 0 } else { base + bonus }
}

/// Returns how well a change explains an item of the group that its operation belongs to. This covers changes that add
/// or remove a group.
fn group_weight(documents: &[&Document], change: &Change, item: &ItemChange) -> usize {
    if !matches!(change.rule, "operation-added" | "operation-removed" | "tags") {
        return 0;
    }
    let operations = documents.iter().flat_map(|document| {
        let all = document.operations().into_iter();
        let matching = all.filter(|operation| change.names.iter().any(|name| Some(name.as_str()) == operation.id));
        matching
            .filter_map(|operation| document.get_str(&pointer::join(&pointer::join(&operation.pointer, "tags"), "0")))
    });
    let mut groups = operations.map(|tag| {
        (
            format!("Client::{}", tag.to_snake_case()),
            format!("resources::{}", tag.to_pascal_case()),
        )
    });
    let is_in_group = groups.any(|(accessor, group)| {
        item.path.trim_end_matches('_') == accessor || item.path.split([' ', '<']).any(|part| part == group)
    });
    if is_in_group { 5 } else { 0 }
}

fn operation_weight(id: &str, item: &ItemChange) -> usize {
    let ident = id.to_pascal_case();
    let is_operation = |text: &str| text.split([' ', '<', '>', ',', ':']).any(|part| part == ident);
    // The method that creates a request returns a request for the operation.
    let request = format!("operations::{ident}");
    let creates = |signature: &Option<String>| signature.as_ref().is_some_and(|signature| signature.contains(&request));
    if is_operation(&item.path) {
        30
    } else if [&item.old, &item.new]
        .into_iter()
        .any(|signature| creates(signature) && signature.as_ref().is_some_and(|it| is_operation(it)))
    {
        35
    } else {
        0
    }
}

/// Checks whether an item belongs to an operation whose request body is the schema with this name.
fn is_request_body(document: &Document, schema: &str, item: &ItemChange) -> bool {
    let schema = pointer::join("/components/schemas", schema);
    document.operations().iter().any(|operation| {
        let body = document
            .request_body(operation)
            .map(|media| pointer::join(&media, "schema"));
        let is_body = body
            .and_then(|body| document.resolve(&body))
            .is_some_and(|body| body == schema);
        is_body && operation_weight(operation.id.unwrap_or_default(), item) > 0
    })
}
