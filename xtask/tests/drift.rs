//! `cargo xtask drift`: what is learned from recorded payloads, what is shown of them, and that the document which has
//! learned it is one that they fit and a client is generated from.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use callrounded_doc::Exit;
use serde_json::{Value, json};

use support::{Workspace, same};

const DOCUMENT: &str = r##"# A comment that stays.
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    get:
      operationId: get_thing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: It.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/ThingResponse"}
  /ends:
    post:
      operationId: end_all
      responses:
        "200":
          description: Anything.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Ended"}
components:
  schemas:
    ThingResponse:
      type: object
      required: [data, message]
      x-needed: [data]
      properties:
        message: {type: string}
        data:
          $ref: "#/components/schemas/Thing"
    Thing:
      type: object
      required: [id, name, size]
      properties:
        # What it is known by.
        id:
          type: string
          x-inferred: No format is stated.
        name: {type: string}
        size:
          type: integer
        state:
          x-personal-data: false
          oneOf:
            - $ref: "#/components/schemas/State"
            - enum: [null]
        mood:
          type: string
          enum: [calm]
        maker:
          $ref: "#/components/schemas/Maker"
        parts:
          type: array
          items:
            $ref: "#/components/schemas/Maker"
    State:
      type: string
      enum: [open]
    Maker:
      type: object
      properties:
        label: {type: string}
    Ended:
      type: object
      properties:
        message: {type: string}
        data: {}
"##;

/// Answers of `get_thing`, of which the document does not know all. What must not be seen is called `secret`.
fn recorded() -> Vec<Value> {
    (0..30)
        .map(|count: u32| {
            let state = ["open", "closed", "lost"][count as usize % 3];
            let mut thing = json!({
                "id": format!("123e4567-e89b-12d3-a456-4266141740{count:02}"),
                "name": format!("secret{count}"),
                "size": if count.is_multiple_of(2) { json!(count) } else { Value::Null },
                "state": state,
                "mood": if count == 4 { "secretly_glad" } else { "calm" },
                "maker": if count == 5 { Value::Null } else { json!({"label": "secret", "rating": 4.5}) },
                "parts": [{"label": "secret"}, {"label": "secret", "seen_at": format!("2026-01-{:02}T10:00:00Z", 1 + count % 28)}],
                "contact": {"email": format!("secret{count}@example.com"), "phone": format!("+3361234{:04}", count)},
                "by_number": {format!("+3369876{count:04}"): "secret"},
                "mixed": if count.is_multiple_of(2) { json!("secret") } else { json!([1]) },
                "secret key with blanks": 1,
            });
            if count == 6 {
                thing.as_object_mut().unwrap().remove("name");
            }
            match count {
                // Nothing can be learned from a plain contradiction.
                7 => json!({"message": 7, "data": thing}),
                8 => json!({"message": "secret", "data": thing, "trace": "secret"}),
                _ => json!({"message": "secret", "data": thing}),
            }
        })
        .collect()
}

impl Workspace {
    fn new() -> Self {
        let workspace = Self::empty();
        workspace.write("openapi/calls.yaml", DOCUMENT);
        let lines: String = recorded().iter().map(|one| format!("{one}\n")).collect();
        workspace.write("recorded.ndjson", &lines);
        workspace
    }

    fn document(&self) -> String {
        self.read("openapi/calls.yaml").unwrap()
    }

    fn run(&self, command: &str) -> (Exit, String) {
        let (exit, said) = self.xtask(command, &mut same());
        assert!(
            !said.contains("secret") && !said.contains("+33") && !said.contains("26614174"),
            "{said}"
        );
        (exit, said)
    }
}

fn hold(golden: &str, said: &str) {
    support::hold(&format!("drift/{golden}"), said);
}

#[test]
fn what_is_seen_is_shown_and_nothing_of_what_was_said() {
    let workspace = Workspace::new();
    let (exit, said) = workspace.run("drift recorded.ndjson --operation get_thing");
    assert_eq!(exit, Exit::Findings);
    hold("text.txt", &said);
    assert_eq!(workspace.document(), DOCUMENT, "only --apply writes");
    let (exit, said) = workspace.run("drift recorded.ndjson --operation get_thing --format json");
    assert_eq!(exit, Exit::Findings);
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&report["payloads"], &report["contradictions"]),
        (&json!(30), &json!(1))
    );
    let kinds = |kind: &str| {
        report["sightings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["kind"] == kind)
            .count()
    };
    let counts = ["property", "value", "absent", "null", "format"].map(kinds);
    assert_eq!(counts, [6, 3, 1, 2, 1]);
}

#[test]
fn what_is_learned_is_written_and_then_there_is_nothing_more_to_learn() {
    let workspace = Workspace::new();
    // That it is an answer of `get_thing` is told from what it holds.
    let (exit, said) = workspace.run("drift recorded.ndjson --apply");
    assert_eq!(
        exit,
        Exit::Findings,
        "what may be personal data is left to decide: {said}"
    );
    let written = workspace.document();
    hold("applied.yaml", &written);
    assert!(written.starts_with("# A comment that stays.") && written.contains("# What it is known by."));
    callrounded_codegen::generate("calls.yaml", &written).unwrap();
    let (exit, said) = workspace.run("drift recorded.ndjson");
    assert_eq!(exit, Exit::Findings);
    assert!(said.contains("30 payloads, 1 thing to learn"), "{said}");
    workspace.run("drift recorded.ndjson --apply");
    assert_eq!(workspace.document(), written, "what is written twice is written once");

    // All but the plain contradiction, the value that is not shown and the name that is data fits now, strictly.
    let clean: String = recorded()
        .into_iter()
        .enumerate()
        .filter(|(index, _)| ![4, 7].contains(index))
        .map(|(_, mut one)| {
            one["data"].as_object_mut().unwrap().remove("secret key with blanks");
            format!("{one}\n")
        })
        .collect();
    workspace.write("clean.ndjson", &clean);
    let (exit, said) = workspace.run("validate --strict --operation get_thing --response 200 clean.ndjson");
    assert_eq!(exit, Exit::Clean, "{said}");
}

#[test]
fn payloads_that_fit_teach_nothing() {
    let workspace = Workspace::new();
    let payload = json!({"message": "ok", "data": {"id": "1", "name": "n", "size": 1, "state": null}});
    workspace.write("fits.json", payload.to_string());
    let (exit, said) = workspace.run("drift fits.json");
    assert_eq!((exit, said.as_str()), (Exit::Clean, "1 payload, 0 things to learn\n"));
    let (exit, _) = workspace.run("drift fits.json --apply");
    assert_eq!(exit, Exit::Clean);
    assert_eq!(workspace.document(), DOCUMENT);
}

#[test]
fn what_can_not_be_looked_at_is_said() {
    let workspace = Workspace::new();
    workspace.write(
        "broken.ndjson",
        "{\"message\": \n{\"message\": \"ok\", \"data\": {\"id\": \"1\", \"name\": \"n\", \"size\": 1}}\n",
    );
    let (exit, said) = workspace.run("drift broken.ndjson");
    assert_eq!(exit, Exit::Findings);
    assert!(
        said.contains("1 payload, 0 things to learn; 1 could not be read"),
        "{said}"
    );
    for (command, wanted) in [
        ("drift gone.json", "error: gone.json can't be read: "),
        (
            "drift recorded.ndjson --operation nothing",
            "error: the document has no operation `nothing`; it has get_thing, end_all",
        ),
        (
            "drift recorded.ndjson --schema Nothing",
            "error: the document has no schema `Nothing`",
        ),
        (
            "drift recorded.ndjson --document gone.yaml",
            "error: gone.yaml can't be read: ",
        ),
    ] {
        let (exit, said) = workspace.run(command);
        assert_eq!(exit, Exit::InputError, "{command}");
        assert!(said.starts_with(wanted), "{said}");
    }
    workspace.write(
        "openapi/calls.yaml",
        DOCUMENT.replace("operationId: end_all", "summary: End"),
    );
    let (exit, said) = workspace.run("drift recorded.ndjson --apply");
    assert_eq!(exit, Exit::InputError);
    assert!(said.contains("has no `operationId`"), "{said}");
}

#[test]
fn times_without_an_offset_and_what_was_always_null() {
    let workspace = Workspace::new();
    let times = "label: {type: string}
        began: {type: string, format: date-time}
        ended: {type: string, format: date-time}";
    workspace.write("openapi/calls.yaml", DOCUMENT.replace("label: {type: string}", times));
    let payload = |ended: &str| {
        let maker = json!({"label": "secret", "began": "2026-01-01T10:00:00", "ended": ended, "score": null});
        json!({"message": "secret", "data": {"id": "a", "name": "secret", "size": 1, "maker": maker}})
    };
    let lines = [payload("2026-01-01T10:00:00"), payload("2026-01-01T10:00:00+01:00")];
    workspace.write("recorded.ndjson", lines.map(|one| format!("{one}\n")).concat());
    let (exit, said) = workspace.run("drift recorded.ndjson --operation get_thing");
    assert_eq!(exit, Exit::Findings);
    hold("offset.txt", &said);
    let (exit, _) = workspace.run("drift recorded.ndjson --operation get_thing --apply");
    assert_eq!(exit, Exit::Findings, "two of them are left to whoever asks the service");
    let written = workspace.document();
    assert!(written.contains("format: date-time-local"), "{written}");
    assert!(!written.contains("score"), "{written}");
    let client = callrounded_codegen::generate("calls.yaml", &written).unwrap();
    assert!(client.contains("pub began: ::std::option::Option<::callrounded_runtime::Timestamp>"));
    let (_, said) = workspace.run("validate --strict --operation get_thing --response 200 recorded.ndjson");
    assert!(!said.contains("#/data/maker/began"), "{said}");
}
