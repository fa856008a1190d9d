//! Through the generated types and back, in a program of its own: those types may not build just now.

use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

/// A payload and the component schema whose type it is to go through.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The name below components/schemas.
    pub schema: String,
    /// The payload.
    pub payload: Value,
}

/// What became of a payload.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It decoded, and this is what it encodes to.
    Encoded(Value),
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

/// Sends payloads through the generated types.
pub trait RoundTrip {
    /// A verdict for each sample, in order.
    ///
    /// # Errors
    /// A text for the user, where the types can't be had.
    fn through(&self, samples: &[Sample]) -> Result<Vec<Verdict>, String>;
}

/// Runs the package `callrounded-roundtrip` by cargo, which builds the client from the document as it is now.
#[derive(Debug)]
pub struct CargoRoundTrip {
    root: PathBuf,
}

impl CargoRoundTrip {
    /// For the workspace at `root`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl RoundTrip for CargoRoundTrip {
    fn through(&self, samples: &[Sample]) -> Result<Vec<Verdict>, String> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut program = Command::new(cargo)
            .args(["run", "--quiet", "--package", "callrounded-roundtrip"])
            .current_dir(&self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cargo can't be started: {error}"))?;
        let lines: String = samples
            .iter()
            .map(|sample| format!("{}\n", json!({ "schema": sample.schema, "payload": sample.payload })))
            .collect();
        // On a thread, so that neither side waits for the other with a full pipe. A program that did not build reads
        // nothing; its exit status says so.
        let mut input = program.stdin.take();
        let writer = std::thread::spawn(move || input.as_mut().map(|input| input.write_all(lines.as_bytes())));
        let output = program
            .wait_with_output()
            .map_err(|error| format!("cargo was lost: {error}"))?;
        let _ = writer.join();
        if !output.status.success() {
            return Err("the generated client does not build; the messages of cargo above say why".to_owned());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let verdicts: Option<Vec<Verdict>> = text.lines().map(verdict).collect();
        verdicts
            .filter(|verdicts| verdicts.len() == samples.len())
            .ok_or_else(|| "callrounded-roundtrip gave something other than a verdict for each payload".to_owned())
    }
}

fn verdict(line: &str) -> Option<Verdict> {
    let mut line: Value = serde_json::from_str(line).ok()?;
    if let Some(encoded) = line.get_mut("encoded") {
        return Some(Verdict::Encoded(encoded.take()));
    }
    if let Some(undecodable) = line.get("undecodable") {
        let text = |name| undecodable.get(name).and_then(Value::as_str).map(str::to_owned);
        return Some(Verdict::Undecodable {
            path: text("path")?,
            problem: text("problem")?,
        });
    }
    line.get("unknown").map(|_| Verdict::Unknown)
}
