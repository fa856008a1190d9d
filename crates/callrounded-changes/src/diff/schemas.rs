//! Two schemas that stand in the same place: what a value has to be now, and what it had to be.

use std::collections::{BTreeSet, HashSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::{
    Effect, Recorder,
    aspects::{Aspect, aspects},
    cover::{self, Cover},
    shape::{Additional, Shape, is_null},
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

/// What the canonical forms of two schemas prove.
#[derive(Clone, Copy, Default)]
pub(super) struct Proof {
    /// Every value that was accepted is accepted.
    pub nothing_lost: bool,
    /// Every value that is accepted was accepted.
    pub nothing_gained: bool,
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

    pub(super) fn sides(&mut self, old: Side, new: Side, ways: Ways, name: &str, out: &mut Recorder<'_>) {
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
        if let Some(branches) = self.objects(&was, &is) {
            self.object_to_union((&old, &was), (&new, &is), &branches, ways, name, out);
            return;
        }
        if self.one_of_several((&old, &was), (&new, &is), ways, name, out) {
            return;
        }
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
        self.say(aspects, &at, ways, name, out);
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

    /// Says what changed about the value at `at`.
    pub(super) fn say(&self, aspects: Vec<Aspect>, at: &str, ways: Ways, name: &str, out: &mut Recorder<'_>) {
        let label = match name {
            "" => String::new(),
            name => format!("{name}: "),
        };
        for aspect in aspects {
            let holder = self.new.resolve(at).unwrap_or_else(|| at.to_owned());
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
    }

    /// Whether two schemas are proved to accept the same values.
    pub fn are_same(&self, old: &Side, new: &Side) -> bool {
        let proof = self.proof(old, new);
        proof.nothing_lost && proof.nothing_gained
    }

    /// What can be proved of the values as a whole.
    pub(super) fn proof(&self, old: &Side, new: &Side) -> Proof {
        Proof {
            nothing_lost: cover::covers(self.new, new, self.old, old) == Cover::Yes,
            nothing_gained: cover::covers(self.old, old, self.new, new) == Cover::Yes,
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
            // What the vendor calls it changes nothing of it.
            let own = schema
                .iter()
                .filter(|(keyword, _)| keyword.starts_with("x-") && !keyword.starts_with("x-vendor-"));
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
pub(super) fn component(document: &Document, at: &str) -> Option<String> {
    let target = document.resolve(at)?;
    // What is inside a component is compared where it is used.
    (target != at && super::is_component(&target)).then_some(target)
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
