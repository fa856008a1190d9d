//! What the tests of the commands share: workspaces of their own, types that say what a test wants, and golden files.
// Each of the tests has its own copy of this, and uses a part of it.
#![allow(dead_code)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Parser;
use serde_json::{Map, Value};
use tempfile::TempDir;
use xtask::{Arguments, Exit, Folders, RoundTrip, Sample, Verdict};

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

/// Runs a command; gives what it exits with and what it prints.
pub fn run(words: &[&str], folders: Folders<'_>, types: &mut dyn RoundTrip) -> (Exit, String) {
    let arguments = Arguments::try_parse_from(["xtask"].iter().chain(words)).unwrap();
    let mut out = Vec::new();
    let exit = xtask::run(&arguments, folders, types, &mut out).unwrap();
    (exit, String::from_utf8(out).unwrap())
}

/// Types that do with a payload what a test says.
pub struct Types(pub fn(&Value) -> Verdict);

impl RoundTrip for Types {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        Ok(Map::new())
    }

    fn through(&mut self, samples: &[Sample]) -> Result<Vec<Verdict>, String> {
        Ok(samples.iter().map(|sample| (self.0)(&sample.payload)).collect())
    }

    fn build_hand_written(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Types that give back what they get.
pub fn same() -> Types {
    Types(|payload| Verdict::Encoded(payload.clone()))
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
