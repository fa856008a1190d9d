//! Two schemas that stand in the same place: what a value has to be now, and what it had to be.

use std::collections::{BTreeSet, HashSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::{
    Effect, Recorder,
    cover::{self, Cover},
    shape::{Additional, LOWER, Shape, Union, is_null},
};

/// Which ways values of a schema go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Ways {
    pub request: bool,
    pub response: bool,
}

impl Ways {
    pub const REQUEST: Self = Self {
        request: true,
        response: false,
    };
    pub const RESPONSE: Self = Self {
        request: false,
        response: true,
    };

    pub fn both(self, other: Self) -> Self {
        Self {
            request: self.request && other.request,
            response: self.response && other.response,
        }
    }
}

/// One side of a comparison: schemas of which a value has to fit all.
type Side = Vec<String>;

pub(super) struct Schemas<'a> {
    pub old: &'a Document,
    pub new: &'a Document,
    seen: HashSet<(Side, Side, Ways)>,
}

/// What changed about the value itself, not about what it holds.
struct Aspect {
    rule: &'static str,
    problem: String,
    narrows: bool,
    widens: bool,
    /// Where it stands in the new document, below the schema.
    keyword: &'static str,
    /// What it means in an answer, where that is not told by whether it widens.
    response: Option<Effect>,
    /// The same in a request.
    request: Option<Effect>,
}

impl Aspect {
    fn new(rule: &'static str, keyword: &'static str, narrows: bool, widens: bool, problem: String) -> Self {
        Self {
            rule,
            problem,
            narrows,
            widens,
            keyword,
            response: None,
            request: None,
        }
    }

    fn wire(&self, ways: Ways) -> Effect {
        let told = |told: Option<Effect>, breaks: bool| match (told, breaks) {
            (Some(told), _) => told,
            (None, true) => Effect::Breaking,
            (None, false) => Effect::Compatible,
        };
        let request = ways.request.then(|| told(self.request, self.narrows));
        let response = ways.response.then(|| told(self.response, self.widens));
        request.max(response).unwrap_or_default()
    }
}

/// What the canonical forms of two schemas prove.
#[derive(Clone, Copy, Default)]
struct Proof {
    /// Every value that was accepted is accepted.
    nothing_lost: bool,
    /// Every value that is accepted was accepted.
    nothing_gained: bool,
}

impl Proof {
    /// Takes back what only looks like a change: of two schemas that accept the same values none is narrower. Formats of
    /// numbers are unknown to the proof, and a default or a discriminator is about more than what is accepted.
    fn settle(self, aspects: &mut Vec<Aspect>) {
        let told = |aspect: &Aspect| matches!(aspect.keyword, "format" | "default" | "discriminator");
        if self.nothing_lost && self.nothing_gained {
            aspects.retain(told);
            return;
        }
        for aspect in aspects.iter_mut().filter(|aspect| !told(aspect)) {
            aspect.narrows &= !self.nothing_lost;
            aspect.widens &= !self.nothing_gained;
        }
    }
}

impl<'a> Schemas<'a> {
    pub fn new(old: &'a Document, new: &'a Document) -> Self {
        Self {
            old,
            new,
            seen: HashSet::new(),
        }
    }

    /// Compares the schemas at two pointers. `name` is what messages call the value.
    pub fn compare(&mut self, old: &str, new: &str, ways: Ways, name: &str, out: &mut Recorder<'_>) {
        self.sides(vec![old.to_owned()], vec![new.to_owned()], ways, name, out);
    }

    /// Compares a component with itself, which is not passed over for being the same.
    pub fn component(&mut self, at: &str, ways: Ways, out: &mut Recorder<'_>) {
        self.values(vec![at.to_owned()], vec![at.to_owned()], ways, "", out);
    }

    fn sides(&mut self, old: Side, new: Side, ways: Ways, name: &str, out: &mut Recorder<'_>) {
        // The same component is compared once, by itself. What is left to say is whether null may stand for it.
        if let ([one], [other]) = (old.as_slice(), new.as_slice())
            && let (Some((was, was_null)), Some((is, is_null))) = (named(self.old, one), named(self.new, other))
            && was == is
        {
            let label = if name.is_empty() {
                String::new()
            } else {
                format!("{name}: ")
            };
            let aspect = match (was_null, is_null) {
                (false, true) => Aspect::new("null-allowed", "", false, true, "it may be null now".to_owned()),
                (true, false) => Aspect::new("null-refused", "", true, false, "it may no longer be null".to_owned()),
                _ => {
                    self.texts(&old, &new, name, out);
                    return;
                }
            };
            out.add(
                aspect.rule,
                format!("{label}{}", aspect.problem),
                aspect.wire(ways),
                other,
            );
            self.texts(&old, &new, name, out);
            return;
        }
        self.values(old, new, ways, name, out);
    }

    fn values(&mut self, old: Side, new: Side, ways: Ways, name: &str, out: &mut Recorder<'_>) {
        if !self.seen.insert((old.clone(), new.clone(), ways)) {
            return;
        }
        let (was, is) = (Shape::of(self.old, &old), Shape::of(self.new, &new));
        let mut aspects = aspects(&was, &is);
        self.unions(&was, &is, ways, name, &mut aspects, out);
        let odd = |shape: &Shape| shape.torn || !shape.unions.is_empty() || !shape.not.is_empty();
        let mut proof = Proof::default();
        if !aspects.is_empty() || was != is && (odd(&was) || odd(&is)) || was.torn || is.torn {
            proof = self.proof(&old, &new);
            if (was.torn || is.torn)
                && !(proof.nothing_lost && proof.nothing_gained)
                && self.old.get(old.first().map_or("", String::as_str))
                    != self.new.get(new.first().map_or("", String::as_str))
            {
                let problem = "what its parts allow together changed".to_owned();
                aspects.push(Aspect::new("combination", "allOf", true, true, problem));
            }
            proof.settle(&mut aspects);
        }
        let at = new.first().cloned().unwrap_or_default();
        let label = if name.is_empty() {
            String::new()
        } else {
            format!("{name}: ")
        };
        for aspect in aspects {
            let holder = self.new.resolve(&at).unwrap_or_else(|| at.clone());
            let keyword = pointer::join(&holder, aspect.keyword);
            let place = if self.new.get(&keyword).is_some() {
                keyword
            } else {
                holder
            };
            out.add(
                aspect.rule,
                format!("{label}{}", aspect.problem),
                aspect.wire(ways),
                &place,
            );
        }
        self.texts(&old, &new, name, out);
        self.properties(&was, &is, (ways, proof), name, &at, out);
        let element = format!("{name}[]");
        if !was.items.is_empty() && !is.items.is_empty() {
            self.sides(was.items.clone(), is.items.clone(), ways, &element, out);
        }
        if let (Additional::Of(was), Additional::Of(is)) = (&was.additional, &is.additional) {
            let other = format!("{name}.*");
            self.sides(was.clone(), is.clone(), ways, other.trim_start_matches('.'), out);
        }
    }

    /// What can be proved of the values as a whole.
    fn proof(&self, old: &Side, new: &Side) -> Proof {
        Proof {
            nothing_lost: cover::covers(self.new, new, self.old, old) == Cover::Yes,
            nothing_gained: cover::covers(self.old, old, self.new, new) == Cover::Yes,
        }
    }

    fn properties(
        &mut self,
        was: &Shape,
        is: &Shape,
        (ways, proof): (Ways, Proof),
        name: &str,
        at: &str,
        out: &mut Recorder<'_>,
    ) {
        let by_way = |ways: Ways, request: Effect, response: Effect| {
            // What is proved breaks nobody, however it looks property by property.
            let capped = |effect: Effect, proved: bool| if proved { effect.min(Effect::Compatible) } else { effect };
            by_way(
                ways,
                capped(request, proof.nothing_lost),
                capped(response, proof.nothing_gained),
            )
        };
        let label = |property: &str| match name {
            "" => property.to_owned(),
            name => format!("{name}.{property}"),
        };
        for (property, old) in &was.properties {
            let path = label(property);
            let required = was.required.contains(property);
            match is.properties.get(property) {
                None => {
                    let shape = Shape::of(self.old, old);
                    // What did not travel that way is not missed.
                    let request = if shape.read_only {
                        Effect::Compatible
                    } else {
                        Effect::Breaking
                    };
                    let missed = required && !shape.write_only;
                    let response = if missed { Effect::Breaking } else { Effect::Compatible };
                    let wire = by_way(ways, request, response);
                    let problem = match required {
                        true => format!("the property `{path}`, which was required, is gone"),
                        false => format!("the property `{path}` is gone"),
                    };
                    let at = old.first().cloned().unwrap_or_default();
                    out.gone("property-removed", problem, wire, &at);
                }
                Some(new) => {
                    let needed = is.required.contains(property);
                    let at = new.first().cloned().unwrap_or_default();
                    self.requirement(property, (required, needed), was, is, ways, &path, &at, out);
                    let (before, after) = (Shape::of(self.old, old), Shape::of(self.new, new));
                    let ways = Ways {
                        request: ways.request && !(before.read_only && after.read_only),
                        response: ways.response && !(before.write_only && after.write_only),
                    };
                    self.sides(old.clone(), new.clone(), ways, &path, out);
                }
            }
        }
        for (property, new) in &is.properties {
            if was.properties.contains_key(property) {
                continue;
            }
            let path = label(property);
            let at = new.first().cloned().unwrap_or_default();
            let shape = Shape::of(self.new, new);
            let required = is.required.contains(property) && !shape.read_only;
            let (request, problem) = match required {
                true => (Effect::Breaking, format!("the property `{path}` is new and required")),
                false => (Effect::Compatible, format!("the property `{path}` is new")),
            };
            out.add(
                "property-added",
                problem,
                by_way(ways, request, Effect::Compatible),
                &at,
            );
        }
        // Required without being described.
        let undescribed = |shape: &Shape| -> BTreeSet<String> {
            let known = |name: &&String| !shape.properties.contains_key(*name);
            shape.required.iter().filter(known).cloned().collect()
        };
        let (old, new) = (undescribed(was), undescribed(is));
        for property in new.difference(&old).filter(|name| !was.required.contains(*name)) {
            let problem = format!("`{}` became required", label(property));
            out.add(
                "property-required",
                problem,
                by_way(ways, Effect::Breaking, Effect::Compatible),
                at,
            );
        }
        for property in old.difference(&new).filter(|name| !is.required.contains(*name)) {
            let problem = format!("`{}` is no longer required", label(property));
            out.add(
                "property-optional",
                problem,
                by_way(ways, Effect::Compatible, Effect::Breaking),
                at,
            );
        }
    }

    #[allow(clippy::too_many_arguments)] // The two sides, and where to say it.
    fn requirement(
        &self,
        property: &str,
        (required, needed): (bool, bool),
        was: &Shape,
        is: &Shape,
        ways: Ways,
        path: &str,
        at: &str,
        out: &mut Recorder<'_>,
    ) {
        let flags = |document: &Document, shape: &Shape| {
            let pointers = shape.properties.get(property).cloned().unwrap_or_default();
            let shape = Shape::of(document, &pointers);
            (shape.read_only, shape.write_only)
        };
        let (old_read, old_write) = flags(self.old, was);
        let (new_read, new_write) = flags(self.new, is);
        // What counts in each direction.
        let asked = |required: bool, hidden: bool| required && !hidden;
        let (asked_before, asked_now) = (asked(required, old_read), asked(needed, new_read));
        let (told_before, told_now) = (asked(required, old_write), asked(needed, new_write));
        if !required && needed {
            let request = if asked_now {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            let wire = by_way(ways, request, Effect::Compatible);
            out.add("property-required", format!("`{path}` became required"), wire, at);
        } else if required && !needed {
            let response = if told_before {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            let wire = by_way(ways, Effect::Compatible, response);
            out.add("property-optional", format!("`{path}` is no longer required"), wire, at);
        }
        if old_read != new_read {
            let (problem, request) = match new_read {
                // It is refused now.
                true => (format!("`{path}` became readOnly"), Effect::Breaking),
                false => (
                    format!("`{path}` is no longer readOnly"),
                    if asked_now && !asked_before {
                        Effect::Breaking
                    } else {
                        Effect::Compatible
                    },
                ),
            };
            out.add("read-only", problem, by_way(ways, request, Effect::None), at);
        }
        if old_write != new_write {
            let (problem, response) = match new_write {
                true => (
                    format!("`{path}` became writeOnly"),
                    if told_before && !told_now {
                        Effect::Breaking
                    } else {
                        Effect::Compatible
                    },
                ),
                false => (format!("`{path}` is no longer writeOnly"), Effect::Compatible),
            };
            out.add("write-only", problem, by_way(ways, Effect::None, response), at);
        }
    }

    /// Pairs branches that are the same component or alone on their side, and says of the others that they come or go.
    fn unions(
        &mut self,
        was: &Shape,
        is: &Shape,
        ways: Ways,
        name: &str,
        aspects: &mut Vec<Aspect>,
        out: &mut Recorder<'_>,
    ) {
        let empty: Vec<String> = Vec::new();
        let branches = |shape: &Shape| {
            shape
                .unions
                .iter()
                .flat_map(|union| union.branches.clone())
                .collect::<Vec<_>>()
        };
        let (mut old, mut new) = (branches(was), branches(is));
        let exactly = |shape: &Shape| {
            shape
                .unions
                .iter()
                .map(|union: &Union| union.exactly_one)
                .collect::<Vec<_>>()
        };
        if !old.is_empty() && !new.is_empty() && exactly(was) != exactly(is) {
            let narrows = is.unions.iter().any(|union| union.exactly_one);
            aspects.push(Aspect::new(
                "union-changed",
                if narrows { "oneOf" } else { "anyOf" },
                narrows,
                !narrows,
                match narrows {
                    true => "exactly one of the schemas has to fit, not any".to_owned(),
                    false => "any of the schemas may fit, not exactly one".to_owned(),
                },
            ));
        }
        if was.unions.is_empty() != is.unions.is_empty() {
            let appears = was.unions.is_empty();
            let keyword = is
                .unions
                .first()
                .or(was.unions.first())
                .map_or("oneOf", |union| if union.exactly_one { "oneOf" } else { "anyOf" });
            aspects.push(Aspect::new(
                "union-changed",
                keyword,
                true,
                true,
                match appears {
                    true => "the value is one of several schemas now".to_owned(),
                    false => "the value is no longer one of several schemas".to_owned(),
                },
            ));
            return;
        }
        let mut pairs = Vec::new();
        old.retain(|one| {
            let same = |other: &String| self.is_same(one, other);
            match new.iter().position(same) {
                Some(index) => {
                    pairs.push((one.clone(), new.remove(index)));
                    false
                }
                None => true,
            }
        });
        // Others that accept the same values, whatever they are called.
        old.retain(|one| {
            let same = |other: &String| {
                let proof = self.proof(&vec![one.clone()], &vec![other.clone()]);
                proof.nothing_lost && proof.nothing_gained
            };
            match new.iter().position(same) {
                Some(index) => {
                    new.remove(index);
                    false
                }
                None => true,
            }
        });
        if let ([one], [other]) = (old.as_slice(), new.as_slice())
            && is_null(self.old, one) == is_null(self.new, other)
        {
            pairs.push((one.clone(), other.clone()));
            old = empty.clone();
            new = empty;
        }
        for (one, other) in pairs {
            self.sides(vec![one], vec![other], ways, name, out);
        }
        let called = |document: &Document, at: &str| match component(document, at) {
            Some(component) => format!("`{}`", pointer::last(&component)),
            None if is_null(document, at) => "null".to_owned(),
            None => "a schema".to_owned(),
        };
        for gone in old {
            let problem = format!(
                "{} is no longer among the schemas that may stand here",
                called(self.old, &gone)
            );
            aspects.push(Aspect::new("union-narrowed", "oneOf", true, false, problem));
        }
        for added in new {
            let problem = format!("{} may stand here too", called(self.new, &added));
            aspects.push(Aspect::new("union-widened", "oneOf", false, true, problem));
        }
    }

    /// Whether two branches are the same component, or say the same.
    fn is_same(&self, old: &str, new: &str) -> bool {
        match (component(self.old, old), component(self.new, new)) {
            (Some(old), Some(new)) => old == new,
            (None, None) => {
                let (was, is) = (self.old.get(old), self.new.get(new));
                was == is || is_null(self.old, old) && is_null(self.new, new)
            }
            _ => false,
        }
    }

    fn texts(&self, old: &Side, new: &Side, name: &str, out: &mut Recorder<'_>) {
        let label = if name.is_empty() {
            String::new()
        } else {
            format!("{name}: ")
        };
        let (Some(was), Some(is)) = (texts(self.old, old), texts(self.new, new)) else {
            return;
        };
        let at = new.first().cloned().unwrap_or_default();
        for keyword in ["title", "description", "example", "externalDocs", "xml"] {
            if was.get(keyword) != is.get(keyword) {
                let problem = format!("{label}`{keyword}` changed");
                out.add("description", problem, Effect::None, &at);
            }
        }
        if was.get("deprecated") != is.get("deprecated") {
            let now = is.get("deprecated") == Some(&Value::Bool(true));
            let problem = format!("{label}{} deprecated", if now { "it is" } else { "it is no longer" });
            out.add("deprecated", problem, Effect::None, &at);
        }
        let extensions = |schema: &serde_json::Map<String, Value>| -> serde_json::Map<String, Value> {
            let own = schema.iter().filter(|(keyword, _)| keyword.starts_with("x-"));
            own.map(|(keyword, value)| (keyword.clone(), value.clone())).collect()
        };
        let (was, is) = (extensions(&was), extensions(&is));
        let keywords: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for keyword in keywords {
            if was.get(keyword) != is.get(keyword) {
                out.add("extension", format!("{label}`{keyword}` changed"), Effect::None, &at);
            }
        }
    }
}

/// The texts of a value: those beside it, or else those of the first schema that it is put together from.
fn texts(document: &Document, side: &Side) -> Option<serde_json::Map<String, Value>> {
    let schema = document.get(side.first()?)?.as_object()?;
    // What stands beside a reference does not count, and what is behind it is compared by itself.
    match schema.contains_key("$ref") {
        true => Some(serde_json::Map::new()),
        false => Some(schema.clone()),
    }
}

/// The component that the schema at `at` is a reference to.
fn component(document: &Document, at: &str) -> Option<String> {
    let target = document.resolve(at)?;
    (target != at && target.starts_with("/components/schemas/")).then_some(target)
}

/// The component that the schema at `at` comes to, through whatever says no more than that, and whether null may stand for
/// it.
fn named(document: &Document, at: &str) -> Option<(String, bool)> {
    if let Some(component) = component(document, at) {
        return Some((component, false));
    }
    let schema = document.get(at)?.as_object()?;
    let says = |keyword: &&String| {
        !keyword.starts_with("x-") && !matches!(keyword.as_str(), "title" | "description" | "example" | "deprecated")
    };
    let said: Vec<&String> = schema.keys().filter(says).collect();
    let [list] = said.as_slice() else { return None };
    if !matches!(list.as_str(), "allOf" | "anyOf" | "oneOf") {
        return None;
    }
    let holder = pointer::join(at, list);
    let count = document.get(&holder)?.as_array()?.len();
    let branches = (0..count).map(|index| pointer::join(&holder, &index.to_string()));
    let (null, others): (Vec<String>, Vec<String>) = branches.partition(|branch| is_null(document, branch));
    let [only] = others.as_slice() else { return None };
    let component = component(document, only)?;
    (null.is_empty() || *list != "allOf").then_some((component, !null.is_empty()))
}

pub(super) fn by_way(ways: Ways, request: Effect, response: Effect) -> Effect {
    let request = ways.request.then_some(request);
    request.max(ways.response.then_some(response)).unwrap_or_default()
}

fn aspects(was: &Shape, is: &Shape) -> Vec<Aspect> {
    let mut found = Vec::new();
    types(was, is, &mut found);
    values(was, is, &mut found);
    limits(was, is, &mut found);
    marks(was, is, &mut found);
    let presence = |old: bool, new: bool| (!old && new, old && !new);
    let (items, no_items) = presence(!was.items.is_empty(), !is.items.is_empty());
    if items || no_items {
        let problem = match items {
            true => "the items of the array are described now",
            false => "the items of the array may be anything now",
        };
        found.push(Aspect::new("items", "items", items, no_items, problem.to_owned()));
    }
    if was.not.len() != is.not.len() || !was.not.is_empty() {
        let (narrows, widens) = (is.not.len() >= was.not.len(), is.not.len() <= was.not.len());
        let problem = "what it must not be (`not`) changed".to_owned();
        found.push(Aspect::new("not", "not", narrows, widens, problem));
    }
    additional(was, is, &mut found);
    if was.default != is.default {
        let problem = match (&was.default, &is.default) {
            (None, Some(value)) => format!("the default is {value} now; there was none"),
            (Some(value), None) => format!("the default {value} is gone"),
            (Some(old), Some(new)) => format!("the default changed from {old} to {new}"),
            (None, None) => String::new(),
        };
        found.push(Aspect {
            // What a client leaves out means something else.
            request: Some(Effect::Breaking),
            response: Some(Effect::Compatible),
            ..Aspect::new("default", "default", false, false, problem)
        });
    }
    if was.discriminator != is.discriminator && (was.discriminator.is_some() || is.discriminator.is_some()) {
        let problem = "the discriminator changed".to_owned();
        let (narrows, widens) = match (&was.discriminator, &is.discriminator) {
            (Some((old, was)), Some((new, is))) if old == new => {
                let lost = was.iter().any(|(value, target)| is.get(value) != Some(target));
                let gained = is.iter().any(|(value, target)| was.get(value) != Some(target));
                (lost, gained)
            }
            (old, new) => (new.is_some(), old.is_some()),
        };
        found.push(Aspect::new("discriminator", "discriminator", narrows, widens, problem));
    }
    found
}

fn types(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let named = |types: &BTreeSet<String>| types.iter().cloned().collect::<Vec<_>>().join(" or ");
    match (&was.types, &is.types) {
        (Some(old), Some(new)) if old != new => {
            let allows = |types: &BTreeSet<String>, name: &str| {
                types.contains(name) || name == "integer" && types.contains("number")
            };
            let gone: Vec<&String> = old.iter().filter(|name| !allows(new, name)).collect();
            let added: Vec<&String> = new.iter().filter(|name| !allows(old, name)).collect();
            if gone.is_empty() && added.is_empty() {
                return;
            }
            let (rule, problem) = match (gone.as_slice(), added.as_slice()) {
                ([], [null]) if *null == "null" => ("null-allowed", "it may be null now".to_owned()),
                ([null], []) if *null == "null" => ("null-refused", "it may no longer be null".to_owned()),
                _ => (
                    "type",
                    format!("the type changed from {} to {}", named(old), named(new)),
                ),
            };
            found.push(Aspect::new(rule, "type", !gone.is_empty(), !added.is_empty(), problem));
        }
        (None, Some(new)) if was.values.is_none() => {
            let problem = format!("the type is {} now; it could be any", named(new));
            found.push(Aspect::new("type", "type", true, false, problem));
        }
        (Some(old), None) if is.values.is_none() => {
            let problem = format!("the type may be any now; it was {}", named(old));
            found.push(Aspect::new("type", "type", false, true, problem));
        }
        _ => {}
    }
}

fn values(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    match (&was.values, &is.values) {
        (Some(old), Some(new)) => {
            for gone in old.iter().filter(|value| !new.contains(value)) {
                let rule = if gone.is_null() {
                    "null-refused"
                } else {
                    "value-removed"
                };
                let problem = format!("the value {gone} is gone");
                found.push(Aspect::new(rule, "enum", true, false, problem));
            }
            for added in new.iter().filter(|value| !old.contains(value)) {
                let problem = format!("the value {added} is new");
                found.push(match added.is_null() {
                    true => Aspect::new("null-allowed", "enum", false, true, problem),
                    false => Aspect {
                        // Readers keep a value that they do not know.
                        response: Some(Effect::Compatible),
                        ..Aspect::new("value-added", "enum", false, true, problem)
                    },
                });
            }
        }
        (None, Some(new)) => {
            let widens = was.types.as_ref().is_some_and(|types| {
                !new.iter()
                    .all(|value| types.iter().any(|name| super::shape::is_of_type(value, name)))
            });
            let problem = format!("only {} are allowed now", listed(new));
            found.push(Aspect::new("enum", "enum", true, widens, problem));
        }
        (Some(old), None) => {
            let narrows = is.types.as_ref().is_some_and(|types| {
                !old.iter()
                    .all(|value| types.iter().any(|name| super::shape::is_of_type(value, name)))
            });
            let problem = format!("no longer only {} are allowed", listed(old));
            found.push(Aspect {
                response: (!narrows && only_texts(old, is)).then_some(Effect::Compatible),
                ..Aspect::new("enum", "enum", narrows, true, problem)
            });
        }
        (None, None) => {}
    }
}

/// Whether an enumeration of texts became any text, which a reader of open enumerations takes.
fn only_texts(old: &[Value], is: &Shape) -> bool {
    let types = is.types.as_ref();
    types.is_some_and(|types| types.len() == 1 && types.contains("string")) && old.iter().all(Value::is_string)
}

fn listed(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

fn limits(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let keywords: BTreeSet<&'static str> = was.limits.keys().chain(is.limits.keys()).copied().collect();
    for keyword in keywords {
        let (old, new) = (was.limits.get(keyword), is.limits.get(keyword));
        if old == new {
            continue;
        }
        let lower = LOWER.contains(&keyword);
        let narrows = match (old, new) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(old), Some(new)) => (new > old) == lower,
        };
        let problem = match (old, new) {
            (None, Some(new)) => format!("`{keyword}` is {new} now; there was none"),
            (Some(old), None) => format!("`{keyword}`, which was {old}, is gone"),
            (Some(old), Some(new)) => format!("`{keyword}` changed from {old} to {new}"),
            (None, None) => String::new(),
        };
        found.push(Aspect::new("limit", keyword, narrows, !narrows, problem));
    }
}

fn marks(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let keywords: BTreeSet<&'static str> = was.marks.keys().chain(is.marks.keys()).copied().collect();
    for keyword in keywords {
        let (old, new) = (was.marks.get(keyword), is.marks.get(keyword));
        if old == new {
            continue;
        }
        let shown = |marks: Option<&BTreeSet<String>>| {
            let marks = marks.into_iter().flatten().cloned().collect::<Vec<_>>();
            marks.join(" and ")
        };
        let (mut narrows, mut widens) = match (old, new) {
            (Some(old), Some(new)) => (!new.is_subset(old), !old.is_subset(new)),
            (old, _) => (old.is_none(), old.is_some()),
        };
        match (keyword, shown(old).as_str(), shown(new).as_str()) {
            ("format", "int32", "int64") | ("format", "float", "double") => narrows = false,
            ("format", "int64", "int32") | ("format", "double", "float") => widens = false,
            ("multipleOf", old, new) => {
                // What is a multiple of 6 is one of 3.
                let of = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(a), Ok(b)) if b != 0.0 => (a / b).fract() == 0.0,
                    _ => false,
                };
                if !old.is_empty() && !new.is_empty() {
                    (narrows, widens) = (!of(old, new), !of(new, old));
                }
            }
            _ => {}
        }
        let problem = match (old, new) {
            (None, _) => format!("`{keyword}` is {} now; there was none", shown(new)),
            (_, None) => format!("`{keyword}`, which was {}, is gone", shown(old)),
            _ => format!("`{keyword}` changed from {} to {}", shown(old), shown(new)),
        };
        let rule = if keyword == "format" { "format" } else { "limit" };
        found.push(Aspect::new(rule, keyword, narrows, widens, problem));
    }
}

fn additional(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let (narrows, widens, problem) = match (&was.additional, &is.additional) {
        (Additional::Open, Additional::Closed) => (true, false, "no other properties are allowed now"),
        (Additional::Closed, Additional::Open) => (false, true, "other properties are allowed now"),
        (Additional::Open, Additional::Of(_)) => (true, false, "other properties have a schema now"),
        (Additional::Of(_), Additional::Open) => (false, true, "other properties may be anything now"),
        (Additional::Closed, Additional::Of(_)) => (false, true, "other properties of a schema are allowed now"),
        (Additional::Of(_), Additional::Closed) => {
            (true, false, "no other properties are allowed now, which had a schema")
        }
        _ => return,
    };
    let lost = matches!((&was.additional, &is.additional), (Additional::Of(_), Additional::Open));
    found.push(Aspect {
        // Readers pass over what they do not know; but not over what they were promised.
        response: (widens && !lost).then_some(Effect::Compatible),
        ..Aspect::new(
            "additional-properties",
            "additionalProperties",
            narrows,
            widens,
            problem.to_owned(),
        )
    });
}
