//! Compares the properties of an object, by the direction in which each is sent: which were added or removed, and which
//! became required or optional.

use std::collections::BTreeSet;

use callrounded_document::Document;

use super::{
    Effect, Recorder,
    schemas::{Directions, Proof, Schemas, by_direction},
    shape::Shape,
};

impl Schemas<'_> {
    pub(super) fn properties(
        &mut self,
        before: &Shape,
        after: &Shape,
        (directions, proof): (Directions, Proof),
        name: &str,
        at: &str,
        out: &mut Recorder<'_>,
    ) {
        let by_direction = |directions: Directions, request: Effect, response: Effect| {
            // A proof for the whole schema takes precedence over the comparison property by property.
            let limited = |effect: Effect, proved: bool| if proved { effect.min(Effect::Compatible) } else { effect };
            by_direction(
                directions,
                limited(request, proof.not_narrowed),
                limited(response, proof.not_widened),
            )
        };
        let label = |property: &str| match name {
            "" => property.to_owned(),
            name => format!("{name}.{property}"),
        };
        for (property, old) in &before.properties {
            let path = label(property);
            let required = before.required.contains(property);
            match after.properties.get(property) {
                None => {
                    let shape = Shape::of(self.old, old);
                    // A property that was not sent in this direction is not missed.
                    let request = if shape.read_only {
                        Effect::Compatible
                    } else {
                        Effect::Breaking
                    };
                    let missed = required && !shape.write_only;
                    let response = if missed { Effect::Breaking } else { Effect::Compatible };
                    let wire = by_direction(directions, request, response);
                    let problem = match required {
                        true => format!("the required property `{path}` was removed"),
                        false => format!("the property `{path}` was removed"),
                    };
                    let at = old.first().cloned().unwrap_or_default();
                    out.record_removed("property-removed", problem, wire, &at);
                }
                Some(new) => {
                    let required_after = after.required.contains(property);
                    let at = new.first().cloned().unwrap_or_default();
                    self.compare_requirement(
                        property,
                        (required, required_after),
                        before,
                        after,
                        directions,
                        &path,
                        &at,
                        out,
                    );
                    let (old_shape, new_shape) = (Shape::of(self.old, old), Shape::of(self.new, new));
                    let directions = Directions {
                        request: directions.request && !(old_shape.read_only && new_shape.read_only),
                        response: directions.response && !(old_shape.write_only && new_shape.write_only),
                    };
                    self.compare_sides(old.clone(), new.clone(), directions, &path, out);
                }
            }
        }
        for (property, new) in &after.properties {
            if before.properties.contains_key(property) {
                continue;
            }
            let path = label(property);
            let at = new.first().cloned().unwrap_or_default();
            let shape = Shape::of(self.new, new);
            let required = after.required.contains(property) && !shape.read_only;
            let (request, problem) = match required {
                true => (
                    Effect::Breaking,
                    format!("the property `{path}` was added and is required"),
                ),
                false => (Effect::Compatible, format!("the property `{path}` was added")),
            };
            out.record(
                "property-added",
                problem,
                by_direction(directions, request, Effect::Compatible),
                &at,
            );
        }
        // Properties that are required but not described.
        let undescribed = |shape: &Shape| -> BTreeSet<String> {
            let known = |name: &&String| !shape.properties.contains_key(*name);
            shape.required.iter().filter(known).cloned().collect()
        };
        let (old, new) = (undescribed(before), undescribed(after));
        for property in new.difference(&old).filter(|name| !before.required.contains(*name)) {
            let problem = format!("`{}` became required", label(property));
            out.record(
                "property-required",
                problem,
                by_direction(directions, Effect::Breaking, Effect::Compatible),
                at,
            );
        }
        for property in old.difference(&new).filter(|name| !after.required.contains(*name)) {
            let problem = format!("`{}` is no longer required", label(property));
            out.record(
                "property-optional",
                problem,
                by_direction(directions, Effect::Compatible, Effect::Breaking),
                at,
            );
        }
    }

    #[allow(clippy::too_many_arguments)] // Both sides, and where to report the change.
    fn compare_requirement(
        &self,
        property: &str,
        (required_before, required_after): (bool, bool),
        before: &Shape,
        after: &Shape,
        directions: Directions,
        path: &str,
        at: &str,
        out: &mut Recorder<'_>,
    ) {
        let flags = |document: &Document, shape: &Shape| {
            let pointers = shape.properties.get(property).cloned().unwrap_or_default();
            let shape = Shape::of(document, &pointers);
            (shape.read_only, shape.write_only)
        };
        let (old_read, old_write) = flags(self.old, before);
        let (new_read, new_write) = flags(self.new, after);
        // `required` does not apply to readOnly properties in requests, nor to writeOnly properties in responses.
        let applies = |required_before: bool, hidden: bool| required_before && !hidden;
        let (request_required_before, request_required_now) =
            (applies(required_before, old_read), applies(required_after, new_read));
        let (response_required_before, response_required_now) =
            (applies(required_before, old_write), applies(required_after, new_write));
        if !required_before && required_after {
            let request = if request_required_now {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            let wire = by_direction(directions, request, Effect::Compatible);
            out.record("property-required", format!("`{path}` became required"), wire, at);
        } else if required_before && !required_after {
            let response = if response_required_before {
                Effect::Breaking
            } else {
                Effect::Compatible
            };
            let wire = by_direction(directions, Effect::Compatible, response);
            out.record("property-optional", format!("`{path}` is no longer required"), wire, at);
        }
        if old_read != new_read {
            let (problem, request) = match new_read {
                // A request that has it is now rejected.
                true => (format!("`{path}` became readOnly"), Effect::Breaking),
                false => (
                    format!("`{path}` is no longer readOnly"),
                    if request_required_now && !request_required_before {
                        Effect::Breaking
                    } else {
                        Effect::Compatible
                    },
                ),
            };
            out.record(
                "read-only",
                problem,
                by_direction(directions, request, Effect::None),
                at,
            );
        }
        if old_write != new_write {
            let (problem, response) = match new_write {
                true => (
                    format!("`{path}` became writeOnly"),
                    if response_required_before && !response_required_now {
                        Effect::Breaking
                    } else {
                        Effect::Compatible
                    },
                ),
                false => (format!("`{path}` is no longer writeOnly"), Effect::Compatible),
            };
            out.record(
                "write-only",
                problem,
                by_direction(directions, Effect::None, response),
                at,
            );
        }
    }
}
