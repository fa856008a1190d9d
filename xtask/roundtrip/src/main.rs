//! Decodes payloads into the generated types and encodes them again, for `cargo xtask validate`, which can't hold those
//! types itself since it has to work while they don't build.
//!
//! A payload comes after a line with the name of a component schema, a blank, and how many bytes it has. The line of output for it is
//! `=` where it decodes and encodes to the same, a list of `{"pointer", "kind", "value"}` where it encodes to something else,
//! `{"path", "problem"}` where it does not decode, or `?` where no type is made of that schema. For an empty line it is the JSON
//! Schema of each type, by the name of the component schema.

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
                $($name => Some(through::<$type>(payload)),)*
                _ => None,
            }
        }

        fn schemas() -> Map<String, Value> {
            [$(($name.to_owned(), schema_for!($type).to_value())),*].into_iter().collect()
        }
    };
}
callrounded_api::for_each_schema!(by_schema);

fn through<T: DeserializeOwned + Serialize>(payload: String) -> String {
    let undecodable = |path: &str, problem: String| json!({ "path": path, "problem": problem }).to_string();
    let encoded = match serde_json::from_str::<T>(&payload) {
        Ok(decoded) => serde_json::to_string(&decoded),
        // Once more, to see where.
        Err(error) => {
            let mut again = serde_json::Deserializer::from_str(&payload);
            return match serde_path_to_error::deserialize::<_, T>(&mut again) {
                Ok(_) => undecodable(".", error.to_string()),
                Err(error) => undecodable(&error.path().to_string(), error.inner().to_string()),
            };
        }
    };
    match encoded {
        Err(error) => undecodable(".", format!("it does not encode: {error}")),
        Ok(encoded) => match (Json::read(payload), Json::read(encoded)) {
            (Ok(payload), Ok(encoded)) => differences(&payload, &encoded),
            (Err(error), _) | (_, Err(error)) => undecodable(".", error.to_string()),
        },
    }
}

fn differences(payload: &Json, encoded: &Json) -> String {
    let found = payload.differences(encoded);
    if found.is_empty() {
        return "=".to_owned();
    }
    let found = found.iter().map(|one| {
        let (kind, value) = match &one.kind {
            DifferenceKind::Lost => ("lost", None),
            DifferenceKind::Added(value) => ("added", Some(value)),
            DifferenceKind::Changed => ("changed", None),
        };
        json!({ "pointer": one.pointer, "kind": kind, "value": value })
    });
    Value::Array(found.collect()).to_string()
}
