//! The smallest part of a schema that is in the generator's way.

use callrounded_document::{Diagnostic, Document, pointer, walk};
use serde_json::{Map, Value, json};

use crate::import::loss::Losses;

/// Takes from a schema what keeps it from being generated, and nothing that stands beside that.
pub(super) fn simplify(document: &mut Value, schema: &str, found: &Diagnostic, reason: &str, losses: &mut Losses<'_>) {
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
    around: Around,
}

/// What is generated with the schema in question: the less the better, as long as it is refused there too.
enum Around {
    /// Of what it refers to, only that it is there.
    Names(Vec<String>),
    /// What it refers to, and so on.
    Schemas(Vec<String>),
    Everything,
}

impl<'f> Trial<'f> {
    fn new(document: &Value, schema: &str, found: &'f Diagnostic) -> Self {
        let view = Document::from_value("document", document.clone());
        let mut reached = walk::reachable(&view, [schema.to_owned()]);
        reached.push(schema.to_owned());
        for around in [Around::Names(vec![schema.to_owned()]), Around::Schemas(reached)] {
            let trial = Self { found, around };
            if !trial.heals(document, &[], anything) {
                return trial;
            }
        }
        Self {
            found,
            around: Around::Everything,
        }
    }

    /// Whether the generator says something else, or nothing, with `change` at these places.
    fn heals(&self, document: &Value, at: &[String], change: fn(&mut Value)) -> bool {
        let part = |schemas: &[String]| {
            let schemas = schemas
                .iter()
                .filter_map(|at| Some((pointer::last(at), document.pointer(at)?.clone())));
            let mut schemas: Map<String, Value> = schemas.collect();
            if let Around::Names(_) = self.around {
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
        let mut document = match &self.around {
            Around::Everything => document.clone(),
            Around::Names(schemas) | Around::Schemas(schemas) => part(schemas),
        };
        for at in at {
            if let Some(place) = document.pointer_mut(at) {
                change(place);
            }
        }
        let document = Document::from_value("document", document);
        let others = callrounded_codegen::obstacle(&document).map(|obstacle| obstacle.diagnostics(&document));
        others.is_none_or(|others| {
            let is_same =
                |other: &Diagnostic| other.problem == self.found.problem && other.pointer == self.found.pointer;
            !others.iter().any(is_same)
        })
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

/// The names of the component schemas that are referred to in a value.
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
