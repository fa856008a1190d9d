//! Recordings of the traffic between a client and a service: they have no personal data, are consistent, and can be
//! replayed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    path::Path,
    time::Duration,
};

use callrounded::{CallExt, Client};
use callrounded_document::{Document, check::Values};
use callrounded_mock::{MockServer, Recorder};
use callrounded_tests::scripted::{Action, ScriptedServer, http_response};
use serde_json::{Value, json};

const KEY: &str = "sk-live-4f9a1c";
const ID: &str = "9b2f6c1e-7d3a-4a58-b1c4-5e6f7a8b9c0d";

/// Strings that must not appear in a recording.
const SECRETS: [&str; 12] = [
    KEY,
    ID,
    "+33612345678",
    "33612345678",
    "Zoe",
    "zoe.bernard",
    "Bernard",
    "4417",
    "rue des Lilas",
    "rec-778",
    "9b2f6c1e",
    "0612345678",
];

fn upstream() -> MockServer {
    let call = json!({
        "id": ID,
        "organization_id": "5f0c2f6e-3e43-4d0e-8a0c-9d7d0a4f9b11",
        "type": "phone_call",
        "status": "voicemail_left",
        "direction": "inbound",
        "from_number": "+33612345678",
        "to_number": "+33188888888",
        "start_time": "2031-05-06T07:08:09.123Z",
        "duration_seconds": 61.5,
        "cost": sample("Call", "cost"),
        "transcript_string": "user: Zoe Bernard here, rue des Lilas",
        "transcript": [{"role": sample("TranscriptEntry", "role"), "content": "Zoe Bernard here", "start_time": "2031-05-06T07:08:10Z"}],
        "variable_values": [{"name": "customer_name", "type": "string", "value": "Zoe Bernard"}],
        "recording_url": "https://storage.callrounded.test/rec-778.wav?call=9b2f6c1e",
        "metadata": {
            "customer": 4417, "balance": 12.75, "email": "zoe.bernard@example.org", "vip": true, "nothing": null,
            "0612345678": "home", "Zoe Bernard": "name", "also": "+33612345678",
        },
        "sentiment": "Zoe sounds happy",
    });
    MockServer::builder()
        .api_key(KEY)
        .calls(120)
        .call(call)
        .start()
        .unwrap()
}

/// Returns a value of a property that is valid by the document.
fn sample(schema: &str, property: &str) -> Value {
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    document.sample(&format!("/components/schemas/{schema}/properties/{property}"))
}

fn client(url: String, key: &str) -> Client {
    Client::builder().api_key(key).base_url(url).build().unwrap()
}

/// Uses the service as a program does, and returns what it receives. `id` is a known call, `number` a phone number to
/// filter by, `email` a metadata value, and `absent` an unknown call.
async fn use_service(client: &Client, [id, number, email, absent]: [&str; 4]) -> Vec<String> {
    let mut received = Vec::new();
    let mut pages = client.calls().list().limit(50).pages();
    while let Some(page) = pages.next().await {
        for call in &page.unwrap().items {
            let call = call.as_ref().unwrap();
            received.push(format!("{} {:?} {:?}", call.id, call.status, call.duration()));
        }
    }
    let call = client.calls().get(id).await.unwrap();
    received.push(format!("{:?} {}", call.start_time, call.message().unwrap_or_default()));
    let update = client.calls().update(id);
    let updated = update.merge_metadata([("email", email)]).await.unwrap();
    received.push(updated.metadata.as_ref().unwrap()["email"].as_str().unwrap().to_owned());
    received.push(
        client
            .calls()
            .get(absent)
            .await
            .unwrap_err()
            .message()
            .unwrap()
            .to_owned(),
    );
    let by_number = client.calls().list().from_number(number).page(1).await.unwrap();
    received.push(by_number.items.len().to_string());
    received
}

fn read(directory: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(directory).unwrap().map(|file| file.unwrap());
    files
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, fs::read_to_string(file.path()).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn recording_has_no_personal_data_and_is_replayed() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("recorded");
    let upstream = upstream();
    let recorder = Recorder::start(&upstream.url(), &directory, 0).unwrap();
    upstream
        .when_get_call()
        .with_call_id(ID)
        .times(1)
        .rate_limited(Duration::from_secs(1));
    let sent = [ID, "+33612345678", "zoe.bernard@example.org", "absent"];
    let live = use_service(&client(recorder.url(), KEY), sent).await;
    drop(recorder);

    let files = read(&directory);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "exchanges.ndjson",
        "get_call.200.ndjson",
        "get_call.404.ndjson",
        "get_call.429.ndjson",
        "list_calls.200.ndjson",
        "update_call.200.ndjson",
        "update_call.request.ndjson",
    ];
    assert_eq!(names, expected);
    for (name, text) in &files {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
        for line in text.lines() {
            serde_json::from_str::<Value>(line).unwrap();
        }
    }

    // A test against the recording uses the stand-ins of the program's own values.
    let first_line = |name: &str| serde_json::from_str::<Value>(files[name].lines().next().unwrap()).unwrap();
    let call = &first_line("get_call.200.ndjson")["data"];
    let (id, number) = (call["id"].as_str().unwrap(), call["from_number"].as_str().unwrap());
    let email = first_line("update_call.request.ndjson")["metadata"]["email"].clone();
    assert_eq!(call["metadata"]["email"], email);

    let server = MockServer::builder().replay(&directory).start().unwrap();
    let replaying = client(server.url(), server.api_key());
    let exchanges = files["exchanges.ndjson"].lines();
    let not_found: Value = exchanges
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|it| it["status"] == 404)
        .unwrap();
    let absent = not_found["path"].as_str().unwrap().strip_prefix("/v1/calls/").unwrap();
    assert!(absent.starts_with("text-"), "{absent}");
    let replayed = use_service(&replaying, [id, number, email.as_str().unwrap(), absent]).await;
    assert_eq!(replayed.len(), live.len());
    assert_eq!(live.len(), 122 + 4);
    // Identifiers are replaced. Data that is not personal is unchanged.
    let calls = |received: &[String]| -> (BTreeSet<String>, Vec<String>) {
        let parts = received[..122].iter().map(|call| call.split_once(' ').unwrap());
        parts.map(|(id, rest)| (id.to_owned(), rest.to_owned())).unzip()
    };
    let ((live_ids, live_calls), (ids, calls)) = (calls(&live), calls(&replayed));
    assert_eq!(calls, live_calls);
    assert_eq!((live_ids.len(), ids.len()), (122, 122));
    assert!(live_ids.is_disjoint(&ids));
    let rest = [&live[122], "person-1@example.com", "no call has this identifier", "1"];
    assert_eq!(replayed[122..], [rest[0], rest[1], &replayed[124], rest[3]]);
    assert!(replayed[124].starts_with("text "), "{}", replayed[124]);
    assert_eq!(live[124..], rest[2..]);
}

#[tokio::test]
async fn stand_ins_keep_formats_keys_and_data_that_is_not_personal() {
    let directory = tempfile::tempdir().unwrap();
    let upstream = upstream();
    let recorder = Recorder::start(&upstream.url(), directory.path().join("deep/er"), 0).unwrap();
    client(recorder.url(), KEY).calls().get(ID).await.unwrap();
    let files = read(&directory.path().join("deep/er"));
    let recorded: Value = serde_json::from_str(&files["get_call.200.ndjson"]).unwrap();
    let expected = json!({
        "message": "Call retrieved successfully",
        "data": {
            "id": "00000000-0000-4000-9000-000000000001",
            "organization_id": "00000000-0000-4000-9000-000000000002",
            "type": "phone_call",
            // The value is not documented yet. It is kept, because `drift` reports such values.
            "status": "voicemail_left",
            "direction": "inbound",
            "from_number": "+99900000001",
            "to_number": "+99900000002",
            "start_time": "2031-05-06T07:08:09.123Z",
            "duration_seconds": 61.5,
            "cost": sample("Call", "cost"),
            "transcript_string": "text 1",
            "transcript": [{"role": sample("TranscriptEntry", "role"), "content": "text 2", "start_time": "2031-05-06T07:08:10Z"}],
            "variable_values": [{"name": "text-3", "type": "string", "value": "text 4"}],
            "recording_url": "https://example.com/1",
            "metadata": {
                "customer": 1, "balance": "2.5".parse::<f64>().unwrap(), "email": "person-1@example.com", "vip": true,
                "nothing": null, "stand-in-1": "text-5", "stand-in-2": "text-6", "also": "+99900000001",
            },
            "sentiment": "text 7",
        },
        "error": null,
        "status": 200,
    });
    assert_eq!(recorded, expected);

    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let check = document.check(document.response("get_call", "200").unwrap()).unwrap();
    let recorded = check.text("recorded", 1, &files["get_call.200.ndjson"], Values::Shown);
    // The recorded body is as valid as the one that was sent.
    let sent = json!({ "message": "", "data": upstream.call(ID), "error": null, "status": 200 }).to_string();
    let sent = check.text("sent", 1, &sent, Values::Shown);
    assert_eq!(recorded.has_no_error(), sent.has_no_error(), "{recorded}");
}

#[tokio::test]
async fn replay_of_unrecorded_request_is_501_with_reason() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("recorded");
    let upstream = upstream();
    let recorder = Recorder::start(&upstream.url(), &directory, 0).unwrap();
    let update =
        |client: &Client, id: &str, value: &'static str| client.calls().update(id).merge_metadata([("a", value)]);
    // The service rejects the API key, and repeats it in its message.
    upstream
        .when_update_call()
        .raw(403, "application/json", format!(r#"{{"message": "no {KEY}!"}}"#));
    update(&client(recorder.url(), KEY), "a-call", "b").await.unwrap_err();
    upstream.when_get_call().raw(200, "text/html", "<b>Zoe</b>");
    client(recorder.url(), KEY).calls().get("a-call").await.unwrap_err();
    drop(recorder);
    let files = read(&directory);
    assert_eq!(files["update_call.403.ndjson"], "{\"message\":\"api-key\"}\n");
    assert!(files["exchanges.ndjson"].ends_with("\"response\":null}\n"));

    let server = MockServer::builder().replay(&directory).start().unwrap();
    let client = client(server.url(), server.api_key());
    let status_and_message =
        |error: callrounded::Error| (error.status().unwrap().as_u16(), error.message().map(str::to_owned));
    assert_eq!(
        status_and_message(update(&client, "text-1", "text-2").await.unwrap_err()),
        (403, Some("api-key".to_owned()))
    );
    let other_body = "this request was recorded only with other bodies".to_owned();
    assert_eq!(
        status_and_message(update(&client, "text-1", "c").await.unwrap_err()),
        (501, Some(other_body))
    );
    let not_recorded = "this request was not recorded".to_owned();
    assert_eq!(
        status_and_message(client.calls().get("other").await.unwrap_err()),
        (501, Some(not_recorded))
    );
    // Expectations take precedence over the recording.
    server.when_get_call().status(503);
    let error = client.calls().get("other").max_retries(0).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 503);
}

#[test]
fn invalid_upstream_or_recording_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let start_error =
        |upstream: &str, directory: &Path| Recorder::start(upstream, directory, 0).unwrap_err().to_string();
    let unused = directory.path().join("unused");
    for (upstream, reason) in [
        ("callrounded.com", "invalid upstream URL: relative URL without a base"),
        (
            "http://api.callrounded.com",
            "http would send the API key unencrypted over a network",
        ),
        (
            "ftp://api.callrounded.com",
            "expected the scheme https, or http on loopback",
        ),
        (
            "https://zoe:secret@api.callrounded.com",
            "expected only scheme, host, port and path",
        ),
        (
            "https://api.callrounded.com/?a=b",
            "expected only scheme, host, port and path",
        ),
    ] {
        let message = start_error(upstream, &unused);
        assert!(message.contains(reason) && !message.contains("secret"), "{message}");
    }
    let upstream = "http://127.0.0.1:9";
    fs::write(directory.path().join("get_call.200.ndjson"), "{}\n").unwrap();
    assert!(
        start_error(upstream, directory.path()).contains("already contains a recording; specify another directory")
    );
    fs::remove_file(directory.path().join("get_call.200.ndjson")).unwrap();

    let replay = |text: &str| {
        fs::write(directory.path().join("exchanges.ndjson"), text).unwrap();
        let error = MockServer::builder().replay(directory.path()).start().unwrap_err();
        error
            .to_string()
            .replace(&directory.path().display().to_string(), "DIR")
    };
    let invalid_exchange = "cannot start the server: invalid exchange in line 1 of DIR/exchanges.ndjson: ";
    assert!(replay("{\"operation\": \"get_call\"").starts_with(invalid_exchange));
    let exchange = json!({
        "operation": "get_call", "method": "GET", "path": "/v1/calls/1", "request": null, "status": 200, "headers": {},
        "response": 1,
    });
    assert!(replay(&exchange.to_string()).contains("cannot read the recording DIR/get_call.200.ndjson"));
    fs::write(directory.path().join("get_call.200.ndjson"), "").unwrap();
    assert!(
        replay(&exchange.to_string())
            .contains("exchanges.ndjson refers to line 1 of DIR/get_call.200.ndjson, which does not exist")
    );
    let status = json!({
        "operation": "get_call", "method": "GET", "path": "/v1/calls/1", "request": null, "status": 42, "headers": {},
        "response": null,
    });
    assert_eq!(
        replay(&status.to_string()),
        format!("{invalid_exchange}invalid status 42: expected a status from 200 to 599")
    );
    let changed = |pointer: &str, value: Value| {
        let mut line = status.clone();
        line["status"] = json!(200);
        *line.pointer_mut(pointer).unwrap() = value;
        line
    };
    let unknown_operation = changed("/operation", json!("../outside"));
    assert_eq!(
        replay(&unknown_operation.to_string()),
        format!("{invalid_exchange}the document has no operation `../outside`")
    );
    let invalid_header = changed("/headers", json!({ "content-length": "5" }));
    assert_eq!(
        replay(&invalid_header.to_string()),
        format!("{invalid_exchange}invalid header `content-length`: recordings do not contain it")
    );
    fs::write(directory.path().join("get_call.200.ndjson"), "<b>\n").unwrap();
    assert!(
        replay(&changed("/response", json!(1)).to_string())
            .starts_with(&format!("{invalid_exchange}the response body is not JSON: "))
    );
    let with_calls = MockServer::builder()
        .calls(1)
        .replay(directory.path())
        .start()
        .unwrap_err();
    assert!(with_calls.to_string().contains("`replay` cannot be combined with"));
    let absent = MockServer::builder()
        .replay(directory.path().join("absent"))
        .start()
        .unwrap_err();
    assert!(absent.to_string().contains("cannot read"));
}

#[tokio::test]
async fn unreachable_upstream_is_502() {
    let directory = tempfile::tempdir().unwrap();
    let stopped = MockServer::start().unwrap();
    let url = stopped.url();
    drop(stopped);
    let recorder = Recorder::start(&url, directory.path(), 0).unwrap();
    let client = client(recorder.url(), KEY);
    let error = client.calls().get(ID).max_retries(0).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 502);
    assert!(
        error
            .message()
            .unwrap()
            .starts_with("no complete response from the upstream: "),
        "{error}"
    );
    assert!(read(directory.path()).is_empty());
}

/// Sends a request unchanged and returns the whole response.
fn exchange(url: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn recording_redacts_headers_urls_and_other_spellings() {
    let directory = tempfile::tempdir().unwrap();
    let body = json!({
        "message": "Bernard",
        "data": {
            "id": "+33612345678",
            "agent_id": "zoe-bernard",
            "organization_id": "0612345678",
            "type": KEY.to_uppercase(),
            "status": "live-4f9a1c",
            "start_time": "2024-01-01 0612345678 +33",
            "end_time": "2024-01-01T33612345678",
            "variable_values": [{"name": "Zoe"}],
            "metadata": {"+33612345678": 4417, "zoe.bernard": "4417", "token": "tok-secret-abc", "stand-in-1": 1, "text-1": 2},
        },
    });
    let headers = format!(
        "Content-Type: application/json; name=\"Zoe Bernard\"; key={KEY}\r\n\
         Retry-After: call +33612345678\r\nX-RateLimit-Owner: zoe.bernard@example.org\r\n\
         X-RateLimit-User-0612345678: 1\r\nX-RateLimit-Remaining: 41\r\nX-Request-Id: req-Zoe\r\nX-Hop: 1\r\n\
         Connection: X-Hop\r\nX-Other: Zoe"
    );
    let upstream = ScriptedServer::start([Action::Send(
        format!(
            "HTTP/1.1 200 OK\r\n{headers}\r\nContent-Length: {}\r\n\r\n{body}",
            body.to_string().len()
        )
        .into_bytes(),
    )]);
    let recorder = Recorder::start(upstream.url(), directory.path(), 0).unwrap();
    let response = exchange(
        &recorder.url(),
        &format!(
            "GET /v1/calls/%2B33612345678?zoe.bernard=1&flag HTTP/1.1\nHost: x\nX-Api-Key: {KEY}\n\
             Authorization: Bearer tok-secret-abc\nX-Hop: secret\nConnection: X-Hop\nKeep-Alive: timeout=5\n\n"
        ),
    );
    // The client gets the response unchanged, except for headers of the connection.
    assert!(
        response.ends_with(&body.to_string()) && response.contains("x-other: Zoe") && !response.contains("x-hop"),
        "{response}"
    );
    let received = upstream.requests().concat().to_lowercase();
    assert!(
        received.contains("bearer tok-secret-abc") && !received.contains("x-hop") && !received.contains("keep-alive")
    );

    let files = read(directory.path());
    for (name, text) in &files {
        let lower = text.to_lowercase();
        for secret in SECRETS.iter().chain(&["live-4f9a1c", "tok-secret-abc"]) {
            assert!(!lower.contains(&secret.to_lowercase()), "{secret} in {name}: {text}");
        }
    }
    let exchange: Value = serde_json::from_str(&files["exchanges.ndjson"]).unwrap();
    assert_eq!(exchange["path"], "/v1/calls/%2B99900000001?stand-in-1=1&flag");
    let expected =
        json!({ "content-type": "application/json", "x-ratelimit-remaining": "41", "x-request-id": "text-6" });
    assert_eq!(exchange["headers"], expected);
    let recorded: Value = serde_json::from_str(&files["get_call.200.ndjson"]).unwrap();
    assert_eq!(recorded["data"]["id"], "+99900000001");
    // A number has one stand-in, as a number and as a string, and no two keys get the same stand-in.
    let metadata = recorded["data"]["metadata"].as_object().unwrap();
    assert_eq!(metadata.len(), 5);
    assert_eq!(
        metadata["stand-in-2"].to_string(),
        metadata["stand-in-1"].as_str().unwrap()
    );
}

#[tokio::test]
async fn exchange_is_recorded_after_client_timeout() {
    let directory = tempfile::tempdir().unwrap();
    let upstream = upstream();
    upstream
        .when_update_call()
        .delay(Duration::from_millis(300))
        .default_response();
    let recorder = Recorder::start(&upstream.url(), directory.path(), 0).unwrap();
    let impatient = client(recorder.url(), KEY);
    let update = impatient.calls().update(ID).merge_metadata([("a", 1)]);
    update.timeout(Duration::from_millis(50)).await.unwrap_err();
    for _ in 0..500 {
        if read(directory.path()).contains_key("exchanges.ndjson") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(upstream.call(ID).unwrap()["metadata"]["a"], 1);
    assert!(read(directory.path())["exchanges.ndjson"].contains("update_call"));
}

/// JSON is recorded as `validate` and replay read it, however the upstream encodes it.
#[tokio::test]
async fn recorded_bodies_are_uncompressed_utf_8() {
    let directory = tempfile::tempdir().unwrap();
    let json = r#"{"data": {"id": "a", "status": "completed", "cost": 0.10}}"#;
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, json.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let with_byte_order_mark = [b"\xef\xbb\xbf", json.as_bytes()].concat();
    let latin_1_body = [
        br#"{"message": "t"#.as_slice(),
        b"\xe9",
        br#"", "data": {"id": "a", "status": "completed"}}"#,
    ]
    .concat();
    let latin_1 = ("content-type", "application/json; charset=iso-8859-1");
    let server = ScriptedServer::start([
        Action::Send(http_response("200 OK", &[("content-encoding", "X-Gzip")], &gzip)),
        Action::Send(http_response(
            "200 OK",
            &[("content-type", "application/json")],
            &with_byte_order_mark,
        )),
        Action::Send(http_response("200 OK", &[latin_1], &latin_1_body)),
        Action::Send(http_response("200 OK", &[("content-encoding", "br")], b"not read")),
    ]);
    let recorder = Recorder::start(server.url(), directory.path(), 0).unwrap();
    let client = client(recorder.url(), KEY);
    assert_eq!(
        client.calls().get("a").await.unwrap().cost.as_ref().unwrap().as_str(),
        "0.10"
    );
    for _ in 0..3 {
        // Only the recorder matters here: the client may reject the others.
        let _ = client.calls().get("a").await;
    }
    drop(recorder);
    let files = read(directory.path());
    let bodies: Vec<Value> = files["get_call.200.ndjson"]
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(bodies.len(), 3, "{files:?}");
    assert!(
        bodies.iter().all(|body| body["data"]["status"] == "completed"),
        "{bodies:?}"
    );
    let exchanges = files["exchanges.ndjson"].lines().count();
    assert_eq!(
        exchanges, 4,
        "the exchange that cannot be decoded is recorded without its body"
    );
}
