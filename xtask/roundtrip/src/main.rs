//! Decodes payloads into the generated types and encodes them again, for `cargo xtask validate`. It is a separate
//! program because xtask must work while the types do not build.
//!
//! A request on standard input is a line with the name of a component schema, a space and the length of the payload in
//! bytes, followed by the payload. The response is a line of output:
//!
//! - `=` if the payload decodes and encodes to the same JSON
//! - a list of `{"pointer", "kind", "value"}` if it encodes to other JSON
//! - `{"path", "problem"}` if it does not decode
//! - `?` if no type is generated for the schema
//!
//! The response to an empty line is an object with the JSON Schema of each type, keyed by the name of the component
//! schema.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use callrounded_document::json::{DifferenceKind, Json};
use schemars::schema_for;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

fn main() -> io::Result<()> {
    let mut input = BufReader::with_capacity(256 * 1024, io::stdin());
    let mut output = BufWriter::new(io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        match line.trim_end().split_once(' ') {
            None => writeln!(output, "{}", Value::Object(schemas()))?,
            Some((schema, length)) => {
                let length = length.parse().map_err(io::Error::other)?;
                let mut payload = vec![0; length];
                input.read_exact(&mut payload)?;
                let payload = String::from_utf8(payload).map_err(io::Error::other)?;
                let outcome = round_trip(schema, payload).unwrap_or_else(|| "?".to_owned());
                writeln!(output, "{outcome}")?;
            }
        }
        line.clear();
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
    Ok(())
}

macro_rules! by_schema {
    ($($name:literal => $type:ty),* $(,)?) => {
        fn round_trip(schema: &str, payload: String) -> Option<String> {
            match schema {
                $($name => Some(decode_and_encode::<$type>(payload)),)*
                _ => None,
            }
        }

        fn schemas() -> Map<String, Value> {
            [$(($name.to_owned(), schema_for!($type).to_value())),*].into_iter().collect()
        }
    };
}
callrounded_api::for_each_schema!(by_schema);

fn decode_and_encode<T: DeserializeOwned + Serialize>(payload: String) -> String {
    let undecodable = |path: &str, problem: String| json!({ "path": path, "problem": problem }).to_string();
    let encoded = match serde_json::from_str::<T>(&payload) {
        Ok(decoded) => serde_json::to_string(&decoded),
        // Decodes it again to get the path of the error. Tracking the path slows down decoding.
        Err(error) => {
            let mut deserializer = serde_json::Deserializer::from_str(&payload);
            return match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
                Ok(_) => undecodable(".", error.to_string()),
                Err(error) => undecodable(&error.path().to_string(), error.inner().to_string()),
            };
        }
    };
    match encoded {
        Err(error) => undecodable(".", format!("encoding failed: {error}")),
        Ok(encoded) => match (Json::read(payload), Json::read(encoded)) {
            (Ok(payload), Ok(encoded)) => differences(&payload, &encoded),
            (Err(error), _) | (_, Err(error)) => undecodable(".", error.to_string()),
        },
    }
}

fn differences(payload: &Json, encoded: &Json) -> String {
    let differences = payload.differences(encoded);
    if differences.is_empty() {
        return "=".to_owned();
    }
    let differences = differences.iter().map(|difference| {
        let (kind, value) = match &difference.kind {
            DifferenceKind::Lost => ("lost", None),
            DifferenceKind::Added(value) => ("added", Some(value)),
            DifferenceKind::Changed => ("changed", None),
        };
        json!({ "pointer": difference.pointer, "kind": kind, "value": value })
    });
    Value::Array(differences.collect()).to_string()
}
