//! Decodes payloads into the generated types and encodes them again, for `cargo xtask validate`, which can't hold those
//! types itself since it has to work while they don't build.
//!
//! A line of input is the name of a component schema, a blank, and a payload as JSON; the line of output for it is what the
//! payload encodes to, `!` and `{"path", "problem"}` where it does not decode, or `?` where no type is made of that schema.
//! For an empty line it is the JSON Schema of each type, by the name of the component schema.

use std::io::{self, BufRead, BufReader, BufWriter, Write};

use schemars::schema_for;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

fn main() -> io::Result<()> {
    let (mut input, mut output) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout().lock()));
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        match line.trim_end().split_once(' ') {
            None => writeln!(output, "{}", Value::Object(schemas()))?,
            Some((schema, payload)) => {
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
        fn round_trip(schema: &str, payload: &str) -> Option<String> {
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

fn through<T: DeserializeOwned + Serialize>(payload: &str) -> String {
    let problem = match serde_json::from_str::<T>(payload) {
        Ok(decoded) => match serde_json::to_string(&decoded) {
            Ok(encoded) => return encoded,
            Err(error) => json!({ "path": ".", "problem": format!("it does not encode: {error}") }),
        },
        // Once more, to see where.
        Err(error) => {
            match serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(payload)) {
                Ok(_) => json!({ "path": ".", "problem": error.to_string() }),
                Err(error) => json!({ "path": error.path().to_string(), "problem": error.inner().to_string() }),
            }
        }
    };
    format!("!{problem}")
}
