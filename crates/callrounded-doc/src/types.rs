//! The interface to the types that are generated from a document. They are in another program, so that payloads can be
//! validated while the types do not build.

use callrounded_document::json::{Difference, Json};
use serde_json::{Map, Value};

/// A payload and its component schema, whose generated type decodes and encodes it.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// The name of the schema in `components/schemas`.
    pub schema: &'a str,
    /// The payload.
    pub payload: &'a Json,
}

/// The result of decoding and encoding a payload.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The payload was decoded and encoded again, with these differences.
    Encoded(Vec<Difference>),
    /// The payload could not be decoded.
    Undecodable {
        /// The path of the field, as written by `serde_path_to_error`.
        path: String,
        /// The message of serde.
        problem: String,
    },
    /// No type is generated for the schema.
    Unknown,
}

/// The generated types.
pub trait Types {
    /// Returns the JSON Schema of each type, keyed by the name of its component schema.
    ///
    /// # Errors
    /// Returns a message for the user if the types are not available.
    fn schemas(&mut self) -> Result<Map<String, Value>, String>;

    /// Decodes and encodes payloads. Returns an outcome for each, in order.
    ///
    /// # Errors
    /// Returns a message for the user if the types are not available.
    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String>;
}
