//! Compares unions (`oneOf`, `anyOf`): pairs their branches, and reports those that were added or removed.

use callrounded_document::{Document, pointer};

use super::{
    Effect, Recorder,
    directions::{Directions, by_direction},
    keyword_changes::KeywordChange,
    schemas::{Schemas, component},
    shape::{Shape, Union, disjoint, is_null},
};

/// The branches of two unions, as pointers.
struct Pairs {
    pairs: Vec<(String, String)>,
    /// Those without a counterpart.
    old: Vec<String>,
    new: Vec<String>,
}

fn branches(shape: &Shape) -> Vec<String> {
    let branches = shape.unions.iter().flat_map(|union| &union.branches);
    branches.cloned().collect()
}

fn keyword(union: &Union) -> &'static str {
    if union.exactly_one { "oneOf" } else { "anyOf" }
}

fn union_appeared_or_disappeared(before: &Shape, after: &Shape) -> KeywordChange {
    let problem = if before.unions.is_empty() {
        "the value must now match one of several schemas"
    } else {
        "the value no longer has to match one of several schemas"
    };
    let union = after.unions.first().or(before.unions.first());
    KeywordChange::new(
        "union-changed",
        union.map_or("oneOf", keyword),
        true,
        true,
        problem.to_owned(),
    )
}

/// Compares whether exactly one schema must match, or at least one.
fn exactness_change(before: &Shape, after: &Shape) -> Option<KeywordChange> {
    let [old, new] = [before, after].map(|shape| shape.unions.iter().map(keyword).collect::<Vec<_>>());
    if old == new || branches(before).is_empty() || branches(after).is_empty() {
        return None;
    }
    let narrows = new.contains(&"oneOf");
    let (keyword, problem) = if narrows {
        (
            "oneOf",
            "the value must now match exactly one of the schemas, not at least one",
        )
    } else {
        (
            "anyOf",
            "the value must now match at least one of the schemas, not exactly one",
        )
    };
    Some(KeywordChange::new(
        "union-changed",
        keyword,
        narrows,
        !narrows,
        problem.to_owned(),
    ))
}

impl Schemas<'_> {
    /// Pairs branches that are the same component, or the only ones left on their sides. Reports the others as added or
    /// removed.
    pub(super) fn unions(
        &mut self,
        before: &Shape,
        after: &Shape,
        directions: Directions,
        name: &str,
        keyword_changes: &mut Vec<KeywordChange>,
        out: &mut Recorder<'_>,
    ) {
        if before.unions.is_empty() != after.unions.is_empty() {
            keyword_changes.push(union_appeared_or_disappeared(before, after));
            return;
        }
        keyword_changes.extend(exactness_change(before, after));
        let Pairs { pairs, old, new } = self.pair_branches(before, after);
        for (one, other) in pairs {
            self.compare_sides(vec![one], vec![other], directions, name, out);
        }
        for removed in old {
            let problem = format!(
                "{} was removed from the allowed schemas",
                display_name(self.old, &removed)
            );
            keyword_changes.push(KeywordChange::new("union-narrowed", "oneOf", true, false, problem));
        }
        for added in new {
            let problem = format!("{} was added to the allowed schemas", display_name(self.new, &added));
            keyword_changes.push(KeywordChange::new("union-widened", "oneOf", false, true, problem));
        }
    }

    fn pair_branches(&self, before: &Shape, after: &Shape) -> Pairs {
        let (mut old, mut new) = (branches(before), branches(after));
        let mut pairs = Vec::new();
        old.retain(|one| {
            let index = new.iter().position(|other| self.is_same(one, other));
            pairs.extend(index.map(|index| (one.clone(), new.remove(index))));
            index.is_none()
        });
        // Branches that accept the same values under other names.
        old.retain(|one| {
            let same = |other: &String| self.are_equivalent(&vec![one.clone()], &vec![other.clone()]);
            let index = new.iter().position(same);
            if let Some(index) = index {
                new.remove(index);
            }
            index.is_none()
        });
        if let ([one], [other]) = (old.as_slice(), new.as_slice())
            && is_null(self.old, one) == is_null(self.new, other)
        {
            pairs.push((one.clone(), other.clone()));
            old.clear();
            new.clear();
        }
        Pairs { pairs, old, new }
    }

    /// Compares a union with a single schema that is equivalent to one of its branches, and returns whether this is
    /// such a case.
    pub(super) fn one_of_several(
        &mut self,
        (old, before): (&Vec<String>, &Shape),
        (new, after): (&Vec<String>, &Shape),
        directions: Directions,
        name: &str,
        out: &mut Recorder<'_>,
    ) -> bool {
        let is_only_choice = |shape: &Shape| {
            let bare = Shape {
                unions: shape.unions.clone(),
                discriminator: shape.discriminator.clone(),
                ..Shape::default()
            };
            shape.unions.len() == 1 && *shape == bare
        };
        let narrowed = is_only_choice(before) && after.unions.is_empty();
        let widened = is_only_choice(after) && before.unions.is_empty();
        if !narrowed && !widened {
            return false;
        }
        let choice = if narrowed { before } else { after };
        let document = if narrowed { self.old } else { self.new };
        if !choice.unions.iter().all(|union| is_disjoint(document, union)) || self.are_equivalent(old, new) {
            return false;
        }
        let mut others: Vec<String> = choice.unions.iter().flat_map(|union| union.branches.clone()).collect();
        let single = |at: &String| vec![at.clone()];
        let kept_index = others.iter().position(|branch| {
            if narrowed {
                self.are_interchangeable(&single(branch), new)
            } else {
                self.are_interchangeable(old, &single(branch))
            }
        });
        let Some(kept_index) = kept_index else { return false };
        let branch = others.remove(kept_index);
        let keyword_change = |at: &String| {
            if narrowed {
                let problem = format!("{} was removed from the allowed schemas", display_name(self.old, at));
                KeywordChange::new("union-narrowed", "", true, false, problem)
            } else {
                let problem = format!("{} was added to the allowed schemas", display_name(self.new, at));
                KeywordChange::new("union-widened", "", false, true, problem)
            }
        };
        let keyword_changes = others.iter().map(keyword_change).collect();
        self.report(
            keyword_changes,
            &new.first().cloned().unwrap_or_default(),
            directions,
            name,
            out,
        );
        if narrowed {
            self.compare_sides(single(&branch), new.clone(), directions, name, out)
        } else {
            self.compare_sides(old.clone(), single(&branch), directions, name, out)
        }
        true
    }

    /// Checks whether both are the same component, or accept the same values.
    fn are_interchangeable(&self, old: &Vec<String>, new: &Vec<String>) -> bool {
        let target = |document: &Document, side: &[String]| match side {
            [at] => component(document, at),
            _ => None,
        };
        let (before, after) = (target(self.old, old), target(self.new, new));
        if before.is_some() && before == after {
            return true;
        }
        self.are_equivalent(old, new)
    }

    /// Returns the branches if a single object became a union of objects.
    pub(super) fn objects(&self, before: &Shape, after: &Shape) -> Option<Vec<Shape>> {
        let is_object = |shape: &Shape| {
            let types = shape.types.as_ref();
            shape.unions.is_empty()
                && !shape.properties.is_empty()
                && types.is_none_or(|types| types.iter().all(|name| name == "object" || name == "null"))
        };
        let ([union], true, true) = (after.unions.as_slice(), after.properties.is_empty(), is_object(before)) else {
            return None;
        };
        let branches = union.branches.iter().filter(|at| !is_null(self.new, at));
        let branches: Vec<Shape> = branches
            .map(|at| Shape::of(self.new, std::slice::from_ref(at)))
            .collect();
        (branches.len() > 1 && branches.iter().all(is_object)).then_some(branches)
    }

    /// Compares an object that became a union of objects. A client that reads the object can rely on what all branches
    /// have.
    pub(super) fn object_to_union(
        &mut self,
        (old, before): (&Vec<String>, &Shape),
        (new, after): (&Vec<String>, &Shape),
        branches: &[Shape],
        directions: Directions,
        name: &str,
        out: &mut Recorder<'_>,
    ) {
        let at = new.first().cloned().unwrap_or_default();
        let label = match name {
            "" => String::new(),
            name => format!("{name}: "),
        };
        let request = Effect::breaking_if(directions.request && !self.proof(old, new).not_narrowed);
        let problem = format!("{label}the object became a union of objects");
        out.record(
            "union-changed",
            problem,
            by_direction(directions, request, Effect::Compatible),
            &at,
        );
        if !directions.response {
            return;
        }
        let directions = Directions::RESPONSE;
        let may_be_null = |shape: &Shape| shape.types.as_ref().is_some_and(|types| types.contains("null"));
        let null = after
            .unions
            .iter()
            .flat_map(|union| &union.branches)
            .any(|at| is_null(self.new, at));
        if (null || branches.iter().any(may_be_null)) && !may_be_null(before) {
            let keyword_change = KeywordChange::new("null-allowed", "", false, true, String::new());
            out.record(
                keyword_change.rule,
                format!("{label}null is now allowed"),
                keyword_change.wire(directions),
                &at,
            );
        }
        self.union_properties(before, branches, name, &at, out);
    }

    /// Compares the properties of an object with those of the union of objects that it became.
    fn union_properties(&mut self, before: &Shape, branches: &[Shape], name: &str, at: &str, out: &mut Recorder<'_>) {
        let path = |property: &str| match name {
            "" => property.to_owned(),
            name => format!("{name}.{property}"),
        };
        for (property, described) in &before.properties {
            let path = path(property);
            let was_guaranteed = before.required.contains(property) && !Shape::of(self.old, described).write_only;
            let effect = Effect::breaking_if(was_guaranteed);
            let with_property: Vec<&Vec<String>> = branches
                .iter()
                .filter_map(|branch| branch.properties.get(property))
                .collect();
            if with_property.is_empty() {
                let at = described.first().cloned().unwrap_or_default();
                out.record_removed(
                    "property-removed",
                    format!("the property `{path}` was removed"),
                    effect,
                    &at,
                );
            } else if before.required.contains(property)
                && !branches.iter().all(|branch| branch.required.contains(property))
            {
                let problem = format!("`{path}` is not required in all objects of the union");
                out.record("property-optional", problem, effect, at);
            }
            for after in with_property.into_iter().cloned() {
                self.compare_sides(described.clone(), after, Directions::RESPONSE, &path, out);
            }
        }
        let mut added: Vec<&String> = branches.iter().flat_map(|branch| branch.properties.keys()).collect();
        added.sort();
        added.dedup();
        for property in added
            .into_iter()
            .filter(|property| !before.properties.contains_key(*property))
        {
            let problem = format!("the property `{}` was added", path(property));
            out.record("property-added", problem, Effect::Compatible, at);
        }
    }

    /// Checks whether two branches are the same component, or are written identically.
    fn is_same(&self, old: &str, new: &str) -> bool {
        match (component(self.old, old), component(self.new, new)) {
            (Some(old), Some(new)) => old == new,
            (None, None) => {
                let (before, after) = (self.old.get(old), self.new.get(new));
                before == after || is_null(self.old, old) && is_null(self.new, new)
            }
            _ => false,
        }
    }
}

/// Checks whether no value matches two branches of a `oneOf`. Branches that are objects count as distinct: `oneOf` is
/// how documents list kinds of objects. Any number of branches of an `anyOf` may match.
fn is_disjoint(document: &Document, union: &Union) -> bool {
    let shapes: Vec<Shape> = union
        .branches
        .iter()
        .map(|at| Shape::of(document, std::slice::from_ref(at)))
        .collect();
    let is_object = |shape: &Shape| !shape.properties.is_empty();
    !union.exactly_one || shapes.iter().all(is_object) || disjoint(&shapes)
}

fn display_name(document: &Document, at: &str) -> String {
    match component(document, at) {
        Some(component) => format!("`{}`", pointer::last(&component)),
        None if is_null(document, at) => "null".to_owned(),
        None => "a schema".to_owned(),
    }
}
