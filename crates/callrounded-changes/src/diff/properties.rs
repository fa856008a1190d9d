//! The properties of an object: which came, went, became required or are no longer, by the direction that each travels.

use std::collections::BTreeSet;

use callrounded_document::Document;

use super::{
    Effect, Recorder,
    schemas::{Proof, Schemas, Ways, by_way},
    shape::Shape,
};

impl Schemas<'_> {
    pub(super) fn properties(
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
}
