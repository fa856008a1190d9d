//! The types that are generated from a document, as a check sees them. They live in another program, since payloads can be checked
//! while the types do not build.

use callrounded_document::json::{Difference, Json};
use serde_json::{Map, Value};

/// A payload, and the component schema whose type it goes through.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// The name below components/schemas.
    pub schema: &'a str,
    /// The payload.
    pub payload: &'a Json,
}

/// What became of a payload.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It decoded; what it encodes to differs from it in these.
    Encoded(Vec<Difference>),
    /// It did not decode.
    Undecodable {
        /// The path of the field, as serde_path_to_error writes it.
        path: String,
        /// serde's message.
        problem: String,
    },
    /// No type is made of the schema.
    Unknown,
}

/// The generated types.
pub trait Types {
    /// Returns the JSON Schema of each type, by the name of the component schema it is made of.
    ///
    /// # Errors
    /// Returns a message for the user if the types are not available.
    fn schemas(&mut self) -> Result<Map<String, Value>, String>;

    /// Decodes and encodes payloads; returns an outcome for each, in order.
    ///
    /// # Errors
    /// Returns a message for the user if the types are not available.
    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String>;
}
