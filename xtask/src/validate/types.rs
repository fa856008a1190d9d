//! Payloads through the generated types: what the schema accepts decodes, and encodes back to what it was.

use callrounded_document::{Deviation, Document, Verdict, json::Json, pointer};
use serde_json::Value;

use super::Unable;
use crate::{
    compare::{self, DifferenceKind},
    report::Summary,
    round_trip::{self, RoundTrip, Sample},
};

/// The generated types, as long as there is no reason to leave them aside.
pub(super) struct Types<'r> {
    round_trip: Option<&'r mut dyn RoundTrip>,
}

impl<'r> Types<'r> {
    pub fn new(round_trip: &'r mut dyn RoundTrip) -> Self {
        Self {
            round_trip: Some(round_trip),
        }
    }

    /// Does without the types, and says why.
    pub fn leave(&mut self, summary: &mut Summary, why: String) {
        self.round_trip = None;
        summary.notes.push(why);
    }

    /// What the types make of payloads, of which each is of this component schema.
    pub fn through(&mut self, document: &Document, payloads: &[(&str, &Json)]) -> Result<Vec<Vec<Deviation>>, Unable> {
        let Some(round_trip) = &mut self.round_trip else {
            return Ok(payloads.iter().map(|_| Vec::new()).collect());
        };
        if payloads.is_empty() {
            return Ok(Vec::new());
        }
        let samples: Vec<Sample> = payloads
            .iter()
            .map(|(schema, payload)| Sample {
                schema: (*schema).to_owned(),
                payload: payload.root().to_value(),
            })
            .collect();
        let verdicts = round_trip.through(&samples).map_err(Unable::Said)?;
        let judged = payloads.iter().zip(&samples).zip(verdicts);
        Ok(judged
            .map(|(((schema, payload), sample), verdict)| {
                let judge = Judge {
                    document,
                    schema,
                    payload,
                };
                judge.deviations(&sample.payload, &verdict)
            })
            .collect())
    }

    /// What the JSON Schemas of the types, which downstream crates publish, say against payloads.
    pub fn against_schemas(&mut self, payloads: &[(&str, &Json)]) -> Result<Vec<Vec<Deviation>>, Unable> {
        let Some(round_trip) = &mut self.round_trip else {
            return Ok(payloads.iter().map(|_| Vec::new()).collect());
        };
        if payloads.is_empty() {
            return Ok(Vec::new());
        }
        let schemas = round_trip.schemas().map_err(Unable::Said)?;
        let mut found = Vec::new();
        for (schema, payload) in payloads {
            let Some(of_type) = schemas.get(*schema) else {
                found.push(Vec::new());
                continue;
            };
            let validator = jsonschema::draft202012::new(of_type)
                .map_err(|error| Unable::Said(format!("the JSON Schema of the type {schema} is none: {error}")))?;
            let value = payload.root().to_value();
            let errors = validator.iter_errors(&value).map(|error| {
                deviation(
                    payload,
                    error.instance_path().as_str(),
                    "json-schema",
                    pointer::join("/components/schemas", schema),
                    format!(
                        "the JSON Schema of the type `{schema}` refuses it by {}",
                        error.schema_path().as_str()
                    ),
                    "describe in the document what the payload holds, or mend the generator's step that narrows the type",
                )
            });
            found.push(errors.collect());
        }
        Ok(found)
    }
}

struct Judge<'a> {
    document: &'a Document,
    schema: &'a str,
    payload: &'a Json,
}

impl Judge<'_> {
    fn deviations(&self, given: &Value, verdict: &round_trip::Verdict) -> Vec<Deviation> {
        let schema = self.schema;
        match verdict {
            round_trip::Verdict::Unknown => vec![self.deviation(
                "",
                format!("no type is made of `{schema}`, so only the schema was checked"),
                "make the schema an object or a list of values; a mere alias needs no example of its own",
            )],
            round_trip::Verdict::Undecodable { path, problem } => vec![self.deviation(
                &pointer_of(path),
                format!("the generated type `{schema}` does not take it: {}", expected(problem)),
                "the document promises something that the payload does not keep; change one of them",
            )],
            round_trip::Verdict::Encoded(encoded) => {
                let is_default = |at: &str, value: &Value| {
                    let property = property(self.document, schema, at);
                    property.is_some_and(|at| self.document.get(&pointer::join(&at, "default")) == Some(value))
                };
                let differences = compare::differences(given, encoded, &is_default);
                let told = |one: &compare::Difference| {
                    // Of what the document does not know the schema has spoken.
                    one.kind != DifferenceKind::Lost || property(self.document, schema, &one.pointer).is_some()
                };
                differences
                    .iter()
                    .filter(|one| told(one))
                    .map(|one| self.difference(one))
                    .collect()
            }
        }
    }

    fn difference(&self, difference: &compare::Difference) -> Deviation {
        let schema = self.schema;
        let (problem, remedy) = match &difference.kind {
            DifferenceKind::Lost => (
                format!("the generated type `{schema}` drops it"),
                "describe in the document what the payload holds",
            ),
            DifferenceKind::Added => (
                match property(self.document, schema, &difference.pointer) {
                    Some(_) => format!(
                        "the generated type `{schema}` adds `{}`",
                        pointer::last(&difference.pointer)
                    ),
                    // What the document does not know may be a name that came with the payload.
                    None => format!("the generated type `{schema}` adds a property"),
                },
                "give the property a default in the document only if the service fills it in",
            ),
            DifferenceKind::Changed => (
                format!("the generated type `{schema}` writes it as another value"),
                "describe in the document what the payload holds",
            ),
        };
        self.deviation(&difference.pointer, problem, remedy)
    }

    fn deviation(&self, at: &str, problem: String, remedy: &str) -> Deviation {
        let schema = pointer::join("/components/schemas", self.schema);
        deviation(self.payload, at, "rust-type", schema, problem, remedy)
    }
}

fn deviation(payload: &Json, at: &str, keyword: &str, schema: String, problem: String, remedy: &str) -> Deviation {
    // What is not in the payload is shown where it would be.
    let mut nearest = at;
    let node = loop {
        match (payload.at(nearest), pointer::split(nearest)) {
            (Some(node), _) => break node,
            (None, Some((parent, _))) => nearest = parent,
            (None, None) => break payload.root(),
        }
    };
    Deviation {
        verdict: Verdict::Error,
        keyword: keyword.to_owned(),
        pointer: at.to_owned(),
        span: node.span(),
        also: None,
        property: None,
        problem,
        remedy: remedy.to_owned(),
        schema,
    }
}

/// The pointer to the property that `at` points at in a payload of the schema.
fn property(document: &Document, schema: &str, at: &str) -> Option<String> {
    let mut schema = pointer::join("/components/schemas", schema);
    for token in pointer::tokens(at) {
        schema = document.resolve(&schema)?;
        let items = pointer::join(&schema, "items");
        schema = match document.get(&items) {
            Some(_) => items,
            None => pointer::join(&pointer::join(&schema, "properties"), &token),
        };
    }
    document.get(&schema).is_some().then_some(schema)
}

/// What of serde's message is not of the payload: it quotes values.
fn expected(problem: &str) -> String {
    match problem.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if problem.starts_with("missing field") => problem.to_owned(),
        None => "it does not decode".to_owned(),
    }
}

/// `data.transcript[0].role` as a JSON pointer.
fn pointer_of(path: &str) -> String {
    if path == "." {
        return String::new();
    }
    path.split('.')
        .flat_map(|part| part.split('['))
        .map(|part| part.trim_end_matches(']'))
        .filter(|part| !part.is_empty() && *part != "?")
        .fold(String::new(), |at, part| pointer::join(&at, part))
}
