//! What the generator can't take gives way: in a schema the smallest part that is in its way, else the operation.

mod simplify;

use std::collections::HashSet;

use callrounded_codegen::Obstacle;
use callrounded_document::{
    Diagnostic, Diagnostics, Method, pointer,
    walk::{self, Kind},
};
use serde_json::{Value, json};

use simplify::simplify;

use super::{frame::members, loss::Losses, nodes, type_names};

pub(super) fn generatable(mut document: Value, losses: &mut Losses<'_>) -> Result<Value, Diagnostics> {
    // Each round takes out what is in the way; there is an end, since each takes something.
    loop {
        let view = losses.source.with_value(document.clone());
        let found = match callrounded_codegen::obstacle(&view) {
            None => return Ok(document),
            Some(Obstacle::Types(types)) => {
                if !type_names::apart(&mut document, &types, losses) {
                    return Err(Obstacle::Types(types).diagnostics(&view));
                }
                continue;
            }
            Some(Obstacle::Rules(found)) => {
                let nodes = walk::nodes(&view).into_iter().filter(|node| node.kind == Kind::Schema);
                let schemas: HashSet<String> = nodes.map(|node| node.pointer).collect();
                for one in &found {
                    keep_rule(&mut document, &schemas, one, losses);
                }
                without_nothing(&mut document);
                found
            }
            Some(Obstacle::Parts(found)) => {
                found.iter().for_each(|one| give_way(&mut document, one, losses));
                found
            }
        };
        if document == *view.value() {
            return Err(found);
        }
    }
}

/// Takes out what breaks a rule. In a schema that is the keyword at the place of the finding; all else gives way as a whole.
fn keep_rule(document: &mut Value, schemas: &HashSet<String>, found: &Diagnostic, losses: &mut Losses<'_>) {
    let Some((holder, keyword)) = pointer::split(&found.pointer) else {
        return;
    };
    let value = document.pointer_mut(holder).and_then(Value::as_object_mut);
    if let Some(schema) = value.filter(|schema| schemas.contains(holder) && schema.contains_key(&keyword)) {
        schema.shift_remove(&keyword);
        losses.lost(&found.pointer, &keyword, format!("{}; it is left out", found.problem));
        return;
    }
    if without_parameter(document, found, losses) {
        return;
    }
    give_way(document, found, losses);
}

/// Takes out a parameter that several operations share, where requests need not have it.
fn without_component(document: &mut Value, name: &str, found: &Diagnostic, losses: &mut Losses<'_>) -> bool {
    let at = pointer::join("/components/parameters", name);
    let is_required = document.pointer(&pointer::join(&at, "required")) == Some(&Value::Bool(true));
    let section = document
        .pointer_mut("/components/parameters")
        .and_then(Value::as_object_mut);
    if is_required || section.is_none_or(|section| section.shift_remove(name).is_none()) {
        return false;
    }
    let reference = json!({ "$ref": format!("#{at}") });
    nodes::paths(document, &mut |kind, value| {
        if kind == Kind::Parameter && *value == reference {
            *value = Value::Null;
        }
    });
    losses.lost(
        &found.pointer,
        "parameter",
        format!("{}; requests are sent without it", found.problem),
    );
    true
}

/// Takes what is null out of the lists of parameters.
fn without_nothing(document: &mut Value) {
    let items = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten();
    for (_, item) in items {
        let Some(item) = item.as_object_mut() else { continue };
        let lists = item.iter_mut().filter_map(|(name, value)| match name.as_str() {
            "parameters" => Some(value),
            _ => value.get_mut("parameters"),
        });
        for list in lists.filter_map(Value::as_array_mut) {
            list.retain(|parameter| !parameter.is_null());
        }
    }
}

/// Takes out the parameter that a finding is about, where requests need not have it.
fn without_parameter(document: &mut Value, found: &Diagnostic, losses: &mut Losses<'_>) -> bool {
    let tokens: Vec<String> = pointer::tokens(&found.pointer).collect();
    if let [components, parameters, name, ..] = tokens.as_slice()
        && (components.as_str(), parameters.as_str()) == ("components", "parameters")
    {
        return without_component(document, name, found, losses);
    }
    let position = tokens.iter().rposition(|token| token == "parameters");
    let Some((list, index)) = position.and_then(|at| Some((tokens.get(..=at)?, tokens.get(at + 1)?))) else {
        return false;
    };
    let is_list = matches!(list, [paths, _, ..] if paths == "paths") && matches!(list.len(), 3 | 4);
    let list = list.iter().fold(String::new(), |at, token| pointer::join(&at, token));
    let list = document.pointer_mut(&list).and_then(Value::as_array_mut);
    let (Some(list), Ok(index), true) = (list, index.parse::<usize>(), is_list) else {
        return false;
    };
    let Some(parameter) = list.get_mut(index) else {
        return false;
    };
    // Another finding took it out.
    if parameter.is_null() {
        return true;
    }
    if parameter.get("required") == Some(&Value::Bool(true)) {
        return false;
    }
    // The others keep their places until all findings are dealt with.
    *parameter = Value::Null;
    losses.lost(
        &found.pointer,
        "parameter",
        format!("{}; requests are sent without it", found.problem),
    );
    true
}

/// Takes out what the generator can't take: of a schema what makes it so, or the operation.
fn give_way(document: &mut Value, found: &Diagnostic, losses: &mut Losses<'_>) {
    let tokens: Vec<String> = pointer::tokens(&found.pointer).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let reason = format!("{}; {}", found.problem, found.remedy.replace('\n', " "));
    match tokens.as_slice() {
        ["paths", path, method, ..] if Method::from_name(method).is_some() => {
            let item = pointer::join("/paths", path);
            refuse(document, &item, &[method], &found.pointer, &reason, losses);
        }
        ["paths", path, ..] => {
            let item = pointer::join("/paths", path);
            let methods: Vec<String> = members(document.pointer(&item).unwrap_or(&Value::Null))
                .map(|(name, _)| name.clone())
                .collect();
            let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
            refuse(document, &item, &methods, &found.pointer, &reason, losses);
        }
        ["components", "schemas", name, ..] => {
            let at = pointer::join("/components/schemas", name);
            simplify(document, &at, found, &reason, losses);
        }
        ["components", section, name, ..] => {
            let at = pointer::join(&pointer::join("/components", section), name);
            for (item, method) in users(document, &at) {
                refuse(document, &item, &[&method], &found.pointer, &reason, losses);
            }
            if let Some(section) = document
                .pointer_mut(&pointer::join("/components", section))
                .and_then(Value::as_object_mut)
            {
                section.shift_remove(*name);
            }
        }
        _ => {}
    }
}

fn refuse(document: &mut Value, item: &str, methods: &[&str], at: &str, reason: &str, losses: &mut Losses<'_>) {
    let Some(members) = document.pointer_mut(item).and_then(Value::as_object_mut) else {
        return;
    };
    for method in methods.iter().filter(|method| Method::from_name(method).is_some()) {
        if let Some(operation) = members.shift_remove(*method) {
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            losses.refused(at, "operation", format!("`{id}` is left out: {reason}"));
        }
    }
    let is_empty = !members.keys().any(|name| Method::from_name(name).is_some());
    if let (true, Some(paths)) = (is_empty, document.get_mut("paths").and_then(Value::as_object_mut)) {
        paths.shift_remove(&pointer::last(item));
    }
}

/// The operations that refer to a component that is no schema: their path item and method.
fn users(document: &Value, at: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let paths = document.get("paths").unwrap_or(&Value::Null);
    for (path, item) in members(paths) {
        let shared = item.get("parameters").map(ToString::to_string).unwrap_or_default();
        for (method, operation) in members(item) {
            let reference = format!("\"#{at}\"");
            if operation.to_string().contains(&reference) || shared.contains(&reference) {
                found.push((pointer::join("/paths", path), method.clone()));
            }
        }
    }
    found
}
