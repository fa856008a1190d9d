//! Recognizes schemas of ours under other names: by where they are used, and by the name that a former import stored as
//! `x-vendor-name`. Their document gets our names, so that what follows compares like with like.

mod apply;
mod branches;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::{Value, json};

use super::{Merged, Outcome, operations::key, union};

const SCHEMAS: &str = "/components/schemas";

/// Their document with our names for the schemas that it shares with ours.
pub(super) struct Matched {
    pub theirs: Value,
    /// What was recognized, and what could not be.
    pub found: Vec<Merged>,
    /// For our schemas, the extensions that record how the vendor has them.
    pub records: Vec<(String, &'static str, Value)>,
}

pub(super) fn with_our_names(ours: &Document, theirs: Value) -> Matched {
    let mut walk = Walk {
        ours,
        before: theirs.clone(),
        theirs: Document::from_value("the import", theirs),
        named: BTreeMap::new(),
        inline: BTreeMap::new(),
        outlined: Vec::new(),
        references: Vec::new(),
        chosen: BTreeMap::new(),
        seen: HashSet::new(),
        found: Vec::new(),
        records: Vec::new(),
    };
    walk.operations();
    walk.decide()
}

struct Walk<'o> {
    ours: &'o Document,
    theirs: Document,
    /// Theirs as it was.
    before: Value,
    /// For each of our schemas, the schemas of theirs that are used in its places.
    named: BTreeMap<String, BTreeSet<String>>,
    /// For each of our schemas, where theirs has one without a name in its place.
    inline: BTreeMap<String, Vec<String>>,
    /// Where theirs refers to a schema, and ours has one without a name.
    outlined: Vec<(String, String)>,
    /// Where theirs refers to a schema, and the name that it has there in ours.
    references: Vec<(String, String)>,
    /// For our schemas, which of theirs a former import found, or somebody chose.
    chosen: BTreeMap<String, String>,
    seen: HashSet<(String, String)>,
    found: Vec<Merged>,
    records: Vec<(String, &'static str, Value)>,
}

/// A schema behind references and null.
struct Core {
    /// The pointer to it.
    at: String,
    /// The pointer to what refers to it, if it is a component.
    reference: Option<String>,
    /// The name of the component that it is.
    name: Option<String>,
}

impl Core {
    fn of(document: &Document, at: &str) -> Option<Self> {
        let mut core = Self {
            at: at.to_owned(),
            reference: None,
            name: None,
        };
        // A chain that does not end is a circle.
        for _ in 0..100 {
            let schema = document.get(&core.at)?;
            if let Some(target) = schema.get("$ref") {
                let target = pointer::of_reference(target.as_str()?)?;
                core.name = component(&target);
                core.reference = Some(std::mem::replace(&mut core.at, target));
                continue;
            }
            let Some(inner) = union::only_branch(schema) else {
                return Some(core);
            };
            core.at = format!("{}{inner}", core.at);
            core.name = None;
            core.reference = None;
        }
        None
    }
}

/// The name of the component schema that a pointer leads to.
fn component(at: &str) -> Option<String> {
    let name = at.strip_prefix(SCHEMAS)?.strip_prefix('/')?;
    (!name.contains('/')).then(|| pointer::last(at))
}

impl Walk<'_> {
    fn operations(&mut self) {
        let ours = self.ours;
        let names: Vec<(String, String)> = ours
            .members(SCHEMAS)
            .filter_map(|(name, at)| {
                Some((
                    name.to_owned(),
                    ours.text(&pointer::join(&at, "x-vendor-name"))?.to_owned(),
                ))
            })
            .collect();
        for (name, vendor) in names {
            if self.theirs.get(&pointer::join(SCHEMAS, &vendor)).is_some() {
                self.named.entry(name.clone()).or_default().insert(vendor.clone());
                self.chosen.insert(name, vendor);
            }
        }
        // What is done to theirs on the way leaves operations where they are.
        let theirs = self.theirs.clone();
        let theirs_operations = theirs.operations();
        let by_pointer: HashMap<&str, &Operation<'_>> = theirs_operations
            .iter()
            .map(|other| (other.pointer.as_str(), other))
            .collect();
        for operation in ours.operations() {
            if let Some(other) = by_pointer.get(operation.pointer.as_str()) {
                self.operation(&operation, &theirs, other);
            }
        }
        // Schemas that no operation of both uses.
        for (name, vendor) in self.chosen.clone() {
            self.schema(&pointer::join(SCHEMAS, &name), &pointer::join(SCHEMAS, &vendor), false);
        }
        let names: Vec<String> = ours.members(SCHEMAS).map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let at = pointer::join(SCHEMAS, &name);
            let is_known = self.named.contains_key(&name) || self.inline.contains_key(&name) || self.is_taken(&name);
            if self.theirs.get(&at).is_some() && !is_known {
                self.named.entry(name).or_default().insert(pointer::last(&at));
                self.schema(&at, &at, false);
            }
        }
    }

    /// Whether a schema of theirs is known under another name.
    fn is_taken(&self, theirs: &str) -> bool {
        self.named.iter().any(|(_, found)| found.contains(theirs))
    }

    fn operation(&mut self, operation: &Operation<'_>, theirs: &Document, other: &Operation<'_>) {
        let ours = self.ours;
        let their_parameters = theirs.parameters(other);
        for at in ours.parameters(operation) {
            let wanted = key(ours, &at);
            if let Some(their) = their_parameters.iter().find(|their| key(theirs, their) == wanted) {
                self.schema(&pointer::join(&at, "schema"), &pointer::join(their, "schema"), false);
            }
        }
        if let (Some(at), Some(their)) = (ours.request_body(operation), theirs.request_body(other)) {
            self.schema(&pointer::join(&at, "schema"), &pointer::join(&their, "schema"), false);
        }
        let (our_bodies, their_bodies) = (ours.response_bodies(operation), theirs.response_bodies(other));
        for (status, at) in &our_bodies {
            let same = their_bodies.iter().find(|(other, _)| other == status);
            // Success is success, whatever its number.
            let success = || {
                their_bodies
                    .iter()
                    .find(|(other, _)| other.starts_with('2') && status.starts_with('2'))
            };
            if let Some((_, their)) = same.or_else(success) {
                self.schema(&pointer::join(at, "schema"), &pointer::join(their, "schema"), true);
            }
        }
    }

    /// Two schemas in the same place. `is_read`: in a response, so that a client decodes it.
    fn schema(&mut self, our_at: &str, their_at: &str, is_read: bool) {
        let (Some(our), Some(mut their)) = (Core::of(self.ours, our_at), Core::of(&self.theirs, their_at)) else {
            return;
        };
        match (&our.name, &their.name) {
            (Some(our), Some(name)) => {
                self.named.entry(our.clone()).or_default().insert(name.clone());
                self.references
                    .extend(their.reference.clone().map(|at| (at, our.clone())));
            }
            (Some(our), None) => {
                let places = self.inline.entry(our.clone()).or_default();
                if !places.contains(&their.at) {
                    places.push(their.at.clone());
                }
            }
            (None, Some(name)) => self
                .outlined
                .extend(their.reference.clone().map(|at| (at, name.clone()))),
            (None, None) => {}
        }
        if !self.seen.insert((our.at.clone(), their.at.clone())) {
            return;
        }
        self.keep_ours(&our, &their);
        if is_read && self.one_object(&our, &their) {
            let Some(object) = Core::of(&self.theirs, &their.at) else {
                return;
            };
            their = object;
        }
        let (our_properties, their_properties) = (properties(self.ours, &our.at), properties(&self.theirs, &their.at));
        for (name, at) in &our_properties {
            if let Some(their) = their_properties.get(name) {
                self.schema(at, their, is_read);
            }
        }
        for keyword in ["items", "additionalProperties"] {
            let [our, their] = [&our.at, &their.at].map(|at| pointer::join(at, keyword));
            let is_schema = |document: &Document, at: &str| document.get(at).is_some_and(Value::is_object);
            if is_schema(self.ours, &our) && is_schema(&self.theirs, &their) {
                self.schema(&our, &their, is_read);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            self.branches(&pointer::join(&our.at, keyword), &their.at, is_read);
        }
    }

    /// Adds to theirs what only ours can state, and theirs does not contradict: formats of our own, and what is the default.
    fn keep_ours(&mut self, our: &Core, their: &Core) {
        let of = |document: &Document, at: &str, keyword: &str| document.get(&pointer::join(at, keyword)).cloned();
        let format = of(self.ours, &our.at, "format").filter(|format| format == "e164" || format == "decimal");
        let is_plain = matches!(
            self.theirs.text(&pointer::join(&their.at, "type")),
            Some("string" | "number")
        );
        let others = of(self.ours, &our.at, "additionalProperties").filter(|it| *it == json!({}) || *it == json!(true));
        let is_object = !properties(&self.theirs, &their.at).is_empty();
        let kept = [
            ("format", format, is_plain),
            ("additionalProperties", others, is_object),
        ];
        for (keyword, value, fits) in kept {
            let is_absent = of(&self.theirs, &their.at, keyword).is_none();
            let Some(value) = value.filter(|_| fits && is_absent) else {
                continue;
            };
            let mut document = self.theirs.value().clone();
            if let Some(schema) = document.pointer_mut(&their.at).and_then(Value::as_object_mut) {
                schema.insert(keyword.to_owned(), value);
            }
            self.theirs = self.theirs.with_value(document);
        }
    }

    /// Where ours is one object and theirs is one of several, makes one object of them.
    fn one_object(&mut self, our: &Core, their: &Core) -> bool {
        // One that is both, an object and a choice, is what theirs is.
        if properties(self.ours, &our.at).is_empty() || union::as_object(self.ours, &our.at).is_some() {
            return false;
        }
        let Some(object) = union::as_object(&self.theirs, &their.at) else {
            return false;
        };
        let mut value = self.theirs.value().clone();
        if let Some(place) = value.pointer_mut(&their.at) {
            *place = object.schema;
        }
        self.theirs = self.theirs.with_value(value);
        let name = our.name.clone().unwrap_or_else(|| pointer::last(&our.at));
        let branches = object.branches.join("`, `");
        let record = json!(object.branches);
        // What a former import reported is known.
        if self.ours.get(&pointer::join(&our.at, "x-vendor-union")) == Some(&record) {
            return true;
        }
        self.records.push((our.at.clone(), "x-vendor-union", record));
        self.say(
            Outcome::Lowered,
            &our.at,
            format!("schema {name} is one of `{branches}` in the vendor's document; it has the properties of all"),
        );
        for property in object.untyped {
            self.say(
                Outcome::Lowered,
                &our.at,
                format!("property {property} differs between `{branches}`; it takes any JSON"),
            );
        }
        true
    }

    /// Records that a schema of ours is one of theirs, unless a former import did.
    fn same(&mut self, at: &str, their: &str, too: &str) {
        if self.ours.text(&pointer::join(at, "x-vendor-name")) != Some(their) {
            let our = pointer::last(at);
            self.say(
                Outcome::Same,
                at,
                format!("schema {our} is `{their}` in the vendor's document{too}"),
            );
            self.records.push((at.to_owned(), "x-vendor-name", json!(their)));
        }
    }

    fn say(&mut self, outcome: Outcome, pointer: &str, what: String) {
        let one = Merged {
            outcome,
            pointer: pointer.to_owned(),
            what,
        };
        if !self.found.contains(&one) {
            self.found.push(one);
        }
    }
}

/// The properties of an object by their names, those of its `allOf` included.
pub(super) fn properties(document: &Document, at: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![at.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(at) = waiting.pop() {
        if !seen.insert(at.clone()) {
            continue;
        }
        let own = pointer::join(&at, "properties");
        found.extend(document.members(&own).map(|(name, at)| (name.to_owned(), at)));
        let parts = pointer::join(&at, "allOf");
        let count = document.get(&parts).and_then(Value::as_array).map_or(0, Vec::len);
        waiting.extend((0..count).filter_map(|index| document.resolve(&pointer::join(&parts, &index.to_string()))));
    }
    found
}
