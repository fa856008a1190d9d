//! Choices of schemas: which branch became which, and which came or went.

use callrounded_document::{Document, pointer};

use super::{
    Effect, Recorder,
    aspects::Aspect,
    schemas::{Schemas, Ways, by_way, component},
    shape::{Shape, Union, disjoint, is_null},
};

impl Schemas<'_> {
    /// Pairs branches that are the same component or alone on their side, and says of the others that they come or go.
    pub(super) fn unions(
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
            let same = |other: &String| self.are_same(&vec![one.clone()], &vec![other.clone()]);
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

    /// A choice that became one of its branches, or the other way around.
    pub(super) fn one_of_several(
        &mut self,
        (old, was): (&Vec<String>, &Shape),
        (new, is): (&Vec<String>, &Shape),
        ways: Ways,
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
        let narrowed = is_only_choice(was) && is.unions.is_empty();
        let widened = is_only_choice(is) && was.unions.is_empty();
        if !narrowed && !widened {
            return false;
        }
        let choice = if narrowed { was } else { is };
        let document = if narrowed { self.old } else { self.new };
        if !choice.unions.iter().all(|union| is_apart(document, union)) || self.are_same(old, new) {
            return false;
        }
        let mut others: Vec<String> = choice.unions.iter().flat_map(|union| union.branches.clone()).collect();
        let single = |at: &String| vec![at.clone()];
        let stays = others.iter().position(|branch| match narrowed {
            true => self.says_the_same(&single(branch), new),
            false => self.says_the_same(old, &single(branch)),
        });
        let Some(stays) = stays else { return false };
        let branch = others.remove(stays);
        let aspect = |at: &String| match narrowed {
            true => {
                let problem = format!(
                    "{} is no longer among the schemas that may stand here",
                    called(self.old, at)
                );
                Aspect::new("union-narrowed", "", true, false, problem)
            }
            false => {
                let problem = format!("{} may stand here too", called(self.new, at));
                Aspect::new("union-widened", "", false, true, problem)
            }
        };
        let aspects = others.iter().map(aspect).collect();
        self.say(aspects, &new.first().cloned().unwrap_or_default(), ways, name, out);
        match narrowed {
            true => self.sides(single(&branch), new.clone(), ways, name, out),
            false => self.sides(old.clone(), single(&branch), ways, name, out),
        }
        true
    }

    /// Whether both are one component, or accept the same values.
    fn says_the_same(&self, old: &Vec<String>, new: &Vec<String>) -> bool {
        let target = |document: &Document, side: &[String]| match side {
            [at] => component(document, at),
            _ => None,
        };
        let (was, is) = (target(self.old, old), target(self.new, new));
        if was.is_some() && was == is {
            return true;
        }
        self.are_same(old, new)
    }

    /// The branches of what is a union of objects now and was one object.
    pub(super) fn objects(&self, was: &Shape, is: &Shape) -> Option<Vec<Shape>> {
        let is_object = |shape: &Shape| {
            let types = shape.types.as_ref();
            shape.unions.is_empty()
                && !shape.properties.is_empty()
                && types.is_none_or(|types| types.iter().all(|name| name == "object" || name == "null"))
        };
        let ([union], true, true) = (is.unions.as_slice(), is.properties.is_empty(), is_object(was)) else {
            return None;
        };
        let branches = union.branches.iter().filter(|at| !is_null(self.new, at));
        let branches: Vec<Shape> = branches
            .map(|at| Shape::of(self.new, std::slice::from_ref(at)))
            .collect();
        (branches.len() > 1 && branches.iter().all(is_object)).then_some(branches)
    }

    /// An object that became a union of objects. A client that reads the object finds in each of them what all of them have.
    pub(super) fn object_to_union(
        &mut self,
        (old, was): (&Vec<String>, &Shape),
        (new, is): (&Vec<String>, &Shape),
        branches: &[Shape],
        ways: Ways,
        name: &str,
        out: &mut Recorder<'_>,
    ) {
        let at = new.first().cloned().unwrap_or_default();
        let label = match name {
            "" => String::new(),
            name => format!("{name}: "),
        };
        let request = match ways.request && !self.proof(old, new).nothing_lost {
            true => Effect::Breaking,
            false => Effect::Compatible,
        };
        let problem = format!("{label}it is one of several objects now");
        out.add("union-changed", problem, by_way(ways, request, Effect::Compatible), &at);
        if !ways.response {
            return;
        }
        let ways = Ways::RESPONSE;
        let may_be_null = |shape: &Shape| shape.types.as_ref().is_some_and(|types| types.contains("null"));
        let null = is
            .unions
            .iter()
            .flat_map(|union| &union.branches)
            .any(|at| is_null(self.new, at));
        if (null || branches.iter().any(may_be_null)) && !may_be_null(was) {
            let aspect = Aspect::new("null-allowed", "", false, true, String::new());
            out.add(
                aspect.rule,
                format!("{label}it may be null now"),
                aspect.wire(ways),
                &at,
            );
        }
        let path = |property: &str| match name {
            "" => property.to_owned(),
            name => format!("{name}.{property}"),
        };
        for (property, described) in &was.properties {
            let path = path(property);
            let missed = was.required.contains(property) && !Shape::of(self.old, described).write_only;
            let effect = if missed { Effect::Breaking } else { Effect::Compatible };
            let having: Vec<&Vec<String>> = branches
                .iter()
                .filter_map(|branch| branch.properties.get(property))
                .collect();
            if having.is_empty() {
                let at = described.first().cloned().unwrap_or_default();
                out.gone(
                    "property-removed",
                    format!("the property `{path}` is gone"),
                    effect,
                    &at,
                );
            } else if was.required.contains(property)
                && !branches.iter().all(|branch| branch.required.contains(property))
            {
                let problem = format!("`{path}` is not required by all of the objects");
                out.add("property-optional", problem, effect, &at);
            }
            for is in having.into_iter().cloned() {
                self.sides(described.clone(), is, ways, &path, out);
            }
        }
        let mut added: Vec<&String> = branches.iter().flat_map(|branch| branch.properties.keys()).collect();
        added.sort();
        added.dedup();
        for property in added
            .into_iter()
            .filter(|property| !was.properties.contains_key(*property))
        {
            let problem = format!("the property `{}` is new", path(property));
            out.add("property-added", problem, Effect::Compatible, &at);
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
}

/// Whether no value matches two branches of a `oneOf`. Branches that are objects count as distinct: `oneOf` is how documents list
/// kinds of objects. Any number of branches of an `anyOf` may match.
fn is_apart(document: &Document, union: &Union) -> bool {
    let shapes: Vec<Shape> = union
        .branches
        .iter()
        .map(|at| Shape::of(document, std::slice::from_ref(at)))
        .collect();
    let is_object = |shape: &Shape| !shape.properties.is_empty();
    !union.exactly_one || shapes.iter().all(is_object) || disjoint(&shapes)
}

fn called(document: &Document, at: &str) -> String {
    match component(document, at) {
        Some(component) => format!("`{}`", pointer::last(&component)),
        None if is_null(document, at) => "null".to_owned(),
        None => "a schema".to_owned(),
    }
}
