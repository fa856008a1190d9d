//! Payloads through the generated types: what the schema accepts decodes, and encodes back to what it was.

use super::Unable;
use crate::types::{self, Outcome, Sample};
use callrounded_document::{
    Deviation, Document, Verdict,
    json::{Difference, DifferenceKind, Json},
    pointer,
};

/// The generated types, where there are any.
#[derive(Default)]
pub(super) struct Types<'t> {
    types: Option<&'t mut dyn types::Types>,
    failure: Option<String>,
}

impl<'t> Types<'t> {
    pub fn of(types: &'t mut dyn types::Types) -> Self {
        Self {
            types: Some(types),
            failure: None,
        }
    }

    /// Why the types could not be had, if they could not. The schemas were checked all the same.
    pub fn failure(self) -> Option<String> {
        self.failure
    }

    /// What the types make of payloads, of which each is of this component schema.
    pub fn round_trip(&mut self, document: &Document, payloads: &[Sample<'_>]) -> Vec<Vec<Deviation>> {
        let none = || payloads.iter().map(|_| Vec::new()).collect();
        let Some(types) = self.types.as_mut().filter(|_| !payloads.is_empty()) else {
            return none();
        };
        let outcomes = match types.round_trip(payloads) {
            Ok(outcomes) => outcomes,
            Err(reason) => {
                self.failure = Some(reason);
                self.types = None;
                return none();
            }
        };
        let judged = payloads.iter().zip(outcomes);
        judged
            .map(|(Sample { schema, payload }, outcome)| {
                let judge = Judge {
                    document,
                    schema,
                    payload,
                };
                judge.deviations(&outcome)
            })
            .collect()
    }

    /// What the JSON Schemas of the types, which downstream crates publish, say against payloads.
    pub fn against_schemas(&mut self, payloads: &[Sample<'_>]) -> Result<Vec<Vec<Deviation>>, Unable> {
        let Some(types) = self.types.as_mut().filter(|_| !payloads.is_empty()) else {
            return Ok(payloads.iter().map(|_| Vec::new()).collect());
        };
        let schemas = types.schemas().map_err(Unable::Said)?;
        let mut found = Vec::new();
        for Sample { schema, payload } in payloads {
            let Some(of_type) = schemas.get(*schema) else {
                found.push(Vec::new());
                continue;
            };
            let refused = callrounded_document::check::json_schema(of_type, payload)
                .map_err(|problem| Unable::Said(format!("the JSON Schema of the type {schema} is none: {problem}")))?;
            let errors = refused.into_iter().map(|(at, rule)| {
                deviation(
                    payload,
                    &at,
                    "json-schema",
                    pointer::join("/components/schemas", schema),
                    format!("the JSON Schema of the type `{schema}` refuses it by {rule}"),
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
    fn deviations(&self, outcome: &Outcome) -> Vec<Deviation> {
        let schema = self.schema;
        match outcome {
            Outcome::Unknown => vec![self.deviation(
                "",
                format!("no type is made of `{schema}`, so only the schema was checked"),
                "make the schema an object or a list of values; a mere alias needs no example of its own",
            )],
            Outcome::Undecodable { path, problem } => vec![self.deviation(
                &pointer_of(path),
                format!("the generated type `{schema}` does not take it: {}", expected(problem)),
                "the document promises something that the payload does not keep; change one of them",
            )],
            Outcome::Encoded(differences) => differences
                .iter()
                .filter(|one| self.is_reported(one))
                .map(|one| self.difference(one))
                .collect(),
        }
    }

    fn is_reported(&self, difference: &Difference) -> bool {
        let property = property(self.document, self.schema, &difference.pointer);
        match &difference.kind {
            // Of what the document does not know the schema has spoken.
            DifferenceKind::Lost => property.is_some(),
            // A documented default that is filled in is no difference.
            DifferenceKind::Added(value) => {
                let default = property.map(|at| pointer::join(&at, "default"));
                default.is_none_or(|at| self.document.get(&at) != Some(value))
            }
            DifferenceKind::Changed => true,
        }
    }

    fn difference(&self, difference: &Difference) -> Deviation {
        let schema = self.schema;
        let (problem, remedy) = match &difference.kind {
            DifferenceKind::Lost => (
                format!("the generated type `{schema}` drops it"),
                "describe in the document what the payload holds",
            ),
            DifferenceKind::Added(_) => (
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
