//! `cargo xtask import` over files: exit codes, what is written, and what is said, which is held in `golden/import`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use clap::Parser;
use serde_json::{Map, Value, json};
use xtask::{Arguments, Folders, RoundTrip};

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

/// What is lost and refused of it: a summary, an upload.
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
        workspace.write("there.yaml", OURS);
        workspace
    }

    /// Every file, with what it holds.
    fn files(&self) -> Vec<(String, String)> {
        let mut waiting = vec![self.path().to_owned()];
        let mut found = Vec::new();
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => waiting.push(path),
                    false => {
                        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                        found.push((path.display().to_string(), text));
                    }
                }
            }
        }
        found.sort();
        found
    }

    fn run_in(&self, here: &str, command: &str) -> (Exit, String) {
        let words: Vec<&str> = ["import"].into_iter().chain(command.split(' ')).collect();
        let folders = Folders {
            root: Some(self.path()),
            here: &self.path().join(here),
        };
        support::run(&words, folders, &mut NoTypes)
    }

    fn run(&self, command: &str) -> (Exit, String) {
        self.run_in("", command)
    }

    /// Runs it where it must not write anything.
    fn fails(&self, golden: &str, command: &str) {
        let before = self.files();
        let (exit, said) = self.run(command);
        hold(golden, &said);
        assert_eq!(exit, Exit::InputError, "{said}");
        assert_eq!(self.files(), before, "{command} writes");
    }
}

/// An import asks for no types.
struct NoTypes;

impl Types for NoTypes {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        panic!("an import needs no types")
    }

    fn round_trip(&mut self, _: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        panic!("an import needs no types")
    }
}

impl RoundTrip for NoTypes {
    fn build_hand_written(&mut self) -> Result<(), String> {
        panic!("an import builds nothing")
    }
}

fn hold(golden: &str, said: &str) {
    support::hold(&format!("import/{golden}.txt"), said);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn nothing_lost_is_exit_0() {
    let workspace = Workspace::new();
    let (exit, said) = workspace.run("clean.json -o new.yaml");
    hold("clean", &said);
    assert_eq!(exit, Exit::Clean);
    hold("clean-written", &workspace.read("new.yaml").unwrap());
}

#[test]
fn something_lost_or_refused_is_exit_1_and_written_all_the_same() {
    let workspace = Workspace::new();
    let (exit, said) = workspace.run("lossy.yaml --output new.yaml");
    hold("lossy", &said);
    assert_eq!(exit, Exit::Findings);
    hold("lossy-written", &workspace.read("new.yaml").unwrap());
}

#[test]
fn an_import_into_a_file_that_is_there_keeps_what_is_ours() {
    let workspace = Workspace::new();
    let (exit, said) = workspace.run("clean.json -o there.yaml");
    hold("merge", &said);
    assert_eq!(exit, Exit::Clean);
    let first = workspace.read("there.yaml").unwrap();
    hold("merge-written", &first);
    // The second time there is nothing to do.
    let (exit, said) = workspace.run("clean.json -o there.yaml");
    assert_eq!(exit, Exit::Clean);
    assert_eq!(workspace.read("there.yaml").unwrap(), first);
    for outcome in ["changed:", "new:", "gone:"] {
        assert!(!said.contains(outcome), "{said}");
    }
}

#[test]
fn what_is_imported_twice_is_the_same_text() {
    let workspace = Workspace::new();
    workspace.run("lossy.yaml -o one.yaml");
    workspace.run("lossy.yaml -o two.yaml");
    assert_eq!(workspace.read("one.yaml").unwrap(), workspace.read("two.yaml").unwrap());
    // And into itself.
    let (exit, _) = workspace.run("one.yaml -o one.yaml");
    assert_eq!(exit, Exit::Clean);
    assert_eq!(workspace.read("one.yaml").unwrap(), workspace.read("two.yaml").unwrap());
}

#[test]
fn json_is_one_object() {
    let workspace = Workspace::new();
    let (exit, said) = workspace.run("lossy.yaml -o new.yaml --format json");
    assert_eq!(exit, Exit::Findings);
    let report = parsed(&said);
    assert_eq!(report["output"], "new.yaml");
    assert_eq!(report["merged"], Value::Null);
    let losses = report["losses"].as_array().unwrap();
    let short: Vec<_> = losses
        .iter()
        .map(|loss| (&loss["kind"], &loss["construct"], &loss["line"]))
        .collect();
    assert_eq!(
        short,
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
    let (exit, said) = workspace.run("clean.json -o there.yaml --format json");
    assert_eq!(exit, Exit::Clean);
    let report = parsed(&said);
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

/// A tool that reads JSON has to be told in JSON.
#[test]
fn json_is_json_where_it_fails_too() {
    let workspace = Workspace::new();
    for command in ["missing.yaml", "clean.json --only-tag nothing", "there.txt"] {
        workspace.write("there.txt", "openapi: [\n");
        let command = format!("import {command} -o new.yaml --format json");
        let words: Vec<&str> = command.split(' ').collect();
        let (exit, said) = support::output(&words, workspace.folders(), &mut NoTypes);
        assert_eq!(exit, Exit::InputError);
        assert!(serde_json::from_str::<Value>(&said).is_ok(), "{command}: {said}");
    }
}

#[test]
fn only_what_is_selected_is_written() {
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
        let (exit, said) = workspace.run(&format!("clean.json -o {name} {options}"));
        assert_eq!(exit, Exit::Clean, "{said}");
        let written = workspace.read(&name).unwrap();
        let found: Vec<&str> = ["/things", "/others/{id}"]
            .into_iter()
            .filter(|path| written.contains(path))
            .collect();
        assert_eq!(found, paths, "{options}");
        assert_eq!(written.contains("Thing:"), paths.contains(&"/things"), "{options}");
    }
}

#[test]
fn what_is_not_selected_stays_where_it_is_merged_into() {
    let workspace = Workspace::new();
    let (exit, _) = workspace.run("clean.json -o there.yaml --path /things");
    assert_eq!(exit, Exit::Clean);
    let written = workspace.read("there.yaml").unwrap();
    assert_eq!(
        written,
        OURS.replace(
            "note: {type: string}   # no null yet",
            "note:   # no null yet\n          type: string\n          nullable: true"
        )
    );
}

#[test]
fn errors_of_the_input_are_exit_2_and_nothing_is_written() {
    let workspace = Workspace::new();
    workspace.write("broken.yaml", "openapi: 3.1.0\npaths: [\n");
    workspace.write("old.yaml", "swagger: \"2.0\"\npaths: {}\n");
    workspace.write(
        "twice.yaml",
        OURS.replace("operationId: old", "operationId: all_things"),
    );
    workspace.fails("missing", "missing.yaml -o new.yaml");
    workspace.fails("broken", "broken.yaml -o new.yaml");
    workspace.fails("old", "old.yaml -o new.yaml");
    workspace.fails("nothing-selected", "clean.json -o new.yaml --only-tag nothing");
    workspace.fails("no-such-path", "clean.json -o there.yaml --path /nothing");
    workspace.fails("broken-output", "clean.json -o broken.yaml");
    // Ours has a name twice.
    workspace.fails("not-generatable", "clean.json -o twice.yaml --path /others/*");
}

#[test]
fn a_folder_that_is_not_there_is_said_and_an_output_that_is_a_folder_too() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path().join("folder")).unwrap();
    let (exit, said) = workspace.run("clean.json -o folder");
    assert_eq!(exit, Exit::InputError, "{said}");
    assert!(said.contains("folder"), "{said}");
    // What can't be read is no reason to write over it.
    fs::write(workspace.path().join("latin.yaml"), b"# caf\xe9\nopenapi: 3.0.3\n").unwrap();
    let (exit, said) = workspace.run("clean.json -o latin.yaml");
    assert_eq!(
        exit,
        Exit::InputError,
        "a document that is not UTF-8 is written over: {said}"
    );
    assert_eq!(
        fs::read(workspace.path().join("latin.yaml")).unwrap(),
        b"# caf\xe9\nopenapi: 3.0.3\n"
    );
}

#[test]
fn paths_are_relative_to_where_the_user_is_and_the_default_to_the_workspace() {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.path().join("inner")).unwrap();
    fs::create_dir_all(workspace.path().join("openapi")).unwrap();
    let (exit, said) = workspace.run_in("inner", "../clean.json -o out.yaml");
    assert_eq!(exit, Exit::Clean, "{said}");
    assert!(workspace.read("inner/out.yaml").is_some());
    let (exit, said) = workspace.run_in("inner", "../clean.json");
    assert_eq!(exit, Exit::Clean, "{said}");
    assert_eq!(workspace.read("openapi/calls.yaml"), workspace.read("inner/out.yaml"));
    assert!(workspace.read("inner/openapi/calls.yaml").is_none());
}

#[test]
fn usage_errors_are_claps() {
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
fn a_file_that_can_not_be_read_costs_what_refers_to_it() {
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
    let (exit, said) = workspace.xtask("import api.yaml -o out.yaml", &mut NoTypes);
    assert_eq!(exit, Exit::Findings);
    for line in [
        "api.yaml:11:27: refused[operation]: `make_thing` is left out: `gone.yaml#/Body` leads out of the document",
        "api.yaml:11:27: lost[file]: ",
        "api.yaml:19:59: lost[mapping]: `gone.yaml#/Far` leads out of the document; the value is left out",
        "api.yaml:20:92: lost[$ref]: `gone.yaml#/Part` leads out of the document; it is left out",
        "1 of 2 operations",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let written = workspace.read("out.yaml").unwrap();
    assert!(
        !written.contains("gone.yaml") && written.contains("nearer"),
        "{written}"
    );
}
