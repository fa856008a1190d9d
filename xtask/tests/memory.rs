//! Tests that the memory of `validate` does not grow with the number of payloads in a file, or with the number of
//! findings.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::{fs, io, path::Path};

use callrounded_doc::{Exit, Streams};
use clap::Parser;
use peak_alloc::PeakAlloc;
use serde_json::json;
use tempfile::TempDir;
use xtask::{Arguments, Directories};

use support::{lossless_types, root};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Validates this number of payloads in one file, and returns the peak of allocated bytes.
fn peak(directory: &Path, count: usize, is_invalid: bool, format: &str) -> usize {
    // Payloads are long, so that keeping them would dominate the memory of the command.
    let transcript = "word ".repeat(600);
    let line = if is_invalid {
        json!({ "cost": [], "type": "phone_call", "transcript_string": transcript })
    } else {
        json!({ "id": "1", "type": "phone_call", "transcript_string": transcript })
    };
    let line = format!("{line}\n");
    fs::write(directory.join("calls.ndjson"), line.repeat(count)).unwrap();
    let command = format!("xtask validate --schema Call calls.ndjson --format {format}");
    run(
        directory,
        &command,
        if is_invalid { Exit::Findings } else { Exit::Clean },
    )
}

fn run(directory: &Path, command: &str, expected: Exit) -> usize {
    let arguments = Arguments::try_parse_from(command.split(' ')).unwrap();
    let directories = Directories {
        root: Some(root()),
        current_dir: directory,
    };
    let streams = Streams {
        out: &mut io::sink(),
        err: &mut io::sink(),
        is_colored: false,
    };
    ALLOCATED.reset_peak_usage();
    let exit = xtask::run(&arguments, directories, &mut lossless_types(), streams).unwrap();
    assert_eq!(exit, expected);
    ALLOCATED.peak_usage()
}

/// Validates one payload with many calls, each with this role in its transcript. Returns the peak of allocated bytes,
/// and the size of the payload in bytes.
fn peak_of_large_payload(directory: &Path, count: usize, role: &str) -> (usize, usize) {
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
    fs::write(directory.join("page.json"), page).unwrap();
    // There are no generated types for a document other than that of the workspace.
    fs::copy(root().join("openapi/calls.yaml"), directory.join("calls.yaml")).unwrap();
    let target = "--document calls.yaml --operation list_calls --response 200";
    let command = format!("xtask validate {target} page.json");
    (run(directory, &command, Exit::Clean), size)
}

#[test]
fn peak_memory_is_independent_of_number_of_payloads() {
    let directory = TempDir::new().unwrap();
    // The first run allocates what is kept, such as the tables of the generator.
    peak(directory.path(), 10, true, "text");
    for (is_invalid, format) in [
        (false, "text"),
        (true, "text"),
        (true, "json"),
        (true, "sarif"),
        (true, "junit"),
        (true, "github"),
    ] {
        // Both numbers are several times that of a batch.
        let few = peak(directory.path(), 1_500, is_invalid, format);
        let many = peak(directory.path(), 4_500, is_invalid, format);
        assert!(
            many < few + few / 10,
            "{format}: {few} bytes for 1,500 payloads, {many} for 4,500"
        );
    }
    let (small_peak, small) = peak_of_large_payload(directory.path(), 1_000, "user");
    let (large_peak, large) = peak_of_large_payload(directory.path(), 11_000, "user");
    let (additional, larger) = (large_peak - small_peak, large - small);
    // The text of the payload, and eight bytes for each value and key. There is one for every ten bytes, more than in
    // most payloads.
    assert!(
        additional < 2 * larger + larger / 5,
        "{additional} additional bytes for a payload that is {larger} bytes larger"
    );
    // Each call has a finding. If locating one took time in proportion to the payload, this would not end.
    peak_of_large_payload(directory.path(), 10_000, "unheard");
}
