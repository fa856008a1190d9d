//! What the generator can't take gives way: in a schema the smallest part that is in its way, else the operation.

use callrounded_document::{Diagnostic, Diagnostics, Document, Method, pointer, walk};
use serde_json::{Map, Value, json};

use super::{frame::members, loss::Losses};

pub(super) fn generatable(mut document: Value, losses: &mut Losses<'_>) -> Result<Value, Diagnostics> {
    // Each round takes out what the generator names; there is an end, since each takes something.
    loop {
        let view = losses.source.with_value(document.clone());
        let Err(found) = callrounded_codegen::check(&view) else {
            return Ok(document);
        };
        let before = document.clone();
        for one in &found {
            give_way(&mut document, one, losses);
        }
        if document == before {
            return Err(found);
        }
    }
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

/// Takes from a schema what keeps it from being generated, and nothing that stands beside that.
fn simplify(document: &mut Value, schema: &str, found: &Diagnostic, reason: &str, losses: &mut Losses<'_>) {
    let trial = Trial::new(document, schema, found);
    let mut culprits = trial.culprits(document, schema);
    // Nothing less than the whole, as where its name is what is in the way.
    if culprits.is_empty() {
        culprits.push(schema.to_owned());
    }
    // Backwards, so that the places of a list stay what they are.
    for at in culprits.into_iter().rev() {
        let without_values = trial.heals(document, std::slice::from_ref(&at), without_values);
        let Some(place) = document.pointer_mut(&at) else {
            continue;
        };
        if without_values {
            self::without_values(place);
            losses.lost(
                &at,
                "enum",
                format!("its values make no names in Rust, so any is taken: {reason}"),
            );
        } else {
            anything(place);
            forget_part(document, &at);
            losses.lost(
                &at,
                "schema",
                format!("the generator can't take it, so any JSON is taken: {reason}"),
            );
        }
    }
}

fn without_values(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        schema.shift_remove("enum");
    }
}

/// A schema that says nothing but what it is for.
fn anything(schema: &mut Value) {
    let description = schema.get("description").cloned();
    *schema = json!({});
    if let (Some(description), Some(schema)) = (description, schema.as_object_mut()) {
        schema.insert("description".to_owned(), description);
    }
}

/// Of several schemas that all hold, one that says nothing need not stand there.
fn forget_part(document: &mut Value, at: &str) {
    let Some((list, index)) = pointer::split(at) else {
        return;
    };
    let Some((holder, "allOf")) = pointer::split(list)
        .as_ref()
        .map(|(holder, name)| (*holder, name.as_str()))
    else {
        return;
    };
    let Some(holder) = document.pointer_mut(holder).and_then(Value::as_object_mut) else {
        return;
    };
    let parts = holder.get_mut("allOf").and_then(Value::as_array_mut);
    let (Some(parts), Ok(index)) = (parts, index.parse::<usize>()) else {
        return;
    };
    if parts.get(index) == Some(&json!({})) {
        parts.remove(index);
    }
    if parts.is_empty() {
        holder.shift_remove("allOf");
    }
}

/// Finds out what is in the generator's way by generating without it.
struct Trial<'f> {
    found: &'f Diagnostic,
    /// The schemas that the one in question reaches, where it is refused with these alone: much less to generate.
    alone: Option<Vec<String>>,
}

impl<'f> Trial<'f> {
    fn new(document: &Value, schema: &str, found: &'f Diagnostic) -> Self {
        let view = Document::from_value("document", document.clone());
        let mut reached = walk::reachable(&view, [schema.to_owned()]);
        reached.push(schema.to_owned());
        let mut trial = Self {
            found,
            alone: Some(reached),
        };
        if trial.heals(document, &[], anything) {
            trial.alone = None;
        }
        trial
    }

    /// Whether the generator says something else, or nothing, with `change` at these places.
    fn heals(&self, document: &Value, at: &[String], change: fn(&mut Value)) -> bool {
        let mut document = match &self.alone {
            None => document.clone(),
            Some(schemas) => {
                let schemas = schemas
                    .iter()
                    .filter_map(|at| Some((pointer::last(at), document.pointer(at)?.clone())));
                json!({
                    "openapi": document.get("openapi"),
                    "info": document.get("info"),
                    "paths": {},
                    "components": { "schemas": schemas.collect::<Map<_, _>>() },
                })
            }
        };
        for at in at {
            if let Some(place) = document.pointer_mut(at) {
                change(place);
            }
        }
        match callrounded_codegen::check(&Document::from_value("document", document)) {
            Ok(()) => true,
            Err(others) => others
                .iter()
                .all(|other| other.problem != self.found.problem || other.pointer != self.found.pointer),
        }
    }

    /// The smallest schemas in `schema` without which the generator goes on, itself included. None where it does not even
    /// without it.
    fn culprits(&self, document: &Value, schema: &str) -> Vec<String> {
        if !self.heals(document, &[schema.to_owned()], anything) {
            return Vec::new();
        }
        let mut within = inner(document, schema);
        if !self.heals(document, &within, anything) {
            return vec![schema.to_owned()];
        }
        // What it goes on with is no culprit.
        for at in within.clone() {
            let others: Vec<String> = within.iter().filter(|other| **other != at).cloned().collect();
            if self.heals(document, &others, anything) {
                within = others;
            }
        }
        match within.as_slice() {
            [only] => self.culprits(document, only),
            _ => within,
        }
    }
}

/// The schemas that stand directly in another, but for those that must not come to say less: then the other would allow
/// less.
fn inner(document: &Value, schema: &str) -> Vec<String> {
    let view = Document::from_value("document", document.clone());
    let inside = walk::schemas_in(&view, schema);
    let below = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .and_then(|rest| rest.strip_prefix('/').map(str::to_owned))
    };
    let direct = inside.iter().filter(|one| {
        let holders = inside.iter().filter(|outer| below(one, outer).is_some());
        let keyword = below(one, schema).unwrap_or_default();
        holders.count() == 1 && keyword != "not" && !keyword.starts_with("oneOf/")
    });
    direct.cloned().collect()
}
