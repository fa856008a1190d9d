//! A key and personal data with marks of their own go through every operation and every fault. Nothing that is printed,
//! logged at any level by any crate, or sent elsewhere holds them.
//!
//! `everything` does all of it in a process of its own, with a subscriber that takes every log record and span of that
//! process to standard error, and prints on standard output whatever a program might print.
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
    faults::{Fault, Place, table},
    operations::{Input, Operation},
    printed,
    scripted::{Act, answer},
    virtual_clock::VirtualClock,
};
use serde_json::json;
use tokio::{sync::Semaphore, task::JoinSet};
use tracing_subscriber::fmt::format::FmtSpan;

const KEY: &str = "canary-key-7f3a";
const TEXT: &str = "canary-text-91bc";
const FROM: &str = "+33711223344";
const TO: &str = "+33755667788";
/// An identifier is not personal, but it is not for logs and spans either.
const CALL_ID: &str = "canary-call-0d2e";
const ELSEWHERE_KEY: &str = "key-of-elsewhere";

const INPUT: Input = Input {
    id: CALL_ID,
    from: FROM,
    to: TO,
    text: TEXT,
};

/// With responses in which everything that may be personal is marked.
fn operations() -> Vec<Operation> {
    Operation::all_with(TEXT)
}

/// A service that repeats in its answer what it was sent, in every place where something is read.
fn echoes(operation: &Operation) -> Vec<(String, Fault)> {
    let (_, texts) = operation.request(&INPUT);
    let sent = [KEY].into_iter().chain(texts).collect::<Vec<_>>().join(" ");
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
            Fault::Does(Act::Send(answer(status, &headers, body.as_bytes()))),
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
    // In the spellings that services use: inside a URL, inside JSON, a number without its +.
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

async fn cell(operation: Operation, name: String, fault: Fault, elsewhere: String) -> String {
    let clock = VirtualClock::passing_over_waits();
    let stalled = clock.clone();
    let mut place = Place::of(fault, &elsewhere, move || stalled.expire_one());
    // As careless as can be.
    let settings = std::mem::take(&mut place.client)
        .api_key(KEY)
        .header("x-gateway", TEXT)
        .configure_http(|http| http.connection_verbose(true).redirect(Policy::limited(3)))
        .clock(clock);
    let mut text = format!("cell {} × {name}\n{settings:?}\n", operation.id());
    let client = settings.build().unwrap();
    let _ = writeln!(text, "{client:?}");
    place.prepare(&operation, &client).await.unwrap();
    match operation.run(&client, &INPUT).await {
        Ok(answer) => text.push_str(&answer),
        Err(error) => text.push_str(&printed(&error)),
    }
    text
}

/// Requests before they are sent, and input that is refused.
async fn inputs() -> String {
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
#[ignore = "run by the other test, in a process of its own"]
fn everything() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let elsewhere = MockServer::builder().api_key(ELSEWHERE_KEY).start().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cells = runtime.block_on(async {
        let places = Arc::new(Semaphore::new(32));
        let mut cells = JoinSet::new();
        for operation in operations() {
            let rows = table();
            let faults = rows.iter().map(|row| (row.name.to_owned(), (row.fault)(&operation)));
            let good = (
                "success".to_owned(),
                Fault::Does(Act::Send(answer(
                    &operation.status,
                    &[("x-a", TEXT)],
                    operation.body.as_bytes(),
                ))),
            );
            for (name, fault) in faults.chain(echoes(&operation)).chain([good]) {
                let (operation, elsewhere, places) = (operation.clone(), elsewhere.url(), Arc::clone(&places));
                cells.spawn(async move {
                    let _place = places.acquire().await.unwrap();
                    cell(operation, name, fault, elsewhere).await
                });
            }
        }
        let mut texts = cells.join_all().await;
        texts.push(inputs().await);
        texts
    });
    for text in &cells {
        println!("{text}");
    }
    println!("{:?} {}", elsewhere.requests(), elsewhere.requests().len());
    println!("all cells: {}", cells.len() - 1);
}

#[test]
fn nothing_printed_logged_or_sent_elsewhere_holds_the_key_or_personal_data() {
    let mut program = Command::new(env::current_exe().unwrap());
    let Output { status, stdout, stderr } = program
        .args(["--exact", "everything", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let (printed, logged) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{logged}");
    for (output, name) in [(&printed, "printed"), (&logged, "logged")] {
        for mark in [
            KEY,
            TEXT,
            FROM,
            TO,
            FROM.trim_start_matches('+'),
            TO.trim_start_matches('+'),
        ] {
            let line = output.lines().find(|line| line.contains(mark));
            assert!(line.is_none(), "{mark} is {name}: {line:?}");
        }
    }
    let line = logged.lines().find(|line| line.contains(CALL_ID));
    assert!(line.is_none(), "an identifier is logged: {line:?}");

    // That there was something to be seen at all.
    assert!(
        printed.contains("all cells: ") && printed.contains("\n[] 0\n"),
        "nothing went elsewhere"
    );
    for operation in Operation::all() {
        for row in table() {
            let cell = format!("cell {} × {}\n", operation.id(), row.name);
            assert!(printed.contains(&cell), "{cell}");
        }
    }
    for what in [
        "OutcomeUnknown",
        "RateLimited",
        "BodyTooLarge",
        "Decode",
        "Call {",
        "<redacted>",
        "<key>",
    ] {
        assert!(printed.contains(what), "{what}");
    }
    for what in [
        "HTTP request{",
        "url.template=\"/v1/calls/{call_id}\"",
        "reqwest",
        "hyper_util",
        "TRACE",
    ] {
        assert!(logged.contains(what), "{what}");
    }
}

/// How often a key is in the writable memory of this process. It is looked for backwards, so that this text is not found.
#[cfg(target_os = "linux")]
fn in_memory(backwards: &[u8]) -> usize {
    use std::{
        fs,
        io::{Read as _, Seek as _, SeekFrom},
    };

    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = fs::File::open("/proc/self/mem").unwrap();
    // One buffer for all, which is overwritten each time and in the end.
    let mut piece = vec![0; 64 * 1024];
    let mut found = 0;
    for line in maps.lines() {
        let mut columns = line.split_whitespace();
        let (range, rights) = (columns.next().unwrap(), columns.next().unwrap());
        let (begin, end) = range.split_once('-').unwrap();
        let (begin, end) = (
            u64::from_str_radix(begin, 16).unwrap(),
            u64::from_str_radix(end, 16).unwrap(),
        );
        // Not what the kernel has in the mapping, nor what can't be written.
        if !rights.starts_with("rw") || line.contains("[v") {
            continue;
        }
        let own = piece.as_ptr() as u64..piece.as_ptr() as u64 + piece.len() as u64;
        let mut at = begin;
        while at < end {
            let length = usize::try_from(end - at).unwrap().min(piece.len());
            let read = memory
                .seek(SeekFrom::Start(at))
                .and_then(|_| memory.read_exact(&mut piece[..length]));
            if read.is_ok() {
                let windows = piece[..length].windows(backwards.len()).enumerate();
                let hits = windows.filter(|(_, window)| window.iter().eq(backwards.iter().rev()));
                found += hits.filter(|(index, _)| !own.contains(&(at + *index as u64))).count();
            }
            piece.fill(0);
            at += length as u64;
        }
    }
    found
}

#[test]
#[ignore = "run by the other test, in a process of its own"]
#[cfg(target_os = "linux")]
fn a_client_comes_and_goes() {
    const BACKWARDS: &[u8] = b"5e8b-yromem-yranac";
    // The beginning of what is freed is overwritten by allocators anyway: the mark is at the end.
    let mut key = String::with_capacity(100);
    key.push_str(&"k".repeat(50));
    key.extend(BACKWARDS.iter().rev().map(|byte| char::from(*byte)));
    // The caller's own text is moved into the client, not copied.
    let builder = Client::builder().api_key(key).base_url("http://127.0.0.1:9");
    let other = builder.clone();
    let client = builder.build().unwrap();
    let clone = client.clone();
    drop(client);
    let held = in_memory(BACKWARDS);
    drop((clone, other));
    println!("held {held}, left {}", in_memory(BACKWARDS));
}

#[test]
fn the_key_is_gone_from_memory_with_the_last_that_holds_it() {
    if cfg!(not(target_os = "linux")) {
        skip("the API key in the memory of a process: read on Linux only");
        return;
    }
    let mut program = Command::new(env::current_exe().unwrap());
    let output = program
        .args(["--exact", "a_client_comes_and_goes", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("held 2, left 0"), "{printed}");
}

/// The marks are in what was sent and read, or the test above would show nothing.
#[tokio::test]
async fn what_is_asked_for_is_given() {
    let operation = operations()
        .into_iter()
        .find(|operation| operation.id() == "get_call")
        .unwrap();
    let fault = Fault::Does(Act::Send(answer("200 OK", &[], operation.body.as_bytes())));
    let place = Place::of(fault, "", || {});
    let client = place
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
    let request = place.server.as_ref().unwrap().requests().pop().unwrap();
    assert!(request.contains(KEY) && request.contains(CALL_ID) && request.contains(TEXT));

    let start = operations()
        .into_iter()
        .find(|operation| operation.id() == "start_phone_call")
        .unwrap();
    let (_, fault) = echoes(&start)
        .into_iter()
        .find(|(name, _)| name == "echo 422 No")
        .unwrap();
    let place = Place::of(fault, "", || {});
    let client = place.client.clone().api_key(KEY).build().unwrap();
    let error = client
        .calls()
        .start(FROM, TO, TEXT)
        .variables([(TEXT, TEXT)])
        .await
        .unwrap_err();
    assert!(
        error.message().unwrap().contains(FROM),
        "what the service says is there for the asking"
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
