//! The vendor publishes a document with other names for nearly everything. One command updates the client.

use std::{fs, process::Command};

use callrounded_tests::workspace;
use serde_json::Value;

use crate::{
    copy::{CHANGED, Copy},
    text,
};

const VENDOR: &str = "tests/generators/fastapi/documents/rounded.json";

#[test]
fn vendor_document_is_supported_after_one_command() {
    let copy = Copy::new(&CHANGED);
    let expected = copy.root.join("openapi/expected-failures.txt");
    let before = fs::read_to_string(&expected).unwrap();
    fs::copy(workspace().join(VENDOR), copy.root.join("target/vendor.json")).unwrap();
    let update = || {
        let output = copy.cargo(&["xtask", "update", "target/vendor.json"]);
        let printed = text(&output.stdout);
        let (_, steps) = printed
            .split_once("== remaining steps\n")
            .unwrap_or_else(|| panic!("{printed}"));
        (steps.to_owned(), format!("{printed}\n{}", text(&output.stderr)))
    };

    // The samples of the reference contradict the vendor's document. This is the one remaining decision, unless it has been made.
    let (steps, printed) = update();
    let is_decided = steps == "none\n";
    assert!(
        is_decided
            || steps
                == "1. correct the examples that `validate` reports above, or add their findings to \
                    openapi/expected-failures.txt\n",
        "{printed}"
    );
    let entries = printed
        .lines()
        .filter_map(|line| line.split_once("expected-failures.txt as: "));
    let entries: String = entries
        .map(|(_, entry)| entry.replace("REASON", "as the page shows it\n"))
        .collect();
    assert_eq!(entries.lines().count(), if is_decided { 0 } else { 4 }, "{printed}");
    fs::write(&expected, format!("{before}{entries}")).unwrap();

    // The second command changes nothing, so cargo builds nothing again.
    let document = copy.root.join("openapi/calls.yaml");
    let written = || fs::metadata(&document).unwrap().modified().unwrap();
    let first = written();
    let (steps, printed) = update();
    assert_eq!(steps, "none\n", "{printed}");
    assert!(printed.contains("client.rs is up to date"), "{printed}");
    assert_eq!(written(), first);

    // The new operation, property and filter work in the command line and the mock server. A vendor's document does not state what
    // a filter compares, so the mock server does not guess.
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
    let (code, calls, printed) = run("calls list --output ndjson");
    assert_eq!(code, 0, "{printed}");
    let call: Value = serde_json::from_str(calls.lines().next().unwrap()).unwrap();
    assert!(call["cost"].is_string() && call["type"] == "phone_call", "{call}");
    let delete = format!("api delete_call --call-id {}", call["id"].as_str().unwrap());
    assert_eq!(run(&delete), (0, String::new(), String::new()));
    let (code, _, printed) = run("api list_calls --min-duration 60");
    assert!(
        code == 8 && printed.contains("does not implement the parameter `min_duration`"),
        "{printed}"
    );
    fs::write(&expected, before).unwrap();
    copy.restore();
}
