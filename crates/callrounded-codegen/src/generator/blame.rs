//! Finds the schemas and operations on which progenitor fails: its errors have no location. It is run on smaller and
//! smaller parts of the document until the failing ones are found. A part that it accepts is not tried again, so
//! the accepted part of a large document costs one run.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use callrounded_document::{Diagnostic, Diagnostics, Document, Operation, pointer, traverse};
use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value, json};

use crate::PROGENITOR;

const SCHEMAS: &str = "/components/schemas";

/// Runs progenitor on a part of the document. An error is the reason why it fails.
type Attempt<'a> = dyn Fn(Value) -> Result<(), String> + 'a;

/// Returns a diagnostic for each field of the document and shared component that is invalid, or else for each schema that
/// progenitor rejects, or else for each operation, or else for the whole document with `reason`.
pub(super) fn blame(document: &Document, value: &Value, attempt: &Attempt<'_>, reason: &str) -> Diagnostics {
    let parts = Parts {
        value,
        attempt,
        schemas: in_dependency_order(value),
    };
    // Every part below contains these, so none would be accepted.
    let invalid = parts.invalid_fields().into_iter().map(|(at, reason)| {
        let problem = format!("invalid in OpenAPI 3.0: {reason}");
        document.diagnostic(&at, problem, "correct it as the OpenAPI specification describes")
    });
    if let Err(found) = Diagnostics::ok_if_empty(invalid.collect()) {
        return found;
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut failing = Failing::default();
    let all = 0..parts.schemas.len();
    if let Err(reason) = parts.of_schemas(all.clone(), &failing.names) {
        parts.search_schemas(all, reason, &mut failing);
    }
    for (name, reason) in &failing.found {
        let at = innermost_invalid(document, &pointer::join(SCHEMAS, name));
        found.push(rejection(document, &at, "schema", reason));
    }
    if found.is_empty() {
        let operations = document.operations();
        let mut failing = Vec::new();
        parts.search_operations(&operations, &mut failing);
        for (operation, reason) in failing {
            found.push(rejection(document, &operation, "operation", &reason));
        }
    }
    match Diagnostics::ok_if_empty(found) {
        Err(found) => found,
        Ok(()) => rejection(document, "", "document", reason).into(),
    }
}

/// Returns the names of the component schemas, each after the schemas that it references, unless these reference it in
/// turn.
fn in_dependency_order(value: &Value) -> Vec<String> {
    let schemas = value.pointer(SCHEMAS).and_then(Value::as_object);
    let edges: HashMap<&str, Vec<String>> = schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.as_str(), referenced_schemas(schema)))
        .collect();
    let mut order = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for (name, _) in schemas.into_iter().flatten() {
        // The names from the start to the current one, each with the number of references that were followed.
        let mut path: Vec<(&str, usize)> = Vec::new();
        if seen.insert(name) {
            path.push((name, 0));
        }
        while let Some((at, next)) = path.last_mut() {
            let followed = edges.get(at).and_then(|targets| targets.get(*next));
            *next += 1;
            match followed {
                Some(target) => {
                    if let Some((target, _)) = edges.get_key_value(target.as_str())
                        && seen.insert(target)
                    {
                        path.push((target, 0));
                    }
                }
                None => {
                    order.push((*at).to_owned());
                    path.pop();
                }
            }
        }
    }
    order
}

/// Returns the names of the component schemas that are referenced anywhere in a value.
fn referenced_schemas(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_references(value, &mut found);
    let schemas = found.iter().filter_map(|target| {
        let name = target.strip_prefix(SCHEMAS)?.strip_prefix('/')?;
        (!name.contains('/')).then(|| pointer::last(target))
    });
    schemas.collect()
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(reference) if key == "$ref" => found.extend(pointer::of_reference(reference)),
                    value => collect_references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The required fields of `info`.
fn required_info() -> Map<String, Value> {
    ["title", "version"]
        .map(|name| (name.to_owned(), json!("")))
        .into_iter()
        .collect()
}

/// The document, of which parts are tried.
struct Parts<'a> {
    value: &'a Value,
    attempt: &'a Attempt<'a>,
    /// The names of the component schemas, in dependency order.
    schemas: Vec<String>,
}

/// The schemas that fail.
#[derive(Default)]
struct Failing {
    names: HashSet<String>,
    /// Names and reasons, in the order in which they were found.
    found: Vec<(String, String)>,
}

impl Parts<'_> {
    /// Returns pointers to the invalid fields of the document, other than paths and schemas, with the reasons.
    fn invalid_fields(&self) -> Vec<(String, String)> {
        let fields = self.fields().into_iter().filter_map(|(at, field)| {
            let mut part = json!({ "openapi": self.value.get("openapi"), "info": required_info(), "paths": {} });
            if let (Some(part), Value::Object(field)) = (part.as_object_mut(), field) {
                part.extend(field);
            }
            (self.attempt)(part).err().map(|reason| (at, reason))
        });
        let mut found: Vec<_> = fields.collect();
        if found.iter().any(|(at, _)| at.starts_with("/info/")) {
            found.retain(|(at, _)| at != "/info");
        }
        found
    }

    /// Returns the fields of the document that can be tried alone, in the smallest possible parts, with their pointers.
    fn fields(&self) -> Vec<(String, Value)> {
        let mut fields = Vec::new();
        for (name, value) in members(self.value) {
            let at = pointer::join("", name);
            let inside = |key: &str| pointer::join(&at, key);
            match (name.as_str(), value) {
                ("openapi" | "paths", _) => {}
                ("info", Value::Object(info)) => {
                    fields.extend(info.iter().map(|(name, value)| {
                        let mut info = required_info();
                        info.insert(name.clone(), value.clone());
                        (inside(name), json!({ "info": info }))
                    }));
                    fields.push((at, json!({ "info": info })));
                }
                ("components", Value::Object(sections)) => {
                    for (section, values) in sections.iter().filter(|(section, _)| *section != "schemas") {
                        fields.extend(members(values).map(|(name, value)| {
                            let at = pointer::join(&inside(section), name);
                            (at, json!({ "components": { section: { name: value } } }))
                        }));
                    }
                }
                (_, Value::Array(items)) => {
                    let items = items.iter().enumerate();
                    fields.extend(items.map(|(index, item)| (inside(&index.to_string()), json!({ name: [item] }))));
                }
                _ => fields.push((at, json!({ name: value }))),
            }
        }
        fields
    }

    /// Runs progenitor on a range of the schemas and on the schemas before it that they reference. Any other schema is
    /// replaced by `{}`, as are those that are known to fail.
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

    /// Runs progenitor on `paths`, `schemas` and everything they reference. A schema for which `is_kept` is false is
    /// replaced by `{}`.
    fn run(
        &self,
        paths: Value,
        schemas: impl Iterator<Item = String>,
        is_kept: &dyn Fn(&str) -> bool,
    ) -> Result<(), String> {
        let mut kept = Map::new();
        let mut pending: Vec<String> = schemas.collect();
        // The last one is taken first: this keeps the order in which progenitor visits them.
        pending.reverse();
        let all = self.value.pointer(SCHEMAS).and_then(Value::as_object);
        while let Some(name) = pending.pop() {
            if kept.contains_key(&name) {
                continue;
            }
            let schema = all.and_then(|all| all.get(&name)).filter(|_| is_kept(&name));
            let schema = schema.cloned().unwrap_or_else(|| json!({}));
            pending.extend(referenced_schemas(&schema));
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

    /// Finds the failing schemas in a range that fails with `reason`.
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
        // Each half is accepted, but not both together.
        if failing.found.len() == before
            && let Some(name) = self.schemas.get(range.end - 1)
        {
            failing.names.insert(name.clone());
            failing.found.push((name.clone(), reason));
        }
    }

    /// Finds the operations that fail, with the reasons.
    fn search_operations(&self, operations: &[Operation<'_>], failing: &mut Vec<(String, String)>) {
        let Err(reason) = self.of_operations(operations) else {
            return;
        };
        match operations {
            // The cause is none of the operations.
            [] => return,
            [only] => return failing.push((only.pointer.clone(), reason)),
            _ => {}
        }
        let (before, after) = operations.split_at(operations.len() / 2);
        self.search_operations(before, failing);
        self.search_operations(after, failing);
    }

    /// Runs progenitor on some of the operations and everything they reference.
    fn of_operations(&self, operations: &[Operation<'_>]) -> Result<(), String> {
        let mut paths = Map::new();
        for operation in operations {
            let Some((item, method)) = pointer::split(&operation.pointer) else {
                continue;
            };
            // The parameters in a path may have been renamed.
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
        collect_references(&paths, &mut targets);
        let others = self
            .value
            .get("components")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let others = others.filter(|(section, _)| *section != "schemas");
        others.for_each(|(_, section)| collect_references(section, &mut targets));
        let schemas = targets
            .iter()
            .filter(|target| target.starts_with(SCHEMAS))
            .map(|target| pointer::last(target));
        let schemas: Vec<String> = schemas.collect();
        self.run(paths, schemas.into_iter(), &|_| true)
    }

    /// Returns the path item at a pointer, and its path, in which parameters may have been renamed.
    fn item(&self, pointer: &str) -> Option<(String, &Map<String, Value>)> {
        let path = pointer::last(pointer);
        let without_names = |path: &str| {
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
            let plain = without_names(&path);
            paths.iter().find(|(other, _)| without_names(other) == plain)
        });
        found.and_then(|(path, item)| Some((path.clone(), item.as_object()?)))
    }
}

/// Returns the pointer to the innermost schema in `schema` that is not a valid OpenAPI schema, or `schema` if all are
/// valid.
fn innermost_invalid(document: &Document, schema: &str) -> String {
    let is_invalid = |at: &String| {
        document
            .get(at)
            .is_some_and(|value| serde_json::from_value::<ReferenceOr<Schema>>(value.clone()).is_err())
    };
    let inside = traverse::schemas_in(document, schema).into_iter().filter(is_invalid);
    inside.max_by_key(String::len).unwrap_or_else(|| schema.to_owned())
}

fn rejection(document: &Document, pointer: &str, what: &str, reason: &str) -> Diagnostic {
    document.diagnostic(
        pointer,
        format!("progenitor {PROGENITOR} does not support this {what}: {reason}"),
        "rewrite it in an equivalent form; a simpler schema under components/schemas usually works",
    )
}
