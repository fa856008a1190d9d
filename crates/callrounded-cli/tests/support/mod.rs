//! The program, run as a user would.
#![allow(dead_code)]

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use callrounded_mock::MockServer;

/// The program with the key and the address of a server, in a folder.
pub fn callrounded(server: &MockServer, folder: &Path) -> Command {
    let mut command = bare();
    command
        .current_dir(folder)
        .env("CALLROUNDED_API_KEY", server.api_key())
        .env("CALLROUNDED_BASE_URL", server.url());
    command
}

/// The program without any settings.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callrounded"));
    command
        .env_remove("CALLROUNDED_API_KEY")
        .env_remove("CALLROUNDED_BASE_URL")
        .stdin(Stdio::null());
    command
}

/// Runs it: its exit code, what it printed, and what it said.
pub fn run(command: &mut Command, line: &str) -> (i32, String, String) {
    said(command.args(line.split_whitespace()).output().unwrap())
}

/// Runs it with something to read.
pub fn run_with(command: &mut Command, line: &str, input: &str) -> (i32, String, String) {
    command
        .args(line.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    said(child.wait_with_output().unwrap())
}

fn said(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}
