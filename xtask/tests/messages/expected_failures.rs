//! The list of findings that are known and accepted, `expected-failures.txt`.

use std::fs;

use callrounded_doc::Exit;

use crate::{Console, PATHS, THING, document, support::lossless_types};

#[test]
fn expected_failures_match_golden_file() {
    let mut console = Console::new(
        &document(PATHS, THING)
            .replace("count: {type: integer}", "count: {type: integer, example: 1.0}")
            .replace("name: {type: string}", "name: {type: string, example: 12}"),
    );
    console.file(
        "thing.json",
        "{\"id\": 1, \"name\": \"x\", \"secret\": \"s\", \"fresh\": 1}\n",
    );
    console.run("", Exit::Findings);
    let examples = console.fingerprints("");
    let payloads = console.fingerprints("--schema Thing thing.json");
    assert_eq!((examples.len(), payloads.len()), (2, 2));
    let list = |entries: &[String]| entries.join("\n") + "\n";
    let file = "openapi/expected-failures.txt";

    // Each kind of entry applies to its own command only. Unused entries are reported if examples are validated.
    console.file(
        file,
        list(&[
            "# What is known.".to_owned(),
            String::new(),
            format!("{} # The page shows a number.", examples[0].1),
            format!("{}\t#The page shows a fraction.", examples[1].1),
            format!("payload {} # The service does so.", payloads[0].1),
            "payload 0123456789abcdef # Not in today's payloads.".to_owned(),
        ]),
    );
    console.run("", Exit::Clean);
    console.run(
        "--schema Thing thing.json",
        if payloads[0].0 == "type" {
            Exit::Clean
        } else {
            Exit::Findings
        },
    );
    console.file(
        file,
        list(&[
            format!("{} # The page shows a number.", examples[0].1),
            format!("payload {} # Of the wrong kind.", examples[1].1),
            "0123456789abcdef # Fixed long ago.".to_owned(),
            format!("{} # An example's entry is none of a payload.", payloads[0].1),
        ]),
    );
    console.run("", Exit::Findings);
    console.run("--schema Thing thing.json", Exit::Findings);
    console.file(
        file,
        "0123456789abcdef\nnonsense # why\n0123456789abcdef #  \npayload # why\n0123456789abcdef payload # why\n\
         0123456789abcde # why\n0123456789abcdef0 # why\nPAYLOAD 0123456789abcdef # why\npayload 0123456789abcdef # good\n",
    );
    console.run("", Exit::InputError);
    console.run("--schema Thing thing.json", Exit::InputError);
    fs::remove_file(console.workspace.path().join(file)).unwrap();
    fs::create_dir(console.workspace.path().join(file)).unwrap();
    let (exit, printed) = console.output("", &mut lossless_types());
    assert_eq!(exit, Exit::InputError);
    assert!(printed.starts_with("error: the list cannot be read: "), "{printed}");
    console.assert_golden("expected");
}
