//! Through the generated types and back, in a program of its own: those types may not build just now.

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

/// Builds what depends on the document: sends payloads through the generated types, and compiles the hand-written crates.
pub trait RoundTrip: Types {
    /// Builds the hand-written crates: the client, the mock server and the command line.
    ///
    /// # Errors
    /// A text for the user, where it does not build.
    fn build_hand_written(&mut self) -> Result<(), String>;
}

/// Runs the package `callrounded-roundtrip` by cargo, which builds the client from the document as it is now, and with
/// optimization if this is built so.
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
    /// For the workspace at `root`.
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

    fn started(&mut self) -> Result<&mut Program, String> {
        if self.program.is_none() {
            self.program = Some(self.start()?);
        }
        self.program.as_mut().ok_or_else(|| "cargo was lost".to_owned())
    }

    fn start(&self) -> Result<Program, String> {
        let mut child = self
            .cargo()
            .args(["run", "--quiet", "--package", "callrounded-roundtrip"])
            .args((!cfg!(debug_assertions)).then_some("--release"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cargo can't be started: {error}"))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| "cargo was lost".to_owned())?;
        Ok(Program {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    /// A line of output for each line of input.
    fn exchange(&mut self, lines: &[u8], count: usize) -> Result<Vec<String>, String> {
        let program = self.started()?;
        let mut answers = Vec::with_capacity(count);
        thread::scope(|scope| {
            // On a thread, so that neither side waits for the other with a full pipe. A program that did not build reads
            // nothing; its exit status says so.
            let input = &mut program.input;
            scope.spawn(move || input.write_all(lines).and_then(|()| input.flush()));
            while answers.len() < count {
                let mut line = String::new();
                match program.output.read_line(&mut line) {
                    Ok(1..) => answers.push(line),
                    _ => break,
                }
            }
        });
        if answers.len() == count {
            return Ok(answers);
        }
        let failed = program.child.wait().is_ok_and(|status| !status.success());
        Err(match failed {
            true => "the generated client does not build; the messages of cargo above say why".to_owned(),
            false => OTHER.to_owned(),
        })
    }
}

const OTHER: &str = "callrounded-roundtrip gave something other than a verdict for each payload";

impl Types for CargoRoundTrip {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        let answers = self.exchange(b"\n", 1)?;
        match answers.first().map(|line| serde_json::from_str(line)) {
            Some(Ok(Value::Object(schemas))) => Ok(schemas),
            _ => Err("callrounded-roundtrip gave no schemas of its types".to_owned()),
        }
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        let mut lines = Vec::new();
        for Sample { schema, payload } in samples {
            let text = payload.text();
            lines.extend_from_slice(format!("{schema} {}\n{text}", text.len()).as_bytes());
        }
        let answers = self.exchange(&lines, samples.len())?;
        let outcomes: Option<Vec<Outcome>> = answers.iter().map(|line| outcome(line)).collect();
        outcomes.ok_or_else(|| OTHER.to_owned())
    }
}

impl RoundTrip for CargoRoundTrip {
    fn build_hand_written(&mut self) -> Result<(), String> {
        // It uses all the others.
        let status = self
            .cargo()
            .args(["build", "--quiet", "--package", "callrounded-cli"])
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(
                "the client, the mock server or the command line does not build; the messages of cargo above say why"
                    .to_owned(),
            ),
            Err(error) => Err(format!("cargo can't be started: {error}")),
        }
    }
}

impl Drop for CargoRoundTrip {
    /// The program ends with its input.
    fn drop(&mut self) {
        if let Some(Program { mut child, input, .. }) = self.program.take() {
            drop(input);
            let _ended = child.wait();
        }
    }
}

/// What the program says of a payload: see there.
fn outcome(line: &str) -> Option<Outcome> {
    let line = line.trim_end();
    if line == "=" {
        return Some(Outcome::Encoded(Vec::new()));
    }
    if line == "?" {
        return Some(Outcome::Unknown);
    }
    let said: Value = serde_json::from_str(line).ok()?;
    let text = |value: &Value, name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(differences) = said.as_array() else {
        return Some(Outcome::Undecodable {
            path: text(&said, "path")?,
            problem: text(&said, "problem")?,
        });
    };
    let differences = differences.iter().map(|one| {
        let kind = match text(one, "kind")?.as_str() {
            "lost" => DifferenceKind::Lost,
            "changed" => DifferenceKind::Changed,
            _ => DifferenceKind::Added(one.get("value")?.clone()),
        };
        let pointer = text(one, "pointer")?;
        Some(Difference { pointer, kind })
    });
    differences.collect::<Option<Vec<_>>>().map(Outcome::Encoded)
}
