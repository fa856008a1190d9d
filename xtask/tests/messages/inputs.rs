//! Messages about wrong arguments, and about files that cannot be read.

use std::fmt::Write as _;

use callrounded_doc::Exit;
use clap::Parser;
use xtask::Arguments;

use crate::{Console, PATHS, THING, document, without_os_errors};

#[test]
fn input_errors_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    let good = "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\"}";
    console.file("good.json", good);
    console.file("bad.json", "{}");
    for arguments in [
        "good.json",
        "--schema Thing",
        "--operation add_thing good.json",
        "--schema Nothing good.json",
        "--operation nothing --request good.json",
        "--operation list_things --request good.json",
        "--operation list_things --response 200 good.json",
        "--operation add_thing --response 500 good.json",
        "--operation add_thing --response nonsense good.json",
        "--document elsewhere.yaml",
    ] {
        console.run(arguments, Exit::InputError);
    }
    // Readable files are validated even if others are not readable.
    console.run(
        "--schema Thing good.json missing.json bad.json nowhere/else.ndjson",
        Exit::InputError,
    );
    let console = Console {
        printed: without_os_errors(&console.printed),
        ..console
    };
    console.assert_golden("inputs");
}

#[test]
fn usage_errors_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    for arguments in [
        "--request thing.json",
        "--response 200 thing.json",
        "--operation add_thing --request --response 200 thing.json",
        "--schema Thing --operation add_thing thing.json",
        "--schema",
        "--format xml",
        "--nonsense",
    ] {
        let parsed = Arguments::try_parse_from(["xtask", "validate"].into_iter().chain(arguments.split(' ')));
        let error = parsed.unwrap_err();
        assert_eq!(error.exit_code(), 2, "{arguments}");
        writeln!(
            console.printed,
            "$ cargo xtask validate {arguments}\n{error}[{}]\n",
            error.exit_code()
        )
        .unwrap();
    }
    console.assert_golden("usage");
}
