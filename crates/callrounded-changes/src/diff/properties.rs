//! Compares the properties of an object, by the direction in which each is sent: which were added or removed, and which
//! became required or optional.

use std::collections::BTreeSet;

use super::{
    Effect, Recorder,
    directions::{Directions, by_direction},
    schemas::{Proof, Schemas},
    shape::Shape,
};

/// The properties of both schemas.
#[derive(Clone, Copy)]
struct Comparison<'a> {
    before: &'a Shape,
    after: &'a Shape,
    directions: Directions,
    proof: Proof,
    /// The name of the schema, or empty.
    name: &'a str,
}

impl Comparison<'_> {
    fn label(&self, property: &str) -> String {
        match self.name {
            "" => property.to_owned(),
            name => format!("{name}.{property}"),
        }
    }

    /// A proof for the whole schema takes precedence over the comparison property by property.
    fn effect(&self, request: Effect, response: Effect) -> Effect {
        let limited = |effect: Effect, proved: bool| if proved { effect.min(Effect::Compatible) } else { effect };
        by_direction(
            self.directions,
            limited(request, self.proof.not_narrowed),
            limited(response, self.proof.not_widened),
        )
    }

    fn record_removed(&self, property: &str, pointers: &[String], removed: &Shape, out: &mut Recorder<'_>) {
        let required = self.before.required.contains(property);
        // A property that was not sent in this direction is not missed.
        let request = Effect::breaking_if(!removed.read_only);
        let response = Effect::breaking_if(required && !removed.write_only);
        let kind = if required { "required property" } else { "property" };
        let problem = format!("the {kind} `{}` was removed", self.label(property));
        let at = pointers.first().map_or("", String::as_str);
        out.record_removed("property-removed", problem, self.effect(request, response), at);
    }

    fn record_added(&self, property: &str, pointers: &[String], added: &Shape, out: &mut Recorder<'_>) {
        let required = self.after.required.contains(property) && !added.read_only;
        let suffix = if required { " and is required" } else { "" };
        let problem = format!("the property `{}` was added{suffix}", self.label(property));
        let wire = self.effect(Effect::breaking_if(required), Effect::Compatible);
        let at = pointers.first().map_or("", String::as_str);
        out.record("property-added", problem, wire, at);
    }

    /// Compares which properties are required but not described.
    fn record_undescribed(&self, at: &str, out: &mut Recorder<'_>) {
        let undescribed = |shape: &Shape| -> BTreeSet<String> {
            let known = |name: &&String| !shape.properties.contains_key(*name);
            shape.required.iter().filter(known).cloned().collect()
        };
        let (old, new) = (undescribed(self.before), undescribed(self.after));
        for property in new
            .difference(&old)
            .filter(|name| !self.before.required.contains(*name))
        {
            let problem = format!("`{}` became required", self.label(property));
            let wire = self.effect(Effect::Breaking, Effect::Compatible);
            out.record("property-required", problem, wire, at);
        }
        for property in old.difference(&new).filter(|name| !self.after.required.contains(*name)) {
            let problem = format!("`{}` is no longer required", self.label(property));
            let wire = self.effect(Effect::Compatible, Effect::Breaking);
            out.record("property-optional", problem, wire, at);
        }
    }
}

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
        let comparison = Comparison {
            before,
            after,
            directions,
            proof,
            name,
        };
        for (property, old) in &before.properties {
            let old_shape = Shape::of(self.old, old);
            let Some(new) = after.properties.get(property) else {
                comparison.record_removed(property, old, &old_shape, out);
                continue;
            };
            let new_shape = Shape::of(self.new, new);
            let path = comparison.label(property);
            let required = [before, after].map(|shape| shape.required.contains(property));
            let at = new.first().map_or("", String::as_str);
            compare_requirement(&old_shape, &new_shape, required, directions, &path, at, out);
            let directions = Directions {
                request: directions.request && !(old_shape.read_only && new_shape.read_only),
                response: directions.response && !(old_shape.write_only && new_shape.write_only),
            };
            self.compare_sides(old.clone(), new.clone(), directions, &path, out);
        }
        for (property, new) in &after.properties {
            if !before.properties.contains_key(property) {
                comparison.record_added(property, new, &Shape::of(self.new, new), out);
            }
        }
        comparison.record_undescribed(at, out);
    }
}

/// Compares whether a property is required, and in which direction it is sent.
fn compare_requirement(
    old: &Shape,
    new: &Shape,
    [required_before, required_after]: [bool; 2],
    directions: Directions,
    path: &str,
    at: &str,
    out: &mut Recorder<'_>,
) {
    // `required` does not apply to readOnly properties in requests, nor to writeOnly properties in responses.
    let in_request = [required_before && !old.read_only, required_after && !new.read_only];
    let in_response = [required_before && !old.write_only, required_after && !new.write_only];
    let mut record = |rule: &'static str, problem: &str, request: Effect, response: Effect| {
        let wire = by_direction(directions, request, response);
        out.record(rule, format!("`{path}` {problem}"), wire, at);
    };
    match (required_before, required_after) {
        (false, true) => {
            let request = Effect::breaking_if(!new.read_only);
            record("property-required", "became required", request, Effect::Compatible);
        }
        (true, false) => {
            let response = Effect::breaking_if(!old.write_only);
            record(
                "property-optional",
                "is no longer required",
                Effect::Compatible,
                response,
            );
        }
        (true, true) | (false, false) => {}
    }
    match (old.read_only, new.read_only) {
        // A request that has it is now rejected.
        (false, true) => record("read-only", "became readOnly", Effect::Breaking, Effect::None),
        (true, false) => {
            let request = Effect::breaking_if(in_request == [false, true]);
            record("read-only", "is no longer readOnly", request, Effect::None);
        }
        (true, true) | (false, false) => {}
    }
    match (old.write_only, new.write_only) {
        (false, true) => {
            let response = Effect::breaking_if(in_response == [true, false]);
            record("write-only", "became writeOnly", Effect::None, response);
        }
        (true, false) => record("write-only", "is no longer writeOnly", Effect::None, Effect::Compatible),
        (true, true) | (false, false) => {}
    }
}
