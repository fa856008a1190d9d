//! Tests `cargo xtask import` on files: exit codes, written files, and output, which is compared with files in
//! `golden/import`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use clap::Parser;
use serde_json::{Map, Value, json};
use xtask::{Arguments, Directories, RoundTrip};

use support::Workspace;

const CLEAN: &str = r##"{
  "openapi": "3.1.0",
  "info": {"title": "Things", "version": "1"},
  "paths": {
    "/things": {
      "get": {
        "operationId": "list_things",
        "tags": ["things"],
        "parameters": [
          {"name": "q", "in": "query", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Q"}}
        ],
        "responses": {"200": {"description": "All", "content": {"application/json": {
          "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
        }}}}
      }
    },
    "/others/{id}": {
      "delete": {
        "operationId": "remove_other",
        "tags": ["others"],
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"204": {"description": "Gone"}}
      }
    }
  },
  "components": {"schemas": {
    "Thing": {"type": "object", "properties": {"kind": {"const": "thing"}, "note": {"type": ["string", "null"]}}}
  }}
}
"##;

/// A document of which a summary is lost and an upload is refused.
const LOSSY: &str = r##"openapi: 3.1.0
info: {title: Things, version: "1", summary: Short}
paths:
  /upload:
    post:
      operationId: upload
      tags: [things]
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object}
      responses: {"204": {description: Done}}
  /things:
    get:
      operationId: list_things
      tags: [things]
      responses: {"204": {description: None}}
"##;

const OURS: &str = r##"# Ours.
openapi: 3.0.3
info: {title: Ours, version: "1"}
paths:
  /things:
    get:
      operationId: all_things   # as we call it
      parameters:
        - {name: q, in: query, schema: {type: string}}
      responses:
        "200":
          description: All of them.
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Thing"}}}}
  /old:
    get: {operationId: old, responses: {"204": {description: D}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        kind: {type: string, enum: [thing]}
        note: {type: string}   # no null yet
"##;

impl Workspace {
    fn new() -> Self {
        let workspace = Self::empty();
        workspace.write("clean.json", CLEAN);
        workspace.write("lossy.yaml", LOSSY);
        workspace.write("existing.yaml", OURS);
        workspace
    }

    /// Returns all files with their contents, sorted by path.
    fn files(&self) -> Vec<(String, String)> {
        let mut pending = vec![self.path().to_owned()];
        let mut files = Vec::new();
        while let Some(directory) = pending.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                    files.push((path.display().to_string(), text));
                }
            }
        }
        files.sort();
        files
    }

    fn run_in(&self, current_dir: &str, command: &str) -> (Exit, String) {
        let words: Vec<&str> = ["import"].into_iter().chain(command.split(' ')).collect();
        let directories = Directories {
            root: Some(self.path()),
            current_dir: &self.path().join(current_dir),
        };
        support::run(&words, directories, &mut UnusedTypes)
    }

    fn run(&self, command: &str) -> (Exit, String) {
        self.run_in("", command)
    }

    /// Runs an import that must fail and write nothing.
    fn assert_failure(&self, golden: &str, command: &str) {
        let before = self.files();
        let (exit, output) = self.run(command);
        assert_golden(golden, &output);
        assert_eq!(exit, Exit::InputError, "{output}");
        assert_eq!(self.files(), before, "{command} wrote files");
    }
}

/// Types that must not be used.
struct UnusedTypes;

impl Types for UnusedTypes {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        panic!("an import must not use types")
    }

    fn round_trip(&mut self, _: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        panic!("an import must not use types")
    }
}

impl RoundTrip for UnusedTypes {
    fn build_hand_written(&mut self) -> Result<(), String> {
        panic!("an import must not build crates")
    }
}

fn assert_golden(golden: &str, output: &str) {
    support::assert_golden(&format!("import/{golden}.txt"), output);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn import_without_losses_is_clean() {
    let workspace = Workspace::new();
    let (exit, output) = workspace.run("clean.json -o new.yaml");
    assert_golden("clean", &output);
    assert_eq!(exit, Exit::Clean);
    assert_golden("clean-written", &workspace.read("new.yaml").unwrap());
}

#[test]
fn import_with_losses_is_written_and_reported() {
    let workspace = Workspace::new();
    let (exit, output) = workspace.run("lossy.yaml --output new.yaml");
    assert_golden("lossy", &output);
    assert_eq!(exit, Exit::Findings);
    assert_golden("lossy-written", &workspace.read("new.yaml").unwrap());
}

#[test]
fn import_into_existing_file_keeps_own_additions() {
    let workspace = Workspace::new();
    let (exit, output) = workspace.run("clean.json -o existing.yaml");
    assert_golden("merge", &output);
    assert_eq!(exit, Exit::Clean);
    let first = workspace.read("existing.yaml").unwrap();
    assert_golden("merge-written", &first);
    // A second import changes nothing.
    let (exit, output) = workspace.run("clean.json -o existing.yaml");
    assert_eq!(exit, Exit::Clean);
    assert_eq!(workspace.read("existing.yaml").unwrap(), first);
    for outcome in ["changed:", "new:", "gone:"] {
        assert!(!output.contains(outcome), "{output}");
    }
}

#[test]
fn import_is_deterministic_and_idempotent() {
    let workspace = Workspace::new();
    workspace.run("lossy.yaml -o one.yaml");
    workspace.run("lossy.yaml -o two.yaml");
    assert_eq!(workspace.read("one.yaml").unwrap(), workspace.read("two.yaml").unwrap());
    // An import of a document into itself changes nothing.
    let (exit, _) = workspace.run("one.yaml -o one.yaml");
    assert_eq!(exit, Exit::Clean);
    assert_eq!(workspace.read("one.yaml").unwrap(), workspace.read("two.yaml").unwrap());
}

#[test]
fn json_report_lists_losses_and_merges() {
    let workspace = Workspace::new();
    let (exit, output) = workspace.run("lossy.yaml -o new.yaml --format json");
    assert_eq!(exit, Exit::Findings);
    let report = parsed(&output);
    assert_eq!(report["output"], "new.yaml");
    assert_eq!(report["merged"], Value::Null);
    let losses = report["losses"].as_array().unwrap();
    let summaries: Vec<_> = losses
        .iter()
        .map(|loss| (&loss["kind"], &loss["construct"], &loss["line"]))
        .collect();
    assert_eq!(
        summaries,
        [
            (&json!("refused"), &json!("operation"), &json!(10)),
            (&json!("lost"), &json!("info.summary"), &json!(2)),
        ]
    );
    for loss in losses {
        assert_eq!(loss["file"], "lossy.yaml");
        assert!(loss["pointer"].as_str().unwrap().starts_with('/'));
        assert!(loss["column"].as_u64().unwrap() > 0);
        assert!(!loss["reason"].as_str().unwrap().is_empty());
    }
    let (exit, output) = workspace.run("clean.json -o existing.yaml --format json");
    assert_eq!(exit, Exit::Clean);
    let report = parsed(&output);
    let outcomes: Vec<_> = report["merged"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["outcome"].as_str().unwrap())
        .collect();
    assert!(
        outcomes.contains(&"changed") && outcomes.contains(&"gone") && outcomes.contains(&"new"),
        "{outcomes:?}"
    );
    for one in report["merged"].as_array().unwrap() {
        assert!(one["pointer"].as_str().unwrap().starts_with('/') && !one["what"].as_str().unwrap().is_empty());
    }
}

/// Tools that parse the report need JSON on failure, too.
#[test]
fn json_report_of_failure_is_json() {
    let workspace = Workspace::new();
    for command in ["missing.yaml", "clean.json --only-tag nothing", "broken.txt"] {
        workspace.write("broken.txt", "openapi: [\n");
        let command = format!("import {command} -o new.yaml --format json");
        let words: Vec<&str> = command.split(' ').collect();
        let (exit, output) = support::output(&words, workspace.directories(), &mut UnusedTypes);
        assert_eq!(exit, Exit::InputError);
        assert!(serde_json::from_str::<Value>(&output).is_ok(), "{command}: {output}");
    }
}

#[test]
fn import_selection_writes_selected_operations_only() {
    let workspace = Workspace::new();
    for (options, paths) in [
        ("--only-tag things", vec!["/things"]),
        ("--only-tag others", vec!["/others/{id}"]),
        ("--only-tag things --only-tag others", vec!["/things", "/others/{id}"]),
        ("--path /things", vec!["/things"]),
        ("--path /oth*", vec!["/others/{id}"]),
        ("--path /things --path */{id}", vec!["/things", "/others/{id}"]),
        ("--only-tag things --path /others/*", vec!["/things", "/others/{id}"]),
    ] {
        let name = format!("out{}.json", options.replace([' ', '/', '*'], "_"));
        let (exit, output) = workspace.run(&format!("clean.json -o {name} {options}"));
        assert_eq!(exit, Exit::Clean, "{output}");
        let written = workspace.read(&name).unwrap();
        let written_paths: Vec<&str> = ["/things", "/others/{id}"]
            .into_iter()
            .filter(|path| written.contains(path))
            .collect();
        assert_eq!(written_paths, paths, "{options}");
        assert_eq!(written.contains("Thing:"), paths.contains(&"/things"), "{options}");
    }
}

#[test]
fn import_selection_keeps_other_operations_of_existing_file() {
    let workspace = Workspace::new();
    let (exit, _) = workspace.run("clean.json -o existing.yaml --path /things");
    assert_eq!(exit, Exit::Clean);
    let written = workspace.read("existing.yaml").unwrap();
    assert_eq!(
        written,
        OURS.replace(
            "note: {type: string}   # no null yet",
            "note:   # no null yet\n          type: string\n          nullable: true"
        )
    );
}

#[test]
fn import_of_invalid_input_fails_and_writes_nothing() {
    let workspace = Workspace::new();
    workspace.write("broken.yaml", "openapi: 3.1.0\npaths: [\n");
    workspace.write("old.yaml", "swagger: \"2.0\"\npaths: {}\n");
    workspace.write(
        "twice.yaml",
        OURS.replace("operationId: old", "operationId: all_things"),
    );
    workspace.assert_failure("missing", "missing.yaml -o new.yaml");
    workspace.assert_failure("broken", "broken.yaml -o new.yaml");
    workspace.assert_failure("old", "old.yaml -o new.yaml");
    workspace.assert_failure("nothing-selected", "clean.json -o new.yaml --only-tag nothing");
    workspace.assert_failure("no-such-path", "clean.json -o existing.yaml --path /nothing");
    workspace.assert_failure("broken-output", "clean.json -o broken.yaml");
    // Our document has a duplicate operationId.
    workspace.assert_failure("not-generatable", "clean.json -o twice.yaml --path /others/*");
}

#[test]
fn import_into_directory_or_unreadable_file_fails() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path().join("output.d")).unwrap();
    let (exit, output) = workspace.run("clean.json -o output.d");
    assert_eq!(exit, Exit::InputError, "{output}");
    assert!(output.contains("output.d"), "{output}");
    // An existing file that cannot be read is not overwritten.
    fs::write(workspace.path().join("latin.yaml"), b"# caf\xe9\nopenapi: 3.0.3\n").unwrap();
    let (exit, output) = workspace.run("clean.json -o latin.yaml");
    assert_eq!(
        exit,
        Exit::InputError,
        "a document that is not UTF-8 is overwritten: {output}"
    );
    assert_eq!(
        fs::read(workspace.path().join("latin.yaml")).unwrap(),
        b"# caf\xe9\nopenapi: 3.0.3\n"
    );
}

#[test]
fn paths_are_relative_to_current_directory_and_default_to_workspace() {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.path().join("inner")).unwrap();
    fs::create_dir_all(workspace.path().join("openapi")).unwrap();
    let (exit, output) = workspace.run_in("inner", "../clean.json -o out.yaml");
    assert_eq!(exit, Exit::Clean, "{output}");
    assert!(workspace.read("inner/out.yaml").is_some());
    let (exit, output) = workspace.run_in("inner", "../clean.json");
    assert_eq!(exit, Exit::Clean, "{output}");
    assert_eq!(workspace.read("openapi/calls.yaml"), workspace.read("inner/out.yaml"));
    assert!(workspace.read("inner/openapi/calls.yaml").is_none());
}

#[test]
fn import_usage_error_is_rejected_by_clap() {
    for command in [
        vec![],
        vec!["a", "b"],
        vec!["a", "--format", "xml"],
        vec!["a", "--only-tag"],
    ] {
        let arguments = ["xtask", "import"].into_iter().chain(command.clone());
        assert!(Arguments::try_parse_from(arguments).is_err(), "{command:?}");
    }
}

#[test]
fn import_unreadable_file_loses_only_its_references() {
    let workspace = Workspace::empty();
    let document = r##"openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: list_things
      responses:
        "200": {description: All, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
    post:
      operationId: make_thing
      requestBody: {$ref: "gone.yaml#/Body"}
      responses: {"204": {description: Done}}
components:
  schemas:
    Thing:
      oneOf: [{$ref: "#/components/schemas/Near"}]
      discriminator:
        propertyName: kind
        mapping: {near: "#/components/schemas/Near", far: "gone.yaml#/Far", nearer: Near}
    Near: {type: object, required: [kind], properties: {kind: {type: string}, part: {$ref: "gone.yaml#/Part"}}}
"##;
    workspace.write("api.yaml", document);
    let (exit, output) = workspace.xtask("import api.yaml -o out.yaml", &mut UnusedTypes);
    assert_eq!(exit, Exit::Findings);
    for line in [
        "api.yaml:11:27: refused[operation]: `make_thing` is removed: external reference `gone.yaml#/Body`: expected one in this document",
        "api.yaml:11:27: lost[file]: ",
        "api.yaml:19:59: lost[mapping]: `gone.yaml#/Far` refers to another file; the value is removed",
        "api.yaml:20:92: lost[$ref]: external reference `gone.yaml#/Part`: expected one in this document; the keyword is removed",
        "1 of 2 operations",
    ] {
        assert!(output.contains(line), "{line}\n{output}");
    }
    let written = workspace.read("out.yaml").unwrap();
    assert!(
        !written.contains("gone.yaml") && written.contains("nearer"),
        "{written}"
    );
}
