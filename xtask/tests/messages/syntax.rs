//! Messages about payloads that are malformed JSON, or that some readers understand differently.

use callrounded_doc::Exit;

use crate::{Console, PATHS, THING, document, malformed_payloads};

#[test]
fn malformed_payload_is_one_finding() {
    let mut console = Console::new(&document(PATHS, THING));
    let mut names = Vec::new();
    for (name, bytes) in malformed_payloads() {
        let name = format!("{name}.json");
        console.file(&name, bytes);
        names.push(name);
    }
    let printed = console.run(&format!("--schema Thing {}", names.join(" ")), Exit::Findings);
    // Each is exactly one finding: a malformed payload is not validated further.
    assert_eq!(printed.matches("error[json]").count(), names.len());
    assert!(
        printed.ends_with(&format!("{0} payloads, {0} errors\n", names.len())),
        "{printed}"
    );
    console.assert_golden("unreadable");
}

#[test]
fn overflow_surrogate_and_duplicate_key_findings_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    console.file(
        "huge.json",
        "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\", \"count\": 1e400}",
    );
    console.file(
        "half.json",
        "{\"id\": \"\\ud83d\", \"name\": \"\\ude00\\ud83d\", \"secret\": \"\\ud83d\\ude00\"}",
    );
    console.file(
        "twice.json",
        "{\n  \"id\": \"1\", \"id\": \"2\",\n  \"name\": \"x\",\n  \"secret\": \"s\",\n  \"n\\u0061me\": \"y\"\n}\n",
    );
    let mut far = "{\n  \"name\": \"first\",\n".to_owned();
    far.push_str(&"\n".repeat(120));
    far.push_str("  \"id\": \"1\", \"secret\": \"s\", \"name\": \"third\", \"name\": \"fourth\"\n}\n");
    console.file("far.json", far);
    console.run("--schema Thing huge.json half.json twice.json far.json", Exit::Findings);
    console.assert_golden("violations");
}
