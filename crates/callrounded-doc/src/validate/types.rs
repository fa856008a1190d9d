//! Sends payloads through the generated types. A payload that its schema accepts must decode, and encode to the same
//! JSON.

use super::Failure;
use crate::types::{self, Outcome, Sample};
use callrounded_document::{
    Document, Mismatch, Verdict,
    json::{Difference, DifferenceKind, Json},
    pointer,
};

/// The generated types, if there are any.
#[derive(Default)]
pub(super) struct Types<'t> {
    types: Option<&'t mut dyn types::Types>,
    failure: Option<String>,
}

impl<'t> Types<'t> {
    pub fn new(types: &'t mut dyn types::Types) -> Self {
        Self {
            types: Some(types),
            failure: None,
        }
    }

    /// Returns the message for the user if the types were not available. Payloads were still validated against their
    /// schemas.
    pub fn failure(self) -> Option<String> {
        self.failure
    }

    /// Decodes and encodes payloads, and returns the mismatches of each.
    pub fn round_trip(&mut self, document: &Document, payloads: &[Sample<'_>]) -> Vec<Vec<Mismatch>> {
        let no_mismatches = || payloads.iter().map(|_| Vec::new()).collect();
        let Some(types) = self.types.as_mut().filter(|_| !payloads.is_empty()) else {
            return no_mismatches();
        };
        let outcomes = match types.round_trip(payloads) {
            Ok(outcomes) => outcomes,
            Err(message) => {
                self.failure = Some(message);
                self.types = None;
                return no_mismatches();
            }
        };
        let results = payloads.iter().zip(outcomes);
        results
            .map(|(Sample { schema, payload }, outcome)| {
                let evaluation = Evaluation {
                    document,
                    schema,
                    payload,
                };
                evaluation.mismatches(&outcome)
            })
            .collect()
    }

    /// Validates payloads against the JSON Schemas of the types, which downstream crates publish. Returns the
    /// mismatches of each payload.
    pub fn validate_json_schemas(&mut self, payloads: &[Sample<'_>]) -> Result<Vec<Vec<Mismatch>>, Failure> {
        let Some(types) = self.types.as_mut().filter(|_| !payloads.is_empty()) else {
            return Ok(payloads.iter().map(|_| Vec::new()).collect());
        };
        let schemas = types.schemas().map_err(Failure::Message)?;
        let mut mismatches = Vec::new();
        for Sample { schema, payload } in payloads {
            let Some(json_schema) = schemas.get(*schema) else {
                mismatches.push(Vec::new());
                continue;
            };
            let errors =
                callrounded_document::check::validate_json_schema(json_schema, payload).map_err(|problem| {
                    Failure::Message(format!("invalid JSON Schema of the generated type {schema}: {problem}"))
                })?;
            let errors = errors.into_iter().map(|(at, rule)| {
                mismatch(
                    payload,
                    &at,
                    "json-schema",
                    pointer::join("/components/schemas", schema),
                    format!("the JSON Schema of the generated type `{schema}` rejects this value by {rule}"),
                    "correct the schema in the document, or fix the step of the generator that narrows the type",
                )
            });
            mismatches.push(errors.collect());
        }
        Ok(mismatches)
    }
}

/// Evaluates the outcome of decoding and encoding a payload.
struct Evaluation<'a> {
    document: &'a Document,
    schema: &'a str,
    payload: &'a Json,
}

impl Evaluation<'_> {
    fn mismatches(&self, outcome: &Outcome) -> Vec<Mismatch> {
        let schema = self.schema;
        match outcome {
            Outcome::Unknown => vec![self.mismatch(
                "",
                format!("no type is generated for `{schema}`; the payload was validated against the schema only"),
                "make the schema an object or an enum, or remove the example; an alias needs none of its own",
            )],
            Outcome::Undecodable { path, problem } => vec![self.mismatch(
                &pointer_of(path),
                format!(
                    "the generated type `{schema}` cannot decode this value: {}",
                    without_values(problem)
                ),
                "correct the value, or the schema in the document",
            )],
            Outcome::Encoded(differences) => differences
                .iter()
                .filter(|difference| self.is_reported(difference))
                .map(|difference| self.difference(difference))
                .collect(),
        }
    }

    fn is_reported(&self, difference: &Difference) -> bool {
        let property = property(self.document, self.schema, &difference.pointer);
        match &difference.kind {
            // Undocumented properties are reported as drift already.
            DifferenceKind::Lost => property.is_some(),
            // A documented default that is filled in is not a mismatch.
            DifferenceKind::Added(value) => {
                let default = property.map(|at| pointer::join(&at, "default"));
                default.is_none_or(|at| self.document.get(&at) != Some(value))
            }
            DifferenceKind::Changed => true,
        }
    }

    fn difference(&self, difference: &Difference) -> Mismatch {
        let schema = self.schema;
        let (problem, remedy) = match &difference.kind {
            DifferenceKind::Lost => (
                format!("the generated type `{schema}` drops this value"),
                "describe the value in the document as it is in the payload",
            ),
            DifferenceKind::Added(_) => (
                match property(self.document, schema, &difference.pointer) {
                    Some(_) => format!(
                        "the generated type `{schema}` adds the property `{}`",
                        pointer::last(&difference.pointer)
                    ),
                    // An undocumented key may be data of the payload, so it is not shown.
                    None => format!("the generated type `{schema}` adds a property"),
                },
                "set a default of the property in the document only if the service fills it in",
            ),
            DifferenceKind::Changed => (
                format!("the generated type `{schema}` encodes this value as another value"),
                "describe the value in the document as it is in the payload",
            ),
        };
        self.mismatch(&difference.pointer, problem, remedy)
    }

    fn mismatch(&self, at: &str, problem: String, remedy: &str) -> Mismatch {
        let schema = pointer::join("/components/schemas", self.schema);
        mismatch(self.payload, at, "rust-type", schema, problem, remedy)
    }
}

fn mismatch(payload: &Json, at: &str, keyword: &str, schema: String, problem: String, remedy: &str) -> Mismatch {
    // A value that is not in the payload is located at its closest existing parent.
    let mut nearest = at;
    let node = loop {
        match (payload.at(nearest), pointer::split(nearest)) {
            (Some(node), _) => break node,
            (None, Some((parent, _))) => nearest = parent,
            (None, None) => break payload.root(),
        }
    };
    Mismatch {
        verdict: Verdict::Error,
        keyword: keyword.to_owned(),
        pointer: at.to_owned(),
        span: node.span(),
        related: None,
        property: None,
        problem,
        remedy: remedy.to_owned(),
        schema,
    }
}

/// Returns the pointer to the schema of the value at `at` in a payload, if the document describes it.
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

/// Returns the part of serde's message that does not quote values of the payload.
fn without_values(problem: &str) -> String {
    match problem.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if problem.starts_with("missing field") => problem.to_owned(),
        None => "details are omitted because they may contain values".to_owned(),
    }
}

/// Converts a path of `serde_path_to_error`, such as `data.transcript[0].role`, to a JSON pointer.
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
