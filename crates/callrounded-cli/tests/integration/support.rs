//! Runs the program as a user does.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use callrounded_mock::MockServer;

/// Returns the program in a directory, with the API key and the base URL of a server.
pub fn callrounded(server: &MockServer, directory: &Path) -> Command {
    let mut command = bare();
    command
        .current_dir(directory)
        .env("CALLROUNDED_API_KEY", server.api_key())
        .env("CALLROUNDED_BASE_URL", server.url());
    command
}

/// Returns the program without any settings.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callrounded"));
    command
        .env_remove("CALLROUNDED_API_KEY")
        .env_remove("CALLROUNDED_BASE_URL")
        .stdin(Stdio::null());
    command
}

/// Runs a command line and returns its exit code, standard output and standard error.
pub fn run(command: &mut Command, line: &str) -> (i32, String, String) {
    decode(command.args(line.split_whitespace()).output().unwrap())
}

/// Runs a command line with this standard input.
pub fn run_with(command: &mut Command, line: &str, input: &str) -> (i32, String, String) {
    command
        .args(line.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    decode(child.wait_with_output().unwrap())
}

fn decode(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}
