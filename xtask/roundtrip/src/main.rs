//! Decodes payloads into the generated types and encodes them again, for `cargo xtask validate`, which can't hold those
//! types itself since it has to work while they don't build.
//!
//! A line of input is `{"schema": NAME, "payload": JSON}`; the line of output for it is `{"encoded": JSON}`,
//! `{"undecodable": {"path", "problem"}}`, or `{"unknown": NAME}` where no type is made of that schema. For the line
//! `{"schemas": true}` it is the JSON Schema of each type, by the name of the component schema.

use std::io::{self, BufRead, Write};

use schemars::schema_for;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?).map_err(io::Error::other)?;
        if request.get("schemas").is_some() {
            writeln!(output, "{}", Value::Object(schemas()))?;
            output.flush()?;
            continue;
        }
        let schema = request.get("schema").and_then(Value::as_str).unwrap_or_default();
        let payload = request.get("payload").unwrap_or(&Value::Null);
        let outcome = round_trip(schema, payload).unwrap_or_else(|| json!({ "unknown": schema }));
        writeln!(output, "{outcome}")?;
        output.flush()?;
    }
    Ok(())
}

macro_rules! by_schema {
    ($($name:literal => $type:ty),* $(,)?) => {
        fn round_trip(schema: &str, payload: &Value) -> Option<Value> {
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

fn through<T: DeserializeOwned + Serialize>(payload: &Value) -> Value {
    match serde_path_to_error::deserialize::<_, T>(payload) {
        Ok(decoded) => match serde_json::to_value(decoded) {
            Ok(encoded) => json!({ "encoded": encoded }),
            Err(error) => json!({ "undecodable": { "path": ".", "problem": format!("it does not encode: {error}") } }),
        },
        Err(error) => {
            json!({ "undecodable": { "path": error.path().to_string(), "problem": error.inner().to_string() } })
        }
    }
}
