//! What the tests of the commands share: workspaces of their own, types that say what a test wants, and golden files.
// Each of the tests has its own copy of this, and uses a part of it.
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
use xtask::{Arguments, Folders, RoundTrip};

/// A folder that the commands take for the workspace. What is in it, each file of tests says in a `new` of its own.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    pub fn empty() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, in folders that need not be there.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// What a file holds; `None` where it can't be read.
    pub fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path().join(name)).ok()
    }

    /// The user is in the workspace itself.
    pub fn folders(&self) -> Folders<'_> {
        Folders {
            root: Some(self.path()),
            here: self.path(),
        }
    }

    /// Runs a command, such as `regenerate --check`, of which no word has a blank in it.
    pub fn xtask(&self, command: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        let words: Vec<&str> = command.split_whitespace().collect();
        run(&words, self.folders(), types)
    }
}

/// Runs a command; gives what it exits with and what it prints on both streams, as a terminal shows it.
pub fn run(words: &[&str], folders: Folders<'_>, types: &mut dyn RoundTrip) -> (Exit, String) {
    let terminal = Terminal::default();
    let exit = run_with(words, folders, types, &mut terminal.clone(), &mut terminal.clone());
    (exit, terminal.text())
}

/// The same, and what it prints on standard output alone.
pub fn output(words: &[&str], folders: Folders<'_>, types: &mut dyn RoundTrip) -> (Exit, String) {
    let out = Terminal::default();
    let exit = run_with(words, folders, types, &mut out.clone(), &mut io::sink());
    (exit, out.text())
}

fn run_with(
    words: &[&str],
    folders: Folders<'_>,
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
    xtask::run(&arguments, folders, types, streams).unwrap()
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

/// What the types of a test make of a payload.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It encodes to this.
    Encoded(Value),
    Undecodable {
        path: String,
        problem: String,
    },
    Unknown,
}

/// Types that do with a payload what a test says.
pub struct FakeTypes(pub fn(&Value) -> Verdict);

impl Types for FakeTypes {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        Ok(Map::new())
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        Ok(outcomes(samples, |sample| (self.0)(&sample.payload.root().to_value())))
    }
}

/// What the program with the types says where they do this with each payload.
pub fn outcomes(samples: &[Sample<'_>], verdict: impl Fn(&Sample<'_>) -> Verdict) -> Vec<Outcome> {
    let outcome = |sample: &Sample<'_>| match verdict(sample) {
        Verdict::Encoded(value) => Outcome::Encoded(sample.payload.differences(&Json::of(&value))),
        Verdict::Undecodable { path, problem } => Outcome::Undecodable { path, problem },
        Verdict::Unknown => Outcome::Unknown,
    };
    samples.iter().map(outcome).collect()
}

impl RoundTrip for FakeTypes {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Types that give back what they get.
pub fn same() -> FakeTypes {
    FakeTypes(|payload| Verdict::Encoded(payload.clone()))
}

/// The folder of the workspace that this is a part of.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub fn golden_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Holds what was said in a golden file, named with its extension.
pub fn hold(golden: &str, said: &str) {
    expect_test::expect_file![golden_folder().join(golden)].assert_eq(said);
}
