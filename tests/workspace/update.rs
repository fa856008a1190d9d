//! The day the vendor publishes its own document, which calls nearly everything by another name: one command brings the
//! client up to it.

use std::{fs, process::Command};

use callrounded_tests::workspace;
use serde_json::Value;

use crate::{copy::Copy, text};

const VENDOR: &str = "tests/generators/fastapi/documents/rounded.json";

#[test]
fn the_vendors_own_document_is_supported_after_one_command() {
    let copy = Copy::new();
    let expected = copy.root.join("openapi/expected-failures.txt");
    let before = fs::read_to_string(&expected).unwrap();
    fs::copy(workspace().join(VENDOR), copy.root.join("target/vendor.json")).unwrap();
    let update = || {
        let output = copy.cargo(&["xtask", "update", "target/vendor.json"]);
        let said = text(&output.stdout);
        let (_, steps) = said
            .split_once("== remaining steps\n")
            .unwrap_or_else(|| panic!("{said}"));
        (steps.to_owned(), format!("{said}\n{}", text(&output.stderr)))
    };

    // The samples of the reference page say what the vendor's document does not: that is the one thing left to decide, unless it has
    // been decided.
    let (steps, said) = update();
    let is_decided = steps == "none\n";
    assert!(
        is_decided
            || steps
                == "1. change the examples that `validate` reports above, or list what has to stay in \
                    openapi/expected-failures.txt\n",
        "{said}"
    );
    let entries = said
        .lines()
        .filter_map(|line| line.split_once("expected-failures.txt as: "));
    let entries: String = entries
        .map(|(_, entry)| entry.replace("REASON", "as the page shows it\n"))
        .collect();
    assert_eq!(entries.lines().count(), if is_decided { 0 } else { 4 }, "{said}");
    fs::write(&expected, format!("{before}{entries}")).unwrap();
    let document = fs::read_to_string(copy.root.join("openapi/calls.yaml")).unwrap();
    let (steps, said) = update();
    assert_eq!(steps, "none\n", "{said}");
    assert!(said.contains("client.rs is fresh"), "{said}");
    assert_eq!(
        fs::read_to_string(copy.root.join("openapi/calls.yaml")).unwrap(),
        document
    );

    // The new operation and property, and the new filter, by the command line and the mock server. What a filter compares
    // is no fact of the vendor's document, so the mock server does not guess.
    let run = |line: &str| {
        let output = Command::new(copy.root.join("target/debug/callrounded"))
            .arg("--mock=30")
            .args(line.split(' '))
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (code, calls, said) = run("calls list --output ndjson");
    assert_eq!(code, 0, "{said}");
    let call: Value = serde_json::from_str(calls.lines().next().unwrap()).unwrap();
    assert!(call["cost"].is_string() && call["type"] == "phone_call", "{call}");
    let delete = format!("api delete_call --call-id {}", call["id"].as_str().unwrap());
    assert_eq!(run(&delete), (0, String::new(), String::new()));
    let (code, _, said) = run("api list_calls --min-duration 60");
    assert!(
        code == 8 && said.contains("does not implement the parameter `min_duration`"),
        "{said}"
    );
    fs::write(&expected, before).unwrap();
    copy.restore();
}
