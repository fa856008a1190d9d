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
    assert_eq!(exit, if bad { Exit::Findings } else { Exit::Clean });
    ALLOCATED.peak_usage()
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
}
