//! The day the document changes: the commands and the build, run in a copy of the workspace.

use std::{fs, path::Path};

use callrounded_document::Document;
use callrounded_tests::workspace;
use serde_json::Value;

use crate::{copy::Copy, text};

const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";

/// Compiles the client as far as errors and its build script need it. The other package has its dependencies compiled with the
/// features that the workspace has.
const CHECK: [&str; 5] = [
    "check",
    "--package",
    "callrounded-api",
    "--package",
    "callrounded-workspace-hack",
];

/// Compiles the client and returns the source that was generated for it.
fn generated(copy: &Copy) -> String {
    let output = copy.cargo(&[&CHECK[..], &["--message-format", "json"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let messages = text(&output.stdout);
    let out = messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|message| {
            message["reason"] == "build-script-executed"
                && message["package_id"].as_str().unwrap().contains("callrounded-api")
        })
        .unwrap();
    fs::read_to_string(Path::new(out["out_dir"].as_str().unwrap()).join("client.rs")).unwrap()
}

#[test]
fn a_renamed_field_arrives_in_the_client_and_the_checks_see_it() {
    let copy = Copy::new();
    copy.replace(
        "        redirect_duration_seconds:\n",
        "        seconds_after_redirect:\n",
    );
    let source = generated(&copy);
    assert!(source.contains("pub seconds_after_redirect:") && !source.contains("pub redirect_duration_seconds:"));

    // Payloads are judged by the document as it is, though the snapshot is stale.
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let mut call = document.sample("/components/schemas/Call");
    call["seconds_after_redirect"] = 5.into();
    fs::write(copy.root.join("target/call.json"), call.to_string()).unwrap();
    let validate = copy.cargo(&["xtask", "validate", "--schema", "Call", "target/call.json"]);
    assert_eq!(
        (validate.status.code(), text(&validate.stdout)),
        (Some(0), "1 payload, 0 errors\n".to_owned()),
        "{}",
        text(&validate.stderr)
    );

    let check = copy.cargo(&["xtask", "regenerate", "--check"]);
    assert_eq!(check.status.code(), Some(4));
    let said = text(&check.stdout);
    assert!(
        said.contains("-        pub redirect_duration_seconds:")
            && said.contains("+        pub seconds_after_redirect:"),
        "{said}"
    );
    assert!(said.contains("cargo xtask regenerate"), "{said}");

    let validate = copy.cargo(&["xtask", "validate"]);
    assert_eq!(validate.status.code(), Some(1), "{}", text(&validate.stderr));
    let said = text(&validate.stdout);
    assert!(
        said.contains("openapi/examples/update_call.response.200.json:16:34"),
        "{said}"
    );
    assert!(said.contains("#/data/redirect_duration_seconds"), "{said}");

    // The command that the message names mends the snapshot.
    assert_eq!(copy.cargo(&["xtask", "regenerate"]).status.code(), Some(0));
    assert_eq!(copy.cargo(&["xtask", "regenerate", "--check"]).status.code(), Some(0));
    assert!(
        fs::read_to_string(copy.root.join(SNAPSHOT))
            .unwrap()
            .contains("pub seconds_after_redirect:")
    );

    copy.restore();
    assert_eq!(copy.cargo(&["xtask", "regenerate", "--check"]).status.code(), Some(4));
    assert_eq!(copy.cargo(&["xtask", "regenerate"]).status.code(), Some(0));
    assert_eq!(
        fs::read(copy.root.join(SNAPSHOT)).unwrap(),
        fs::read(workspace().join(SNAPSHOT)).unwrap()
    );
    assert_eq!(copy.cargo(&["xtask", "validate"]).status.code(), Some(0));
    let source = generated(&copy);
    assert!(source.contains("pub redirect_duration_seconds:"));
}

#[test]
fn the_client_is_generated_again_only_when_the_document_changes() {
    let copy = Copy::new();
    let build = || {
        let output = copy.cargo(&[&CHECK[..], &["--verbose"]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr).contains("Running `rustc --crate-name callrounded_api")
            || text(&output.stderr).contains("Dirty callrounded-api")
    };
    build();
    assert!(!build(), "nothing changed");
    for unrelated in [
        "README.md",
        "openapi/expected-failures.txt",
        "openapi/examples/update_call.request.json",
    ] {
        let path = copy.root.join(unrelated);
        let mut changed = fs::read(&path).unwrap();
        changed.push(b'\n');
        fs::write(&path, &changed).unwrap();
        assert!(!build(), "{unrelated} is no reason");
        changed.pop();
        fs::write(&path, &changed).unwrap();
    }
    copy.replace("description: A call, its outcome", "description: One call, its outcome");
    assert!(build(), "the document changed");
    copy.restore();
    assert!(build(), "the document changed back");
}

#[test]
fn a_broken_document_gives_its_message_from_build_and_command() {
    let copy = Copy::new();
    for (from, to, problem, place) in [
        (
            "title: Rounded calls",
            "title: Rounded: calls",
            "this is not YAML",
            "openapi/calls.yaml:20:17",
        ),
        (
            "openapi: 3.0.3",
            "openapi: 3.1.0",
            "this is OpenAPI 3.1.0; expected 3.0.x",
            "openapi/calls.yaml:17:10",
        ),
        (
            "      operationId: update_call\n",
            "",
            "the operation PATCH /v1/calls/{call_id} has no `operationId`",
            "at: #/paths/~1v1~1calls~1{call_id}/patch",
        ),
        (
            "#/components/schemas/TranscriptEntry",
            "#/components/schemas/TranscriptEntri",
            "`#/components/schemas/TranscriptEntri` leads nowhere",
            "at: #/components/schemas/Call/properties/transcript/items/$ref",
        ),
        (
            "          in: query\n",
            "          in: cookie\n",
            "the generator can't send `agent_id` as a cookie",
            "at: #/paths/~1v1~1calls/get/parameters/0/in",
        ),
    ] {
        copy.replace(from, to);
        let command = copy.cargo(&["xtask", "regenerate"]);
        assert_eq!(command.status.code(), Some(2));
        let build = copy.cargo(&CHECK);
        assert_eq!(build.status.code(), Some(101));
        for said in [text(&command.stderr), text(&build.stderr)] {
            assert!(
                said.contains(problem) && said.contains(place) && said.contains("= help: "),
                "{said}"
            );
            assert!(!said.contains("panicked"), "{said}");
        }
    }
    copy.restore();
    assert_eq!(
        fs::read(copy.root.join(SNAPSHOT)).unwrap(),
        fs::read(workspace().join(SNAPSHOT)).unwrap()
    );
}
