//! Finds and removes the smallest part of a schema that the generator does not support.

use callrounded_document::{Diagnostic, Document, pointer, traverse};
use serde_json::{Map, Value, json};

use crate::import::loss::Losses;

/// Removes from a schema what keeps it from being generated, and nothing else.
pub(super) fn simplify(document: &mut Value, schema: &str, found: &Diagnostic, reason: &str, losses: &mut Losses<'_>) {
    let trial = Trial::new(document, schema, found);
    let mut culprits = trial.culprits(document, schema);
    // No smaller part is the cause, for example if it is the name of the schema.
    if culprits.is_empty() {
        culprits.push(schema.to_owned());
    }
    // In reverse order, so that the indexes of lists stay valid.
    for at in culprits.into_iter().rev() {
        let without_enum = trial.succeeds(document, std::slice::from_ref(&at), remove_enum);
        let Some(schema) = document.pointer_mut(&at) else {
            continue;
        };
        if without_enum {
            remove_enum(schema);
            losses.lost(
                &at,
                "enum",
                format!("its values cannot be converted to Rust names, so any value is accepted: {reason}"),
            );
        } else {
            replace_with_any(schema);
            remove_empty_part(document, &at);
            losses.lost(
                &at,
                "schema",
                format!("not supported by the generator, so any JSON is accepted: {reason}"),
            );
        }
    }
}

fn remove_enum(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        schema.shift_remove("enum");
    }
}

/// Replaces a schema with one that allows anything. The description is kept.
fn replace_with_any(schema: &mut Value) {
    let description = schema.get("description").cloned();
    *schema = json!({});
    if let (Some(description), Some(schema)) = (description, schema.as_object_mut()) {
        schema.insert("description".to_owned(), description);
    }
}

/// Removes an empty schema from the `allOf` that it is in, if any.
fn remove_empty_part(document: &mut Value, at: &str) {
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

/// Trial generation with parts of a schema removed, which shows the cause of a finding.
struct Trial<'f> {
    found: &'f Diagnostic,
    scope: Scope,
}

/// The part of the document that is generated in a trial. The smallest one that reproduces the finding is used.
enum Scope {
    /// These schemas; those that they refer to are replaced by empty ones.
    Names(Vec<String>),
    /// These schemas, including all that they refer to, directly and indirectly.
    Schemas(Vec<String>),
    Everything,
}

impl<'f> Trial<'f> {
    fn new(document: &Value, schema: &str, found: &'f Diagnostic) -> Self {
        let view = Document::from_value("document", document.clone());
        let mut reached = traverse::reachable(&view, [schema.to_owned()]);
        reached.push(schema.to_owned());
        for scope in [Scope::Names(vec![schema.to_owned()]), Scope::Schemas(reached)] {
            let trial = Self { found, scope };
            if !trial.succeeds(document, &[], replace_with_any) {
                return trial;
            }
        }
        Self {
            found,
            scope: Scope::Everything,
        }
    }

    /// Checks whether the generator no longer reports the finding after `change` at these locations.
    fn succeeds(&self, document: &Value, at: &[String], change: fn(&mut Value)) -> bool {
        let part = |schemas: &[String]| {
            let schemas = schemas
                .iter()
                .filter_map(|at| Some((pointer::last(at), document.pointer(at)?.clone())));
            let mut schemas: Map<String, Value> = schemas.collect();
            if let Scope::Names(_) = self.scope {
                let mut referred = Vec::new();
                schemas.values().for_each(|schema| references(schema, &mut referred));
                for name in referred {
                    schemas.entry(name).or_insert_with(|| json!({}));
                }
            }
            json!({
                "openapi": document.get("openapi"),
                "info": document.get("info"),
                "paths": {},
                "components": { "schemas": schemas },
            })
        };
        let mut document = match &self.scope {
            Scope::Everything => document.clone(),
            Scope::Names(schemas) | Scope::Schemas(schemas) => part(schemas),
        };
        for at in at {
            if let Some(schema) = document.pointer_mut(at) {
                change(schema);
            }
        }
        let document = Document::from_value("document", document);
        let others = callrounded_codegen::first_error(&document).map(|error| error.diagnostics(&document));
        others.is_none_or(|others| {
            let is_same =
                |other: &Diagnostic| other.problem == self.found.problem && other.pointer == self.found.pointer;
            !others.iter().any(is_same)
        })
    }

    /// Returns the smallest schemas in `schema`, itself included, whose removal makes the generator succeed. Empty if
    /// removing `schema` is not enough.
    fn culprits(&self, document: &Value, schema: &str) -> Vec<String> {
        if !self.succeeds(document, &[schema.to_owned()], replace_with_any) {
            return Vec::new();
        }
        let mut within = inner(document, schema);
        if !self.succeeds(document, &within, replace_with_any) {
            return vec![schema.to_owned()];
        }
        // A schema is no culprit if the generator succeeds although it is kept.
        for at in within.clone() {
            let others: Vec<String> = within.iter().filter(|other| **other != at).cloned().collect();
            if self.succeeds(document, &others, replace_with_any) {
                within = others;
            }
        }
        match within.as_slice() {
            [only] => self.culprits(document, only),
            _ => within,
        }
    }
}

/// Returns the schemas directly inside another one, except those in `not` and `oneOf`: if these allowed more, the outer
/// schema would allow less.
fn inner(document: &Value, schema: &str) -> Vec<String> {
    let view = Document::from_value("document", document.clone());
    let inside = traverse::schemas_in(&view, schema);
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

/// Collects the names of the component schemas that a value refers to.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            let name = reference.and_then(|reference| reference.strip_prefix("#/components/schemas/"));
            found.extend(name.map(str::to_owned));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
