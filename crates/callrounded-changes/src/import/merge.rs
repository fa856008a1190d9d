//! An import into a document that is there already. What the service says is taken from the import; what is our own, the
//! comments, the descriptions, the notes of where a fact comes from, and the names of operations, stays. What means the
//! same stays as it is written, to the last line break.

use std::collections::BTreeSet;

use callrounded_document::{Document, Operation, is_json, pointer};
use serde_json::{Map, Value, json};

use super::{frame::members, names::each_reference, select::Select};
use crate::{
    diff::{self, operations::bare},
    yaml::Edited,
};

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
    let theirs = with_our_paths(ours.document(), theirs);
    let mut merger = Merger {
        theirs: Document::from_value("the import", theirs),
        ours,
        select,
        found: Vec::new(),
    };
    merger.paths();
    merger.schemas();
    merger.others();
    merger.found
}

struct Merger<'m> {
    theirs: Document,
    ours: &'m mut Edited,
    select: &'m Select,
    found: Vec<Merged>,
}

impl Merger<'_> {
    fn say(&mut self, outcome: Outcome, pointer: &str, what: String) {
        self.found.push(Merged {
            outcome,
            pointer: pointer.to_owned(),
            what,
        });
    }

    fn our(&self, at: &str) -> Option<Value> {
        self.ours.document().get(at).cloned()
    }

    fn their(&self, at: &str) -> Option<Value> {
        self.theirs.get(at).cloned()
    }

    fn paths(&mut self) {
        let theirs = self.theirs.clone();
        let ours = self.ours.document().clone();
        for operation in theirs.operations() {
            let id = operation.id.unwrap_or(operation.path);
            let there = ours
                .operations()
                .into_iter()
                .find(|other| other.pointer == operation.pointer);
            let Some(there) = there else {
                let mut value = self.their(&operation.pointer).unwrap_or_default();
                // What their path says of all its operations.
                let parameters: Vec<Value> = theirs
                    .parameters(&operation)
                    .iter()
                    .filter_map(|at| match at.strip_prefix("/components/") {
                        Some(_) => Some(json!({ "$ref": format!("#{at}") })),
                        None => theirs.get(at).cloned(),
                    })
                    .collect();
                if let (false, Some(value)) = (parameters.is_empty(), value.as_object_mut()) {
                    value.insert("parameters".to_owned(), Value::Array(parameters));
                }
                self.ours.set(&operation.pointer, &value);
                self.say(Outcome::New, &operation.pointer, format!("operation {id}"));
                continue;
            };
            let called = there.id.unwrap_or(id);
            if diff::same_operation(&ours, &there, &theirs, &operation) {
                self.say(Outcome::Kept, &operation.pointer, format!("operation {called}"));
            } else {
                self.operation(&there, &operation);
                self.say(Outcome::Changed, &operation.pointer, format!("operation {called}"));
            }
        }
        for operation in ours.operations() {
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

    fn operation(&mut self, was: &Operation<'_>, is: &Operation<'_>) {
        self.parameters(was, is);
        let at = &is.pointer;
        let (our, their) = (self.our(at).unwrap_or_default(), self.their(at).unwrap_or_default());
        for field in ["requestBody", "responses", "security", "servers", "deprecated"] {
            let at = pointer::join(at, field);
            match (our.get(field), their.get(field)) {
                (Some(_), Some(_)) if matches!(field, "requestBody" | "responses") => self.body(&at, field),
                (_, Some(value)) => self.ours.set(&at, value),
                (Some(_), None) => self.ours.remove(&at),
                (None, None) => {}
            }
        }
    }

    fn parameters(&mut self, was: &Operation<'_>, is: &Operation<'_>) {
        let ours = self.ours.document().clone();
        let key = |document: &Document, at: &str| {
            let text = |field: &str| document.text(&pointer::join(at, field)).unwrap_or_default().to_owned();
            (text("in"), text("name"))
        };
        let (old, new) = (ours.parameters(was), self.theirs.parameters(is));
        let list = pointer::join(&is.pointer, "parameters");
        for at in &new {
            let wanted = key(&self.theirs, at);
            match old.iter().find(|other| key(&ours, other) == wanted) {
                None => {
                    let index = self
                        .our(&list)
                        .and_then(|list| list.as_array().map(Vec::len))
                        .unwrap_or_default();
                    let value = self.their(at).unwrap_or_default();
                    match index {
                        0 => self.ours.set(&list, &json!([value])),
                        _ => self.ours.set(&pointer::join(&list, &index.to_string()), &value),
                    }
                    self.say(Outcome::New, &list, format!("parameter {}", wanted.1));
                }
                Some(other) if diff::same_parameter(&ours, other, &self.theirs, at) => {}
                Some(other) => {
                    let value = self.their(at).unwrap_or_default();
                    for (field, value) in members(&value).filter(|(field, _)| !is_ours(field) && *field != "schema") {
                        self.ours.set(&pointer::join(other, field), value);
                    }
                    if value.get("required").is_none() {
                        self.ours.remove(&pointer::join(other, "required"));
                    }
                    self.schema(&pointer::join(other, "schema"), &pointer::join(at, "schema"));
                    self.say(Outcome::Changed, other, format!("parameter {}", wanted.1));
                }
            }
        }
        // From the last, so that those before keep their places.
        for at in old.iter().rev() {
            let name = key(&ours, at);
            if new.iter().any(|other| key(&self.theirs, other) == name) {
                continue;
            }
            let items = self
                .our(&list)
                .and_then(|list| list.as_array().cloned())
                .unwrap_or_default();
            let is_it = |index: &usize| {
                let item = pointer::join(&list, &index.to_string());
                self.ours
                    .document()
                    .resolve(&item)
                    .is_some_and(|target| key(self.ours.document(), &target) == name)
            };
            if let Some(index) = (0..items.len()).find(is_it) {
                match items.len() {
                    1 => self.ours.remove(&list),
                    _ => self.ours.remove(&pointer::join(&list, &index.to_string())),
                }
                self.say(Outcome::Gone, at, format!("parameter {}", name.1));
            }
        }
    }

    /// The bodies of a request, or of all answers.
    fn body(&mut self, at: &str, field: &str) {
        let (our, their) = (self.our(at).unwrap_or_default(), self.their(at).unwrap_or_default());
        let holders: Vec<String> = match field {
            "requestBody" => vec![at.to_owned()],
            _ => {
                for (status, _) in members(&our).filter(|(status, _)| their.get(status.as_str()).is_none()) {
                    self.ours.remove(&pointer::join(at, status));
                }
                members(&their).map(|(status, _)| pointer::join(at, status)).collect()
            }
        };
        for holder in holders {
            let (our, their) = (self.our(&holder), self.their(&holder).unwrap_or_default());
            let Some(our) = our.filter(|our| our.get("$ref").is_none() && their.get("$ref").is_none()) else {
                self.ours.set(&holder, &their);
                continue;
            };
            for (field, value) in members(&their).filter(|(field, _)| !is_ours(field)) {
                let at = pointer::join(&holder, field);
                match (field.as_str(), our.get(field.as_str())) {
                    ("content", Some(_)) => self.content(&at),
                    _ => self.ours.set(&at, value),
                }
            }
            for (field, _) in members(&our).filter(|(field, _)| !is_ours(field) && their.get(field.as_str()).is_none())
            {
                self.ours.remove(&pointer::join(&holder, field));
            }
        }
    }

    fn content(&mut self, at: &str) {
        let (our, their) = (self.our(at).unwrap_or_default(), self.their(at).unwrap_or_default());
        for (name, value) in members(&their) {
            let media = pointer::join(at, name);
            match our.get(name.as_str()) {
                Some(_) if is_json(name) => {
                    let schema = pointer::join(&media, "schema");
                    self.schema(&schema, &schema);
                }
                Some(_) => {}
                None => self.ours.set(&media, value),
            }
        }
        for (name, _) in members(&our).filter(|(name, _)| their.get(name.as_str()).is_none()) {
            self.ours.remove(&pointer::join(at, name));
        }
    }

    fn schemas(&mut self) {
        let holder = "/components/schemas";
        let theirs = self.their(holder).unwrap_or_default();
        for (name, value) in members(&theirs) {
            let at = pointer::join(holder, name);
            if self.our(&at).is_none() {
                self.ours.set(&at, value);
                self.say(Outcome::New, &at, format!("schema {name}"));
                continue;
            }
            let outcome = match self.schema(&at, &at) {
                true => Outcome::Changed,
                false => Outcome::Kept,
            };
            self.say(outcome, &at, format!("schema {name}"));
        }
        // Of ours that they have not, those are left that something refers to.
        loop {
            let mut used = BTreeSet::new();
            let mut document = self.ours.document().value().clone();
            each_reference(&mut document, &mut |reference| {
                used.extend(pointer::of_reference(reference));
            });
            let ours = self.our(holder).unwrap_or_default();
            let unused = members(&ours)
                .find(|(name, _)| theirs.get(name.as_str()).is_none() && !used.contains(&pointer::join(holder, name)));
            let Some((name, _)) = unused else { break };
            let at = pointer::join(holder, name);
            self.ours.remove(&at);
            self.say(Outcome::Gone, &at, format!("schema {name}"));
        }
    }

    /// Brings one schema into the other; whether anything had to be changed.
    fn schema(&mut self, our_at: &str, their_at: &str) -> bool {
        let (Some(our), Some(their)) = (self.our(our_at), self.their(their_at)) else {
            if let Some(their) = self.their(their_at) {
                self.ours.set(our_at, &their);
                return true;
            }
            return false;
        };
        if diff::same_schema(self.ours.document(), our_at, &self.theirs, their_at) {
            return false;
        }
        if our.get("$ref").is_some() || their.get("$ref").is_some() {
            self.ours.set(our_at, &with_our_words(&our, their));
            return true;
        }
        for (keyword, value) in members(&their).filter(|(keyword, _)| !is_ours(keyword)) {
            let (our_at, their_at) = (pointer::join(our_at, keyword), pointer::join(their_at, keyword));
            match (keyword.as_str(), our.get(keyword.as_str())) {
                ("properties", Some(_)) => self.properties(&our_at, &their_at),
                ("items" | "additionalProperties" | "not", Some(Value::Object(_))) if value.is_object() => {
                    self.schema(&our_at, &their_at);
                }
                // Two lists of the same names are no change, whatever their order.
                ("required", Some(old)) if same_names(old, value) => {}
                (_, Some(old)) if old == value => {}
                _ => self.ours.set(&our_at, value),
            }
        }
        for (keyword, _) in members(&our) {
            if !is_ours(keyword) && their.get(keyword.as_str()).is_none() {
                self.ours.remove(&pointer::join(our_at, keyword));
            }
        }
        true
    }

    fn properties(&mut self, our_at: &str, their_at: &str) {
        let (our, their) = (
            self.our(our_at).unwrap_or_default(),
            self.their(their_at).unwrap_or_default(),
        );
        for (name, value) in members(&their) {
            let at = pointer::join(our_at, name);
            match our.get(name.as_str()) {
                Some(_) => {
                    if self.schema(&at, &pointer::join(their_at, name)) {
                        self.say(Outcome::Changed, &at, format!("property {name}"));
                    }
                }
                None => {
                    self.ours.set(&at, value);
                    self.say(Outcome::New, &at, format!("property {name}"));
                }
            }
        }
        for (name, _) in members(&our).filter(|(name, _)| their.get(name.as_str()).is_none()) {
            let at = pointer::join(our_at, name);
            self.ours.remove(&at);
            self.say(Outcome::Gone, &at, format!("property {name}"));
        }
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
                (Some(our), Some(their)) if field == "servers" && urls(&our) != urls(&their) => {
                    self.ours.set(&at, &their);
                    self.say(Outcome::Changed, &at, field.to_owned());
                }
                _ => {}
            }
        }
        let theirs = self.their("/components").unwrap_or_default();
        for (section, content) in members(&theirs).filter(|(section, _)| *section != "schemas") {
            for (name, value) in members(content) {
                let at = pointer::join(&pointer::join("/components", section), name);
                let wanted = section == "securitySchemes" || self.is_used(&at);
                if wanted && self.our(&at).is_none() {
                    self.ours.set(&at, value);
                    self.say(Outcome::New, &at, format!("{section} {name}"));
                }
            }
        }
    }

    fn is_used(&self, at: &str) -> bool {
        let mut used = false;
        let mut document = self.ours.document().value().clone();
        each_reference(&mut document, &mut |reference| {
            used |= pointer::of_reference(reference).as_deref() == Some(at);
        });
        used
    }
}

/// Their schema in the place of ours, with what we say of it.
fn with_our_words(our: &Value, their: Value) -> Value {
    let words: Map<String, Value> = members(our)
        .filter(|(keyword, _)| is_ours(keyword))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect();
    if words.is_empty() {
        return their;
    }
    // Nothing counts beside a reference.
    let mut out = match their.get("$ref") {
        Some(_) => Map::from_iter([("allOf".to_owned(), json!([their]))]),
        None => their.as_object().cloned().unwrap_or_default(),
    };
    out.extend(words);
    Value::Object(out)
}

fn same_names(one: &Value, other: &Value) -> bool {
    let names = |value: &Value| -> Option<BTreeSet<String>> {
        let list = value.as_array()?.iter();
        Some(list.filter_map(|name| Some(name.as_str()?.to_owned())).collect())
    };
    names(one) == names(other)
}

fn urls(servers: &Value) -> Vec<String> {
    let list = servers.as_array().into_iter().flatten();
    list.filter_map(|server| Some(server.get("url")?.as_str()?.trim_end_matches('/').to_owned()))
        .collect()
}

/// Their document with the names that our paths have for their parameters, which are nobody's on the wire.
fn with_our_paths(ours: &Document, theirs: &Value) -> Value {
    let mut theirs = theirs.clone();
    let Some(paths) = theirs.get_mut("paths").and_then(Value::as_object_mut) else {
        return theirs;
    };
    let known: Vec<String> = members(ours.get("/paths").unwrap_or(&Value::Null))
        .map(|(path, _)| path.clone())
        .collect();
    let renamed = std::mem::take(paths).into_iter().map(|(path, mut item)| {
        let same = known.iter().find(|other| bare(other) == bare(&path) && **other != path);
        let Some(other) = same else { return (path, item) };
        let names = |path: &str| -> Vec<String> {
            let parts = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
            parts.map(|(name, _)| name.to_owned()).collect()
        };
        for (their, our) in names(&path).into_iter().zip(names(other)) {
            rename_parameter(&mut item, &their, &our);
        }
        (other.clone(), item)
    });
    *paths = renamed.collect();
    theirs
}

fn rename_parameter(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Object(members) => {
            if members.get("in").is_some_and(|place| place == "path")
                && members.get("name").is_some_and(|name| name == from)
            {
                members.insert("name".to_owned(), json!(to));
            }
            members.values_mut().for_each(|inner| rename_parameter(inner, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| rename_parameter(inner, from, to)),
        _ => {}
    }
}
