//! Paging through calls: every call is returned once, few pages are in memory, and errors do not lose calls.

use std::{collections::HashSet, time::Duration};

use callrounded::{Client, ErrorKind, Request, chrono::DateTime, operations::ListCalls};
use callrounded_mock::MockServer;
use callrounded_tests::{
    DOCUMENTED_CALL, client_at, client_of,
    scripted::{Action, ScriptedServer, http_response},
};
use serde_json::{Value, json};

async fn ids(list: Request<ListCalls>) -> Vec<String> {
    let mut stream = list.stream();
    let mut ids = Vec::new();
    while let Some(call) = stream.next().await {
        ids.push(call.unwrap().id);
    }
    ids
}

fn page(ids: &[&str], cursor: Value) -> Action {
    let data: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    Action::Send(http_response(
        "200 OK",
        &[],
        json!({"data": data, "next_cursor": cursor}).to_string().as_bytes(),
    ))
}

fn sent_query(server: &ScriptedServer, index: usize) -> String {
    server.requests()[index].lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn stream_returns_each_call_once_with_few_pages_in_memory() {
    let server = MockServer::builder().calls(2_000).start().unwrap();
    let client = client_of(&server);
    for (prefetch, ahead) in [(false, 0), (true, 1)] {
        let before = server.requests().len();
        let mut stream = client.calls().list().limit(200).prefetch(prefetch).stream();
        let mut seen = HashSet::new();
        while let Some(call) = stream.next().await {
            assert!(seen.insert(call.unwrap().id));
            // Pages that were requested and not read yet may be in memory.
            let pages = server.requests().len() - before;
            assert!(
                pages <= seen.len().div_ceil(200) + ahead,
                "{pages} pages for {} calls",
                seen.len()
            );
        }
        // The server also has the documented call.
        assert_eq!(seen.len(), 2_001);
        assert_eq!(server.requests().len() - before, 11);
    }
}

#[tokio::test]
async fn stream_resumes_at_failed_page() {
    let server = ScriptedServer::start([
        page(&["a", "b"], json!("2023-01-02T00:00:00Z")),
        Action::Send(http_response("503 Unavailable", &[], b"")),
        page(&["c"], json!("")),
    ]);
    let list = client_at(server.url()).calls().list();
    let mut stream = list.clone().stream();
    assert_eq!(stream.next().await.unwrap().unwrap().id, "a");
    assert_eq!(stream.next().await.unwrap().unwrap().id, "b");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.resume_cursor()),
        (ErrorKind::Server, Some("2023-01-02T00:00:00Z"))
    );
    assert!(
        stream.next().await.is_none() && stream.next().await.is_none(),
        "the stream has ended"
    );

    let rest = ids(list.cursor(error.resume_cursor().unwrap())).await;
    assert_eq!(rest, ["c"], "an empty cursor ends the list");
    for index in [1, 2] {
        assert!(
            sent_query(&server, index).contains("cursor=2023-01-02T00%3A00%3A00Z"),
            "{}",
            sent_query(&server, index)
        );
    }
}

#[tokio::test]
async fn resumed_stream_returns_each_call_once() {
    let server = MockServer::builder().api_key("test-key").calls(2_000).start().unwrap();
    for prefetch in [false, true] {
        // The sixth page fails, first by a closed connection, then by a status.
        for failure in [
            Action::Close,
            Action::Send(http_response("502 Bad Gateway", &[], b"<html>")),
        ] {
            let forward = || Action::Forward(server.url());
            let actions: Vec<Action> = (0..5)
                .map(|_| forward())
                .chain([failure])
                .chain((0..6).map(|_| forward()))
                .collect();
            let proxy = ScriptedServer::start(actions);
            let list = client_at(proxy.url()).calls().list().limit(200).prefetch(prefetch);
            let mut seen = Vec::new();
            let mut stream = list.clone().stream();
            let cursor = loop {
                match stream.next().await.unwrap() {
                    Ok(call) => seen.push(call.id),
                    Err(error) => break error.resume_cursor().unwrap().to_owned(),
                }
            };
            assert_eq!(seen.len(), 1_000, "every call before the failure is returned");
            seen.extend(ids(list.cursor(cursor)).await);
            assert_eq!((seen.len(), seen.iter().collect::<HashSet<_>>().len()), (2_001, 2_001));
        }
    }
}

#[tokio::test]
async fn failed_first_page_has_no_resume_cursor() {
    let server = ScriptedServer::start([Action::Close]);
    let mut stream = client_at(server.url()).calls().list().stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.resume_cursor()), (ErrorKind::Connection, None));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn repeated_cursor_ends_stream_with_error() {
    for prefetch in [false, true] {
        let server = ScriptedServer::start([
            page(&["a"], json!("one")),
            page(&["b"], json!("two")),
            page(&["c"], json!("one")),
        ]);
        let mut stream = client_at(server.url()).calls().list().prefetch(prefetch).stream();
        for id in ["a", "b", "c"] {
            assert_eq!(stream.next().await.unwrap().unwrap().id, id);
        }
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.resume_cursor()), (ErrorKind::RepeatedCursor, None));
        assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (200, 1));
        assert!(stream.next().await.is_none());
        assert_eq!(server.requests().len(), 3);
    }
}

#[tokio::test]
async fn initial_cursor_counts_as_seen() {
    let server = ScriptedServer::start([page(&["a"], json!("one"))]);
    let mut stream = client_at(server.url()).calls().list().cursor("one").stream();
    assert_eq!(stream.next().await.unwrap().unwrap().id, "a");
    assert_eq!(
        stream.next().await.unwrap().unwrap_err().kind(),
        ErrorKind::RepeatedCursor
    );
    assert_eq!(server.requests().len(), 1);
}

/// A prefetched page arrives while the caller is busy. The caller's time does not count against the timeout.
#[tokio::test]
async fn prefetched_page_does_not_wait_for_caller() {
    let server = MockServer::builder().calls(3).start().unwrap();
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .timeout(Duration::from_millis(500));
    let mut pages = client.build().unwrap().calls().list().limit(2).prefetch(true).pages();
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn failed_prefetch_does_not_lose_items_of_page_before() {
    for prefetch in [false, true] {
        let server = ScriptedServer::start([page(&["a", "b"], json!("next")), Action::Close]);
        let mut stream = client_at(server.url()).calls().list().prefetch(prefetch).stream();
        assert_eq!(stream.next().await.unwrap().unwrap().id, "a");
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(stream.next().await.unwrap().unwrap().id, "b");
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.resume_cursor()),
            (ErrorKind::Connection, Some("next"))
        );
    }
}

#[tokio::test]
async fn undecodable_call_keeps_digits_of_others() {
    let body = r#"{"data": [{"id": "a", "cost": 12345678901234567890.1230}, {"x": 1e999}, {"id": "c", "cost": 0.1500}], "status": "odd", "new": 1e999}"#;
    let server = ScriptedServer::with_response("200 OK", &[], body.as_bytes());
    let page = client_at(server.url()).calls().list().page(1).await.unwrap();
    let cost = |index: usize| {
        page.items[index]
            .as_ref()
            .unwrap()
            .cost
            .as_ref()
            .unwrap()
            .as_str()
            .to_owned()
    };
    assert_eq!(
        (cost(0).as_str(), cost(2).as_str()),
        ("12345678901234567890.1230", "0.1500")
    );
    assert_eq!(
        page.items[1].as_ref().unwrap_err().item(),
        Some(&json!("{\"x\": 1e999}"))
    );
    assert_eq!(page.skipped_fields(), ["new", "status"]);
}

#[tokio::test]
async fn undecodable_call_is_error_and_others_are_returned() {
    let body = json!({"data": [{"id": "a"}, {"status": "no id"}, null, {"id": "d", "duration_seconds": "long"}]});
    let server = ScriptedServer::with_response("200 OK", &[], body.to_string().as_bytes());
    let mut stream = client_at(server.url()).calls().list().stream();
    assert_eq!(stream.next().await.unwrap().unwrap().id, "a");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.item()),
        (ErrorKind::Decode, Some(&json!({"status": "no id"})))
    );
    expect_test::expect!["list_calls: an item of the list cannot be decoded at data[1]: the field `id` is missing"]
        .assert_eq(&error.to_string());
    assert_eq!(
        (
            error.status().unwrap().as_u16(),
            error.attempts(),
            error.headers().is_some()
        ),
        (200, 1, true)
    );
    assert_eq!(stream.next().await.unwrap().unwrap_err().item(), Some(&Value::Null));
    assert_eq!(stream.next().await.unwrap().unwrap().id, "d");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn numbered_page_has_totals() {
    let server = MockServer::builder().calls(9).start().unwrap();
    let list = client_of(&server).calls().list().limit(4);
    let page = list.clone().page(3).await.unwrap();
    assert_eq!(
        (page.current_page, page.total_pages, page.total_items),
        (Some(3), Some(3), Some(10))
    );
    assert_eq!((page.items.len(), page.next_cursor.as_deref()), (2, None));
    assert_eq!(list.clone().page(4).await.unwrap().items.len(), 0);

    let mut pages = list.pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(
        (first.items.len(), first.next_cursor.is_some(), first.total_pages),
        (4, true, None)
    );
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 4);
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn list_filters_are_sent_and_applied() {
    let server = MockServer::builder().calls(12).start().unwrap();
    let list = || client_of(&server).calls().list();
    assert_eq!(ids(list().call_type("web_call")).await.len(), 3);
    assert_eq!(
        ids(list().agent_id("00000000-0000-4000-c000-000000000001")).await.len(),
        4
    );
    assert_eq!(
        ids(list().to_number("+33600000007")).await,
        ["00000000-0000-4000-a000-000000000007"]
    );
    assert_eq!(ids(list().from_number("+33912345678")).await.len(), 13);
    let timestamp = |text| DateTime::parse_from_rfc3339(text).unwrap();
    let window = list()
        .started_after(timestamp("2023-01-01T00:03:00Z"))
        .started_before(timestamp("2023-01-01T02:06:00+02:00"));
    assert_eq!(
        ids(window.limit(1)).await,
        [
            "00000000-0000-4000-a000-000000000005",
            "00000000-0000-4000-a000-000000000004"
        ],
        "strictly after, strictly before, newest first"
    );

    let full = list()
        .include_transcript(true)
        .include_variable_values(true)
        .page(1)
        .await
        .unwrap();
    let call = full
        .items
        .iter()
        .flatten()
        .find(|call| call.id == DOCUMENTED_CALL)
        .unwrap();
    assert!(call.transcript.is_some() && call.variable_values.is_some());
    let short = list().include_transcript(false).page(1).await.unwrap();
    assert!(short.items.iter().flatten().all(|call| call.transcript.is_none()));
}

#[tokio::test]
async fn list_with_invalid_parameter_is_rejected_before_sending() {
    let server = MockServer::start().unwrap();
    let list = || client_of(&server).calls().list();
    for (invalid, line) in [
        (
            list().call_type("fax"),
            "list_calls: call_type: is not a documented value: expected phone_call, web_call",
        ),
        (list().limit(0), "list_calls: limit: must be 1 to 1000"),
        (list().limit(1001), "list_calls: limit: must be 1 to 1000"),
        (
            list().to_number("0612345678"),
            "list_calls: to_number: invalid phone number: expected a leading `+`; use E.164, such as +33612345678",
        ),
    ] {
        let mut stream = invalid.stream();
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::InvalidInput, line)
        );
        assert!(stream.next().await.is_none());
    }
    assert_eq!(list().page(0).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert!(server.requests().is_empty());
}

/// Streams can move to other tasks, and work with crates of stream helpers.
#[test]
fn streams_can_move_between_threads() {
    fn check<T: Send + Unpin + std::fmt::Debug + 'static>(_: &T) {}
    let client = Client::builder().api_key("k").build().unwrap();
    check(&client.calls().list().stream());
    check(&client.calls().list().pages());
}

#[tokio::test]
async fn list_with_more_than_1000_undecodable_items_is_decode_error() {
    for (entries, is_decoded) in [(1_000, true), (1_001, false), (300_000, false)] {
        let body = json!({ "data": vec![0; entries] }).to_string();
        let server = ScriptedServer::with_response("200 OK", &[], body.as_bytes());
        match client_at(server.url()).calls().list().page(1).await {
            Ok(page) => assert!(is_decoded && page.items.len() == entries && page.items.iter().all(Result::is_err)),
            Err(error) => {
                assert!(!is_decoded);
                expect_test::expect![
                    "list_calls: the response cannot be decoded at data: more than 1000 of its items cannot be decoded"
                ]
                .assert_eq(&error.to_string());
                assert_eq!(error.body().unwrap().len(), body.len());
            }
        }
    }
}

#[tokio::test]
async fn skipped_array_is_listed_as_one_field() {
    let entries = |bad: usize, good: usize| {
        let bad = std::iter::repeat_n(json!({"role": 5, "content": "x"}), bad);
        bad.chain(std::iter::repeat_n(json!({"role": "user", "content": "x"}), good))
            .collect::<Vec<_>>()
    };
    let body = json!({"data": [{"id": "a", "transcript": entries(100, 10)}, {"id": "b", "transcript": entries(2, 10), "cost": "1"}]});
    let server = ScriptedServer::with_response("200 OK", &[], body.to_string().as_bytes());
    let page = client_at(server.url()).calls().list().page(1).await.unwrap();
    let transcript = |index: usize| page.items[index].as_ref().unwrap().transcript.as_ref().map(Vec::len);
    assert_eq!((transcript(0), transcript(1)), (None, Some(12)));
    assert_eq!(
        page.skipped_fields(),
        [
            "data[0].transcript",
            "data[1].transcript[0].role",
            "data[1].transcript[1].role"
        ]
    );
}

#[tokio::test]
async fn lenient_decoding_of_page_is_limited() {
    // Each of the hundred calls could be decoded leniently. Together, they would decode hundreds of megabytes.
    let entry = json!({"role": "user", "content": "x".repeat(1_000)});
    let transcript = std::iter::repeat_n(entry, 100).chain(std::iter::repeat_n(json!({"role": 5}), 50));
    let call = json!({"id": "a", "transcript": transcript.collect::<Vec<_>>()});
    let body = json!({ "data": vec![call; 100] });
    let server = ScriptedServer::with_response("200 OK", &[], body.to_string().as_bytes());
    let page = client_at(server.url()).calls().list().page(1).await.unwrap();
    let complete = page
        .items
        .iter()
        .filter(|call| call.as_ref().unwrap().transcript.is_some())
        .count();
    assert_eq!(page.items.len(), 100);
    assert!((5..50).contains(&complete), "{complete}");
    assert!(page.skipped_fields().contains(&"data[99].transcript".to_owned()));
}
