//! Tests `cargo xtask update` on files: its parts and the remaining steps. The output is compared with files in
//! `golden/update`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::process::Command;

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use xtask::RoundTrip;

use serde_json::{Map, Value};
use support::Workspace;

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
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Thing"}}
              example: [{note: Short}]
components:
  schemas:
    Thing:
      type: object
      description: A thing.
      properties:
        note: {type: string, description: What we know of it.}
"##;

/// A document with another name of the schema, and one more property.
const THEIRS: &str = r##"{
  "openapi": "3.1.0",
  "info": {"title": "Things", "version": "1"},
  "paths": {
    "/things": {
      "get": {
        "operationId": "list_things_things_get",
        "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"description": "All", "content": {"application/json": {
          "schema": {"type": "array", "items": {"$ref": "#/components/schemas/ThingOut"}}
        }}}}
      }
    }
  },
  "components": {"schemas": {
    "ThingOut": {"type": "object", "properties": {"note": {"type": "string"}, "kind": {"const": "thing"}}}
  }}
}
"##;

fn workspace() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write("openapi/calls.yaml", OURS);
    workspace.write("vendor.json", THEIRS);
    workspace
}

/// Creates a workspace with a branch `main` that contains the document.
fn committed_workspace() -> Workspace {
    let workspace = workspace();
    for arguments in [
        "init --quiet --initial-branch main",
        "add openapi",
        "-c user.name=Test -c user.email=test@example.org commit --quiet --message First",
    ] {
        let git = Command::new("git")
            .arg("-C")
            .arg(workspace.path())
            .args(arguments.split_whitespace())
            .output()
            .unwrap();
        assert!(git.status.success(), "{}", String::from_utf8_lossy(&git.stderr));
    }
    workspace
}

/// Compares the output with a golden file. The commit hash, which differs between runs, is replaced.
fn assert_golden(golden: &str, output: &str) {
    let lines = output
        .split_inclusive('\n')
        .map(|line| match line.split_once(":openapi/calls.yaml:") {
            Some((commit, location)) if commit.starts_with("  --> ") && !commit.contains('/') => {
                format!("  --> COMMIT:openapi/calls.yaml:{location}")
            }
            _ => line.to_owned(),
        });
    support::assert_golden(&format!("update/{golden}.txt"), &lines.collect::<String>());
}

/// A workspace whose hand-written code does not compile with the new client.
struct BrokenBuild;

impl Types for BrokenBuild {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        support::lossless_types().schemas()
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        support::lossless_types().round_trip(samples)
    }
}

impl RoundTrip for BrokenBuild {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Err("the command line does not build; see the messages of cargo above".to_owned())
    }
}

#[test]
fn update_with_new_property_has_no_remaining_steps() {
    let workspace = committed_workspace();
    let (exit, output) = workspace.xtask("update vendor.json", &mut support::lossless_types());
    assert_golden("clean", &output);
    assert_eq!(exit, Exit::Clean);
    let document = workspace.read("openapi/calls.yaml").unwrap();
    assert!(
        document.contains("operationId: all_things   # as we call it"),
        "{document}"
    );
    let client = workspace.read("crates/callrounded-api/snapshots/client.rs").unwrap();
    assert!(
        client.contains("pub struct Thing {") && client.contains("pub kind:"),
        "{client}"
    );

    let (exit, output) = workspace.xtask("update vendor.json", &mut support::lossless_types());
    assert_eq!(exit, Exit::Clean, "{output}");
    assert_eq!(workspace.read("openapi/calls.yaml").unwrap(), document);
    assert!(output.contains("client.rs is up to date"), "{output}");
}

#[test]
fn update_lists_remaining_steps() {
    let workspace = workspace();
    let theirs = THEIRS
        .replace(r#""note": {"type": "string"}"#, r#""note": {"type": "integer"}"#)
        .replace(
            r#""paths": {"#,
            r#""paths": {
    "/upload": {"post": {
      "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}},
      "responses": {"204": {"description": "Done"}}
    }},"#,
        )
        .replace(r#""version": "1""#, r#""version": "1", "summary": "Short""#);
    workspace.write("vendor.json", theirs);
    let (exit, output) = workspace.xtask("update vendor.json", &mut BrokenBuild);
    assert_golden("steps", &output);
    assert_eq!(exit, Exit::Findings);
}

#[test]
fn update_with_failed_import_changes_nothing() {
    let workspace = committed_workspace();
    workspace.write("vendor.json", "{");
    let (exit, output) = workspace.xtask("update vendor.json", &mut support::lossless_types());
    assert_golden("unreadable", &output);
    assert_eq!(exit, Exit::InputError);
    assert_eq!(workspace.read("openapi/calls.yaml").as_deref(), Some(OURS));
    assert_eq!(workspace.read("crates/callrounded-api/snapshots/client.rs"), None);
}
