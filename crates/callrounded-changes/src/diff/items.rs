//! Which items of the generated client change with which change of the document.

use callrounded_document::{Document, Place, pointer};
use heck::{ToPascalCase, ToSnakeCase};

use super::{Change, Effect};
use crate::ItemChange;

/// Gives each item to the change that explains it best. What no change explains is said by itself: nothing is lost.
pub(super) fn attribute(old: &Document, new: &Document, items: Vec<ItemChange>, changes: &mut Vec<Change>) {
    let mut unexplained = Vec::new();
    for item in items {
        let best = changes
            .iter_mut()
            .filter_map(|change| {
                let document = if change.gone { old } else { new };
                let weight = weight(document, change, &item).max(group(&[old, new], change, &item));
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
            problem: "items change with the document as a whole".to_owned(),
            wire: Effect::None,
            source: effect,
            items: unexplained,
            names: Vec::new(),
            operations: Vec::new(),
            before: None,
            gone: false,
            pointer: String::new(),
            place: Place::START,
        });
    }
}

/// How well a change explains that an item changes; 0: not at all.
fn weight(document: &Document, change: &Change, item: &ItemChange) -> usize {
    let words: Vec<&str> = item.path.split("::").collect();
    let tokens: Vec<String> = pointer::tokens(&change.pointer).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    // A change of texts alone changes no item, as far as anything else may have.
    let real = match change.rule {
        "description" | "deprecated" => 0,
        _ => 1,
    };
    let within = match tokens.as_slice() {
        ["components", "schemas", name, rest @ ..] => {
            let ident = name.to_pascal_case();
            let is_type = |word: &&str| {
                word.split([' ', '<'])
                    .any(|part| part == ident || part.ends_with(&format!("::{ident}")))
            };
            let property = rest.iter().skip_while(|token| **token != "properties").nth(1);
            let field = property.map(|name| name.to_snake_case());
            let names = |field: &String| {
                let last = words.last().copied().unwrap_or_default();
                last == field || last.trim_end_matches('_') == field
            };
            // The type of a property is called after both.
            let inner = property.map(|name| format!("{ident} {name}").to_pascal_case());
            let is_inner = |inner: &String| {
                words
                    .iter()
                    .any(|word| word.split([' ', '<']).any(|part| part == inner))
            };
            // A type inside a schema without a name of its own is called after the schema.
            let is_part = |word: &&str| {
                word.split([' ', '<', ':'])
                    .filter_map(|part| part.strip_prefix(ident.as_str()))
                    .any(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
            };
            match field {
                Some(field) if words.iter().any(is_type) && names(&field) => 40,
                None if matches!(change.rule, "schema-added" | "schema-removed") && words.iter().any(is_part) => 8,
                Some(_) if inner.as_ref().is_some_and(is_inner) => 38,
                _ if !words.iter().any(is_type) => match sends(document, name, item) {
                    false => 0,
                    // The properties of a body are arguments and methods of its operations.
                    true if field.as_ref().is_some_and(names) => 22,
                    true => 12,
                },
                Some(_) => 10,
                None => 20,
            }
        }
        ["servers", ..] if item.path.contains("SERVER_URL") => 30,
        _ => {
            let by_name = change.names.iter().map(|id| by_id(id, item)).max().unwrap_or_default();
            // A parameter is a method of the request of its operation.
            let parameter = document
                .text(&pointer::join(&change.pointer, "name"))
                .map(|name| name.to_snake_case());
            let last = words.last().map(|last| last.trim_end_matches('_'));
            match by_name {
                0 => 0,
                weight if parameter.as_deref() == last => weight + 10,
                weight if change.rule == "operation-id" => weight + 5,
                weight => weight,
            }
        }
    };
    if within == 0 { 0 } else { within + real }
}

/// Whether an item is of the group that an operation belongs to, for changes by which a group appears or disappears.
fn group(documents: &[&Document], change: &Change, item: &ItemChange) -> usize {
    if !matches!(change.rule, "operation-added" | "operation-removed" | "tags") {
        return 0;
    }
    let operations = documents.iter().flat_map(|document| {
        let all = document.operations().into_iter();
        let own = all.filter(|operation| change.names.iter().any(|name| Some(name.as_str()) == operation.id));
        own.filter_map(|operation| document.text(&pointer::join(&pointer::join(&operation.pointer, "tags"), "0")))
    });
    let mut groups = operations.map(|tag| {
        (
            format!("Client::{}", tag.to_snake_case()),
            format!("resources::{}", tag.to_pascal_case()),
        )
    });
    let is_of_group = groups.any(|(accessor, group)| {
        item.path.trim_end_matches('_') == accessor || item.path.split([' ', '<']).any(|part| part == group)
    });
    if is_of_group { 5 } else { 0 }
}

fn by_id(id: &str, item: &ItemChange) -> usize {
    let ident = id.to_pascal_case();
    let is_it = |text: &str| text.split([' ', '<', '>', ',', ':']).any(|part| part == ident);
    // The method that creates a request returns one for the operation.
    let request = format!("operations::{ident}");
    let creates = |signature: &Option<String>| signature.as_ref().is_some_and(|signature| signature.contains(&request));
    if is_it(&item.path) {
        30
    } else if [&item.old, &item.new]
        .into_iter()
        .any(|signature| creates(signature) && signature.as_ref().is_some_and(|it| is_it(it)))
    {
        35
    } else {
        0
    }
}

/// Whether an item is of an operation whose body is the schema with this name.
fn sends(document: &Document, schema: &str, item: &ItemChange) -> bool {
    let schema = pointer::join("/components/schemas", schema);
    document.operations().iter().any(|operation| {
        let body = document
            .request_body(operation)
            .map(|media| pointer::join(&media, "schema"));
        let is_body = body
            .and_then(|body| document.resolve(&body))
            .is_some_and(|body| body == schema);
        is_body && by_id(operation.id.unwrap_or_default(), item) > 0
    })
}
