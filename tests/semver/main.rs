//! The next version that a change of the document asks for, against a tool that knows nothing of documents:
//! cargo-semver-checks, which compares the generated clients by what rustdoc says of them.
//!
//! The tool misses breaks that no lint of it looks for, and is said to raise no false alarm. So it must accept whatever we
//! call less than major, and refuse what we call major, but for `EXCEPTIONS`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_changes::diff::{Bump, diff};
use callrounded_document::Document;
use callrounded_tests::workspace;
use serde_json::{Map, Value};

/// What the tool lets pass, by the name of the edit, and why it does. One that it refuses after all has to go from here.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Lints for what is new are off unless asked for. Here they tell a minor release from a patch.
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

const LIBRARY: &str = r#"
pub use callrounded_api::{Decimal, Timestamp};

#[derive(Clone, Debug, Default)]
pub struct Exchange;

impl progenitor_client::ClientHooks<Exchange> for Client {}

fn encode_path_segment(segment: &str) -> String {
    segment.to_owned()
}

#[allow(dead_code, unexpected_cfgs, unused_mut, unreachable_patterns, irrefutable_let_patterns)]
mod generated {
    include!("client.rs");
}
pub use generated::*;
"#;

/// One edit of the document.
struct Edit {
    name: String,
    bump: String,
    document: String,
}

/// The edits that the unit tests hold the recommendation with, and those beside this file.
fn edits(calls: &Document, text: &str) -> Vec<Edit> {
    let read = |path: &str| {
        let text = fs::read_to_string(workspace().join(path)).unwrap();
        let edits = Document::parse(path, &text).unwrap().value().clone();
        edits.as_array().unwrap().clone()
    };
    let mut edits = read("crates/callrounded-changes/tests/diff/bumps.yaml");
    edits.extend(read("tests/semver/edits.yaml"));
    let edited = |edit: &Value| {
        let name = edit["name"].as_str().unwrap().to_owned();
        let document = match edit.get("patch") {
            Some(changes) => {
                let mut document = calls.value().clone();
                patch(&mut document, changes);
                assert_ne!(&document, calls.value(), "{name} changes nothing");
                document.to_string()
            }
            None => edit["edits"]
                .as_array()
                .unwrap()
                .iter()
                .fold(text.to_owned(), |text, one| {
                    let (from, to) = (one["from"].as_str().unwrap(), one["to"].as_str().unwrap());
                    assert_eq!(text.matches(from).count(), 1, "{name}: `{from}` must stand there once");
                    text.replace(from, to)
                }),
        };
        Edit {
            bump: edit["bump"].as_str().unwrap().to_owned(),
            name,
            document,
        }
    };
    edits.iter().map(edited).collect()
}

/// JSON merge patch (RFC 7396).
fn patch(target: &mut Value, changes: &Value) {
    let Value::Object(members) = changes else {
        *target = changes.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let target = target.as_object_mut().unwrap();
    for (name, value) in members {
        match value {
            Value::Null => drop(target.shift_remove(name)),
            value => patch(target.entry(name.clone()).or_insert(Value::Null), value),
        }
    }
}

/// What the tool says of a release.
#[derive(Debug)]
enum Verdict {
    Accepted,
    /// By these lints.
    Refused(Vec<String>),
    /// It could not tell.
    Failed,
}

/// Two crates, each with one generated client, and the tool that compares them.
struct Tool {
    program: PathBuf,
    root: PathBuf,
}

impl Tool {
    /// `None`, said aloud, where the tool is not installed.
    fn find() -> Option<Self> {
        let installed = workspace().join("target/tools/bin/cargo-semver-checks");
        let program = match env::var_os("CARGO_SEMVER_CHECKS") {
            Some(program) => PathBuf::from(program),
            None if installed.exists() => installed,
            None => PathBuf::from("cargo-semver-checks"),
        };
        if Command::new(&program).arg("--version").output().is_err() {
            // Not by a macro: the test harness keeps what those print of a test that passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: the recommended versions were not held against cargo-semver-checks: {} is not there",
                program.display()
            );
            return None;
        }
        // It stays between runs, so that only the two crates themselves are built again.
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("semver");
        let tool = Self { program, root };
        for side in ["baseline", "current"] {
            tool.make_crate(side);
        }
        Some(tool)
    }

    fn make_crate(&self, side: &str) {
        let folder = self.root.join(side);
        fs::create_dir_all(folder.join("src")).unwrap();
        let lints = LINTS_OF_NEW_ITEMS.map(|lint| format!("{lint} = \"deny\"\n")).concat();
        let manifest = format!(
            "[package]\nname = \"compared\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{}\n\
             [package.metadata.cargo-semver-checks.lints]\n{lints}\n\
             [workspace]\n",
            dependencies()
        );
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.join("src/lib.rs"), LIBRARY).unwrap();
        // What it locks is there already.
        fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    }

    fn write(&self, side: &str, client: &str) {
        fs::write(self.root.join(side).join("src/client.rs"), client).unwrap();
    }

    /// Whether the current crate may follow the baseline as such a release, and all that the tool prints.
    fn check(&self, release: Bump) -> (Verdict, String) {
        let output = Command::new(&self.program)
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
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let lints = said
            .lines()
            .filter_map(|line| line.strip_prefix("--- failure "))
            .filter_map(|line| line.split(':').next());
        let verdict = match output.status.code() {
            Some(0) => Verdict::Accepted,
            Some(100) => Verdict::Refused(lints.map(str::to_owned).collect()),
            _ => Verdict::Failed,
        };
        (verdict, said)
    }
}

/// As in `tests/imported`, whose crate is made of generated clients too.
fn dependencies() -> String {
    let at = |name: &str| format!("{:?}", workspace().join("crates").join(name));
    format!(
        "callrounded-api = {{ path = {} }}\n\
         bytes = \"1\"\n\
         chrono = {{ version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }}\n\
         futures-core = {{ version = \"0.3\", default-features = false }}\n\
         progenitor-client = \"={}\"\n\
         reqwest = {{ version = \"0.13\", default-features = false, features = [\"json\", \"query\", \"stream\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         serde_json = \"1\"\n",
        at("callrounded-api"),
        callrounded_codegen::PROGENITOR
    )
}

#[test]
fn the_tool_agrees_with_what_is_recommended() {
    let Some(tool) = Tool::find() else { return };
    let text = fs::read_to_string(workspace().join("openapi/calls.yaml")).unwrap();
    let calls = Document::parse("calls.yaml", &text).unwrap();
    tool.write("baseline", &callrounded_codegen::generate("calls.yaml", &text).unwrap());
    for edit in edits(&calls, &text) {
        let start = std::time::Instant::now();
        let new = Document::parse("calls.yaml", &edit.document).unwrap();
        let found = diff(&calls, &new);
        let got = found.bump.as_ref().map_or("unknown".to_owned(), ToString::to_string);
        let flag = if got == edit.bump {
            ""
        } else {
            "  <<<<<<< expected other"
        };
        println!("== {}: {got}{flag}", edit.name);
        if env::var_os("ITEMS").is_some() {
            for c in &found.changes {
                for i in &c.items {
                    println!("       {i} ({})", i.effect);
                }
            }
        }
        match callrounded_codegen::generate("calls.yaml", &edit.document) {
            Ok(source) => tool.write("current", &source),
            Err(e) => {
                println!("   not generated {e}");
                continue;
            }
        }
        for release in [Bump::Minor, Bump::Patch] {
            let (verdict, said) = tool.check(release);
            println!("   as {release}: {verdict:?} {:?}", start.elapsed());
            if matches!(verdict, Verdict::Failed) {
                println!("{said}");
            }
        }
    }
}
