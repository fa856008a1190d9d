//! Memory does not grow with a file of payloads, however much there is to say of them.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::{fs, io, path::Path};

use callrounded_doc::{Exit, Streams};
use clap::Parser;
use peak_alloc::PeakAlloc;
use serde_json::json;
use tempfile::TempDir;
use xtask::{Arguments, Folders};

use support::{root, same};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// The most bytes that were allocated at a time while so many payloads were checked.
fn peak(folder: &Path, count: usize, bad: bool, format: &str) -> usize {
    // Long enough that to keep them would take more than all else that the command needs.
    let said = "word ".repeat(600);
    let line = match bad {
        false => json!({ "id": "1", "type": "phone_call", "transcript_string": said }),
        true => json!({ "cost": [], "type": "phone_call", "transcript_string": said }),
    };
    let line = format!("{line}\n");
    fs::write(folder.join("calls.ndjson"), line.repeat(count)).unwrap();
    let command = format!("xtask validate --schema Call calls.ndjson --format {format}");
    run(folder, &command, if bad { Exit::Findings } else { Exit::Clean })
}

fn run(folder: &Path, command: &str, expected: Exit) -> usize {
    let arguments = Arguments::try_parse_from(command.split(' ')).unwrap();
    let folders = Folders {
        root: Some(root()),
        here: folder,
    };
    let streams = Streams {
        out: &mut io::sink(),
        err: &mut io::sink(),
        is_colored: false,
    };
    ALLOCATED.reset_peak_usage();
    let exit = xtask::run(&arguments, folders, &mut same(), streams).unwrap();
    assert_eq!(exit, expected);
    ALLOCATED.peak_usage()
}

/// The most bytes that were allocated at a time while one payload was checked, in which each of many calls has this role, and how
/// large it is.
fn peak_of_one(folder: &Path, count: usize, role: &str) -> (usize, usize) {
    let call = json!({
        "id": "123e4567-e89b-12d3-a456-426614174000",
        "type": "phone_call",
        "status": "completed",
        "start_time": "2023-06-15T14:30:00Z",
        "duration_seconds": 300,
        "transcript": [{ "role": role, "content": "How can I help you?" }],
        "metadata": { "source": "campaign", "customer": 12345 },
    });
    let page = format!("{{\"data\": [{}]}}", vec![call.to_string(); count].join(","));
    let size = page.len();
    fs::write(folder.join("page.json"), page).unwrap();
    // Of a document that is not the workspace's there are no types.
    fs::copy(root().join("openapi/calls.yaml"), folder.join("calls.yaml")).unwrap();
    let of = "--document calls.yaml --operation list_calls --response 200";
    let command = format!("xtask validate {of} page.json");
    (run(folder, &command, Exit::Clean), size)
}

#[test]
fn memory_does_not_grow_with_a_file() {
    let folder = TempDir::new().unwrap();
    // What is kept once, such as the tables of the generator, is there after the first run.
    peak(folder.path(), 10, true, "text");
    for (bad, format) in [
        (false, "text"),
        (true, "text"),
        (true, "json"),
        (true, "sarif"),
        (true, "junit"),
        (true, "github"),
    ] {
        // Several times as many as are looked at in one go.
        let few = peak(folder.path(), 1_500, bad, format);
        let many = peak(folder.path(), 4_500, bad, format);
        assert!(
            many < few + few / 10,
            "{format}: {few} bytes for 1,500 payloads, {many} for 4,500"
        );
    }
    let (least, small) = peak_of_one(folder.path(), 1_000, "user");
    let (most, large) = peak_of_one(folder.path(), 21_000, "user");
    let (more, larger) = (most - least, large - small);
    // Its text, and eight bytes for each value and name: this payload has one in ten bytes, which is more than most.
    assert!(
        more < 2 * larger + larger / 5,
        "{more} bytes more for a payload that is {larger} larger"
    );
    // A finding in each of its calls: where to find one took as long as the text is, this would not end.
    peak_of_one(folder.path(), 20_000, "unheard");
}
