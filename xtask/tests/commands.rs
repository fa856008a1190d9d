//! Tests the commands in a temporary workspace: exit codes, files and messages. Messages are compared with files in
//! `golden`; `UPDATE_EXPECT=1 cargo test` updates these.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::{fs, path::Path, process::Command};

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use clap::Parser;
use serde_json::{Map, Value, json};
use xtask::{Arguments, Directories, RoundTrip};

use support::{FakeOutcome, FakeTypes, Workspace, lossless_types, root};

const DOCUMENT: &str = r##"openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Thing"}
            examples:
              file: {externalValue: examples/thing.json}
              inline: {value: {name: inline, count: 1}}
      responses: {"200": {description: Added}}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string}
        count: {type: integer, default: 7}
        when: {type: string, format: date-time}
"##;
const PAYLOAD: &str = "{\n  \"name\": \"file\",\n  \"count\": 2\n}\n";
const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";

impl Workspace {
    /// Creates a workspace with the document and one payload.
    fn new() -> Self {
        let workspace = Self::empty();
        workspace.write("openapi/calls.yaml", DOCUMENT);
        workspace.write("openapi/examples/thing.json", PAYLOAD);
        workspace
    }

    fn run(&self, command: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        self.xtask(command, &mut ThingTypes(types))
    }

    /// Runs `validate` with lossless types, and compares its output with a golden file.
    fn validate(&self, golden: &str, expected: Exit) {
        self.validate_with(&mut lossless_types(), golden, expected);
    }

    fn validate_with(&self, types: &mut dyn RoundTrip, golden: &str, expected: Exit) {
        let (exit, output) = self.run("validate", types);
        assert_golden(golden, &output);
        assert_eq!(exit, expected);
    }
}

fn assert_golden(golden: &str, output: &str) {
    support::assert_golden(&format!("{golden}.txt"), output);
}

/// Types that expect payloads of the schema `Thing` only.
struct ThingTypes<'a>(&'a mut dyn RoundTrip);

impl Types for ThingTypes<'_> {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        self.0.schemas()
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        assert!(samples.iter().all(|sample| sample.schema == "Thing"));
        self.0.round_trip(samples)
    }
}

impl RoundTrip for ThingTypes<'_> {
    fn build_hand_written(&mut self) -> Result<(), String> {
        self.0.build_hand_written()
    }
}

/// Types that do not build.
struct BrokenTypes;

impl Types for BrokenTypes {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        Err("the generated client does not build; see the messages of cargo above".to_owned())
    }

    fn round_trip(&mut self, _: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        Err("the generated client does not build; see the messages of cargo above".to_owned())
    }
}

impl RoundTrip for BrokenTypes {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Err("the command line does not build; see the messages of cargo above".to_owned())
    }
}

#[test]
fn validate_valid_examples_is_clean() {
    Workspace::new().validate("validate-clean", Exit::Clean);
}

#[test]
fn validate_invalid_example_file_shows_both_locations() {
    let workspace = Workspace::new();
    workspace.write(
        "openapi/examples/thing.json",
        "{\n  \"count\": \"two\",\n  \"when\": \"2026-01-01T10:00:00\"\n}\n",
    );
    workspace.validate("validate-contradiction", Exit::Findings);
}

#[test]
fn validate_invalid_inline_example_shows_document() {
    let workspace = Workspace::new();
    workspace.write("openapi/calls.yaml", DOCUMENT.replace("count: 1}}", "count: one}}"));
    workspace.validate("validate-inline", Exit::Findings);
}

#[test]
fn validate_malformed_or_missing_example_file_is_finding() {
    let workspace = Workspace::new();
    workspace.write("openapi/examples/thing.json", "{\n  \"name\": \"x\",\n}\n");
    workspace.validate("validate-no-json", Exit::Findings);
    workspace.write("openapi/calls.yaml", DOCUMENT.replace("thing.json", "missing.json"));
    workspace.validate("validate-missing-file", Exit::Findings);
}

#[test]
fn validate_expected_failure_is_counted_and_unused_entry_is_finding() {
    let workspace = Workspace::new();
    workspace.write("openapi/examples/thing.json", "{\"name\": \"x\", \"when\": \"soon\"}\n");
    let (_, output) = workspace.run("validate", &mut lossless_types());
    let fingerprint = output
        .split("fingerprint: ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let entry = format!("# A comment.\n\n{fingerprint} # The reference shows a word.\n");
    workspace.write("openapi/expected-failures.txt", &entry);
    workspace.validate("validate-expected", Exit::Clean);
    workspace.write("openapi/examples/thing.json", PAYLOAD);
    workspace.validate("validate-expected-in-vain", Exit::Findings);
    workspace.write(
        "openapi/expected-failures.txt",
        "0123456789abcdef\nnonsense # why\npayload 0123456789abcdef #\n",
    );
    workspace.validate("validate-expected-malformed", Exit::InputError);
}

#[test]
fn validate_undocumented_property_or_value_is_drift() {
    let workspace = Workspace::new();
    workspace.write(
        "openapi/calls.yaml",
        DOCUMENT.replace("name: {type: string}", "name: {type: string, enum: [known]}"),
    );
    workspace.write(
        "openapi/examples/thing.json",
        "{\n  \"name\": \"new\",\n  \"count\": \"x\",\n  \"colour\": 1\n}\n",
    );
    let mut types = FakeTypes(|payload| {
        let mut known = payload.clone();
        known.as_object_mut().unwrap().remove("colour");
        FakeOutcome::Encoded(known)
    });
    workspace.validate_with(&mut types, "validate-drift", Exit::Findings);
}

#[test]
fn validate_lossy_or_undecodable_type_is_finding() {
    let workspace = Workspace::new();
    workspace.validate_with(
        &mut FakeTypes(|_| FakeOutcome::Encoded(json!({"name": "other", "count": 7, "when": null, "extra": 1}))),
        "validate-round-trip",
        Exit::Findings,
    );
    workspace.validate_with(
        &mut FakeTypes(|_| FakeOutcome::Undecodable {
            path: "name".to_owned(),
            problem: "expected a number".to_owned(),
        }),
        "validate-undecodable",
        Exit::Findings,
    );
    workspace.validate_with(
        &mut FakeTypes(|_| FakeOutcome::Unknown),
        "validate-no-type",
        Exit::Findings,
    );
    // A default that is filled in, a null and another notation of a number are not reported.
    workspace.write("openapi/examples/thing.json", "{\"name\": \"file\"}\n");
    let filled = |payload: &Value| match payload["name"].as_str() {
        Some("file") => FakeOutcome::Encoded(json!({"name": "file", "count": 7, "when": null})),
        _ => FakeOutcome::Encoded(json!({"name": "inline", "count": 1.0, "when": null})),
    };
    let (exit, _) = workspace.run("validate", &mut FakeTypes(filled));
    assert_eq!(exit, Exit::Clean);
}

#[test]
fn validate_and_regenerate_of_invalid_document_fail() {
    let workspace = Workspace::new();
    workspace.write(
        "openapi/calls.yaml",
        DOCUMENT.replace("openapi: 3.0.3", "openapi: 3.1.0"),
    );
    workspace.validate("validate-broken-document", Exit::Findings);
    let (exit, output) = workspace.run("regenerate", &mut BrokenTypes);
    assert_eq!(exit, Exit::InputError);
    assert_golden("regenerate-broken-document", &output);
    fs::remove_file(workspace.path().join("openapi/calls.yaml")).unwrap();
    for command in ["validate", "regenerate", "regenerate --check"] {
        let (exit, output) = workspace.run(command, &mut BrokenTypes);
        assert_eq!(exit, Exit::InputError);
        assert!(
            output.starts_with("error: openapi/calls.yaml cannot be read: "),
            "{output}"
        );
    }
}

#[test]
fn validate_broken_types_is_input_error() {
    Workspace::new().validate_with(&mut BrokenTypes, "validate-no-types", Exit::InputError);
}

#[test]
fn regenerate_writes_stale_snapshot_only() {
    let workspace = Workspace::new();
    let (exit, output) = workspace.run("regenerate --check", &mut BrokenTypes);
    assert_eq!(exit, Exit::Stale, "a missing snapshot is stale");
    assert!(output.contains("+pub struct Client<"), "{output}");
    assert!(!workspace.path().join(SNAPSHOT).exists(), "--check writes nothing");

    assert_eq!(workspace.run("regenerate", &mut BrokenTypes).0, Exit::Clean);
    let generated = callrounded_codegen::generate("openapi/calls.yaml", DOCUMENT).unwrap();
    assert_eq!(workspace.read(SNAPSHOT).unwrap(), generated);
    let (exit, output) = workspace.run("regenerate --check", &mut BrokenTypes);
    assert_eq!(
        (exit, output.as_str()),
        (
            Exit::Clean,
            "crates/callrounded-api/snapshots/client.rs is up to date\n"
        )
    );

    let before = fs::metadata(workspace.path().join(SNAPSHOT))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(workspace.run("regenerate", &mut BrokenTypes).0, Exit::Clean);
    let after = fs::metadata(workspace.path().join(SNAPSHOT))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after, "a snapshot that is up to date is not written");

    workspace.write("openapi/calls.yaml", DOCUMENT.replace("when:", "since:"));
    let (exit, output) = workspace.run("regenerate --check", &mut BrokenTypes);
    assert_golden("regenerate-stale", &output);
    assert_eq!(exit, Exit::Stale);
    assert_eq!(workspace.read(SNAPSHOT).unwrap(), generated);
    let (exit, output) = workspace.run("regenerate", &mut BrokenTypes);
    assert_eq!(exit, Exit::Clean);
    assert!(
        output.contains("+        pub since:") && output.contains("is updated"),
        "{output}"
    );
    let files: Vec<_> = fs::read_dir(workspace.path().join(SNAPSHOT).parent().unwrap())
        .unwrap()
        .collect();
    assert_eq!(files.len(), 1, "no temporary file remains");
}

#[test]
fn usage_error_exits_with_2_and_help_with_0() {
    for arguments in [
        &["xtask"][..],
        &["xtask", "nonsense"],
        &["xtask", "validate", "--nonsense"],
    ] {
        assert_eq!(Arguments::try_parse_from(arguments).unwrap_err().exit_code(), 2);
    }
    let help = Arguments::try_parse_from(["xtask", "--help"]).unwrap_err();
    assert_eq!(help.exit_code(), 0);
    assert_golden("help", &help.to_string());
}

/// `cargo test` detects an outdated snapshot of this workspace, too.
#[test]
fn snapshot_of_this_workspace_is_up_to_date() {
    let directories = Directories {
        root: Some(root()),
        current_dir: root(),
    };
    let (exit, output) = support::run(&["regenerate", "--check"], directories, &mut BrokenTypes);
    assert_eq!(exit, Exit::Clean, "{output}");
}

/// Runs the program in a directory. Returns its exit code and output.
fn run_program(current_dir: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .current_dir(current_dir)
        .output()
        .unwrap();
    // Usage and input errors are printed to standard error only.
    let printed = match output.status.code() {
        Some(2) => [output.stderr, output.stdout].concat(),
        _ => output.stdout,
    };
    (output.status.code(), String::from_utf8(printed).unwrap())
}

#[test]
fn program_in_subdirectory_finds_workspace() {
    const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";
    let workspace = Workspace::new();
    workspace.write("openapi/calls.yaml", DOCUMENT);
    workspace.write("xtask/Cargo.toml", "");
    workspace.write("docs/deep/page.md", "");
    let (code, output) = run_program(&workspace.path().join("docs/deep"), &["regenerate"]);
    assert_eq!(code, Some(0), "{output}");
    let expected = callrounded_codegen::generate("openapi/calls.yaml", &workspace.read("openapi/calls.yaml").unwrap());
    assert_eq!(workspace.read(SNAPSHOT), Some(expected.unwrap()));
}

#[test]
fn program_outside_workspace_requires_explicit_files() {
    let outside = tempfile::tempdir().unwrap();
    let current_dir = outside.path();
    let document = root().join("openapi/calls.yaml");
    fs::copy(&document, current_dir.join("calls.yaml")).unwrap();
    let text = fs::read_to_string(&document).unwrap();
    let call = callrounded_document::Document::parse("calls.yaml", &text)
        .unwrap()
        .sample("/components/schemas/Call");
    fs::write(current_dir.join("call.json"), call.to_string()).unwrap();
    for words in [
        &["regenerate"][..],
        &["regenerate", "--check"],
        &["bench"],
        &["validate"],
        &["validate", "--schema", "Call", "call.json"],
        &["diff", "calls.yaml"],
        &["import", "calls.yaml"],
        &["drift", "call.json"],
    ] {
        let (code, output) = run_program(current_dir, words);
        assert_eq!(code, Some(2), "{words:?}: {output}");
        assert!(output.starts_with("error: no workspace found"), "{words:?}: {output}");
    }
    for words in [
        &["validate", "--document", "calls.yaml", "--schema", "Call", "call.json"][..],
        &["diff", "calls.yaml", "calls.yaml"],
        &["import", "calls.yaml", "-o", "new.yaml"],
        &["drift", "--document", "calls.yaml", "--schema", "Call", "call.json"],
    ] {
        let (code, output) = run_program(current_dir, words);
        assert_eq!(code, Some(0), "{words:?}: {output}");
    }
    assert!(current_dir.join("new.yaml").exists());
}
