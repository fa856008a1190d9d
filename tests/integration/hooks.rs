//! Hooks: what they see of each attempt, and what they can add to it.

use std::sync::{Arc, Mutex};

use callrounded::{Client, ErrorKind};
use callrounded_mock::MockServer;
use callrounded_tests::{
    DOCUMENTED_CALL,
    scripted::{Action, ScriptedServer, http_response},
    virtual_clock::VirtualClock,
};

type Log = Arc<Mutex<Vec<String>>>;

fn record(log: &Log, entry: String) {
    log.lock().unwrap().push(entry);
}

#[tokio::test]
async fn hooks_see_each_attempt_and_add_headers() {
    let server = MockServer::start().unwrap();
    server.when_any().statuses([503, 429]);
    let log = Log::default();
    let (before, after) = (Arc::clone(&log), Arc::clone(&log));
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .clock(VirtualClock::skipping_delays())
        .on_request(|request| request.set_header("x-attempt", &request.attempt().to_string()).unwrap())
        .on_request(move |request| {
            let body = request
                .body()
                .map(|body| String::from_utf8_lossy(body).into_owned())
                .unwrap_or_default();
            record(
                &before,
                format!(
                    "{} {} {} {} {body}",
                    request.operation(),
                    request.attempt(),
                    request.method(),
                    request.url().path()
                ),
            );
        })
        .on_response(move |response| {
            record(
                &after,
                format!(
                    "{} {} {:?} {:?}",
                    response.operation(),
                    response.attempt(),
                    response.status().map(|status| status.as_u16()),
                    response.failure()
                ),
            );
            assert!(response.headers().unwrap().contains_key("x-request-id") && !response.body().unwrap().is_empty());
        })
        .build()
        .unwrap();
    let call = client
        .calls()
        .update(DOCUMENTED_CALL)
        .merge_metadata([("a", "b")])
        .await
        .unwrap();
    assert_eq!(call.attempts(), 3);
    let path = format!("/v1/calls/{DOCUMENTED_CALL}");
    let sent = r#"{"metadata":{"a":"b"},"override":false}"#;
    assert_eq!(
        *log.lock().unwrap(),
        [
            format!("update_call 1 PATCH {path} {sent}"),
            "update_call 1 Some(503) None".to_owned(),
            format!("update_call 2 PATCH {path} {sent}"),
            "update_call 2 Some(429) None".to_owned(),
            format!("update_call 3 PATCH {path} {sent}"),
            "update_call 3 Some(200) None".to_owned(),
        ]
    );
    let attempts: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.headers["x-attempt"].clone())
        .collect();
    assert_eq!(attempts, ["1", "2", "3"]);
}

#[tokio::test]
async fn response_hook_sees_retry_delay_and_request_id() {
    let server = MockServer::start().unwrap();
    server
        .when_any()
        .times(1)
        .rate_limited(std::time::Duration::from_secs(7));
    let log = Log::default();
    let after = Arc::clone(&log);
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .clock(VirtualClock::skipping_delays())
        .on_response(move |response| record(&after, format!("{:?} {:?}", response.retry_in(), response.request_id())))
        .build()
        .unwrap();
    client.calls().get(DOCUMENTED_CALL).await.unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [r#"Some(7s) Some("mock-1")"#, r#"None Some("mock-2")"#]
    );
}

#[tokio::test]
async fn response_hook_does_not_see_request_id_with_api_key() {
    let response = http_response("404 Not Found", &[("x-request-id", "for key-0123456789")], b"");
    let server = ScriptedServer::start([Action::Send(response)]);
    let log = Log::default();
    let after = Arc::clone(&log);
    let client = Client::builder()
        .api_key("key-0123456789")
        .base_url(server.url())
        .on_response(move |response| record(&after, format!("{:?}", response.request_id())))
        .build()
        .unwrap();
    client.calls().get("x").await.unwrap_err();
    assert_eq!(*log.lock().unwrap(), ["None"]);
}

#[tokio::test]
async fn response_hook_sees_failure_without_response() {
    let server = MockServer::start().unwrap();
    server.when_any().reset();
    let log = Log::default();
    let after = Arc::clone(&log);
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .max_retries(0)
        .on_response(move |response| record(&after, format!("{:?} {:?}", response.status(), response.failure())))
        .build()
        .unwrap();
    assert_eq!(
        client.calls().get(DOCUMENTED_CALL).await.unwrap_err().kind(),
        ErrorKind::Connection
    );
    assert_eq!(*log.lock().unwrap(), ["None Some(Connection)"]);
}

#[tokio::test]
async fn hooks_keep_protected_headers_and_print_no_personal_data() {
    let server = MockServer::start().unwrap();
    let log = Log::default();
    let (before, after) = (Arc::clone(&log), Arc::clone(&log));
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .on_request(move |request| {
            for name in ["X-Api-Key", "host", "content-length", "not a name"] {
                let error = request.set_header(name, "other").unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
            }
            assert!(request.set_header("x-other", "a\nb").is_err());
            record(&before, format!("{request:?} {:?}", request.headers()));
        })
        .on_response(move |response| record(&after, format!("{response:?}")))
        .build()
        .unwrap();
    client
        .calls()
        .update(DOCUMENTED_CALL)
        .merge_metadata([("name", "Ada")])
        .await
        .unwrap();
    let printed = log.lock().unwrap().join("\n");
    for secret in [server.api_key(), DOCUMENTED_CALL, "Ada"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert_eq!(server.requests()[0].headers["x-api-key"], server.api_key());
}

/// Headers that a hook adds are redacted like those that are set on the client.
#[tokio::test]
async fn header_added_by_hook_is_redacted_in_error() {
    let server = MockServer::start().unwrap();
    let body = r#"{"message": "bad token Bearer-sekrit-token-1 or Bearer-sekrit-token-2"}"#;
    server.when_any().times(1).status(503);
    server.when_any().raw(401, "application/json", body);
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .clock(VirtualClock::skipping_delays())
        .on_request(|request| {
            let token = format!("Bearer-sekrit-token-{}", request.attempt());
            request.set_header("authorization", &token).unwrap();
        })
        .build()
        .unwrap();
    let error = client.calls().get(DOCUMENTED_CALL).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 2));
    let printed = callrounded_tests::printed(&error);
    assert!(
        printed.contains("bad token") && !printed.contains("sekrit"),
        "{printed}"
    );
}
