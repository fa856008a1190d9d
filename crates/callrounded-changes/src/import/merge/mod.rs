//! Merges an import into an existing document. Facts about the service are taken from the import ("theirs"). Comments,
//! descriptions, notes about sources and names of the existing document ("ours") are kept. Semantically equivalent
//! parts are not touched.

mod matching;
mod operations;
mod paths;
mod schemas;
mod style;
mod union;

use std::collections::{HashMap, HashSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::{Value, json};

use super::{
    fields::members,
    names::each_reference,
    select::{self, Select},
};
use crate::{diff, yaml::Editor};

/// The outcome of a merge for a part of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Not touched: it is semantically equivalent to the import.
    Kept,
    /// Changed to match the import.
    Changed,
    /// Added: only the import has it.
    New,
    /// Removed: only the existing document has it.
    Gone,
    /// The import has it under another name.
    Same,
    /// The import has a union where the document has one object. The object has the properties of all branches.
    Lowered,
    /// Several schemas of the import may correspond to it.
    Ambiguous,
}

/// A part of the document, and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The outcome.
    pub outcome: Outcome,
    /// JSON pointer into the merged document; for removed parts, into the existing one.
    pub pointer: String,
    /// The part, such as `schema Call`, and a detail where there is one.
    pub what: String,
}

/// Checks whether a keyword is always kept as it is in ours: annotations, names and extensions.
fn is_ours(keyword: &str) -> bool {
    const ANNOTATIONS: [&str; 8] = [
        "operationId",
        "tags",
        "summary",
        "description",
        "title",
        "example",
        "examples",
        "externalDocs",
    ];
    keyword.starts_with("x-") || ANNOTATIONS.contains(&keyword)
}

/// The maximum number of times that the parts are merged.
const MAX_ROUNDS: usize = 4;

/// Merges `theirs` into `ours`.
pub(super) fn merge(ours: &mut Editor, theirs: &Value, select: &Select) -> Vec<Merged> {
    let mut found = Vec::new();
    let renamed = paths::with_our_paths(ours.document(), theirs);
    let styled = style::with_our_style(ours.document(), theirs, renamed, &mut found);
    let matched = matching::with_our_schema_names(ours.document(), styled);
    found.extend(matched.found);
    let mut merger = Merger {
        theirs: Document::from_value("the import", select::pruned(matched.theirs, select.is_everything())),
        before: ours.document().value().clone(),
        ours,
        select,
        found,
        source: source(theirs),
    };
    // A part with a reference may be equivalent to theirs only until the schema that it refers to is merged.
    for _ in 0..MAX_ROUNDS {
        let before = merger.ours.text().to_owned();
        merger.push_down_parameters();
        merger.paths();
        merger.schemas();
        merger.other_parts();
        if merger.ours.text() == before {
            break;
        }
    }
    merger.record(&matched.records);
    merger.found
}

struct Merger<'m> {
    theirs: Document,
    /// Ours before the merge.
    before: Value,
    ours: &'m mut Editor,
    select: &'m Select,
    found: Vec<Merged>,
    /// The source of new parts, for `x-source`.
    source: String,
}

fn source(theirs: &Value) -> String {
    let text = |at: &str| theirs.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let name = format!("{} {}", text("/info/title"), text("/info/version"));
    format!("The vendor's OpenAPI document, {}", name.trim())
}

impl Merger<'_> {
    /// Reports a part. What is kept in one round may change in a later one, but not the other way round.
    fn report(&mut self, outcome: Outcome, pointer: &str, what: String) {
        let one = Merged {
            outcome,
            pointer: pointer.to_owned(),
            what,
        };
        let is_same = |known: &&mut Merged| known.what == one.what && known.pointer == one.pointer;
        match self.found.iter_mut().find(is_same) {
            Some(known) if known.outcome == Outcome::Kept => *known = one,
            Some(_) => {}
            None => self.found.push(one),
        }
    }

    /// Returns a new part with its source in `x-source`. A reference gets none: OpenAPI 3.0 ignores its siblings.
    fn with_source(&self, value: &Value) -> Value {
        let mut value = value.clone();
        if let Some(members) = value.as_object_mut().filter(|members| !members.contains_key("$ref")) {
            members.entry("x-source").or_insert_with(|| json!(self.source));
        }
        value
    }

    fn our(&self, at: &str) -> Option<Value> {
        self.ours.document().get(at).cloned()
    }

    fn their(&self, at: &str) -> Option<Value> {
        self.theirs.get(at).cloned()
    }

    /// Stores the vendor's names of our schemas, so that the next import finds them directly.
    fn record(&mut self, records: &[(String, &str, Value)]) {
        for (schema, extension, value) in records {
            let at = pointer::join(schema, extension);
            if self.our(schema).is_some() && self.our(&at).as_ref() != Some(value) {
                self.ours.set(&at, value);
            }
        }
    }

    fn paths(&mut self) {
        let theirs = self.theirs.clone();
        let ours = self.ours.document().clone();
        let our_operations = ours.operations();
        let by_pointer: HashMap<&str, &Operation<'_>> = our_operations
            .iter()
            .map(|other| (other.pointer.as_str(), other))
            .collect();
        for operation in theirs.operations() {
            let id = operation.id.unwrap_or(operation.path);
            let Some(&existing) = by_pointer.get(operation.pointer.as_str()) else {
                let mut value = self.their(&operation.pointer).unwrap_or_default();
                // Including the parameters of their path item.
                let parameters: Vec<Value> = theirs
                    .parameters(&operation)
                    .iter()
                    .filter_map(|at| match (at.strip_prefix("/components/"), self.our_parameter(at)) {
                        (_, Some(our)) => Some(json!({ "$ref": format!("#{our}") })),
                        (Some(_), None) => Some(json!({ "$ref": format!("#{at}") })),
                        (None, None) => theirs.get(at).cloned(),
                    })
                    .collect();
                if let Some(value) = value.as_object_mut() {
                    if !parameters.is_empty() {
                        value.insert("parameters".to_owned(), Value::Array(parameters));
                    }
                    if value.get("security") == ours.get("/security") {
                        value.shift_remove("security");
                    }
                }
                let value = self.with_source(&value);
                self.ours.set(&operation.pointer, &value);
                self.report(Outcome::New, &operation.pointer, format!("operation {id}"));
                continue;
            };
            let name = existing.id.unwrap_or(id);
            if diff::same_operation(&ours, existing, &theirs, &operation) {
                self.report(Outcome::Kept, &operation.pointer, format!("operation {name}"));
            } else {
                self.operation(existing, &operation);
                self.report(Outcome::Changed, &operation.pointer, format!("operation {name}"));
            }
        }
        for operation in &our_operations {
            let value = ours.get(&operation.pointer).cloned().unwrap_or_default();
            // An operation that is not selected is not missing.
            if theirs.get(&operation.pointer).is_some() || !self.select.includes(operation.path, &value) {
                continue;
            }
            self.ours.remove(&operation.pointer);
            let item = pointer::join("/paths", operation.path);
            let left = self.our(&item).unwrap_or_default();
            if !members(&left).any(|(name, _)| callrounded_document::Method::from_name(name).is_some()) {
                self.ours.remove(&item);
            }
            let id = operation.id.unwrap_or(operation.path);
            self.report(Outcome::Gone, &operation.pointer, format!("operation {id}"));
        }
    }

    /// Returns the shared parameter of ours that is equivalent to one of theirs.
    fn our_parameter(&self, at: &str) -> Option<String> {
        let ours = self.ours.document();
        let mut shared = ours.members("/components/parameters").map(|(_, at)| at);
        shared.find(|our| {
            operations::key(ours, our) == operations::key(&self.theirs, at)
                && diff::same_parameter(ours, our, &self.theirs, at)
        })
    }

    /// Merges everything except paths and schemas.
    fn other_parts(&mut self) {
        for field in ["info", "servers", "security"] {
            let at = pointer::join("", field);
            let (our, their) = (self.our(&at), self.their(&at));
            match (our, their) {
                (None, Some(their)) => {
                    self.ours.set(&at, &their);
                    self.report(Outcome::New, &at, field.to_owned());
                }
                (Some(our), Some(their))
                    if field == "servers" && urls(&our) != urls(&their) || field == "security" && our != their =>
                {
                    self.ours.set(&at, &their);
                    self.report(Outcome::Changed, &at, field.to_owned());
                }
                _ => {}
            }
        }
        let theirs = self.their("/components").unwrap_or_default();
        let mut used = reference_targets(self.ours.document());
        for (section, content) in members(&theirs).filter(|(section, _)| *section != "schemas") {
            for (name, value) in members(content) {
                let at = pointer::join(&pointer::join("/components", section), name);
                if section != "securitySchemes" && !used.contains(&at) {
                    continue;
                }
                let what = format!("{section} {name}");
                if self.our(&at).is_none() {
                    self.ours.set(&at, value);
                    self.report(Outcome::New, &at, what);
                    used = reference_targets(self.ours.document());
                } else if self.component(section, &at) {
                    self.report(Outcome::Changed, &at, what);
                }
            }
        }
    }

    /// Merges a component that both have and that is not a schema. Returns whether ours changed. (Parameters are merged
    /// with the operations that have them.)
    fn component(&mut self, section: &str, at: &str) -> bool {
        let before = self.ours.text().to_owned();
        match section {
            "responses" | "requestBodies" | "securitySchemes" => self.fields(at),
            "headers" => {
                let schema = pointer::join(at, "schema");
                self.schema(&schema, &schema);
            }
            _ => {}
        }
        self.ours.text() != before
    }
}

/// Returns the pointers that any reference of a document refers to.
fn reference_targets(document: &Document) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut value = document.value().clone();
    each_reference(&mut value, &mut |reference| {
        found.extend(pointer::of_reference(reference))
    });
    found
}

fn urls(servers: &Value) -> Vec<String> {
    let list = servers.as_array().into_iter().flatten();
    list.filter_map(|server| Some(server.get("url")?.as_str()?.trim_end_matches('/').to_owned()))
        .collect()
}
