//! The memory of bulk commands does not grow with the number of calls.

use std::{
    fmt::Write as _,
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::support::callrounded;
use callrounded_mock::MockServer;
use callrounded_test_support::{memory_kib, skip};
use tempfile::TempDir;

const FEW: u32 = 1_000;
const MANY: u32 = 8_000;

/// The allowed difference. If all calls were kept in memory, it would be a multiple of this.
const MAX_DIFFERENCE_KIB: u64 = 4 * 1024;

/// Runs the program and returns its peak memory in KiB; `None` if the system does not report it.
fn peak_memory(command: &mut Command) -> Option<u64> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut peak = None;
    // The system tracks the peak, so the polling interval does not matter.
    while is_running(&mut child) {
        peak = memory_kib(&child.id().to_string(), "VmHWM").or(peak);
        thread::sleep(Duration::from_millis(5));
    }
    peak
}

fn is_running(child: &mut Child) -> bool {
    match child.try_wait().unwrap() {
        None => true,
        Some(status) => {
            assert!(status.success());
            false
        }
    }
}

fn assert_similar(what: &str, few: Option<u64>, many: Option<u64>) {
    let (Some(few), Some(many)) = (few, many) else {
        skip("memory of the program: this system does not report it in /proc");
        return;
    };
    eprintln!("{what}: {few} KiB for {FEW}, {many} KiB for {MANY}");
    assert!(many < few + MAX_DIFFERENCE_KIB, "{what}: {few} KiB, then {many} KiB");
}

#[test]
fn export_memory_is_independent_of_number_of_calls() {
    let directory = TempDir::new().unwrap();
    let export = |calls: u32| {
        let server = MockServer::builder().calls(calls).keep_requests(0).start().unwrap();
        let file = format!("{calls}.ndjson");
        let peak = peak_memory(callrounded(&server, directory.path()).args(["calls", "export", &file]));
        let text = fs::read_to_string(directory.path().join(file)).unwrap();
        assert_eq!(text.lines().count(), calls as usize + 1);
        peak
    };
    assert_similar("export", export(FEW), export(MANY));
}

#[test]
fn tag_memory_is_independent_of_number_of_rows() {
    let directory = TempDir::new().unwrap();
    let tag = |rows: u32| {
        let server = MockServer::builder().calls(rows).keep_requests(0).start().unwrap();
        let note = "n".repeat(1_500);
        let mut text = String::new();
        for number in 1..=rows {
            writeln!(
                text,
                r#"{{"id": "00000000-0000-4000-a000-{number:012}", "metadata": {{"note": "{note}"}}}}"#
            )
            .unwrap();
        }
        let file = format!("{rows}.ndjson");
        fs::write(directory.path().join(&file), text).unwrap();
        let peak = peak_memory(callrounded(&server, directory.path()).args(["calls", "tag", &file]));
        let last = format!("00000000-0000-4000-a000-{rows:012}");
        assert_eq!(server.call(&last).unwrap()["metadata"]["note"], note);
        peak
    };
    assert_similar("tag", tag(FEW), tag(MANY));
}
