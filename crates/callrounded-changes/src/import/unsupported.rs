//! Removes what the generator does not support: the smallest part of a schema, otherwise the operation.

mod simplify;

use std::collections::HashSet;

use callrounded_codegen::GenerationError;
use callrounded_document::{
    Diagnostic, Diagnostics, Method, pointer,
    traverse::{self, Kind},
};
use serde_json::{Value, json};

use simplify::simplify;

use super::{document::remove_requirements, fields::members, loss::Losses, nodes, type_names};

/// Removes what keeps the document from being generated from, and records each removal as a loss.
///
/// # Errors
/// Returns diagnostics if nothing more can be removed, and no client can be generated.
pub(super) fn remove(mut document: Value, losses: &mut Losses<'_>) -> Result<Value, Diagnostics> {
    // Each iteration removes something, so the loop ends.
    loop {
        let view = losses.source.with_value(document.clone());
        let found = match callrounded_codegen::first_error(&view) {
            None => return Ok(document),
            Some(GenerationError::DuplicateTypes(types)) => {
                if !type_names::resolve_collisions(&mut document, &types, losses) {
                    return Err(GenerationError::DuplicateTypes(types).diagnostics(&view));
                }
                continue;
            }
            Some(GenerationError::Rules(found)) => {
                let nodes = traverse::nodes(&view)
                    .into_iter()
                    .filter(|node| node.kind == Kind::Schema);
                let schemas: HashSet<String> = nodes.map(|node| node.pointer).collect();
                for one in &found {
                    remove_violation(&mut document, &schemas, one, losses);
                }
                drop_null_parameters(&mut document);
                found
            }
            Some(GenerationError::Unsupported(found)) => {
                found.iter().for_each(|one| remove_finding(&mut document, one, losses));
                if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
                    tags.retain(|tag| !tag.is_null());
                }
                found
            }
        };
        if document == *view.value() {
            return Err(found);
        }
    }
}

/// Removes what violates a rule: in a schema the keyword at the location of the finding, otherwise a parameter that is
/// not required, otherwise the operation.
fn remove_violation(document: &mut Value, schemas: &HashSet<String>, found: &Diagnostic, losses: &mut Losses<'_>) {
    let Some((holder, keyword)) = pointer::split(&found.pointer) else {
        return;
    };
    let value = document.pointer_mut(holder).and_then(Value::as_object_mut);
    if let Some(schema) = value.filter(|schema| schemas.contains(holder) && schema.contains_key(&keyword)) {
        schema.shift_remove(&keyword);
        losses.lost(
            &found.pointer,
            &keyword,
            format!("{}; the keyword is removed", found.problem),
        );
        return;
    }
    if remove_parameter(document, found, losses) {
        return;
    }
    remove_finding(document, found, losses);
}

/// Removes a shared parameter, unless it is required. Returns whether it was removed.
fn remove_shared_parameter(document: &mut Value, name: &str, found: &Diagnostic, losses: &mut Losses<'_>) -> bool {
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
        format!("{}; the parameter is removed", found.problem),
    );
    true
}

/// Drops the null entries of lists of parameters, which removed parameters leave behind.
fn drop_null_parameters(document: &mut Value) {
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

/// Removes the parameter that a finding is about, unless it is required. Returns whether it was removed.
fn remove_parameter(document: &mut Value, found: &Diagnostic, losses: &mut Losses<'_>) -> bool {
    let tokens: Vec<String> = pointer::tokens(&found.pointer).collect();
    if let [components, parameters, name, ..] = tokens.as_slice()
        && (components.as_str(), parameters.as_str()) == ("components", "parameters")
    {
        return remove_shared_parameter(document, name, found, losses);
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
    // Already removed because of another finding.
    if parameter.is_null() {
        return true;
    }
    if parameter.get("required") == Some(&Value::Bool(true)) {
        return false;
    }
    // Null keeps the indexes of the other parameters valid until all findings are handled.
    *parameter = Value::Null;
    losses.lost(
        &found.pointer,
        "parameter",
        format!("{}; the parameter is removed", found.problem),
    );
    true
}

/// Removes what a finding is about: the smallest possible part of a component schema, a field that only describes, otherwise
/// the operation.
fn remove_finding(document: &mut Value, found: &Diagnostic, losses: &mut Losses<'_>) {
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
        ["info", "title" | "version"] => {}
        ["info", field] | [field @ "externalDocs"] => {
            let holder = pointer::split(&found.pointer).and_then(|(holder, _)| document.pointer_mut(holder));
            if let Some(holder) = holder.and_then(Value::as_object_mut) {
                holder.shift_remove(*field);
                losses.lost(
                    &found.pointer,
                    field,
                    format!("{}; the field is removed", found.problem),
                );
            }
        }
        ["tags", _] => {
            if let Some(tag) = document.pointer_mut(&found.pointer) {
                // Keeps the indexes of the other tags valid until all findings are handled.
                *tag = Value::Null;
                losses.lost(&found.pointer, "tag", format!("{}; the tag is removed", found.problem));
            }
        }
        ["components", "schemas", name, ..] => {
            let at = pointer::join("/components/schemas", name);
            simplify(document, &at, found, &reason, losses);
        }
        ["components", section, name, ..] => remove_component(document, (section, name), found, &reason, losses),
        _ => {}
    }
}

/// Removes a component other than a schema, and the operations that use it.
fn remove_component(
    document: &mut Value,
    (section, name): (&str, &str),
    found: &Diagnostic,
    reason: &str,
    losses: &mut Losses<'_>,
) {
    let holder = pointer::join("/components", section);
    let at = pointer::join(&holder, name);
    let users = operations_using(document, &at);
    for (item, method) in &users {
        refuse(document, item, &[method], &found.pointer, reason, losses);
    }
    let holder = document.pointer_mut(&holder).and_then(Value::as_object_mut);
    let removed = holder.and_then(|holder| holder.shift_remove(name));
    if let ("securitySchemes", Some(document)) = (section, document.as_object_mut()) {
        remove_requirements(document, name);
    }
    // Without it, another finding had it removed.
    if removed.is_some() && users.is_empty() {
        let reason = format!("{}; `{name}` is removed", found.problem);
        losses.lost(&found.pointer, &format!("components.{section}"), reason);
    }
}

fn refuse(document: &mut Value, item: &str, methods: &[&str], at: &str, reason: &str, losses: &mut Losses<'_>) {
    let Some(members) = document.pointer_mut(item).and_then(Value::as_object_mut) else {
        return;
    };
    for method in methods.iter().filter(|method| Method::from_name(method).is_some()) {
        if let Some(operation) = members.shift_remove(*method) {
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            losses.refused(at, "operation", format!("`{id}` is removed: {reason}"));
        }
    }
    let is_empty = !members.keys().any(|name| Method::from_name(name).is_some());
    if let (true, Some(paths)) = (is_empty, document.get_mut("paths").and_then(Value::as_object_mut)) {
        paths.shift_remove(&pointer::last(item));
    }
}

/// Returns the operations that refer to a component other than a schema, each with the pointer to its path item and its
/// method.
fn operations_using(document: &Value, at: &str) -> Vec<(String, String)> {
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
