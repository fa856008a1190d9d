//! Compares the recommended version after a change of the document with cargo-semver-checks, which compares the generated
//! clients by their rustdoc.
//!
//! The tool has no false positives, but misses changes without a lint. So it must accept each recommended release and reject the
//! one below. `EXCEPTIONS` lists changes that it misses.

use std::{
    fs, iter,
    num::NonZero,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread,
};

use callrounded_changes::diff::{Bump, diff};
use callrounded_codegen::generate;
use callrounded_document::Document;
use callrounded_test_support::{merge_patch, skip_without_tool};
use callrounded_tests::workspace;
use serde_json::Value;

use crate::{cargo, text};

const PROGRAM: &str = "cargo-semver-checks";
/// More workers would compile the dependencies more often than they save.
const MOST_WORKERS: usize = 4;
const DOCUMENT: &str = "openapi/calls.yaml";
const BUMPS: &str = "crates/callrounded-changes/tests/diff/bumps.yaml";
const EDITS: &str = "tests/workspace/semver.yaml";

const TYPE_OF_FIELD: &str = "no lint of the tool looks at the type of a field, nor at that of an argument";
const TYPE_OF_RESULT: &str = "no lint of the tool looks at the type that a method returns";
const DEFAULT: &str = "the tool follows the derived traits that it has a list of, and `Default` is not in it";
const OPEN_VARIANT: &str = "no lint of the tool looks for a new variant of what is `#[non_exhaustive]`";

/// Edits for which the tool accepts a lower release than recommended, and the reason. An edit that it rejects must not be listed.
const EXCEPTIONS: [(&str, &str); 5] = [
    ("field added to x-needed", TYPE_OF_FIELD),
    ("number becomes a string", TYPE_OF_FIELD),
    ("another response", TYPE_OF_RESULT),
    ("first x-needed field of a response", DEFAULT),
    ("value added", OPEN_VARIANT),
];

/// Edits of the unit tests that another edit represents here, since the tool takes seconds for each.
const REPRESENTED: [&str; 10] = [
    "another server",
    "decimal becomes a number",
    "description of the document",
    "field renamed",
    "new required field of a request",
    "new required query parameter",
    "operation becomes idempotent",
    "operationId renamed",
    "path parameter renamed",
    "query parameter becomes required",
];

/// Additions require a minor release. The tool only reports them with these lints.
const LINTS_OF_NEW_ITEMS: [&str; 8] = [
    "exhaustive_enum_added",
    "exhaustive_struct_added",
    "exhaustive_struct_with_private_fields_added",
    "inherent_associated_pub_const_added",
    "inherent_method_added",
    "non_exhaustive_enum_added",
    "non_exhaustive_struct_added",
    "pub_const_added",
];

/// The crate around a generated client, like `callrounded-api`.
const LIBRARY: &str = r#"
pub use generated::*;

#[allow(dead_code, unexpected_cfgs, unused_mut, unreachable_patterns, irrefutable_let_patterns)]
mod generated {
    include!("client.rs");
}
"#;

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

fn parsed(name: &str, text: &str) -> Document {
    match Document::parse(name, text) {
        Ok(document) => document,
        Err(unreadable) => panic!("{unreadable}"),
    }
}

/// An edit of the document and the release that it requires.
struct Edit {
    name: String,
    bump: String,
    edited: String,
}

/// Returns the edits of the unit tests and of `semver.yaml`.
fn edits(text: &str, document: &Document) -> Vec<Edit> {
    let mut edits = Vec::new();
    for path in [BUMPS, EDITS] {
        for edit in parsed(path, &read(path)).value().as_array().unwrap() {
            let name = edit["name"].as_str().unwrap().to_owned();
            let edited = match edit.get("patch") {
                Some(changes) => {
                    let mut edited = document.value().clone();
                    merge_patch(&mut edited, changes);
                    assert_ne!(&edited, document.value(), "{name} changes nothing");
                    edited.to_string()
                }
                None => replaced(&name, text, &edit["edits"]),
            };
            let bump = edit["bump"].as_str().unwrap().to_owned();
            edits.push(Edit { name, bump, edited });
        }
    }
    edits
}

fn replaced(name: &str, text: &str, edits: &Value) -> String {
    let mut text = text.to_owned();
    for edit in edits.as_array().unwrap() {
        let (from, to) = (edit["from"].as_str().unwrap(), edit["to"].as_str().unwrap());
        assert_eq!(text.matches(from).count(), 1, "{name}: `{from}` must appear once");
        text = text.replace(from, to);
    }
    text
}

/// The tool's verdict on a release.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Refused,
    /// The tool failed.
    Failed,
}

/// The tool and the two crates that it compares.
struct Tool {
    root: PathBuf,
}

impl Tool {
    /// Each worker has its own crates. They are kept between runs, so that only these two crates are built again.
    fn new(worker: usize, baseline: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("semver/{worker}"));
        let tool = Self { root };
        tool.make_crate("baseline");
        tool.make_crate("current");
        tool.write("baseline", baseline);
        tool
    }

    fn make_crate(&self, side: &str) {
        let directory = self.root.join(side);
        fs::create_dir_all(directory.join("src")).unwrap();
        fs::write(directory.join("Cargo.toml"), manifest()).unwrap();
        fs::write(directory.join("src/lib.rs"), LIBRARY).unwrap();
        // These versions have been fetched.
        fs::copy(workspace().join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
    }

    fn write(&self, side: &str, client: &str) {
        fs::write(self.root.join(side).join("src/client.rs"), client).unwrap();
    }

    /// Checks whether the current crate may follow the baseline as this release. Also returns the tool's output.
    fn check(&self, release: Bump) -> (Verdict, String) {
        let output = Command::new(PROGRAM)
            .arg("semver-checks")
            .arg("--manifest-path")
            .arg(self.root.join("current/Cargo.toml"))
            .arg("--baseline-root")
            .arg(self.root.join("baseline"))
            .args(["--release-type", &release.to_string(), "--color", "never"])
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .output()
            .unwrap();
        let verdict = match output.status.code() {
            Some(0) => Verdict::Accepted,
            Some(100) => Verdict::Refused,
            _ => Verdict::Failed,
        };
        let printed = [output.stdout, output.stderr].concat();
        (verdict, String::from_utf8_lossy(&printed).into_owned())
    }
}

/// Returns a manifest with the dependencies of `tests/imported`, which contains generated clients too, and the default features.
fn manifest() -> String {
    let lints = LINTS_OF_NEW_ITEMS.map(|lint| format!("{lint} = \"deny\"\n")).concat();
    let root = workspace();
    let versions = section(&read("Cargo.toml"), "workspace.dependencies")
        .replace("path = \"", &format!("path = \"{}/", root.display()));
    let dependencies = section(&read("tests/imported/Cargo.toml"), "dependencies");
    format!(
        "[package]\nname = \"compared\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[features]\ndefault = \
         [\"client\"]\nclient = []\n\n{dependencies}\n[workspace]\n\n{versions}\n[package.metadata.cargo-semver-checks.lints]\n{lints}"
    )
}

/// Returns a table of a manifest as text.
fn section(manifest: &str, name: &str) -> String {
    let head = format!("[{name}]\n");
    let (_, rest) = manifest.split_once(&head).unwrap();
    format!("{head}{}\n", rest.split("\n[").next().unwrap())
}

/// How the tool's verdict relates to the recommendation.
enum Outcome {
    /// The tool agrees.
    Confirmed(Bump),
    /// The tool accepts a lower release, which `EXCEPTIONS` lists.
    Excepted,
    /// The tool is not run.
    Nothing,
}

fn outcome(tool: &Tool, edit: &Edit, old: &Document, baseline: &str) -> Result<Outcome, String> {
    let new = parsed(DOCUMENT, &edit.edited);
    let found = diff(old, &new).bump;
    let recommended = found.as_ref().map_or("unknown".to_owned(), ToString::to_string);
    if recommended != edit.bump {
        return Err(format!("expected {}, got {recommended}", edit.bump));
    }
    let Ok(bump) = found else { return Ok(Outcome::Nothing) };
    if REPRESENTED.contains(&edit.name.as_str()) {
        return Ok(Outcome::Nothing);
    }
    let current = generate(DOCUMENT, &edit.edited).map_err(|found| found.to_string())?;
    if bump == Bump::None {
        // A crate may follow itself.
        return if current == baseline {
            Ok(Outcome::Nothing)
        } else {
            Err("the client differs, and yet no release is asked for".to_owned())
        };
    }
    tool.write("current", &current);
    let must = |release: Bump, expected: Verdict, otherwise: &str| match tool.check(release) {
        (verdict, _) if verdict == expected => Ok(()),
        (Verdict::Failed, printed) => Err(format!("the tool failed:\n{printed}")),
        (_, printed) => Err(format!("{otherwise}:\n{printed}")),
    };
    if bump != Bump::Major {
        must(bump, Verdict::Accepted, &format!("no {bump} release to the tool"))?;
    }
    let less = match bump {
        Bump::Major => Bump::Minor,
        Bump::Minor => Bump::Patch,
        Bump::Patch | Bump::None => return Ok(Outcome::Confirmed(bump)),
    };
    match EXCEPTIONS.iter().find(|(name, _)| *name == edit.name) {
        Some((_, reason)) => {
            let otherwise = format!("refused as a {less} release after all, so this is no exception: {reason}");
            must(less, Verdict::Accepted, &otherwise)?;
            Ok(Outcome::Excepted)
        }
        None => {
            let otherwise = format!("a {less} release to the tool, {bump} to us");
            must(less, Verdict::Refused, &otherwise)?;
            Ok(Outcome::Confirmed(bump))
        }
    }
}

#[test]
fn semver_checks_agree_with_the_recommendation() {
    let Ok(output) = Command::new(PROGRAM).arg("--version").output() else {
        skip_without_tool("the recommended releases against cargo-semver-checks: `.ci/run tests` installs it");
        return;
    };
    // The tool reads the manifests of all dependencies, also those of other platforms, and tests use no network.
    let fetched = cargo()
        .current_dir(workspace())
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .unwrap();
    if !fetched.status.success() {
        skip_without_tool("the recommended releases against cargo-semver-checks: run `cargo fetch` first");
        return;
    }
    let version = text(&output.stdout);
    let original = read(DOCUMENT);
    let document = parsed(DOCUMENT, &original);
    let baseline = generate(DOCUMENT, &original).unwrap();

    // Most of the time is spent in rustdoc, which has one thread.
    let waiting = Mutex::new(edits(&original, &document).into_iter());
    let work = |worker| {
        let tool = Tool::new(worker, &baseline);
        let next = || waiting.lock().unwrap().next();
        iter::from_fn(next)
            .map(|edit| (outcome(&tool, &edit, &document, &baseline), edit))
            .collect::<Vec<_>>()
    };
    let workers = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST_WORKERS);
    let outcomes: Vec<(Result<Outcome, String>, Edit)> = thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });

    let (mut confirmed, mut excepted, mut wrong) = (Vec::new(), 0, Vec::new());
    for (outcome, edit) in outcomes {
        match outcome {
            Ok(Outcome::Confirmed(bump)) => {
                println!("{}: {bump}", edit.name);
                confirmed.push(bump);
            }
            Ok(Outcome::Excepted) => excepted += 1,
            Ok(Outcome::Nothing) => {}
            Err(reason) => wrong.push(format!("{}: {reason}", edit.name)),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} edits, by {}:\n\n{}\n",
        wrong.len(),
        version.trim(),
        wrong.join("\n\n")
    );
    assert_eq!(
        excepted,
        EXCEPTIONS.len(),
        "an exception is of no edit, or of one that none is made for"
    );
    // With too many exceptions, the test would prove little.
    let major = confirmed.iter().filter(|bump| **bump == Bump::Major).count();
    assert!(
        confirmed.len() >= 12 && major >= 5,
        "the tool confirms {} edits, {major} of them major",
        confirmed.len()
    );
}
