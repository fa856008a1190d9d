//! Sends payloads through the generated types. They are in another program, because they may not build.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
};

use callrounded_doc::types::{Outcome, Sample, Types};
use callrounded_document::json::{Difference, DifferenceKind};
use serde_json::{Map, Value};

/// The crates that depend on the document: the generated types, and the hand-written crates.
pub trait RoundTrip: Types {
    /// Builds the hand-written crates: the client, the mock server and the command line.
    ///
    /// # Errors
    /// Returns a message for the user if they do not build.
    fn build_hand_written(&mut self) -> Result<(), String>;
}

/// Runs the package `callrounded-roundtrip` with cargo, which builds the client from the current document. It is
/// optimized if this program is.
#[derive(Debug)]
pub struct CargoRoundTrip {
    root: PathBuf,
    program: Option<Program>,
}

#[derive(Debug)]
struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl CargoRoundTrip {
    /// Creates it for the workspace at `root`. The program is started when it is first used.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            program: None,
        }
    }

    fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root);
        cargo
    }

    /// Returns the running program, and starts it if necessary.
    fn program(&mut self) -> Result<&mut Program, String> {
        if self.program.is_none() {
            self.program = Some(self.start()?);
        }
        self.program.as_mut().ok_or_else(|| NOT_RUNNING.to_owned())
    }

    fn start(&self) -> Result<Program, String> {
        let mut child = self
            .cargo()
            .args(["run", "--quiet", "--package", "callrounded-roundtrip"])
            .args((!cfg!(debug_assertions)).then_some("--release"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cargo cannot be run: {error}"))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| NOT_RUNNING.to_owned())?;
        Ok(Program {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    /// Sends requests to the program and reads `count` lines of its output.
    fn exchange(&mut self, requests: &[u8], count: usize) -> Result<Vec<String>, String> {
        let program = self.program()?;
        let mut lines = Vec::with_capacity(count);
        thread::scope(|scope| {
            // Writing on another thread avoids a deadlock on full pipes. A program that did not build reads nothing, so
            // a write error is ignored; the exit status tells.
            let input = &mut program.input;
            scope.spawn(move || input.write_all(requests).and_then(|()| input.flush()));
            while lines.len() < count {
                let mut line = String::new();
                match program.output.read_line(&mut line) {
                    Ok(1..) => lines.push(line),
                    _ => break,
                }
            }
        });
        if lines.len() == count {
            return Ok(lines);
        }
        let failed = program.child.wait().is_ok_and(|status| !status.success());
        Err(if failed {
            "the generated client does not build; see the messages of cargo above".to_owned()
        } else {
            UNEXPECTED_OUTPUT.to_owned()
        })
    }
}

const NOT_RUNNING: &str = "callrounded-roundtrip is not running";
const UNEXPECTED_OUTPUT: &str = "unexpected output of callrounded-roundtrip: expected one outcome per payload";

impl Types for CargoRoundTrip {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        let lines = self.exchange(b"\n", 1)?;
        match lines.first().map(|line| serde_json::from_str(line)) {
            Some(Ok(Value::Object(schemas))) => Ok(schemas),
            _ => Err("unexpected output of callrounded-roundtrip: expected the JSON Schemas of its types".to_owned()),
        }
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        let mut requests = Vec::new();
        for Sample { schema, payload } in samples {
            let text = payload.text();
            requests.extend_from_slice(format!("{schema} {}\n{text}", text.len()).as_bytes());
        }
        let lines = self.exchange(&requests, samples.len())?;
        let outcomes: Option<Vec<Outcome>> = lines.iter().map(|line| parse_outcome(line)).collect();
        outcomes.ok_or_else(|| UNEXPECTED_OUTPUT.to_owned())
    }
}

impl RoundTrip for CargoRoundTrip {
    fn build_hand_written(&mut self) -> Result<(), String> {
        // The command line depends on all others.
        let status = self
            .cargo()
            .args(["build", "--quiet", "--package", "callrounded-cli"])
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(
                "the client, the mock server or the command line does not build; see the messages of cargo above"
                    .to_owned(),
            ),
            Err(error) => Err(format!("cargo cannot be run: {error}")),
        }
    }
}

impl Drop for CargoRoundTrip {
    /// Closes the input of the program, which makes it exit, and waits for it.
    fn drop(&mut self) {
        if let Some(Program { mut child, input, .. }) = self.program.take() {
            drop(input);
            let _ended = child.wait();
        }
    }
}

/// Parses a line of output; `callrounded-roundtrip` documents the format.
fn parse_outcome(line: &str) -> Option<Outcome> {
    let line = line.trim_end();
    if line == "=" {
        return Some(Outcome::Encoded(Vec::new()));
    }
    if line == "?" {
        return Some(Outcome::Unknown);
    }
    let outcome: Value = serde_json::from_str(line).ok()?;
    let string = |value: &Value, key| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(differences) = outcome.as_array() else {
        return Some(Outcome::Undecodable {
            path: string(&outcome, "path")?,
            problem: string(&outcome, "problem")?,
        });
    };
    let differences = differences.iter().map(|difference| {
        let kind = match string(difference, "kind")?.as_str() {
            "lost" => DifferenceKind::Lost,
            "changed" => DifferenceKind::Changed,
            _ => DifferenceKind::Added(difference.get("value")?.clone()),
        };
        let pointer = string(difference, "pointer")?;
        Some(Difference { pointer, kind })
    });
    differences.collect::<Option<Vec<_>>>().map(Outcome::Encoded)
}
