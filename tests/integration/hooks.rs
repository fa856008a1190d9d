//! What callers look at, and add, at each attempt.

use std::sync::{Arc, Mutex};

use callrounded::{Client, ErrorKind};
use callrounded_mock::MockServer;
use callrounded_tests::{
    DOCUMENTED_CALL,
    scripted::{Act, Scripted, answer},
    virtual_clock::VirtualClock,
};

type Seen = Arc<Mutex<Vec<String>>>;

fn noted(seen: &Seen, what: String) {
    seen.lock().unwrap().push(what);
}

#[tokio::test]
async fn each_attempt_is_seen_before_and_after_and_gets_what_is_added() {
    let server = MockServer::start().unwrap();
    server.when_any().statuses([503, 429]);
    let seen = Seen::default();
    let (before, after) = (Arc::clone(&seen), Arc::clone(&seen));
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .clock(VirtualClock::passing_over_waits())
        .on_request(|request| request.set_header("x-attempt", &request.attempt().to_string()).unwrap())
        .on_request(move |request| {
            let body = request
                .body()
                .map(|body| String::from_utf8_lossy(body).into_owned())
                .unwrap_or_default();
            noted(
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
        .on_response(move |answer| {
            noted(
                &after,
                format!(
                    "{} {} {:?} {:?}",
                    answer.operation(),
                    answer.attempt(),
                    answer.status().map(|status| status.as_u16()),
                    answer.failure()
                ),
            );
            assert!(answer.headers().unwrap().contains_key("x-request-id") && !answer.body().unwrap().is_empty());
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
        *seen.lock().unwrap(),
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
async fn the_delay_before_a_retry_and_the_request_id_are_seen() {
    let server = MockServer::start().unwrap();
    server
        .when_any()
        .times(1)
        .rate_limited(std::time::Duration::from_secs(7));
    let seen = Seen::default();
    let after = Arc::clone(&seen);
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .clock(VirtualClock::passing_over_waits())
        .on_response(move |answer| noted(&after, format!("{:?} {:?}", answer.retry_in(), answer.request_id())))
        .build()
        .unwrap();
    client.calls().get(DOCUMENTED_CALL).await.unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [r#"Some(7s) Some("mock-1")"#, r#"None Some("mock-2")"#]
    );
}

#[tokio::test]
async fn a_request_id_that_repeats_the_key_is_not_shown() {
    let response = answer("404 Not Found", &[("x-request-id", "for key-0123456789")], b"");
    let server = Scripted::start([Act::Send(response)]);
    let seen = Seen::default();
    let after = Arc::clone(&seen);
    let client = Client::builder()
        .api_key("key-0123456789")
        .base_url(server.url())
        .on_response(move |answer| noted(&after, format!("{:?}", answer.request_id())))
        .build()
        .unwrap();
    client.calls().get("x").await.unwrap_err();
    assert_eq!(*seen.lock().unwrap(), ["None"]);
}

#[tokio::test]
async fn what_fails_without_an_answer_is_said() {
    let server = MockServer::start().unwrap();
    server.when_any().reset();
    let seen = Seen::default();
    let after = Arc::clone(&seen);
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .max_retries(0)
        .on_response(move |answer| noted(&after, format!("{:?} {:?}", answer.status(), answer.failure())))
        .build()
        .unwrap();
    assert_eq!(
        client.calls().get(DOCUMENTED_CALL).await.unwrap_err().kind(),
        ErrorKind::Connection
    );
    assert_eq!(*seen.lock().unwrap(), ["None Some(Connection)"]);
}

#[tokio::test]
async fn what_makes_a_request_what_it_is_stays_and_nothing_personal_is_printed() {
    let server = MockServer::start().unwrap();
    let seen = Seen::default();
    let (before, after) = (Arc::clone(&seen), Arc::clone(&seen));
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .on_request(move |request| {
            for name in ["X-Api-Key", "host", "content-length", "not a name"] {
                let error = request.set_header(name, "other").unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
            }
            assert!(request.set_header("x-other", "a\nb").is_err());
            noted(&before, format!("{request:?} {:?}", request.headers()));
        })
        .on_response(move |answer| noted(&after, format!("{answer:?}")))
        .build()
        .unwrap();
    client
        .calls()
        .update(DOCUMENTED_CALL)
        .merge_metadata([("name", "Ada")])
        .await
        .unwrap();
    let printed = seen.lock().unwrap().join("\n");
    for secret in [server.api_key(), DOCUMENTED_CALL, "Ada"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert_eq!(server.requests()[0].headers["x-api-key"], server.api_key());
}

/// What a hook adds is as secret as what the client is given.
#[tokio::test]
async fn what_a_hook_added_is_taken_out_of_what_the_service_says() {
    let server = MockServer::start().unwrap();
    let said = r#"{"message": "bad token Bearer-sekrit-token-1 or Bearer-sekrit-token-2"}"#;
    server.when_any().times(1).status(503);
    server.when_any().raw(401, "application/json", said);
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .clock(VirtualClock::passing_over_waits())
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
