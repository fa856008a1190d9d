//! Tests `cargo xtask drift`: its suggestions, that it shows no values of payloads, and that after `--apply` the
//! payloads are valid and a client can be generated.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use callrounded_doc::Exit;
use serde_json::{Value, json};

use support::{Workspace, lossless_types};

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

/// Returns responses of `get_thing` with undocumented parts. Values that must not be shown contain `secret`.
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
                // A type error is not drift.
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
        let (exit, output) = self.xtask(command, &mut lossless_types());
        assert!(
            !output.contains("secret") && !output.contains("+33") && !output.contains("26614174"),
            "{output}"
        );
        (exit, output)
    }
}

fn assert_golden(golden: &str, output: &str) {
    support::assert_golden(&format!("drift/{golden}"), output);
}

#[test]
fn drift_report_shows_no_values() {
    let workspace = Workspace::new();
    let (exit, output) = workspace.run("drift recorded.ndjson --operation get_thing");
    assert_eq!(exit, Exit::Findings);
    assert_golden("text.txt", &output);
    assert_eq!(workspace.document(), DOCUMENT, "only --apply writes");
    let (exit, output) = workspace.run("drift recorded.ndjson --operation get_thing --format json");
    assert_eq!(exit, Exit::Findings);
    let report: Value = serde_json::from_str(&output).unwrap();
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
fn apply_writes_suggestions_and_leaves_none_to_apply() {
    let workspace = Workspace::new();
    // The payloads are recognized as responses of `get_thing`.
    let (exit, output) = workspace.run("drift recorded.ndjson --apply");
    assert_eq!(
        exit,
        Exit::Findings,
        "a value that may be personal data is not applied: {output}"
    );
    let written = workspace.document();
    assert_golden("applied.yaml", &written);
    assert!(written.starts_with("# A comment that stays.") && written.contains("# What it is known by."));
    callrounded_codegen::generate("calls.yaml", &written).unwrap();
    let (exit, output) = workspace.run("drift recorded.ndjson");
    assert_eq!(exit, Exit::Findings);
    assert!(output.contains("30 payloads, 1 suggestion"), "{output}");
    workspace.run("drift recorded.ndjson --apply");
    assert_eq!(workspace.document(), written, "a second --apply changes nothing");

    // All payloads are valid now, even strictly, except for the type error, the value that is not shown and the key
    // that is data.
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
    let (exit, output) = workspace.run("validate --strict --operation get_thing --response 200 clean.ndjson");
    assert_eq!(exit, Exit::Clean, "{output}");
}

#[test]
fn drift_of_valid_payload_is_clean() {
    let workspace = Workspace::new();
    let payload = json!({"message": "ok", "data": {"id": "1", "name": "n", "size": 1, "state": null}});
    workspace.write("fits.json", payload.to_string());
    let (exit, output) = workspace.run("drift fits.json");
    assert_eq!((exit, output.as_str()), (Exit::Clean, "1 payload, 0 suggestions\n"));
    let (exit, _) = workspace.run("drift fits.json --apply");
    assert_eq!(exit, Exit::Clean);
    assert_eq!(workspace.document(), DOCUMENT);
}

#[test]
fn drift_of_invalid_input_is_reported() {
    let workspace = Workspace::new();
    workspace.write(
        "broken.ndjson",
        "{\"message\": \n{\"message\": \"ok\", \"data\": {\"id\": \"1\", \"name\": \"n\", \"size\": 1}}\n",
    );
    let (exit, output) = workspace.run("drift broken.ndjson");
    assert_eq!(exit, Exit::Findings);
    assert!(
        output.contains("1 payload, 0 suggestions; 1 payload with invalid JSON"),
        "{output}"
    );
    for (command, wanted) in [
        ("drift gone.json", "error: gone.json cannot be read: "),
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
            "error: gone.yaml cannot be read: ",
        ),
    ] {
        let (exit, output) = workspace.run(command);
        assert_eq!(exit, Exit::InputError, "{command}");
        assert!(output.starts_with(wanted), "{output}");
    }
    workspace.write(
        "openapi/calls.yaml",
        DOCUMENT.replace("operationId: end_all", "summary: End"),
    );
    let (exit, output) = workspace.run("drift recorded.ndjson --apply");
    assert_eq!(exit, Exit::InputError);
    assert!(output.contains("has no `operationId`"), "{output}");
}

#[test]
fn drift_of_local_times_and_null_values_is_reported() {
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
    let (exit, output) = workspace.run("drift recorded.ndjson --operation get_thing");
    assert_eq!(exit, Exit::Findings);
    assert_golden("offset.txt", &output);
    let (exit, _) = workspace.run("drift recorded.ndjson --operation get_thing --apply");
    assert_eq!(exit, Exit::Findings, "two suggestions require asking the vendor");
    let written = workspace.document();
    assert!(written.contains("format: date-time-local"), "{written}");
    assert!(!written.contains("score"), "{written}");
    let client = callrounded_codegen::generate("calls.yaml", &written).unwrap();
    assert!(client.contains("pub began: ::std::option::Option<::callrounded_runtime::Timestamp>"));
    let (_, output) = workspace.run("validate --strict --operation get_thing --response 200 recorded.ndjson");
    assert!(!output.contains("#/data/maker/began"), "{output}");
}
