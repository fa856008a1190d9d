//! Helpers of the tests: temporary workspaces, fake types and golden files.
// Each test binary compiles this module and uses a part of it.
#![allow(dead_code)]

use std::{
    cell::RefCell,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    rc::Rc,
};

use callrounded_doc::{
    Exit, Streams,
    types::{Outcome, Sample, Types},
};
use callrounded_document::json::Json;
use clap::Parser;
use serde_json::{Map, Value};
use tempfile::TempDir;
use xtask::{Arguments, Directories, RoundTrip};

/// A temporary directory that the commands treat as the workspace. Each test binary fills it in its own `new`.
pub struct Workspace {
    directory: TempDir,
}

impl Workspace {
    pub fn empty() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Writes a file. Creates missing directories.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Returns the content of a file; `None` if it cannot be read.
    pub fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path().join(name)).ok()
    }

    /// Returns the directories of a command that runs at the root of the workspace.
    pub fn directories(&self) -> Directories<'_> {
        Directories {
            root: Some(self.path()),
            current_dir: self.path(),
        }
    }

    /// Runs a command, such as `regenerate --check`, whose arguments are separated by spaces.
    pub fn xtask(&self, command: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        let words: Vec<&str> = command.split_whitespace().collect();
        run(&words, self.directories(), types)
    }
}

/// Runs a command. Returns its exit and what it prints on both streams, interleaved as on a terminal.
pub fn run(words: &[&str], directories: Directories<'_>, types: &mut dyn RoundTrip) -> (Exit, String) {
    let terminal = Terminal::default();
    let exit = run_with(words, directories, types, &mut terminal.clone(), &mut terminal.clone());
    (exit, terminal.text())
}

/// Runs a command. Returns its exit and what it prints on standard output.
pub fn output(words: &[&str], directories: Directories<'_>, types: &mut dyn RoundTrip) -> (Exit, String) {
    let out = Terminal::default();
    let exit = run_with(words, directories, types, &mut out.clone(), &mut io::sink());
    (exit, out.text())
}

fn run_with(
    words: &[&str],
    directories: Directories<'_>,
    types: &mut dyn RoundTrip,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let arguments = Arguments::try_parse_from(["xtask"].iter().chain(words)).unwrap();
    let streams = Streams {
        out,
        err,
        is_colored: false,
    };
    xtask::run(&arguments, directories, types, streams).unwrap()
}

#[derive(Clone, Default)]
struct Terminal(Rc<RefCell<Vec<u8>>>);

impl Terminal {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The result of decoding and encoding a payload with fake types.
#[derive(Clone, Debug)]
pub enum FakeOutcome {
    /// The payload is encoded as this value.
    Encoded(Value),
    Undecodable {
        path: String,
        problem: String,
    },
    Unknown,
}

/// Types whose outcome for a payload is computed by a function.
pub struct FakeTypes(pub fn(&Value) -> FakeOutcome);

impl Types for FakeTypes {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        Ok(Map::new())
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        Ok(outcomes(samples, |sample| (self.0)(&sample.payload.root().to_value())))
    }
}

/// Converts the fake outcomes of payloads to those of `callrounded-roundtrip`.
pub fn outcomes(samples: &[Sample<'_>], fake_outcome: impl Fn(&Sample<'_>) -> FakeOutcome) -> Vec<Outcome> {
    let outcome = |sample: &Sample<'_>| match fake_outcome(sample) {
        FakeOutcome::Encoded(value) => Outcome::Encoded(sample.payload.differences(&Json::of(&value))),
        FakeOutcome::Undecodable { path, problem } => Outcome::Undecodable { path, problem },
        FakeOutcome::Unknown => Outcome::Unknown,
    };
    samples.iter().map(outcome).collect()
}

impl RoundTrip for FakeTypes {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Returns types that encode each payload unchanged.
pub fn lossless_types() -> FakeTypes {
    FakeTypes(|payload| FakeOutcome::Encoded(payload.clone()))
}

/// Returns the root of the workspace that contains this file.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub fn golden_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Compares an output with a golden file, whose name includes its extension.
pub fn assert_golden(golden: &str, output: &str) {
    expect_test::expect_file![golden_directory().join(golden)].assert_eq(output);
}
