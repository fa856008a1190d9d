//! Choices of schemas: which branch became which, and which came or went.

use callrounded_document::{Document, pointer};

use super::{
    Recorder,
    aspects::Aspect,
    schemas::{Schemas, Ways, component},
    shape::{Shape, Union, is_null},
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
}
