//! Through the generated types and back, in a program of its own: those types may not build just now.

use std::{
    env,
    fmt::Write as _,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
};

use serde_json::{Map, Value};

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

/// Builds what depends on the document: sends payloads through the generated types, and compiles the hand-written crates.
pub trait RoundTrip {
    /// The JSON Schema of each generated type, by the name of the component schema it is made of.
    ///
    /// # Errors
    /// A text for the user, where the types can't be had.
    fn schemas(&mut self) -> Result<Map<String, Value>, String>;

    /// A verdict for each sample, in order.
    ///
    /// # Errors
    /// A text for the user, where the types can't be had.
    fn through(&mut self, samples: &[Sample]) -> Result<Vec<Verdict>, String>;

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
    fn exchange(&mut self, lines: &str, count: usize) -> Result<Vec<String>, String> {
        let program = self.started()?;
        let mut answers = Vec::with_capacity(count);
        thread::scope(|scope| {
            // On a thread, so that neither side waits for the other with a full pipe. A program that did not build reads
            // nothing; its exit status says so.
            let input = &mut program.input;
            scope.spawn(move || input.write_all(lines.as_bytes()).and_then(|()| input.flush()));
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

impl RoundTrip for CargoRoundTrip {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        let answers = self.exchange("\n", 1)?;
        match answers.first().map(|line| serde_json::from_str(line)) {
            Some(Ok(Value::Object(schemas))) => Ok(schemas),
            _ => Err("callrounded-roundtrip gave no schemas of its types".to_owned()),
        }
    }

    fn through(&mut self, samples: &[Sample]) -> Result<Vec<Verdict>, String> {
        let mut lines = String::new();
        for Sample { schema, payload } in samples {
            let _infallible = writeln!(lines, "{schema} {payload}");
        }
        let answers = self.exchange(&lines, samples.len())?;
        let verdicts: Option<Vec<Verdict>> = answers.iter().map(|line| verdict(line)).collect();
        verdicts.ok_or_else(|| OTHER.to_owned())
    }

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
fn verdict(line: &str) -> Option<Verdict> {
    if line.trim_end() == "?" {
        return Some(Verdict::Unknown);
    }
    let Some(problem) = line.strip_prefix('!') else {
        return serde_json::from_str(line).ok().map(Verdict::Encoded);
    };
    let problem: Value = serde_json::from_str(problem).ok()?;
    let text = |name| problem.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Verdict::Undecodable {
        path: text("path")?,
        problem: text("problem")?,
    })
}
