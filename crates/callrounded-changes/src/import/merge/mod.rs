//! An import into a document that is there already. What the service says is taken from the import; what is our own, the
//! comments, the descriptions, the notes of where a fact comes from, and the names of operations, stays. What means the
//! same stays as it is written, to the last line break.

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
    frame::members,
    names::each_reference,
    select::{self, Select},
};
use crate::{diff, yaml::Edited};

/// What became of a part of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It says what the import says, in our words.
    Kept,
    /// It says what the import says now.
    Changed,
    /// The import has it, the document had not.
    New,
    /// The document had it, the import has not.
    Gone,
    /// The import has it under another name.
    Same,
    /// The import states it in a way that the document has no schema for.
    Lowered,
    /// The import has several that it may be.
    Ambiguous,
}

/// One part, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// What became of it.
    pub outcome: Outcome,
    /// JSON pointer into the merged document; into the one that was there, of what is gone.
    pub pointer: String,
    /// What it is, such as `schema Call`.
    pub what: String,
}

/// What is ours wherever it stands.
fn is_ours(keyword: &str) -> bool {
    const TEXTS: [&str; 8] = [
        "operationId",
        "tags",
        "summary",
        "description",
        "title",
        "example",
        "examples",
        "externalDocs",
    ];
    keyword.starts_with("x-") || TEXTS.contains(&keyword)
}

/// Brings what `theirs` says into `ours`.
pub(super) fn merge(ours: &mut Edited, theirs: &Value, select: &Select) -> Vec<Merged> {
    let mut found = Vec::new();
    let renamed = paths::with_our_paths(ours.document(), theirs);
    let styled = style::with_our_style(ours.document(), theirs, renamed, &mut found);
    let matched = matching::with_our_names(ours.document(), styled);
    found.extend(matched.found);
    let mut merger = Merger {
        theirs: Document::from_value("the import", select::pruned(matched.theirs, select.is_everything())),
        before: ours.document().value().clone(),
        ours,
        select,
        found,
        source: source(theirs),
    };
    merger.push_down();
    merger.paths();
    merger.schemas();
    merger.others();
    merger.record(&matched.records);
    merger.found
}

struct Merger<'m> {
    theirs: Document,
    /// Ours as it was.
    before: Value,
    ours: &'m mut Edited,
    select: &'m Select,
    found: Vec<Merged>,
    /// Where what is new comes from.
    source: String,
}

fn source(theirs: &Value) -> String {
    let text = |at: &str| theirs.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let name = format!("{} {}", text("/info/title"), text("/info/version"));
    format!("The vendor's OpenAPI document, {}", name.trim())
}

impl Merger<'_> {
    fn say(&mut self, outcome: Outcome, pointer: &str, what: String) {
        self.found.push(Merged {
            outcome,
            pointer: pointer.to_owned(),
            what,
        });
    }

    /// Something new, with a note of where it comes from. Beside a reference nothing counts.
    fn noted(&self, value: &Value) -> Value {
        let mut noted = value.clone();
        if let Some(members) = noted.as_object_mut().filter(|members| !members.contains_key("$ref")) {
            members.entry("x-source").or_insert_with(|| json!(self.source));
        }
        noted
    }

    fn our(&self, at: &str) -> Option<Value> {
        self.ours.document().get(at).cloned()
    }

    fn their(&self, at: &str) -> Option<Value> {
        self.theirs.get(at).cloned()
    }

    /// Stores how the vendor has our schemas, so that the next import finds them directly.
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
            let Some(&there) = by_pointer.get(operation.pointer.as_str()) else {
                let mut value = self.their(&operation.pointer).unwrap_or_default();
                // What their path says of all its operations.
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
                let value = self.noted(&value);
                self.ours.set(&operation.pointer, &value);
                self.say(Outcome::New, &operation.pointer, format!("operation {id}"));
                continue;
            };
            let called = there.id.unwrap_or(id);
            if diff::same_operation(&ours, there, &theirs, &operation) {
                self.say(Outcome::Kept, &operation.pointer, format!("operation {called}"));
            } else {
                self.operation(there, &operation);
                self.say(Outcome::Changed, &operation.pointer, format!("operation {called}"));
            }
        }
        for operation in &our_operations {
            let value = ours.get(&operation.pointer).cloned().unwrap_or_default();
            // What was not asked for is not missing.
            if theirs.get(&operation.pointer).is_some() || !self.select.takes(operation.path, &value) {
                continue;
            }
            self.ours.remove(&operation.pointer);
            let item = pointer::join("/paths", operation.path);
            let left = self.our(&item).unwrap_or_default();
            if !members(&left).any(|(name, _)| callrounded_document::Method::from_name(name).is_some()) {
                self.ours.remove(&item);
            }
            let id = operation.id.unwrap_or(operation.path);
            self.say(Outcome::Gone, &operation.pointer, format!("operation {id}"));
        }
    }

    /// The shared parameter of ours that is the same as one of theirs.
    fn our_parameter(&self, at: &str) -> Option<String> {
        let ours = self.ours.document();
        let mut shared = ours.members("/components/parameters").map(|(_, at)| at);
        shared.find(|our| {
            operations::key(ours, our) == operations::key(&self.theirs, at)
                && diff::same_parameter(ours, our, &self.theirs, at)
        })
    }

    /// What stands beside operations and schemas.
    fn others(&mut self) {
        for field in ["info", "servers", "security"] {
            let at = pointer::join("", field);
            let (our, their) = (self.our(&at), self.their(&at));
            match (our, their) {
                (None, Some(their)) => {
                    self.ours.set(&at, &their);
                    self.say(Outcome::New, &at, field.to_owned());
                }
                (Some(our), Some(their))
                    if field == "servers" && urls(&our) != urls(&their) || field == "security" && our != their =>
                {
                    self.ours.set(&at, &their);
                    self.say(Outcome::Changed, &at, field.to_owned());
                }
                _ => {}
            }
        }
        let theirs = self.their("/components").unwrap_or_default();
        let mut used = referred_to(self.ours.document());
        for (section, content) in members(&theirs).filter(|(section, _)| *section != "schemas") {
            for (name, value) in members(content) {
                let at = pointer::join(&pointer::join("/components", section), name);
                if section != "securitySchemes" && !used.contains(&at) {
                    continue;
                }
                let what = format!("{section} {name}");
                if self.our(&at).is_none() {
                    self.ours.set(&at, value);
                    self.say(Outcome::New, &at, what);
                    used = referred_to(self.ours.document());
                } else if self.component(section, &at) {
                    self.say(Outcome::Changed, &at, what);
                }
            }
        }
    }

    /// Brings a component that both have, and that is no schema, into ours; whether that changed anything. (A parameter is
    /// changed where operations have it.)
    fn component(&mut self, section: &str, at: &str) -> bool {
        let before = self.ours.text().to_owned();
        match section {
            "responses" | "requestBodies" | "securitySchemes" => self.holder(at),
            "headers" => {
                let schema = pointer::join(at, "schema");
                self.schema(&schema, &schema);
            }
            _ => {}
        }
        self.ours.text() != before
    }
}

/// What anything in a document refers to.
fn referred_to(document: &Document) -> HashSet<String> {
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
