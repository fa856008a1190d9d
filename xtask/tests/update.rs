//! `cargo xtask update` over files: all its parts in one, and the steps that it leaves, which are held in `golden/update`.
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

/// Another name of the schema, and one property more.
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

/// With a branch `main` that has the document as it is.
fn committed() -> Workspace {
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

/// Compares the output with a golden file; the commit hash, which differs each time, is replaced.
fn hold(golden: &str, said: &str) {
    let lines = said
        .split_inclusive('\n')
        .map(|line| match line.split_once(":openapi/calls.yaml:") {
            Some((commit, place)) if commit.starts_with("  --> ") && !commit.contains('/') => {
                format!("  --> COMMIT:openapi/calls.yaml:{place}")
            }
            _ => line.to_owned(),
        });
    support::hold(&format!("update/{golden}.txt"), &lines.collect::<String>());
}

/// A workspace whose hand-written code does not fit any more.
struct Broken;

impl Types for Broken {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        support::same().schemas()
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        support::same().round_trip(samples)
    }
}

impl RoundTrip for Broken {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Err("the command line does not build; the messages of cargo above say why".to_owned())
    }
}

#[test]
fn a_new_property_leaves_no_step() {
    let workspace = committed();
    let (exit, said) = workspace.xtask("update vendor.json", &mut support::same());
    hold("clean", &said);
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

    let (exit, said) = workspace.xtask("update vendor.json", &mut support::same());
    assert_eq!(exit, Exit::Clean, "{said}");
    assert_eq!(workspace.read("openapi/calls.yaml").unwrap(), document);
    assert!(said.contains("client.rs is fresh"), "{said}");
}

#[test]
fn what_is_left_to_do_is_listed() {
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
    let (exit, said) = workspace.xtask("update vendor.json", &mut Broken);
    hold("steps", &said);
    assert_eq!(exit, Exit::Findings);
}

#[test]
fn nothing_changes_where_the_import_fails() {
    let workspace = committed();
    workspace.write("vendor.json", "{");
    let (exit, said) = workspace.xtask("update vendor.json", &mut support::same());
    hold("unreadable", &said);
    assert_eq!(exit, Exit::InputError);
    assert_eq!(workspace.read("openapi/calls.yaml").as_deref(), Some(OURS));
    assert_eq!(workspace.read("crates/callrounded-api/snapshots/client.rs"), None);
}
