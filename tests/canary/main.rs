//! Tests with canary values that no output contains the API key or personal data: nothing that is printed, logged at
//! any level by any crate, or sent to another origin. The canaries go through every operation and every fault.
//!
//! `run_everything` runs in a process of its own. Its subscriber writes every log record and span of the process to
//! standard error. It prints everything that a program might print to standard output.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::{
    env,
    fmt::Write as _,
    process::{Command, Output},
    sync::Arc,
};

use callrounded::{CallExt as _, Client, reqwest::redirect::Policy};
use callrounded_mock::MockServer;
use callrounded_test_support::skip;
use callrounded_tests::{
    faults::{Fault, FaultSetup, table},
    operations::{Input, Operation},
    printed,
    scripted::{Action, http_response},
    virtual_clock::VirtualClock,
};
use serde_json::json;
use tokio::{sync::Semaphore, task::JoinSet};
use tracing_subscriber::fmt::format::FmtSpan;

const KEY: &str = "canary-key-7f3a";
const TEXT: &str = "canary-text-91bc";
const FROM: &str = "+33711223344";
const TO: &str = "+33755667788";
/// An identifier is not personal data, but logs and spans must not contain it.
const CALL_ID: &str = "canary-call-0d2e";
const OTHER_ORIGIN_KEY: &str = "key-of-other-origin";

const INPUT: Input = Input {
    id: CALL_ID,
    from: FROM,
    to: TO,
    text: TEXT,
};

/// Returns the operations, with responses in which every string that may be personal data is the canary.
fn operations() -> Vec<Operation> {
    Operation::all_with(TEXT)
}

/// Returns responses that repeat what the client sent, in every location that the client reads.
fn echoes(operation: &Operation) -> Vec<(String, Fault)> {
    let (_, strings) = operation.request(&INPUT);
    let sent = [KEY].into_iter().chain(strings).collect::<Vec<_>>().join(" ");
    let body = json!({
        "message": format!("this: {sent}"),
        "error": {"type": KEY, "message": sent, "details": [{"field": sent, "message": sent}]},
        "detail": [{"loc": ["body", "metadata"], "msg": sent, "input": TEXT, "ctx": {"to": TO}}],
        "data": null,
    });
    let id = format!("request of {KEY}");
    let headers = [
        ("x-request-id", id.as_str()),
        ("set-cookie", TEXT),
        ("content-type", TEXT),
    ];
    let echo = |status: &str, body: &str| {
        (
            format!("echo {status}"),
            Fault::Act(Action::Send(http_response(status, &headers, body.as_bytes()))),
        )
    };
    let mut echoes: Vec<_> = [
        "200 OK",
        "400 Bad Request",
        "401 Unauthorized",
        "404 Not Found",
        "422 No",
        "429 Slow",
        "500 Oops",
    ]
    .iter()
    .map(|status| echo(status, &body.to_string()))
    .collect();
    // In the notations that services use: in a URL, in JSON, and a phone number without its "+".
    let url = |text: &str| text.replace('+', "%2B").replace(' ', "%20");
    let nested = json!({ "sent": sent }).to_string();
    let bare = sent.replace('+', "");
    let spelled = json!({ "message": format!("Cannot GET /v1?q={}: {nested}: {bare}", url(&sent)) });
    echoes.push(echo("404 Not Found", &spelled.to_string()));
    echoes.push(echo(
        "502 Bad Gateway",
        &format!("<html>{KEY} {FROM} {TO} {TEXT}</html>"),
    ));
    echoes.push(echo("200 OK", &format!("<html>{KEY} {FROM} {TO} {TEXT}</html>")));
    echoes.push(echo(
        "200 OK",
        &json!({"data": {"id": [TEXT], "call_id": {FROM: TO}}}).to_string(),
    ));
    echoes.push(echo(
        "200 OK",
        &json!({"data": [{"from_number": FROM, "id": 5}, TEXT]}).to_string(),
    ));
    echoes
}

async fn run_one(operation: Operation, name: String, fault: Fault, other_origin: String) -> String {
    let clock = VirtualClock::skipping_delays();
    let stalled = clock.clone();
    let mut setup = FaultSetup::of(fault, &other_origin, move || stalled.expire_one());
    // The least safe settings: verbose connections, and redirects that are followed.
    let settings = std::mem::take(&mut setup.client)
        .api_key(KEY)
        .header("x-gateway", TEXT)
        .configure_http(|http| http.connection_verbose(true).redirect(Policy::limited(3)))
        .clock(clock);
    let mut text = format!("{} × {name}\n{settings:?}\n", operation.id());
    let client = settings.build().unwrap();
    let _ = writeln!(text, "{client:?}");
    setup.prepare(&operation, &client).await.unwrap();
    match operation.run(&client, &INPUT).await {
        Ok(response) => text.push_str(&response),
        Err(error) => text.push_str(&printed(&error)),
    }
    text
}

/// Returns the output of requests before they are sent, and of rejected input.
async fn run_inputs() -> String {
    let client = Client::builder()
        .api_key(KEY)
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let calls = client.calls();
    let update = calls.update("x").merge_metadata([(TEXT, TEXT)]).header("x-a", TEXT);
    let start = calls
        .start(FROM, TO, "agent")
        .variables([(TEXT, TEXT)])
        .header("x-a", TEXT);
    let list = calls.list().from_number(FROM).to_number(TO);
    let mut text = format!(
        "{update:?} {start:?} {list:?} {:?}\n",
        calls.get("x").header("x-a", TEXT)
    );
    for error in [
        calls.start(TEXT, TO, "agent").await.unwrap_err(),
        calls.start(FROM, format!("{TO}x"), "agent").await.unwrap_err(),
        calls.start(FROM, TO, "agent").variables([TEXT]).await.unwrap_err(),
        calls
            .update("x")
            .merge_metadata([(TEXT, TEXT), (TEXT, FROM)])
            .await
            .unwrap_err(),
        calls.update("x").merge_metadata(TEXT).await.unwrap_err(),
        calls.list().from_number(TEXT).page(1).await.unwrap_err(),
        calls.get("x").header("x-a", &format!("{TEXT}\n")).await.unwrap_err(),
        Client::builder().api_key(format!("{KEY}\n")).build().unwrap_err(),
        Client::builder()
            .api_key(KEY)
            .base_url(format!("https://{TEXT}:{KEY}@example.com"))
            .build()
            .unwrap_err(),
        Client::builder()
            .api_key(KEY)
            .header("x-a", format!("{TEXT}\n"))
            .build()
            .unwrap_err(),
    ] {
        text.push_str(&printed(&error));
    }
    text
}

#[test]
#[ignore = "run by `output_contains_no_api_key_or_personal_data`, in a process of its own"]
fn run_everything() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let other_origin = MockServer::builder().api_key(OTHER_ORIGIN_KEY).start().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let texts = runtime.block_on(async {
        let permits = Arc::new(Semaphore::new(32));
        let mut runs = JoinSet::new();
        for operation in operations() {
            let rows = table();
            let faults = rows.iter().map(|row| (row.name.to_owned(), (row.fault)(&operation)));
            let success = (
                "success".to_owned(),
                Fault::Act(Action::Send(http_response(
                    &operation.status,
                    &[("x-a", TEXT)],
                    operation.body.as_bytes(),
                ))),
            );
            for (name, fault) in faults.chain(echoes(&operation)).chain([success]) {
                let (operation, other_origin, permits) = (operation.clone(), other_origin.url(), Arc::clone(&permits));
                runs.spawn(async move {
                    let _permit = permits.acquire().await.unwrap();
                    run_one(operation, name, fault, other_origin).await
                });
            }
        }
        let mut texts = runs.join_all().await;
        texts.push(run_inputs().await);
        texts
    });
    for text in &texts {
        println!("{text}");
    }
    println!("{:?} {}", other_origin.requests(), other_origin.requests().len());
    println!("combinations: {}", texts.len() - 1);
}

#[test]
fn output_contains_no_api_key_or_personal_data() {
    let mut program = Command::new(env::current_exe().unwrap());
    let Output { status, stdout, stderr } = program
        .args(["--exact", "run_everything", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let (printed, logged) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{logged}");
    for (output, name) in [(&printed, "printed"), (&logged, "logged")] {
        for canary in [
            KEY,
            TEXT,
            FROM,
            TO,
            FROM.trim_start_matches('+'),
            TO.trim_start_matches('+'),
        ] {
            let line = output.lines().find(|line| line.contains(canary));
            assert!(line.is_none(), "{canary} was {name}: {line:?}");
        }
    }
    let line = logged.lines().find(|line| line.contains(CALL_ID));
    assert!(line.is_none(), "an identifier was logged: {line:?}");

    // Checks that the process printed and logged what it should.
    assert!(
        printed.contains("combinations: ") && printed.contains("\n[] 0\n"),
        "a request was sent to the other origin, or the process did not finish"
    );
    for operation in Operation::all() {
        for row in table() {
            let heading = format!("{} × {}\n", operation.id(), row.name);
            assert!(printed.contains(&heading), "no output for {heading}");
        }
    }
    for expected in [
        "OutcomeUnknown",
        "RateLimited",
        "BodyTooLarge",
        "Decode",
        "Call {",
        "<redacted>",
        "<key>",
    ] {
        assert!(printed.contains(expected), "{expected} was not printed");
    }
    for expected in [
        "HTTP request{",
        "url.template=\"/v1/calls/{call_id}\"",
        "reqwest",
        "hyper_util",
        "TRACE",
    ] {
        assert!(logged.contains(expected), "{expected} was not logged");
    }
}

/// Counts the occurrences of a string in the writable memory of this process. The argument is the reversed string, so
/// that it is not counted itself.
#[cfg(target_os = "linux")]
fn count_in_memory(reversed: &[u8]) -> usize {
    use std::{
        fs,
        io::{Read as _, Seek as _, SeekFrom},
    };

    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = fs::File::open("/proc/self/mem").unwrap();
    // A single buffer, which is overwritten after each use.
    let mut buffer = vec![0; 64 * 1024];
    let mut count = 0;
    for line in maps.lines() {
        let mut columns = line.split_whitespace();
        let (range, rights) = (columns.next().unwrap(), columns.next().unwrap());
        let (begin, end) = range.split_once('-').unwrap();
        let (begin, end) = (
            u64::from_str_radix(begin, 16).unwrap(),
            u64::from_str_radix(end, 16).unwrap(),
        );
        // Mappings of the kernel, and mappings that are not writable.
        if !rights.starts_with("rw") || line.contains("[v") {
            continue;
        }
        let own = buffer.as_ptr() as u64..buffer.as_ptr() as u64 + buffer.len() as u64;
        let mut at = begin;
        while at < end {
            let length = usize::try_from(end - at).unwrap().min(buffer.len());
            let read = memory
                .seek(SeekFrom::Start(at))
                .and_then(|_| memory.read_exact(&mut buffer[..length]));
            if read.is_ok() {
                let windows = buffer[..length].windows(reversed.len()).enumerate();
                let hits = windows.filter(|(_, window)| window.iter().eq(reversed.iter().rev()));
                count += hits.filter(|(index, _)| !own.contains(&(at + *index as u64))).count();
            }
            buffer.fill(0);
            at += length as u64;
        }
    }
    count
}

#[test]
#[ignore = "run by `api_key_after_drop_is_not_in_memory`, in a process of its own"]
#[cfg(target_os = "linux")]
fn run_client_and_drop() {
    const REVERSED: &[u8] = b"5e8b-yromem-yranac";
    // Allocators overwrite the start of freed memory, so the canary is at the end of the API key.
    let mut key = String::with_capacity(100);
    key.push_str(&"k".repeat(50));
    key.extend(REVERSED.iter().rev().map(|byte| char::from(*byte)));
    // The string of the caller is moved into the client, not copied.
    let builder = Client::builder().api_key(key).base_url("http://127.0.0.1:9");
    let other = builder.clone();
    let client = builder.build().unwrap();
    let clone = client.clone();
    drop(client);
    let before = count_in_memory(REVERSED);
    drop((clone, other));
    println!("{before} before the drop, {} after it", count_in_memory(REVERSED));
}

#[test]
fn api_key_after_drop_is_not_in_memory() {
    if cfg!(not(target_os = "linux")) {
        skip("the API key in the memory of the process: implemented on Linux only");
        return;
    }
    let mut program = Command::new(env::current_exe().unwrap());
    let output = program
        .args(["--exact", "run_client_and_drop", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("2 before the drop, 0 after it"), "{printed}");
}

/// The canaries must be in requests and responses. Otherwise the tests above would prove nothing.
#[tokio::test]
async fn accessors_of_response_and_error_return_personal_data() {
    let operation = operations()
        .into_iter()
        .find(|operation| operation.id() == "get_call")
        .unwrap();
    let fault = Fault::Act(Action::Send(http_response("200 OK", &[], operation.body.as_bytes())));
    let setup = FaultSetup::of(fault, "", || {});
    let client = setup
        .client
        .clone()
        .api_key(KEY)
        .header("x-gateway", TEXT)
        .build()
        .unwrap();
    let call = client.calls().get(CALL_ID).await.unwrap();
    assert_eq!(call.from_number.as_deref(), Some(TEXT));
    assert_eq!(call.metadata.as_ref().unwrap()["unknown"], TEXT);
    assert_eq!(call.variables().len(), 1);
    let request = setup.server.as_ref().unwrap().requests().pop().unwrap();
    assert!(request.contains(KEY) && request.contains(CALL_ID) && request.contains(TEXT));

    let start = operations()
        .into_iter()
        .find(|operation| operation.id() == "start_phone_call")
        .unwrap();
    let (_, fault) = echoes(&start)
        .into_iter()
        .find(|(name, _)| name == "echo 422 No")
        .unwrap();
    let setup = FaultSetup::of(fault, "", || {});
    let client = setup.client.clone().api_key(KEY).build().unwrap();
    let error = client
        .calls()
        .start(FROM, TO, TEXT)
        .variables([(TEXT, TEXT)])
        .await
        .unwrap_err();
    assert!(
        error.message().unwrap().contains(FROM),
        "expected the message of the service with the phone number"
    );
    assert!(error.excerpt().unwrap().contains(TO));
    assert!(!error.excerpt().unwrap().contains(KEY));
    assert_eq!(
        error.to_string(),
        "start_phone_call: 422 Unprocessable Entity: <key> <redacted> <redacted> <redacted>; \
         <key> <redacted> <redacted> <redacted>: <key> <redacted> <redacted> <redacted>; \
         metadata: <key> <redacted> <redacted> <redacted>"
    );
}
