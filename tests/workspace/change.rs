//! A changed document: the commands and the build, run in a copy of the workspace.

use std::{fs, path::Path};

use callrounded_document::Document;
use callrounded_tests::workspace;
use serde_json::Value;

use crate::{
    copy::{CHANGED, Copy},
    text,
};

const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";

/// Checks the client, which runs its build script. The second package makes cargo choose the features of the workspace, so that
/// dependencies are not compiled again.
const CHECK: [&str; 5] = [
    "check",
    "--package",
    "callrounded-api",
    "--package",
    "callrounded-workspace-hack",
];

/// Checks the client and returns its generated source.
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
fn renamed_field_changes_the_client_and_is_reported() {
    let copy = Copy::new(&CHANGED);
    copy.replace(
        "        redirect_duration_seconds:\n",
        "        seconds_after_redirect:\n",
    );
    let source = generated(&copy);
    assert!(source.contains("pub seconds_after_redirect:") && !source.contains("pub redirect_duration_seconds:"));

    // Payloads are validated against the changed document, although the snapshot is stale.
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
    let output = text(&check.stdout);
    assert!(
        output.contains("-        pub redirect_duration_seconds:")
            && output.contains("+        pub seconds_after_redirect:"),
        "{output}"
    );
    assert!(output.contains("cargo xtask regenerate"), "{output}");

    let validate = copy.cargo(&["xtask", "validate"]);
    assert_eq!(validate.status.code(), Some(1), "{}", text(&validate.stderr));
    let output = text(&validate.stdout);
    assert!(
        output.contains("openapi/examples/update_call.response.200.json:16:34"),
        "{output}"
    );
    assert!(output.contains("#/data/redirect_duration_seconds"), "{output}");

    // The command in the message refreshes the snapshot.
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
fn client_is_regenerated_only_when_the_document_changes() {
    let copy = Copy::new(&CHANGED);
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
    copy.replace(
        "description: A call with its outcome",
        "description: One call with its outcome",
    );
    assert!(build(), "the document changed");
    copy.restore();
    assert!(build(), "the document changed back");
}

#[test]
fn broken_document_has_the_same_message_in_build_and_command() {
    let copy = Copy::new(&CHANGED);
    for (from, to, problem, place) in [
        (
            "title: Rounded calls",
            "title: Rounded: calls",
            "invalid YAML",
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
            "unresolved reference `#/components/schemas/TranscriptEntri`",
            "at: #/components/schemas/Call/properties/transcript/items/$ref",
        ),
        (
            "          in: query\n",
            "          in: cookie\n",
            "the cookie parameter `agent_id` is not supported",
            "at: #/paths/~1v1~1calls/get/parameters/0/in",
        ),
    ] {
        copy.replace(from, to);
        let command = copy.cargo(&["xtask", "regenerate"]);
        assert_eq!(command.status.code(), Some(2));
        let build = copy.cargo(&CHECK);
        assert_eq!(build.status.code(), Some(101));
        for output in [text(&command.stderr), text(&build.stderr)] {
            assert!(
                output.contains(problem) && output.contains(place) && output.contains("= help: "),
                "{output}"
            );
            assert!(!output.contains("panicked"), "{output}");
        }
    }
    copy.restore();
    assert_eq!(
        fs::read(copy.root.join(SNAPSHOT)).unwrap(),
        fs::read(workspace().join(SNAPSHOT)).unwrap()
    );
}
