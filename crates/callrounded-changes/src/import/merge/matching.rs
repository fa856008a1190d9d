//! Recognizes schemas of ours under other names: by where they are used, and by the name that a former import stored as
//! `x-vendor-name`. Their document gets our names, so that what follows compares like with like.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashSet},
};

use callrounded_document::{Document, Operation, pointer, walk};
use serde_json::{Value, json};

use super::{Merged, Outcome, operations::key, union};
use crate::{
    diff,
    import::{
        names::{self, free_name},
        select,
    },
};

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
        for operation in ours.operations() {
            let theirs = self.theirs.clone();
            let theirs_operations = theirs.operations();
            let Some(other) = theirs_operations
                .iter()
                .find(|other| other.pointer == operation.pointer)
            else {
                continue;
            };
            self.operation(&operation, &theirs, other);
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

    /// The branches of a union, each with the one of theirs that is most alike.
    fn branches(&mut self, our_at: &str, their_at: &str, is_read: bool) {
        let their_list = ["oneOf", "anyOf"].map(|keyword| pointer::join(their_at, keyword));
        let Some(their_list) = their_list.iter().find(|at| self.theirs.get(at).is_some()) else {
            return;
        };
        let items = |document: &Document, list: &str| -> Vec<String> {
            let count = document.get(list).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count)
                .map(|index| pointer::join(list, &index.to_string()))
                .collect()
        };
        let mut theirs = items(&self.theirs, their_list);
        for our in items(self.ours, our_at) {
            let alike = |their: &String| self.alike(&our, their);
            let best = theirs
                .iter()
                .enumerate()
                .map(|(index, their)| (alike(their), index))
                .max();
            if let Some((1.., index)) = best {
                let their = theirs.swap_remove(index);
                self.schema(&our, &their, is_read);
            }
        }
    }

    /// How much two schemas have in common: properties, and values of enumerations, in hundredths.
    fn alike(&self, our: &str, their: &str) -> usize {
        let (Some(our), Some(their)) = (Core::of(self.ours, our), Core::of(&self.theirs, their)) else {
            return 0;
        };
        let (our, their) = (features(self.ours, &our.at), features(&self.theirs, &their.at));
        let all = our.union(&their).count();
        (our.intersection(&their).count() * 100)
            .checked_div(all)
            .unwrap_or_default()
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
        if properties(self.ours, &our.at).is_empty() {
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

    /// Gives schemas of theirs the names of ours.
    fn decide(mut self) -> Matched {
        self.fold();
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        let mut copies: Vec<(String, String)> = Vec::new();
        for (our, theirs) in self.named.clone() {
            let [their] = theirs.iter().collect::<Vec<_>>()[..] else {
                continue;
            };
            match renamed.get(their) {
                // Theirs has one schema where ours has two.
                Some(_) => copies.push((our, their.clone())),
                None => {
                    renamed.insert(their.clone(), our);
                }
            }
        }
        self.hoist(&renamed);
        let mut theirs = self.theirs.value().clone();
        for (our, their) in copies {
            self.copy(&mut theirs, &our, &their);
        }
        self.free(&mut theirs, &mut renamed);
        names::rename_all(&mut theirs, &renamed);
        for (their, our) in renamed.iter().filter(|(their, our)| their != our) {
            let at = pointer::join(SCHEMAS, our);
            if self.ours.get(&at).is_some() {
                self.same(&at, their, "");
            }
        }
        forget_unused(&self.before, &mut theirs);
        Matched {
            theirs,
            found: self.found,
            records: self.records,
        }
    }

    /// Where ours has one schema and theirs has several that state the same, or several objects in responses, they become one.
    fn fold(&mut self) {
        for (our, theirs) in self.named.clone() {
            let names: Vec<&String> = theirs.iter().collect();
            let [first, rest @ ..] = names.as_slice() else { continue };
            if rest.is_empty() {
                continue;
            }
            let at = |name: &str| pointer::join(SCHEMAS, name);
            let same = |other: &&&String| diff::same_schema(&self.theirs, &at(first), &self.theirs, &at(other));
            if rest.iter().filter(same).count() == rest.len() {
                self.merge_into(&our, &names);
                continue;
            }
            if let Some(chosen) = self.chosen.get(&our) {
                self.named.insert(our, BTreeSet::from([chosen.clone()]));
                continue;
            }
            // The one that has the name already is ours; the others are new.
            if theirs.contains(&our) {
                self.named.insert(our.clone(), BTreeSet::from([our]));
                continue;
            }
            let list = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("`, `");
            self.named.remove(&our);
            self.say(
                Outcome::Ambiguous,
                &at(&our),
                format!(
                    "schema {our} may be any of `{list}` in the vendor's document; set its `x-vendor-name` to choose"
                ),
            );
        }
    }

    /// Makes one component of several that state the same, the one that a former import chose or else the first.
    fn merge_into(&mut self, our: &str, names: &[&String]) {
        let chosen = self.chosen.get(our).filter(|chosen| names.contains(chosen));
        let Some(kept) = chosen.or(names.first().copied()).cloned() else {
            return;
        };
        let rest: Vec<String> = names
            .iter()
            .filter(|name| ***name != kept)
            .map(|name| (*name).clone())
            .collect();
        let mut value = self.theirs.value().clone();
        let renamed = rest.iter().map(|other| (other.clone(), kept.clone())).collect();
        names::point_elsewhere(&mut value, &renamed);
        if let Some(components) = names::components(&mut value) {
            rest.iter().for_each(|other| {
                components.shift_remove(other);
            });
        }
        self.theirs = self.theirs.with_value(value);
        self.named.insert(our.to_owned(), BTreeSet::from([kept]));
    }

    /// Gives a schema of theirs without a name the name that it has in ours, and writes one out that has no name in ours.
    fn hoist(&mut self, renamed: &BTreeMap<String, String>) {
        let mut value = self.theirs.value().clone();
        for (at, name) in self.outlined.clone() {
            let target = pointer::join(SCHEMAS, &name);
            let reached = walk::reachable(&self.theirs, [target.clone()]);
            if renamed.contains_key(&name) || reached.contains(&target) {
                continue;
            }
            if let (Some(schema), Some(place)) = (self.theirs.get(&target).cloned(), value.pointer_mut(&at)) {
                *place = schema;
            }
        }
        let mut inline: Vec<(String, Vec<String>)> = self.inline.clone().into_iter().collect();
        // What is inside another one comes first, so that its place is still there.
        inline.sort_by_key(|(_, places)| Reverse(places.iter().map(|at| at.matches('/').count()).max()));
        for (our, places) in inline {
            let Some(first) = places.first() else { continue };
            // In other places theirs has a component for it, which states the same.
            let component = match self.named.get(&our).map(|names| names.iter().collect::<Vec<_>>()) {
                Some(names) if names.len() == 1 => names.first().map(|name| pointer::join(SCHEMAS, name)),
                Some(_) => continue,
                None => None,
            };
            let model = component.as_ref().unwrap_or(first);
            let is_same = |other: &String| diff::same_schema(&self.theirs, model, &self.theirs, other);
            let at = component.clone().unwrap_or_else(|| pointer::join(SCHEMAS, &our));
            let is_taken = component.is_none() && value.pointer(&at).is_some();
            if is_taken || !places.iter().all(is_same) {
                continue;
            }
            let mut schema = value.pointer(first).cloned().unwrap_or_default();
            let nullable = schema
                .as_object_mut()
                .and_then(|schema| schema.shift_remove("nullable"));
            if let (Some(_), Some(values)) = (&nullable, schema.get_mut("enum").and_then(Value::as_array_mut)) {
                values.retain(|value| !value.is_null());
            }
            let reference = json!({ "$ref": format!("#{at}") });
            let place = match nullable {
                Some(Value::Bool(true)) => json!({ "oneOf": [reference, { "enum": [null] }] }),
                _ => reference,
            };
            for at in &places {
                if let Some(there) = value.pointer_mut(at) {
                    *there = place.clone();
                }
            }
            if let (None, Some(components)) = (component, names::components(&mut value)) {
                components.insert(our, schema);
            }
        }
        self.theirs = self.theirs.with_value(value);
    }

    /// Renames a schema of theirs that has the name of another one of ours.
    fn free(&mut self, theirs: &mut Value, renamed: &mut BTreeMap<String, String>) {
        let taken: Vec<String> = renamed.values().cloned().collect();
        for name in taken {
            let is_other = self.theirs.get(&pointer::join(SCHEMAS, &name)).is_some() && !renamed.contains_key(&name);
            if is_other {
                let free = free_name(theirs, &name);
                let at = pointer::join(SCHEMAS, &free);
                let what =
                    format!("schema {free} is `{name}` in the vendor's document, which is another one than our {name}");
                self.say(Outcome::Same, &at, what);
                self.records.push((at, "x-vendor-name", json!(name)));
                renamed.insert(name, free);
            }
        }
    }

    /// Where ours has two schemas and theirs has one, the second gets a copy of its own.
    fn copy(&mut self, theirs: &mut Value, our: &str, their: &str) {
        let at = pointer::join(SCHEMAS, our);
        let schema = theirs.pointer(&pointer::join(SCHEMAS, their)).cloned();
        let (Some(schema), None) = (schema, theirs.pointer(&at)) else {
            return;
        };
        let reference = format!("#{at}");
        for (place, _) in self.references.iter().filter(|(_, name)| name == our) {
            if let Some(Value::String(there)) = theirs.pointer_mut(&pointer::join(place, "$ref")) {
                reference.clone_into(there);
            }
        }
        if let Some(components) = names::components(theirs) {
            components.insert(our.to_owned(), schema);
        }
        self.same(&at, their, " too");
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

/// What a schema can be recognized by.
fn features(document: &Document, at: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = properties(document, at).into_keys().collect();
    let values = document.get(&pointer::join(at, "enum")).and_then(Value::as_array);
    found.extend(values.into_iter().flatten().map(ToString::to_string));
    if let (true, Some(kind)) = (found.is_empty(), document.text(&pointer::join(at, "type"))) {
        found.insert(kind.to_owned());
    }
    found
}

/// Removes the schemas that were used before, and are not any more: their content is in others.
fn forget_unused(before: &Value, theirs: &mut Value) {
    let used = |document: &Value| {
        let mut used = BTreeSet::new();
        select::references(document, &mut used);
        used
    };
    let after = used(theirs);
    let unused: Vec<String> = used(before).difference(&after).map(|at| pointer::last(at)).collect();
    if let Some(components) = names::components(theirs) {
        for name in unused {
            components.shift_remove(&name);
        }
    }
}
