//! Fuzz target: the files of a recording. Reading them ends with a recording or a message.
#![no_main]

use std::{fs, path::PathBuf, process};

libfuzzer_sys::fuzz_target!(|input: (&str, &str, &str)| {
    // In memory, where there is such a file system.
    let memory = PathBuf::from("/dev/shm");
    let parent = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let directory = parent.join(format!("callrounded-fuzz-{}", process::id()));
    fs::create_dir_all(&directory).unwrap();
    let (exchanges, request, response) = input;
    for (name, text) in [
        ("exchanges.ndjson", exchanges),
        ("update_call.request.ndjson", request),
        ("update_call.200.ndjson", response),
    ] {
        fs::write(directory.join(name), text).unwrap();
    }
    callrounded_mock::fuzzing::read_recording(&directory);
});
