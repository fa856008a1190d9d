//! Matches their schemas with ours if they have other names: by where they are used, and by the name that an earlier
//! import stored in `x-vendor-name`. Their document gets our names, so that the documents can be compared.

mod apply;
mod branches;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::{Value, json};

use super::{
    Merged, Outcome,
    operations::key,
    union::{self, properties},
};

const SCHEMAS: &str = "/components/schemas";

/// Their document with our names for the schemas that it shares with ours.
pub(super) struct Matched {
    pub theirs: Value,
    /// The matches, and the schemas with several possible matches.
    pub found: Vec<Merged>,
    /// Extensions to store: the pointer to our schema, the key, and the vendor's name or names.
    pub records: Vec<(String, &'static str, Value)>,
}

/// Returns their document with our names of schemas.
pub(super) fn with_our_schema_names(ours: &Document, theirs: Value) -> Matched {
    let mut matcher = Matcher {
        ours,
        before: theirs.clone(),
        theirs: Document::from_value("the import", theirs),
        named: BTreeMap::new(),
        inline_in_theirs: BTreeMap::new(),
        inline_in_ours: Vec::new(),
        references: Vec::new(),
        chosen: BTreeMap::new(),
        seen: HashSet::new(),
        found: Vec::new(),
        records: Vec::new(),
    };
    matcher.match_all();
    matcher.apply()
}

struct Matcher<'o> {
    ours: &'o Document,
    theirs: Document,
    /// Theirs before matching.
    before: Value,
    /// For each of our schemas, the names of theirs that are used in the same locations.
    named: BTreeMap<String, BTreeSet<String>>,
    /// For each of our schemas, the pointers to inline schemas of theirs in the same locations.
    inline_in_theirs: BTreeMap<String, Vec<String>>,
    /// References of theirs where ours has an inline schema: the pointer, and the name of their schema.
    inline_in_ours: Vec<(String, String)>,
    /// References of theirs: the pointer, and the name of our schema in the same location.
    references: Vec<(String, String)>,
    /// For our schemas, the name of theirs in `x-vendor-name`.
    chosen: BTreeMap<String, String>,
    seen: HashSet<(String, String)>,
    found: Vec<Merged>,
    records: Vec<(String, &'static str, Value)>,
}

/// A schema with references and unions with null resolved.
struct Resolved {
    /// The pointer to the schema.
    at: String,
    /// The pointer to the reference to it, if it is a component.
    reference: Option<String>,
    /// The name of the component, if it is one.
    name: Option<String>,
}

impl Resolved {
    fn of(document: &Document, at: &str) -> Option<Self> {
        let mut resolved = Self {
            at: at.to_owned(),
            reference: None,
            name: None,
        };
        // A longer chain of references is assumed to be circular.
        for _ in 0..100 {
            let schema = document.get(&resolved.at)?;
            if let Some(target) = schema.get("$ref") {
                let target = pointer::of_reference(target.as_str()?)?;
                resolved.name = component(&target);
                resolved.reference = Some(std::mem::replace(&mut resolved.at, target));
                continue;
            }
            let Some(inner) = union::only_branch(schema) else {
                return Some(resolved);
            };
            resolved.at = format!("{}{inner}", resolved.at);
            resolved.name = None;
            resolved.reference = None;
        }
        None
    }
}

/// Returns the name of the component schema that a pointer refers to.
fn component(at: &str) -> Option<String> {
    let name = at.strip_prefix(SCHEMAS)?.strip_prefix('/')?;
    (!name.contains('/')).then(|| pointer::last(at))
}

impl Matcher<'_> {
    fn match_all(&mut self) {
        let ours = self.ours;
        let names: Vec<(String, String)> = ours
            .members(SCHEMAS)
            .filter_map(|(name, at)| {
                Some((
                    name.to_owned(),
                    ours.get_str(&pointer::join(&at, "x-vendor-name"))?.to_owned(),
                ))
            })
            .collect();
        for (name, vendor) in names {
            if self.theirs.get(&pointer::join(SCHEMAS, &vendor)).is_some() {
                self.named.entry(name.clone()).or_default().insert(vendor.clone());
                self.chosen.insert(name, vendor);
            }
        }
        // Matching changes schemas of theirs, but no operations.
        let theirs = self.theirs.clone();
        let theirs_operations = theirs.operations();
        let by_pointer: HashMap<&str, &Operation<'_>> = theirs_operations
            .iter()
            .map(|other| (other.pointer.as_str(), other))
            .collect();
        for operation in ours.operations() {
            if let Some(other) = by_pointer.get(operation.pointer.as_str()) {
                self.match_operation(&operation, &theirs, other);
            }
        }
        // Schemas that no operation common to both uses.
        for (name, vendor) in self.chosen.clone() {
            self.match_schemas(&pointer::join(SCHEMAS, &name), &pointer::join(SCHEMAS, &vendor), false);
        }
        let names: Vec<String> = ours.members(SCHEMAS).map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let at = pointer::join(SCHEMAS, &name);
            let is_known =
                self.named.contains_key(&name) || self.inline_in_theirs.contains_key(&name) || self.is_matched(&name);
            if self.theirs.get(&at).is_some() && !is_known {
                self.named.entry(name).or_default().insert(pointer::last(&at));
                self.match_schemas(&at, &at, false);
            }
        }
    }

    /// Checks whether a schema of theirs is already matched.
    fn is_matched(&self, theirs: &str) -> bool {
        self.named.iter().any(|(_, found)| found.contains(theirs))
    }

    fn match_operation(&mut self, operation: &Operation<'_>, theirs: &Document, other: &Operation<'_>) {
        let ours = self.ours;
        let their_parameters = theirs.parameters(other);
        for at in ours.parameters(operation) {
            let wanted = key(ours, &at);
            if let Some(their) = their_parameters.iter().find(|their| key(theirs, their) == wanted) {
                self.match_schemas(&pointer::join(&at, "schema"), &pointer::join(their, "schema"), false);
            }
        }
        if let (Some(at), Some(their)) = (ours.request_body(operation), theirs.request_body(other)) {
            self.match_schemas(&pointer::join(&at, "schema"), &pointer::join(&their, "schema"), false);
        }
        let (our_bodies, their_bodies) = (ours.response_bodies(operation), theirs.response_bodies(other));
        for (status, at) in &our_bodies {
            let same = their_bodies.iter().find(|(other, _)| other == status);
            // Without the same status, any two success statuses match.
            let success = || {
                their_bodies
                    .iter()
                    .find(|(other, _)| other.starts_with('2') && status.starts_with('2'))
            };
            if let Some((_, their)) = same.or_else(success) {
                self.match_schemas(&pointer::join(at, "schema"), &pointer::join(their, "schema"), true);
            }
        }
    }

    /// Matches two schemas in the same location. `is_read` is set in responses, which a client decodes.
    fn match_schemas(&mut self, our_at: &str, their_at: &str, is_read: bool) {
        let (Some(our), Some(mut their)) = (Resolved::of(self.ours, our_at), Resolved::of(&self.theirs, their_at))
        else {
            return;
        };
        match (&our.name, &their.name) {
            (Some(our), Some(name)) => {
                self.named.entry(our.clone()).or_default().insert(name.clone());
                self.references
                    .extend(their.reference.clone().map(|at| (at, our.clone())));
            }
            (Some(our), None) => {
                let pointers = self.inline_in_theirs.entry(our.clone()).or_default();
                if !pointers.contains(&their.at) {
                    pointers.push(their.at.clone());
                }
            }
            (None, Some(name)) => self
                .inline_in_ours
                .extend(their.reference.clone().map(|at| (at, name.clone()))),
            (None, None) => {}
        }
        if !self.seen.insert((our.at.clone(), their.at.clone())) {
            return;
        }
        self.keep_our_keywords(&our, &their);
        if is_read && self.merge_union(&our, &their) {
            let Some(object) = Resolved::of(&self.theirs, &their.at) else {
                return;
            };
            their = object;
        }
        let (our_properties, their_properties) = (properties(self.ours, &our.at), properties(&self.theirs, &their.at));
        for (name, at) in &our_properties {
            if let Some(their) = their_properties.get(name) {
                self.match_schemas(at, their, is_read);
            }
        }
        for keyword in ["items", "additionalProperties"] {
            let [our, their] = [&our.at, &their.at].map(|at| pointer::join(at, keyword));
            let is_schema = |document: &Document, at: &str| document.get(at).is_some_and(Value::is_object);
            if is_schema(self.ours, &our) && is_schema(&self.theirs, &their) {
                self.match_schemas(&our, &their, is_read);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            self.match_branches(&pointer::join(&our.at, keyword), &their.at, is_read);
        }
    }

    /// Adds keywords of ours that theirs lacks and does not contradict: the formats `e164` and `decimal`, and an
    /// `additionalProperties` that is the default.
    fn keep_our_keywords(&mut self, our: &Resolved, their: &Resolved) {
        let of = |document: &Document, at: &str, keyword: &str| document.get(&pointer::join(at, keyword)).cloned();
        let format = of(self.ours, &our.at, "format").filter(|format| format == "e164" || format == "decimal");
        let is_plain = matches!(
            self.theirs.get_str(&pointer::join(&their.at, "type")),
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

    /// Merges a union of objects of theirs into one object if ours is one object. Returns whether it did.
    fn merge_union(&mut self, our: &Resolved, their: &Resolved) -> bool {
        // Not if ours is a union too.
        if properties(self.ours, &our.at).is_empty() || union::as_object(self.ours, &our.at).is_some() {
            return false;
        }
        let Some(object) = union::as_object(&self.theirs, &their.at) else {
            return false;
        };
        let mut value = self.theirs.value().clone();
        if let Some(union) = value.pointer_mut(&their.at) {
            *union = object.schema;
        }
        self.theirs = self.theirs.with_value(value);
        let name = our.name.clone().unwrap_or_else(|| pointer::last(&our.at));
        let branches = object.branches.join("`, `");
        let record = json!(object.branches);
        // An earlier import reported it already.
        if self.ours.get(&pointer::join(&our.at, "x-vendor-union")) == Some(&record) {
            return true;
        }
        self.records.push((our.at.clone(), "x-vendor-union", record));
        self.report(
            Outcome::Lowered,
            &our.at,
            format!("schema {name} is a union of `{branches}` in the vendor's document; it has all their properties"),
        );
        for property in object.untyped {
            self.report(
                Outcome::Lowered,
                &our.at,
                format!("property {property} differs between `{branches}`; it accepts any JSON"),
            );
        }
        true
    }

    /// Records that a schema of ours corresponds to one of theirs, unless an earlier import did.
    fn record_match(&mut self, at: &str, their: &str, too: &str) {
        if self.ours.get_str(&pointer::join(at, "x-vendor-name")) != Some(their) {
            let our = pointer::last(at);
            self.report(
                Outcome::Same,
                at,
                format!("schema {our} corresponds to `{their}` in the vendor's document{too}"),
            );
            self.records.push((at.to_owned(), "x-vendor-name", json!(their)));
        }
    }

    fn report(&mut self, outcome: Outcome, pointer: &str, what: String) {
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
