//! The programs of the README run against a mock server.

use std::process::{Command, Output};

use callrounded_mock::MockServer;

fn run(program: &str, server: &MockServer) -> Output {
    let mut command = Command::new(program);
    command.env("CALLROUNDED_API_KEY", server.api_key());
    command.env("CALLROUNDED_BASE_URL", server.url());
    command.output().unwrap()
}

#[test]
fn async_program_updates_the_call() {
    let server = MockServer::start().unwrap();
    let output = run(env!("CARGO_BIN_EXE_downstream-quickstart"), &server);
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed.starts_with("123e4567-e89b-12d3-a456-426614174000 "),
        "{printed}"
    );
    let call = server.call("123e4567-e89b-12d3-a456-426614174000").unwrap();
    assert_eq!(call["metadata"]["source"], "ad");
}

#[test]
fn async_program_matches_on_the_error() {
    let server = MockServer::start().unwrap();
    server.when_update_call().status(404);
    let output = run(env!("CARGO_BIN_EXE_downstream-quickstart"), &server);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "no such call\n");

    let server = MockServer::start().unwrap();
    server.when_update_call().status(403);
    assert!(
        !run(env!("CARGO_BIN_EXE_downstream-quickstart"), &server)
            .status
            .success()
    );
}

#[test]
fn blocking_program_prints_the_status() {
    let server = MockServer::start().unwrap();
    let output = run(env!("CARGO_BIN_EXE_blocking"), &server);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "Some(Completed)\n",
        "{:?}",
        output.stderr
    );
}
