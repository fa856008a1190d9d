//! Compares two schemas for the same value, one of each document.

use std::collections::{BTreeSet, HashSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::{
    Effect, Recorder,
    containment::{self, Verdict},
    directions::Directions,
    keyword_changes::{KeywordChange, keyword_changes},
    shape::{Additional, Shape, is_null},
};

/// One side of a comparison: pointers to schemas, all of which a value has to match.
type Side = Vec<String>;

/// A comparison of the schemas of two documents. Each pair of schemas is compared once for each direction.
pub(super) struct Schemas<'a> {
    pub old: &'a Document,
    pub new: &'a Document,
    seen: HashSet<(Side, Side, Directions)>,
}

/// What the canonical forms of two schemas prove about the accepted values.
#[derive(Clone, Copy, Default)]
pub(super) struct Proof {
    /// Every value that was accepted is still accepted.
    pub not_narrowed: bool,
    /// Every value that is accepted was accepted before.
    pub not_widened: bool,
}

impl Proof {
    /// Removes the changes, or the part of their effect, that the proof refutes: of two schemas that accept the same
    /// values, neither is narrower. Formats, defaults and discriminators are not affected. The proof does not cover
    /// formats of numbers, and a default or discriminator concerns more than which values are accepted.
    fn apply(self, keyword_changes: &mut Vec<KeywordChange>) {
        let is_kept =
            |keyword_change: &KeywordChange| matches!(keyword_change.keyword, "format" | "default" | "discriminator");
        if self.not_narrowed && self.not_widened {
            keyword_changes.retain(is_kept);
            return;
        }
        for keyword_change in keyword_changes
            .iter_mut()
            .filter(|keyword_change| !is_kept(keyword_change))
        {
            keyword_change.narrows &= !self.not_narrowed;
            keyword_change.widens &= !self.not_widened;
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

    /// Compares the schemas at two pointers. `name` is the name of the value in messages.
    pub fn compare(&mut self, old: &str, new: &str, directions: Directions, name: &str, out: &mut Recorder<'_>) {
        self.compare_sides(vec![old.to_owned()], vec![new.to_owned()], directions, name, out);
    }

    /// Compares a component of both documents. Unlike in [`compare_sides`](Self::compare_sides), it is not skipped for
    /// having the same name.
    pub fn component(&mut self, at: &str, directions: Directions, out: &mut Recorder<'_>) {
        self.compare_values(vec![at.to_owned()], vec![at.to_owned()], directions, "", out);
    }

    pub(super) fn compare_sides(
        &mut self,
        old: Side,
        new: Side,
        directions: Directions,
        name: &str,
        out: &mut Recorder<'_>,
    ) {
        // A component of both documents is compared once, on its own. Only whether null is allowed is compared here.
        if let ([one], [other]) = (old.as_slice(), new.as_slice())
            && let (Some((before, before_nullable)), Some((after, after_nullable))) = (
                referenced_component(self.old, one),
                referenced_component(self.new, other),
            )
            && before == after
        {
            let label = if name.is_empty() {
                String::new()
            } else {
                format!("{name}: ")
            };
            let keyword_change = match (before_nullable, after_nullable) {
                (false, true) => KeywordChange::new("null-allowed", "", false, true, "null is now allowed".to_owned()),
                (true, false) => {
                    KeywordChange::new("null-refused", "", true, false, "null is no longer allowed".to_owned())
                }
                _ => {
                    self.compare_annotations(&old, &new, name, out);
                    return;
                }
            };
            out.record(
                keyword_change.rule,
                format!("{label}{}", keyword_change.problem),
                keyword_change.wire(directions),
                other,
            );
            self.compare_annotations(&old, &new, name, out);
            return;
        }
        self.compare_values(old, new, directions, name, out);
    }

    fn compare_values(&mut self, old: Side, new: Side, directions: Directions, name: &str, out: &mut Recorder<'_>) {
        if !self.seen.insert((old.clone(), new.clone(), directions)) {
            return;
        }
        let (before, after) = (Shape::of(self.old, &old), Shape::of(self.new, &new));
        if let Some(branches) = self.objects(&before, &after) {
            self.object_to_union((&old, &before), (&new, &after), &branches, directions, name, out);
            return;
        }
        if self.one_of_several((&old, &before), (&new, &after), directions, name, out) {
            return;
        }
        let mut keyword_changes = keyword_changes(&before, &after);
        self.unions(&before, &after, directions, name, &mut keyword_changes, out);
        let is_complex = |shape: &Shape| shape.conflicting || !shape.unions.is_empty() || !shape.not.is_empty();
        let mut proof = Proof::default();
        if !keyword_changes.is_empty()
            || before != after && (is_complex(&before) || is_complex(&after))
            || before.conflicting
            || after.conflicting
        {
            proof = self.proof(&old, &new);
            if (before.conflicting || after.conflicting)
                && !(proof.not_narrowed && proof.not_widened)
                && self.old.get(old.first().map_or("", String::as_str))
                    != self.new.get(new.first().map_or("", String::as_str))
            {
                let problem = "the values that all parts of `allOf` accept changed".to_owned();
                keyword_changes.push(KeywordChange::new("combination", "allOf", true, true, problem));
            }
            proof.apply(&mut keyword_changes);
        }
        let at = new.first().cloned().unwrap_or_default();
        self.report(keyword_changes, &at, directions, name, out);
        self.compare_annotations(&old, &new, name, out);
        self.properties(&before, &after, (directions, proof), name, &at, out);
        let element = format!("{name}[]");
        if !before.items.is_empty() && !after.items.is_empty() {
            self.compare_sides(before.items.clone(), after.items.clone(), directions, &element, out);
        }
        if let (Additional::Schemas(before), Additional::Schemas(after)) = (&before.additional, &after.additional) {
            let other = format!("{name}.*");
            self.compare_sides(
                before.clone(),
                after.clone(),
                directions,
                other.trim_start_matches('.'),
                out,
            );
        }
    }

    /// Reports the changes of the value at `at`.
    pub(super) fn report(
        &self,
        keyword_changes: Vec<KeywordChange>,
        at: &str,
        directions: Directions,
        name: &str,
        out: &mut Recorder<'_>,
    ) {
        let label = match name {
            "" => String::new(),
            name => format!("{name}: "),
        };
        for keyword_change in keyword_changes {
            let holder = self.new.resolve(at).unwrap_or_else(|| at.to_owned());
            let keyword = pointer::join(&holder, keyword_change.keyword);
            let target_pointer = if self.new.get(&keyword).is_some() {
                keyword
            } else {
                holder
            };
            out.record(
                keyword_change.rule,
                format!("{label}{}", keyword_change.problem),
                keyword_change.wire(directions),
                &target_pointer,
            );
        }
    }

    /// Checks whether two schemas provably accept the same values.
    pub fn are_equivalent(&self, old: &Side, new: &Side) -> bool {
        let proof = self.proof(old, new);
        proof.not_narrowed && proof.not_widened
    }

    /// Returns what can be proved about the values that the schemas accept.
    pub(super) fn proof(&self, old: &Side, new: &Side) -> Proof {
        Proof {
            not_narrowed: containment::covers(self.new, new, self.old, old) == Verdict::Yes,
            not_widened: containment::covers(self.old, old, self.new, new) == Verdict::Yes,
        }
    }

    fn compare_annotations(&self, old: &Side, new: &Side, name: &str, out: &mut Recorder<'_>) {
        let label = if name.is_empty() {
            String::new()
        } else {
            format!("{name}: ")
        };
        let (Some(before), Some(after)) = (annotations(self.old, old), annotations(self.new, new)) else {
            return;
        };
        let at = new.first().cloned().unwrap_or_default();
        for keyword in ["title", "description", "example", "externalDocs", "xml"] {
            if before.get(keyword) != after.get(keyword) {
                let problem = format!("{label}`{keyword}` changed");
                out.record("description", problem, Effect::None, &at);
            }
        }
        if before.get("deprecated") != after.get("deprecated") {
            let now = after.get("deprecated") == Some(&Value::Bool(true));
            let problem = format!("{label}{} deprecated", if now { "now" } else { "no longer" });
            out.record("deprecated", problem, Effect::None, &at);
        }
        let extensions = |schema: &serde_json::Map<String, Value>| -> serde_json::Map<String, Value> {
            // `x-vendor-…` records names in the vendor's document, which do not affect the schema.
            let own = schema
                .iter()
                .filter(|(keyword, _)| keyword.starts_with("x-") && !keyword.starts_with("x-vendor-"));
            own.map(|(keyword, value)| (keyword.clone(), value.clone())).collect()
        };
        let (before, after) = (extensions(&before), extensions(&after));
        let keywords: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for keyword in keywords {
            if before.get(keyword) != after.get(keyword) {
                out.record("extension", format!("{label}`{keyword}` changed"), Effect::None, &at);
            }
        }
    }
}

/// Returns the first schema of a side, which has the annotations of the value. It is empty for a reference.
fn annotations(document: &Document, side: &Side) -> Option<serde_json::Map<String, Value>> {
    let schema = document.get(side.first()?)?.as_object()?;
    // Keywords beside a reference are ignored, and its target is compared on its own.
    if schema.contains_key("$ref") {
        Some(serde_json::Map::new())
    } else {
        Some(schema.clone())
    }
}

/// Returns the component that the schema at `at` refers to.
pub(super) fn component(document: &Document, at: &str) -> Option<String> {
    let target = document.resolve(at)?;
    // A target inside a component is compared where it is used.
    (target != at && super::is_component(&target)).then_some(target)
}

/// Returns the component that the schema at `at` is equivalent to, and whether null is allowed in its place. This sees
/// through a combinator (`allOf`, `anyOf`, `oneOf`) that has a reference as its only branch besides null.
fn referenced_component(document: &Document, at: &str) -> Option<(String, bool)> {
    if let Some(component) = component(document, at) {
        return Some((component, false));
    }
    let schema = document.get(at)?.as_object()?;
    let is_assertion = |keyword: &&String| {
        !keyword.starts_with("x-") && !matches!(keyword.as_str(), "title" | "description" | "example" | "deprecated")
    };
    let assertions: Vec<&String> = schema.keys().filter(is_assertion).collect();
    let [list] = assertions.as_slice() else { return None };
    if !matches!(list.as_str(), "allOf" | "anyOf" | "oneOf") {
        return None;
    }
    let holder = pointer::join(at, list);
    let branches = document.items(&holder);
    let (null, others): (Vec<String>, Vec<String>) = branches.partition(|branch| is_null(document, branch));
    let [only] = others.as_slice() else { return None };
    let component = component(document, only)?;
    (null.is_empty() || *list != "allOf").then_some((component, !null.is_empty()))
}
