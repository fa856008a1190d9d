//! The commands in a workspace of their own: exit codes, files, and the messages, which are held in `golden` and
//! reviewed like code. `UPDATE_EXPECT=1 cargo test` writes them anew.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::{fs, path::Path, process::Command};

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use clap::Parser;
use serde_json::{Map, Value, json};
use xtask::{Arguments, Folders, RoundTrip};

use support::{FakeTypes, Verdict, Workspace, root, same};

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
    /// With the document, one payload, and whatever a test puts over them.
    fn new() -> Self {
        let workspace = Self::empty();
        workspace.write("openapi/calls.yaml", DOCUMENT);
        workspace.write("openapi/examples/thing.json", PAYLOAD);
        workspace
    }

    fn run(&self, command: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        self.xtask(command, &mut OfThing(types))
    }

    /// Runs `validate` with types that give back what they get, and holds what it prints in a golden file.
    fn validate(&self, golden: &str, expected: Exit) {
        self.validate_with(&mut same(), golden, expected);
    }

    fn validate_with(&self, types: &mut dyn RoundTrip, golden: &str, expected: Exit) {
        let (exit, said) = self.run("validate", types);
        hold(golden, &said);
        assert_eq!(exit, expected);
    }
}

fn hold(golden: &str, said: &str) {
    support::hold(&format!("{golden}.txt"), said);
}

/// Types that are asked for the one schema alone.
struct OfThing<'a>(&'a mut dyn RoundTrip);

impl Types for OfThing<'_> {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        self.0.schemas()
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        assert!(samples.iter().all(|sample| sample.schema == "Thing"));
        self.0.round_trip(samples)
    }
}

impl RoundTrip for OfThing<'_> {
    fn build_hand_written(&mut self) -> Result<(), String> {
        self.0.build_hand_written()
    }
}

struct NoTypes;

impl Types for NoTypes {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        Err("the generated client does not build; the messages of cargo above say why".to_owned())
    }

    fn round_trip(&mut self, _: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        Err("the generated client does not build; the messages of cargo above say why".to_owned())
    }
}

impl RoundTrip for NoTypes {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Err("the command line does not build; the messages of cargo above say why".to_owned())
    }
}

#[test]
fn clean_payloads_are_counted() {
    Workspace::new().validate("validate-clean", Exit::Clean);
}

#[test]
fn a_payload_that_contradicts_its_schema_is_shown_with_both_places() {
    let workspace = Workspace::new();
    workspace.write(
        "openapi/examples/thing.json",
        "{\n  \"count\": \"two\",\n  \"when\": \"2026-01-01T10:00:00\"\n}\n",
    );
    workspace.validate("validate-contradiction", Exit::Findings);
}

#[test]
fn a_contradiction_inside_the_document_is_shown_there() {
    let workspace = Workspace::new();
    workspace.write("openapi/calls.yaml", DOCUMENT.replace("count: 1}}", "count: one}}"));
    workspace.validate("validate-inline", Exit::Findings);
}

#[test]
fn a_payload_that_is_no_json_or_not_there_is_a_finding() {
    let workspace = Workspace::new();
    workspace.write("openapi/examples/thing.json", "{\n  \"name\": \"x\",\n}\n");
    workspace.validate("validate-no-json", Exit::Findings);
    workspace.write("openapi/calls.yaml", DOCUMENT.replace("thing.json", "missing.json"));
    workspace.validate("validate-missing-file", Exit::Findings);
}

#[test]
fn what_is_expected_is_counted_and_what_is_expected_in_vain_is_a_finding() {
    let workspace = Workspace::new();
    workspace.write("openapi/examples/thing.json", "{\"name\": \"x\", \"when\": \"soon\"}\n");
    let (_, said) = workspace.run("validate", &mut same());
    let fingerprint = said
        .split("fingerprint: ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let entry = format!("# A comment.\n\n{fingerprint} # The page shows a word.\n");
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
fn what_the_document_does_not_know_is_drift_apart_from_errors() {
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
        Verdict::Encoded(known)
    });
    workspace.validate_with(&mut types, "validate-drift", Exit::Findings);
}

#[test]
fn what_a_type_does_not_give_back_is_a_finding() {
    let workspace = Workspace::new();
    workspace.validate_with(
        &mut FakeTypes(|_| Verdict::Encoded(json!({"name": "other", "count": 7, "when": null, "extra": 1}))),
        "validate-round-trip",
        Exit::Findings,
    );
    workspace.validate_with(
        &mut FakeTypes(|_| Verdict::Undecodable {
            path: "name".to_owned(),
            problem: "expected a number".to_owned(),
        }),
        "validate-undecodable",
        Exit::Findings,
    );
    workspace.validate_with(&mut FakeTypes(|_| Verdict::Unknown), "validate-no-type", Exit::Findings);
    // A default filled in, a null and another spelling of a number say nothing new.
    workspace.write("openapi/examples/thing.json", "{\"name\": \"file\"}\n");
    let filled = |payload: &Value| match payload["name"].as_str() {
        Some("file") => Verdict::Encoded(json!({"name": "file", "count": 7, "when": null})),
        _ => Verdict::Encoded(json!({"name": "inline", "count": 1.0, "when": null})),
    };
    let (exit, _) = workspace.run("validate", &mut FakeTypes(filled));
    assert_eq!(exit, Exit::Clean);
}

#[test]
fn a_document_that_cannot_be_generated_from_is_an_input_error_of_both_commands() {
    let workspace = Workspace::new();
    workspace.write(
        "openapi/calls.yaml",
        DOCUMENT.replace("openapi: 3.0.3", "openapi: 3.1.0"),
    );
    workspace.validate("validate-broken-document", Exit::Findings);
    let (exit, said) = workspace.run("regenerate", &mut NoTypes);
    assert_eq!(exit, Exit::InputError);
    hold("regenerate-broken-document", &said);
    fs::remove_file(workspace.path().join("openapi/calls.yaml")).unwrap();
    for command in ["validate", "regenerate", "regenerate --check"] {
        let (exit, said) = workspace.run(command, &mut NoTypes);
        assert_eq!(exit, Exit::InputError);
        assert!(said.starts_with("error: openapi/calls.yaml can't be read: "), "{said}");
    }
}

#[test]
fn types_that_do_not_build_are_an_input_error() {
    Workspace::new().validate_with(&mut NoTypes, "validate-no-types", Exit::InputError);
}

#[test]
fn the_snapshot_is_written_checked_and_left_alone() {
    let workspace = Workspace::new();
    let (exit, said) = workspace.run("regenerate --check", &mut NoTypes);
    assert_eq!(exit, Exit::Stale, "a missing snapshot is a stale one");
    assert!(said.contains("+pub struct Client<"), "{said}");
    assert!(!workspace.path().join(SNAPSHOT).exists(), "checking changes nothing");

    assert_eq!(workspace.run("regenerate", &mut NoTypes).0, Exit::Clean);
    let generated = callrounded_codegen::generate("openapi/calls.yaml", DOCUMENT).unwrap();
    assert_eq!(workspace.read(SNAPSHOT).unwrap(), generated);
    let (exit, said) = workspace.run("regenerate --check", &mut NoTypes);
    assert_eq!(
        (exit, said.as_str()),
        (Exit::Clean, "crates/callrounded-api/snapshots/client.rs is fresh\n")
    );

    let touched = fs::metadata(workspace.path().join(SNAPSHOT))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(workspace.run("regenerate", &mut NoTypes).0, Exit::Clean);
    let still = fs::metadata(workspace.path().join(SNAPSHOT))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(touched, still, "what is fresh is not written");

    workspace.write("openapi/calls.yaml", DOCUMENT.replace("when:", "since:"));
    let (exit, said) = workspace.run("regenerate --check", &mut NoTypes);
    hold("regenerate-stale", &said);
    assert_eq!(exit, Exit::Stale);
    assert_eq!(workspace.read(SNAPSHOT).unwrap(), generated);
    let (exit, said) = workspace.run("regenerate", &mut NoTypes);
    assert_eq!(exit, Exit::Clean);
    assert!(
        said.contains("+        pub since:") && said.contains("is refreshed"),
        "{said}"
    );
    let left: Vec<_> = fs::read_dir(workspace.path().join(SNAPSHOT).parent().unwrap())
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "no temporary file is left");
}

#[test]
fn usage_errors_are_told_from_findings() {
    for wrong in [
        &["xtask"][..],
        &["xtask", "nonsense"],
        &["xtask", "validate", "--nonsense"],
    ] {
        assert_eq!(Arguments::try_parse_from(wrong).unwrap_err().exit_code(), 2);
    }
    let help = Arguments::try_parse_from(["xtask", "--help"]).unwrap_err();
    assert_eq!(help.exit_code(), 0);
    hold("help", &help.to_string());
}

/// Freshness is a plain test too, so that `cargo test` sees a stale snapshot of this workspace.
#[test]
fn the_snapshot_of_this_workspace_is_fresh() {
    let folders = Folders {
        root: Some(root()),
        here: root(),
    };
    let (exit, said) = support::run(&["regenerate", "--check"], folders, &mut NoTypes);
    assert_eq!(exit, Exit::Clean, "{said}");
}

/// The program itself, in a directory.
fn program(here: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .current_dir(here)
        .output()
        .unwrap();
    // What is wrong stands on standard error alone.
    let printed = match output.status.code() {
        Some(2) => [output.stderr, output.stdout].concat(),
        _ => output.stdout,
    };
    (output.status.code(), String::from_utf8(printed).unwrap())
}

#[test]
fn program_works_in_the_workspace_around_the_current_directory() {
    const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";
    let workspace = Workspace::new();
    workspace.write("openapi/calls.yaml", DOCUMENT);
    workspace.write("xtask/Cargo.toml", "");
    workspace.write("docs/deep/page.md", "");
    let (code, said) = program(&workspace.path().join("docs/deep"), &["regenerate"]);
    assert_eq!(code, Some(0), "{said}");
    let expected = callrounded_codegen::generate("openapi/calls.yaml", &workspace.read("openapi/calls.yaml").unwrap());
    assert_eq!(workspace.read(SNAPSHOT), Some(expected.unwrap()));
}

#[test]
fn program_outside_of_a_workspace_takes_named_files_only() {
    let outside = tempfile::tempdir().unwrap();
    let here = outside.path();
    let document = root().join("openapi/calls.yaml");
    fs::copy(&document, here.join("calls.yaml")).unwrap();
    let text = fs::read_to_string(&document).unwrap();
    let call = callrounded_document::Document::parse("calls.yaml", &text)
        .unwrap()
        .sample("/components/schemas/Call");
    fs::write(here.join("call.json"), call.to_string()).unwrap();
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
        let (code, said) = program(here, words);
        assert_eq!(code, Some(2), "{words:?}: {said}");
        assert!(said.starts_with("error: no workspace here"), "{words:?}: {said}");
    }
    for words in [
        &["validate", "--document", "calls.yaml", "--schema", "Call", "call.json"][..],
        &["diff", "calls.yaml", "calls.yaml"],
        &["import", "calls.yaml", "-o", "new.yaml"],
        &["drift", "--document", "calls.yaml", "--schema", "Call", "call.json"],
    ] {
        let (code, said) = program(here, words);
        assert_eq!(code, Some(0), "{words:?}: {said}");
    }
    assert!(here.join("new.yaml").exists());
}
