//! The output and the exit codes of the commands.

use std::{fs, io::Read, process::Stdio, thread};

use crate::support::{bare, callrounded, run, run_with};
use callrounded_mock::MockServer;
use serde_json::{Value, json};
use tempfile::TempDir;

const CALL: &str = "123e4567-e89b-12d3-a456-426614174000";

#[test]
fn calls_get_update_start_and_terminate_change_call() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    let program = || callrounded(&server, directory.path());
    let (code, out, _) = run(&mut program(), &format!("calls get {CALL}"));
    let call: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &call["id"]), (0, &json!(CALL)));
    let (code, out, _) = run(
        &mut program(),
        &format!("calls update {CALL} a=b n:=1.50 --output ndjson"),
    );
    assert_eq!(code, 0);
    assert!(out.contains(r#""a":"b","n":1.5"#) && out.lines().count() == 1, "{out}");
    run(&mut program(), &format!("calls update {CALL} --replace a=c"));
    assert_eq!(server.call(CALL).unwrap()["metadata"], json!({ "a": "c" }));
    run(
        &mut program(),
        &format!(r#"calls update {CALL} --json {{"x":{{"y":null}}}}"#),
    );
    assert_eq!(
        server.call(CALL).unwrap()["metadata"],
        json!({ "a": "c", "x": { "y": null } })
    );
    run(&mut program(), &format!("calls update {CALL} --clear"));
    assert_eq!(server.call(CALL).unwrap()["metadata"], json!({}));
    let (code, out, _) = run(
        &mut program(),
        "calls start --from +33912345678 --to +33612345678 --agent 411b82c8-462a-4e1b-89bc-10ab3ce1ed29 --variable name=N --yes",
    );
    let started: Value = serde_json::from_str(&out).unwrap();
    let id = started["call_id"].as_str().unwrap();
    assert_eq!(
        (code, server.call(id).unwrap()["variable_values"][0]["value"].as_str()),
        (0, Some("N"))
    );
    assert_eq!(run(&mut program(), &format!("calls terminate {id}")).0, 0);
    assert_eq!(server.call(id).unwrap()["status"], "completed");
}

#[test]
fn calls_list_each_format_prints_calls() {
    let (server, directory) = (MockServer::builder().calls(5).start().unwrap(), TempDir::new().unwrap());
    let list = |line: &str| {
        run(
            &mut callrounded(&server, directory.path()),
            &format!("calls list {line}"),
        )
        .1
    };
    let lines = list("--limit 2");
    let ids: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone())
        .collect();
    assert_eq!(ids, [CALL, "00000000-0000-4000-a000-000000000005"]);
    let array: Vec<Value> = serde_json::from_str(&list("--all --output json")).unwrap();
    assert_eq!(array.len(), 6);
    assert_eq!(list("--agent nobody --output json").trim(), "[]");
    let table = list("--limit 1 --output table");
    assert!(
        table.trim_start().starts_with("id ") && table.contains(CALL) && !table.contains(" \n"),
        "{table}"
    );
    let csv = list("--output csv --type web_call");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().get(0), Some("id"));
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].get(2), Some("web_call"));
}

#[test]
fn exit_code_each_error_is_as_documented() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    let program = || callrounded(&server, directory.path());
    let get = format!("calls get {CALL} --timeout 1");
    // In parallel, since some of them are retried until the timeout.
    thread::scope(|scope| {
        for (status, code) in [
            (401, 3),
            (403, 3),
            (404, 4),
            (409, 5),
            (422, 5),
            (429, 6),
            (500, 8),
            (418, 8),
        ] {
            let (get, directory) = (&get, directory.path());
            scope.spawn(move || {
                let server = MockServer::start().unwrap();
                server.when_get_call().status(status);
                assert_eq!(run(&mut callrounded(&server, directory), get).0, code, "{status}");
            });
        }
    });
    server.when_get_call().raw(200, "application/json", "{}");
    assert_eq!(run(&mut program(), &get).0, 9);
    server.when_start_phone_call().reset();
    let start = "calls start --from +33912345678 --to +33612345678 --agent 411b82c8-462a-4e1b-89bc-10ab3ce1ed29";
    let (code, _, stderr) = run(&mut program(), &format!("{start} --yes"));
    assert_eq!(code, 10);
    assert!(stderr.contains("help: look for the call with"), "{stderr}");
    let (code, _, stderr) = run(&mut program(), start);
    assert_eq!(code, 2);
    assert!(stderr.contains("pass --yes"), "{stderr}");
    assert_eq!(
        run(
            program().env("CALLROUNDED_BASE_URL", "http://127.0.0.1:9"),
            "calls get x --timeout 1"
        )
        .0,
        7
    );
    for line in [
        "calls update x",
        "calls update x =b",
        "calls update x a=1 a=2",
        r#"calls update x --json {"a":1,"a":2}"#,
        "calls update x n:=123456789012345678901234567890",
        "calls start --from +33912345678 --to +33612345678 --agent a --variable n=1 --variable n=2 --yes",
        "calls list --after yesterday",
        "calls list --before 2023-02-30",
        "calls tag x --shard 3/2",
        "calls",
    ] {
        assert_eq!(run(&mut program(), line).0, 2, "{line}");
    }
}

/// The assumption is reported on standard error.
#[test]
fn timestamp_without_offset_is_read_as_utc() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    for (timestamp, time, is_reported) in [
        ("2023-01-01", "2023-01-01T00:00:00Z", true),
        ("2023-01-01T10:30", "2023-01-01T10:30:00Z", true),
        ("2023-01-01T10:30:00.5", "2023-01-01T10:30:00.500Z", true),
        ("2023-01-01T10:30:00+02:00", "2023-01-01T08:30:00Z", false),
    ] {
        let requests = server.requests().len();
        let line = format!("calls list --after {timestamp}");
        let (code, _, stderr) = run(&mut callrounded(&server, directory.path()), &line);
        assert_eq!(code, 0, "{timestamp}: {stderr}");
        let sent = server.requests()[requests].parameters["start_time_gt"].clone();
        let sent = chrono::DateTime::parse_from_rfc3339(sent.as_str().unwrap()).unwrap();
        assert_eq!(sent, chrono::DateTime::parse_from_rfc3339(time).unwrap(), "{timestamp}");
        let report = format!("--after has no UTC offset and is read as {time}\n");
        assert_eq!(stderr, if is_reported { report } else { String::new() }, "{timestamp}");
    }
}

/// There is no option for the key itself, since other users of the machine can see arguments.
#[test]
fn api_key_is_read_from_environment_file_or_standard_input() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    let line = format!("calls get {CALL} --base-url {}", server.url());
    let (code, _, stderr) = run(&mut bare(), &line);
    assert_eq!(code, 2);
    assert!(stderr.contains("CALLROUNDED_API_KEY is not set"), "{stderr}");
    let path = directory.path().join("key");
    fs::write(&path, "mock-key\n").unwrap();
    assert_eq!(run(&mut bare(), &format!("{line} --key-file {}", path.display())).0, 0);
    assert_eq!(
        run_with(&mut bare(), &format!("{line} --key-file -"), "mock-key\r\n").0,
        0
    );
    fs::write(&path, "other-secret-key\n").unwrap();
    let (code, out, stderr) = run(&mut bare(), &format!("{line} --key-file {}", path.display()));
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(!stderr.contains("other-secret-key"), "{stderr}");
    let help = run(&mut bare(), "--help").1;
    assert!(!help.contains("--key ") && !help.contains("--api-key"), "{help}");
}

#[test]
fn mock_completions_and_man_need_no_api_key() {
    let (code, out, _) = run(&mut bare(), "calls list --mock=3 --all");
    assert_eq!((code, out.lines().count()), (0, 4));
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            run(&mut bare(), &format!("completions {shell}"))
                .1
                .contains("callrounded")
        );
    }
    assert!(run(&mut bare(), "man").1.contains(".TH callrounded 1"));
}

/// As in `callrounded … | head`.
#[test]
fn closed_standard_output_is_not_reported() {
    let mut command = bare();
    command
        .args(["calls", "list", "--mock=3000", "--all"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut start = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn export_and_tag_standard_streams_are_rejected() {
    for (line, reason) in [
        ("calls export - --mock", "calls list --all --output ndjson"),
        ("calls tag - --mock", "standard input cannot have a journal"),
    ] {
        let (code, out, stderr) = run(&mut bare(), line);
        assert_eq!((code, out.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(reason), "{stderr}");
    }
}

#[test]
fn api_operations_of_document_are_listed_and_run() {
    let (server, directory) = (MockServer::builder().calls(5).start().unwrap(), TempDir::new().unwrap());
    let program = || callrounded(&server, directory.path());
    let (code, out, _) = run(&mut program(), "api");
    assert_eq!(code, 0);
    let get = out.lines().find(|line| line.starts_with("get_call ")).unwrap();
    assert!(get.contains("GET    /v1/calls/{call_id}  Get call details"), "{get}");
    assert_eq!(out.lines().count(), callrounded::OPERATIONS.len());

    let (code, out, _) = run(&mut program(), &format!("api get_call --call-id {CALL}"));
    let call: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &call["id"]), (0, &json!(CALL)));

    let api = |line: &str| run(&mut program(), &format!("api list_calls {line}")).1;
    // A single page is printed as a whole, with the cursor of the next one. `--paginate` prints the items.
    let page: Value = serde_json::from_str(&api("--limit 2")).unwrap();
    assert_eq!(
        (page["data"].as_array().unwrap().len(), page["next_cursor"].is_string()),
        (2, true)
    );
    assert_eq!(api("--limit 2 --paginate").lines().count(), 6);
    assert_eq!(api("--call-type web_call --paginate").lines().count(), 1);
    let items: Vec<Value> = serde_json::from_str(&api("--paginate --output json")).unwrap();
    assert_eq!(items.len(), 6);
    let csv = api("--paginate --output csv");
    assert!(
        csv.starts_with("id,organization_id,") && csv.lines().count() == 7,
        "{csv}"
    );
    // A single page as rows, with the cursor on standard error.
    let (code, csv, stderr) = run(&mut program(), "api list_calls --limit 2 --output csv");
    assert!(
        code == 0 && csv.starts_with("id,organization_id,") && csv.lines().count() == 3,
        "{csv}"
    );
    assert!(
        stderr.starts_with("more items follow; use --paginate for all, or --cursor "),
        "{stderr}"
    );
    let csv = run(&mut program(), &format!("api get_call --call-id {CALL} --output csv")).1;
    assert!(csv.starts_with("id,organization_id,"), "{csv}");
    let table = api("--paginate --output table");
    assert!(table.starts_with(" id ") && table.lines().count() == 7, "{table}");
    assert_eq!(
        api("--start-time-gt 2100-01-01T00:00:00Z --paginate --output json"),
        "[]\n"
    );
}

#[test]
fn api_body_is_read_from_argument_file_or_standard_input() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    let program = || callrounded(&server, directory.path());
    let update = format!("api update_call --call-id {CALL} --body");
    fs::write(
        directory.path().join("body.json"),
        r#"{"metadata":{"from":"file"},"override":true}"#,
    )
    .unwrap();
    assert_eq!(run(&mut program(), &format!("{update} @body.json")).0, 0);
    assert_eq!(server.call(CALL).unwrap()["metadata"], json!({ "from": "file" }));
    let body = r#"{"metadata":{"n":1.50}}"#;
    assert_eq!(run_with(&mut program(), &format!("{update} -"), body).0, 0);
    assert_eq!(server.requests().last().unwrap().body.as_ref(), body.as_bytes());
    for (argument, expected) in [
        (
            "{",
            "error: --body: invalid JSON at character 2: unexpected end of the payload inside a value; complete it; it was probably truncated\n",
        ),
        (
            "@missing.json",
            "error: missing.json: No such file or directory (os error 2)\n",
        ),
    ] {
        let (code, out, stderr) = run(&mut program(), &format!("{update} {argument}"));
        assert!(code == 2 || code == 11, "{code}");
        assert_eq!((out.as_str(), stderr.as_str()), ("", expected));
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn api_operation_not_idempotent_asks_for_confirmation() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    let program = || callrounded(&server, directory.path());
    let body = r#"{"from_number":"+33912345678","to_number":"+33612345678","agent_id":"411b82c8-462a-4e1b-89bc-10ab3ce1ed29"}"#;
    let start = format!("api start_phone_call --body {body}");
    let (code, _, error) = run(&mut program(), &start);
    assert_eq!(code, 2);
    assert!(
        error.contains("POST /v1/calls/phone") && error.contains("--yes"),
        "{error}"
    );
    assert!(server.requests().is_empty());
    let (code, out, _) = run(&mut program(), &format!("{start} --yes"));
    let started: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, started["call_id"].is_string()), (0, true));
    // An idempotent operation has no such option.
    assert_eq!(
        run(&mut program(), &format!("api get_call --call-id {CALL} --yes")).0,
        2
    );
}

#[test]
fn api_errors_have_same_exit_codes_as_other_commands() {
    let (server, directory) = (MockServer::start().unwrap(), TempDir::new().unwrap());
    let api = |line: &str| run(&mut callrounded(&server, directory.path()), &format!("api {line}"));
    assert_eq!(api("get_call --call-id nobody").0, 4);
    assert_eq!(api("get_call --call-id ..").0, 2);
    assert_eq!(api("get_call").0, 2);
    assert_eq!(api("no_such_operation").0, 2);
    assert_eq!(api("list_calls --call-type fax").0, 2);
    assert_eq!(api("list_calls --limit 0").0, 5);
    server.when_list_calls().times(3).status(503);
    let (code, out, error) = api("list_calls --paginate --timeout 2 --output json");
    assert_eq!((code, out.as_str()), (8, "[]\n"), "{error}");
    let (code, out, _) = run(&mut bare(), "completions bash");
    assert!(code == 0 && out.contains("list_calls") && out.contains("--paginate"));
}
