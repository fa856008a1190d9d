//! Progenitor says what it fails on, not where. So it is run on parts of the document, smaller and smaller ones, until what fails is
//! found. A part that it takes is not looked at again: what the document is large by costs one run.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use callrounded_document::{Diagnostic, Diagnostics, Document, Operation, pointer, walk};
use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value, json};

use crate::PROGENITOR;

const SCHEMAS: &str = "/components/schemas";

/// What progenitor says of a part of the document.
type Attempt<'a> = dyn Fn(Value) -> Result<(), String> + 'a;

pub(super) fn blame(document: &Document, value: &Value, attempt: &Attempt<'_>, reason: &str) -> Diagnostics {
    let parts = Parts {
        value,
        attempt,
        schemas: in_order(value),
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut failing = Failing::default();
    let all = 0..parts.schemas.len();
    if let Err(reason) = parts.of_schemas(all.clone(), &failing.names) {
        parts.search_schemas(all, reason, &mut failing);
    }
    for (name, reason) in &failing.found {
        let at = unreadable_inside(document, &pointer::join(SCHEMAS, name));
        found.push(refusal(document, &at, "schema", reason));
    }
    if found.is_empty() {
        let operations = document.operations();
        let mut failing = Vec::new();
        parts.search_operations(&operations, &mut failing);
        for (operation, reason) in failing {
            found.push(refusal(document, &operation, "operation", &reason));
        }
    }
    match Diagnostics::none_or(found) {
        Err(found) => found,
        Ok(()) => refusal(document, "", "document", reason).into(),
    }
}

/// The names of the component schemas, each after those that it refers to, as far as these do not refer back to it.
fn in_order(value: &Value) -> Vec<String> {
    let schemas = value.pointer(SCHEMAS).and_then(Value::as_object);
    let edges: HashMap<&str, Vec<String>> = schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.as_str(), referred(schema)))
        .collect();
    let mut order = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for (name, _) in schemas.into_iter().flatten() {
        // The names on the way, with how many of their references were followed.
        let mut way: Vec<(&str, usize)> = Vec::new();
        if seen.insert(name) {
            way.push((name, 0));
        }
        while let Some((at, next)) = way.last_mut() {
            let followed = edges.get(at).and_then(|targets| targets.get(*next));
            *next += 1;
            match followed {
                Some(target) => {
                    if let Some((target, _)) = edges.get_key_value(target.as_str())
                        && seen.insert(target)
                    {
                        way.push((target, 0));
                    }
                }
                None => {
                    order.push((*at).to_owned());
                    way.pop();
                }
            }
        }
    }
    order
}

/// The component schemas that are referred to in a value, at whatever place.
fn referred(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    references(value, &mut found);
    let schemas = found.iter().filter_map(|target| {
        let name = target.strip_prefix(SCHEMAS)?.strip_prefix('/')?;
        (!name.contains('/')).then(|| pointer::last(target))
    });
    schemas.collect()
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(reference) if name == "$ref" => found.extend(pointer::of_reference(reference)),
                    value => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

struct Parts<'a> {
    value: &'a Value,
    attempt: &'a Attempt<'a>,
    schemas: Vec<String>,
}

#[derive(Default)]
struct Failing {
    names: HashSet<String>,
    found: Vec<(String, String)>,
}

impl Parts<'_> {
    /// Runs progenitor on some of the schemas and what they refer to, as far as it comes before them. All else is anything there.
    fn of_schemas(&self, range: Range<usize>, failing: &HashSet<String>) -> Result<(), String> {
        let known: HashSet<&str> = self
            .schemas
            .get(..range.end)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let kept = self.schemas.get(range).unwrap_or_default();
        self.run(json!({}), kept.iter().cloned(), &|name| {
            known.contains(name) && !failing.contains(name)
        })
    }

    fn run(
        &self,
        paths: Value,
        schemas: impl Iterator<Item = String>,
        is_kept: &dyn Fn(&str) -> bool,
    ) -> Result<(), String> {
        let mut kept = Map::new();
        let mut waiting: Vec<String> = schemas.collect();
        // As far as they stand here, where progenitor would meet them in this order.
        waiting.reverse();
        let all = self.value.pointer(SCHEMAS).and_then(Value::as_object);
        while let Some(name) = waiting.pop() {
            if kept.contains_key(&name) {
                continue;
            }
            let schema = all.and_then(|all| all.get(&name)).filter(|_| is_kept(&name));
            let schema = schema.cloned().unwrap_or_else(|| json!({}));
            waiting.extend(referred(&schema));
            kept.insert(name, schema);
        }
        let mut components = self
            .value
            .get("components")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        components.insert("schemas".to_owned(), Value::Object(kept));
        if paths.as_object().is_some_and(Map::is_empty) {
            components.retain(|section, _| section == "schemas");
        }
        let part = json!({
            "openapi": self.value.get("openapi"),
            "info": self.value.get("info"),
            "paths": paths,
            "components": components,
        });
        (self.attempt)(part)
    }

    /// Finds the schemas that fail, of a range that does.
    fn search_schemas(&self, range: Range<usize>, reason: String, failing: &mut Failing) {
        if range.len() < 2 {
            if let Some(name) = self.schemas.get(range.start) {
                failing.names.insert(name.clone());
                failing.found.push((name.clone(), reason));
            }
            return;
        }
        let middle = range.start + range.len() / 2;
        let before = failing.found.len();
        for half in [range.start..middle, middle..range.end] {
            if let Err(reason) = self.of_schemas(half.clone(), &failing.names) {
                self.search_schemas(half, reason, failing);
            }
        }
        // Each half is taken, the two are not.
        if failing.found.len() == before
            && let Some(name) = self.schemas.get(range.end - 1)
        {
            failing.names.insert(name.clone());
            failing.found.push((name.clone(), reason));
        }
    }

    fn search_operations(&self, operations: &[Operation<'_>], failing: &mut Vec<(String, String)>) {
        let Err(reason) = self.of_operations(operations) else {
            return;
        };
        if let [only] = operations {
            failing.push((only.pointer.clone(), reason));
            return;
        }
        let (before, after) = operations.split_at(operations.len() / 2);
        self.search_operations(before, failing);
        self.search_operations(after, failing);
    }

    fn of_operations(&self, operations: &[Operation<'_>]) -> Result<(), String> {
        let mut paths = Map::new();
        for operation in operations {
            let Some((item, method)) = pointer::split(&operation.pointer) else {
                continue;
            };
            // Paths may have got other names for their parameters.
            let Some((path, all)) = self.item(item) else { continue };
            let holder = paths.entry(path).or_insert_with(|| {
                let shared = all
                    .get("parameters")
                    .map(|shared| ("parameters".to_owned(), shared.clone()));
                Value::Object(shared.into_iter().collect())
            });
            if let (Some(holder), Some(operation)) = (holder.as_object_mut(), all.get(&method)) {
                holder.insert(method, operation.clone());
            }
        }
        let paths = Value::Object(paths);
        let mut targets = Vec::new();
        references(&paths, &mut targets);
        let others = self
            .value
            .get("components")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let others = others.filter(|(section, _)| *section != "schemas");
        others.for_each(|(_, section)| references(section, &mut targets));
        let schemas = targets
            .iter()
            .filter(|target| target.starts_with(SCHEMAS))
            .map(|target| pointer::last(target));
        let schemas: Vec<String> = schemas.collect();
        self.run(paths, schemas.into_iter(), &|_| true)
    }

    /// The item of a path, and what the path is called where parameters in it have other names.
    fn item(&self, pointer: &str) -> Option<(String, &Map<String, Value>)> {
        let path = pointer::last(pointer);
        let index = |path: &str| {
            let mut plain = String::new();
            let mut depth = 0_u32;
            for character in path.chars() {
                match character {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ if depth > 0 => continue,
                    _ => {}
                }
                plain.push(character);
            }
            plain
        };
        let paths = self.value.get("paths").and_then(Value::as_object)?;
        let found = paths.get_key_value(&path).or_else(|| {
            let plain = index(&path);
            paths.iter().find(|(other, _)| index(other) == plain)
        });
        found.and_then(|(path, item)| Some((path.clone(), item.as_object()?)))
    }
}

/// The innermost schema in the one at `schema` that is no OpenAPI schema by itself; that one where all are.
fn unreadable_inside(document: &Document, schema: &str) -> String {
    let unreadable = |at: &String| {
        document
            .get(at)
            .is_some_and(|value| serde_json::from_value::<ReferenceOr<Schema>>(value.clone()).is_err())
    };
    let inside = walk::schemas_in(document, schema).into_iter().filter(unreadable);
    inside.max_by_key(String::len).unwrap_or_else(|| schema.to_owned())
}

fn refusal(document: &Document, pointer: &str, what: &str, reason: &str) -> Diagnostic {
    document.diagnostic(
        pointer,
        format!("the generator (progenitor {PROGENITOR}) can't take this {what}: {reason}"),
        "write it in another way that says the same; a simpler schema under components/schemas usually does",
    )
}
