//! Output for reading: tables that fit the terminal, causes of errors, attempts, and no secrets.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
};

use crate::support::{bare, callrounded, run};
use callrounded_mock::MockServer;
use callrounded_test_support::{RefusingAddress, skip};
use serde_json::json;
use tempfile::TempDir;

/// Runs a command line on a terminal of this width and returns its output. `typed` is a prompt, and what is typed after
/// it. Returns `None` if there is no `script` program.
fn on_terminal(line: &str, columns: u16, typed: Option<(&str, &str)>) -> Option<String> {
    if Command::new("script").arg("--version").output().is_err() {
        skip("output on a terminal: there is no `script` of util-linux");
        return None;
    }
    let program = bare().get_program().to_str().unwrap().to_owned();
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("stty cols {columns} rows 50; '{program}' {line}"))
        .arg("/dev/null")
        .env_remove("CALLROUNDED_BASE_URL")
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = Vec::new();
    if let Some((prompt, typed)) = typed {
        let mut byte = [0];
        while !String::from_utf8_lossy(&shown).contains(prompt) && out.read(&mut byte).unwrap() > 0 {
            shown.push(byte[0]);
        }
        // The program turns off the echo of the terminal right after the prompt.
        std::thread::sleep(std::time::Duration::from_millis(300));
        input.write_all(format!("{typed}\n").as_bytes()).unwrap();
    }
    out.read_to_end(&mut shown).unwrap();
    drop(input);
    child.wait().unwrap();
    Some(String::from_utf8(shown).unwrap().replace('\r', ""))
}

#[test]
fn table_on_terminal_fits_width_and_colours_status() {
    let green = "\u{1b}[32mcompleted\u{1b}[0m";
    let id = "123e4567-e89b-12d3-a456-426614174000";
    let Some(wide) = on_terminal("calls list --mock=2", 200, None) else {
        return;
    };
    assert!(wide.contains(green) && !wide.contains('…'), "{wide}");
    let narrow = on_terminal("calls list --mock=2", 80, None).unwrap();
    let plain = narrow.replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
    assert!(plain.lines().all(|line| line.chars().count() <= 80), "{plain}");
    assert!(
        plain.contains(id) && plain.contains('…') && plain.lines().count() == 4,
        "{plain}"
    );
    let without = on_terminal("calls list --mock=2 --columns id,status", 200, None).unwrap();
    assert!(without.contains(green) && !without.contains("phone_call"), "{without}");
}

#[test]
fn api_key_typed_on_terminal_is_not_shown() {
    let server = MockServer::start().unwrap();
    let line = format!("calls list --key-file - --base-url {} --output ndjson", server.url());
    let Some(shown) = on_terminal(&line, 80, Some(("API key: ", server.api_key()))) else {
        return;
    };
    assert!(shown.contains("\"id\":"), "{shown}");
    assert!(!shown.contains(server.api_key()), "{shown}");
}

#[test]
fn columns_unknown_name_is_reported() {
    let (server, directory) = (MockServer::builder().calls(2).start().unwrap(), TempDir::new().unwrap());
    let run = |line: &str| run(&mut callrounded(&server, directory.path()), line);
    let (code, csv, stderr) = run("calls list --output csv --columns id,cost");
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(csv.lines().next(), Some("id,cost"));
    assert!(csv.lines().nth(2).unwrap().ends_with(",0.05"), "{csv}");
    let (_, table, stderr) = run("calls list --output table --columns id,costs");
    assert!(
        table.starts_with(" id") && table.lines().next().unwrap().ends_with("costs"),
        "{table}"
    );
    assert!(
        stderr.starts_with("no column costs; the columns are agent_id, cost, direction"),
        "{stderr}"
    );
    let (_, call, _) = run("calls get 00000000-0000-4000-a000-000000000001 --output table --columns status,cost");
    assert_eq!(call, " status  completed\n cost    0.05\n");
    // A documented field is not reported, although none of these calls has it.
    let (_, csv, stderr) = run("calls list --output csv --columns id,end_time --agent nobody");
    assert_eq!((csv.as_str(), stderr.as_str()), ("id,end_time\n", ""));
    assert_eq!(run("calls list --columns id,,status").0, 2);
    let (_, csv, _) = run("api list_calls --output csv --columns id");
    assert_eq!((csv.lines().count(), csv.lines().next()), (4, Some("id")));
}

#[test]
fn calls_list_default_limit_reached_is_reported() {
    let (server, directory) = (
        MockServer::builder().calls(60).start().unwrap(),
        TempDir::new().unwrap(),
    );
    let run = |line: &str| run(&mut callrounded(&server, directory.path()), line);
    let (_, out, stderr) = run("calls list");
    assert_eq!(
        (out.lines().count(), stderr.as_str()),
        (50, "showing 50; use --all for the rest\n")
    );
    let (_, out, stderr) = run("calls list --all");
    assert_eq!((out.lines().count(), stderr.as_str()), (61, ""));
    let (_, out, stderr) = run("calls list --limit 7");
    assert_eq!((out.lines().count(), stderr.as_str()), (7, ""));
    assert_eq!(run("calls list --limit 7 --all").0, 2);
    assert_eq!(run("calls list --limit 0").0, 2);
}

#[test]
fn table_line_breaks_are_shown_on_one_line() {
    let directory = TempDir::new().unwrap();
    let call = json!({"id": "a", "status": "completed", "transcript_string": "User: Hello\nAgent: Hi\r\n"});
    let server = MockServer::builder().call(call).start().unwrap();
    let (_, table, _) = run(
        &mut callrounded(&server, directory.path()),
        "calls get a --output table --columns transcript_string",
    );
    assert_eq!(table, " transcript_string  User: Hello⏎Agent: Hi⏎\n");
}

#[test]
fn connection_refused_is_reported_with_cause() {
    let refusing = RefusingAddress::reserve().unwrap();
    let free = refusing.address();
    let mut command = bare();
    command.env("CALLROUNDED_API_KEY", "k");
    let (code, _, stderr) = run(
        &mut command,
        &format!("calls get x --base-url http://{free} --timeout 0.4"),
    );
    assert_eq!(code, 7);
    assert_eq!(
        stderr
            .replace(&free.port().to_string(), "PORT")
            .replace(" [2 attempts]", "")
            .replace(" [3 attempts]", ""),
        "error: get_call: the service cannot be reached\n\
         cause: cannot connect to 127.0.0.1:PORT: connection refused; no server is listening on this port\n\
         help: check --base-url (CALLROUNDED_BASE_URL) and the network\n"
    );
}

#[test]
fn base_url_invalid_message_names_option() {
    for (url, problem) in [
        (
            "http://calls.example",
            "plain http exposes the API key to the network; use https",
        ),
        ("ftp://calls.example", "must be https or http"),
        (
            "https://calls.example/v1",
            "ends in /v1, which every path already begins with; remove it",
        ),
    ] {
        for from_environment in [false, true] {
            let mut command = bare();
            command.env("CALLROUNDED_API_KEY", "k");
            let line = if from_environment {
                command.env("CALLROUNDED_BASE_URL", url);
                "calls get x".to_owned()
            } else {
                format!("calls get x --base-url {url}")
            };
            let (code, _, stderr) = run(&mut command, &line);
            assert_eq!(
                (code, stderr.as_str()),
                (2, format!("error: --base-url: {problem}\n").as_str())
            );
        }
    }
}

#[test]
fn verbose_prints_each_attempt() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    server.when_get_call().statuses([503]);
    server.when_get_call().times(1).reset();
    let line = "calls get 123e4567-e89b-12d3-a456-426614174000 --verbose --output ndjson";
    let (code, _, stderr) = run(&mut callrounded(&server, directory.path()), line);
    assert_eq!(code, 0, "{stderr}");
    // Durations differ in each run.
    let words: Vec<&str> = stderr
        .split_whitespace()
        .map(|word| {
            if word.contains('.') && word.parse::<f64>().is_ok() {
                "N"
            } else {
                word
            }
        })
        .collect();
    assert_eq!(
        words.join(" "),
        "get_call: attempt 1: 503 Service Unavailable after N s, request ID mock-1; next attempt in N s \
         get_call: attempt 2: the connection was lost before the response was complete after N s; next attempt in N s \
         get_call: attempt 3: 200 OK after N s, request ID mock-3"
    );
}

#[test]
fn help_lists_every_exit_code() {
    let help = run(&mut bare(), "--help").1;
    let codes = help.split("Exit codes:").nth(1).unwrap().split("\n\n").next().unwrap();
    for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130, 143] {
        assert!(
            codes.split([' ', '\n', ';']).any(|word| word == code.to_string()),
            "{code}: {codes}"
        );
    }
}
