//! Expectations of the mock server, as seen by our client and by a plain HTTP client.

use std::time::Duration;

use callrounded::{Client, ErrorKind};
use callrounded_mock::{
    MockServer, Operation, SeenRequest, Timestamp,
    operations::{GetCall, UpdateCall},
    types::Call,
};
use callrounded_tests::{DOCUMENTED_AGENT, DOCUMENTED_CALL, client_of};
use serde_json::json;

/// Returns a client without retries.
fn client_without_retries(server: &MockServer) -> Client {
    let client = Client::builder().api_key(server.api_key()).base_url(server.url());
    client.max_retries(0).build().unwrap()
}

#[tokio::test]
async fn expected_response_replaces_default_response() {
    let server = MockServer::start().unwrap();
    let response: <UpdateCall as Operation>::Response = serde_json::from_value(json!({
        "data": { "id": "another", "metadata": { "made": "up" } }, "message": "Custom", "status": 200,
    }))
    .unwrap();
    let expectation = server
        .when_update_call()
        .with_call_id(DOCUMENTED_CALL)
        .respond(response);
    assert!(!expectation.is_met());
    let call = client_of(&server)
        .calls()
        .update(DOCUMENTED_CALL)
        .clear_metadata()
        .await
        .unwrap();
    assert_eq!((call.id.as_str(), call.message()), ("another", Some("Custom")));
    assert!(expectation.is_met());
    // The call was not updated.
    assert_ne!(server.call(DOCUMENTED_CALL).unwrap()["metadata"], json!({}));
}

#[tokio::test]
async fn expectation_applies_only_to_matching_requests() {
    let server = MockServer::builder().calls(3).start().unwrap();
    let client = client_without_retries(&server);
    let other = "00000000-0000-4000-a000-000000000001";
    let replacing = server
        .when_update_call()
        .with_call_id(DOCUMENTED_CALL)
        .body(|update| update.override_ == Some(true))
        .status(409);
    let large = server.when_list_calls().with_limit(1000).status(422);
    let calls = client.calls();
    calls
        .update(DOCUMENTED_CALL)
        .merge_metadata([("a", "b")])
        .await
        .unwrap();
    calls.update(other).replace_metadata([("a", "b")]).await.unwrap();
    assert_eq!(replacing.hits(), 0);
    let error = calls
        .update(DOCUMENTED_CALL)
        .replace_metadata([("a", "b")])
        .await
        .unwrap_err();
    assert_eq!((error.kind(), replacing.hits()), (ErrorKind::Conflict, 1));
    assert!(calls.list().page(1).await.is_ok());
    assert_eq!(
        calls.list().limit(1000).page(1).await.unwrap_err().kind(),
        ErrorKind::InvalidRequest
    );
    assert_eq!(large.hits(), 1);
}

#[tokio::test]
async fn first_expectation_that_is_not_exhausted_applies() {
    let server = MockServer::start().unwrap();
    let client = client_without_retries(&server);
    let outage = server.when_any().statuses([503, 500]);
    let missing = server.when_get_call().times(1).status(404);
    let mut received = Vec::new();
    for _ in 0..4 {
        received.push(
            client
                .calls()
                .get(DOCUMENTED_CALL)
                .await
                .map_or_else(|error| error.status(), |call| Some(call.http_status())),
        );
    }
    let received: Vec<u16> = received.into_iter().flatten().map(|status| status.as_u16()).collect();
    assert_eq!(received, [503, 500, 404, 200]);
    assert!(outage.is_met() && missing.is_met());
    let statuses: Vec<_> = server.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(503), Some(500), Some(404), Some(200)]);
}

#[tokio::test]
async fn expectation_resets_connection_or_limits_rate() {
    let server = MockServer::start().unwrap();
    let client = client_without_retries(&server);
    let reset = server.when_start_phone_call().times(1).reset();
    let start = || client.calls().start("+33612345678", "+33698765432", DOCUMENTED_AGENT);
    let error = start().await.unwrap_err();
    assert_eq!((error.kind(), reset.hits()), (ErrorKind::OutcomeUnknown, 1));
    assert_eq!(server.requests()[0].status, None);
    server.when_any().times(1).rate_limited(Duration::from_millis(1500));
    let error = start().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (ErrorKind::RateLimited, Some(Duration::from_secs(2)))
    );
    let limits: Vec<_> = error.rate_limit_headers().map(|(name, _)| name.to_string()).collect();
    assert!(limits.contains(&"x-ratelimit-remaining".to_owned()), "{limits:?}");
    start().await.unwrap();
}

#[tokio::test]
async fn delayed_response_is_otherwise_unchanged() {
    let server = MockServer::start().unwrap();
    let slow = server
        .when_get_call()
        .times(1)
        .delay(Duration::from_secs(60))
        .default_response();
    let client = client_without_retries(&server);
    let error = client
        .calls()
        .get(DOCUMENTED_CALL)
        .timeout(Duration::from_millis(200))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), slow.hits()), (ErrorKind::Timeout, 1));
    server
        .when_get_call()
        .times(1)
        .delay(Duration::from_millis(1))
        .default_response();
    assert_eq!(client.calls().get(DOCUMENTED_CALL).await.unwrap().id, DOCUMENTED_CALL);
}

#[tokio::test]
async fn response_that_violates_document_is_500_with_field() {
    let server = MockServer::builder()
        .call(json!({ "id": "odd", "duration_seconds": "long" }))
        .start()
        .unwrap();
    let error = client_without_retries(&server).calls().get("odd").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert_eq!(
        error.details()[0].field.as_deref(),
        Some("data.duration_seconds"),
        "{error}"
    );
    // To simulate a service that violates the document, set the bytes of its response.
    server.when_get_call().raw(
        200,
        "application/json",
        r#"{"data": {"id": "odd", "duration_seconds": "long"}}"#,
    );
    assert_eq!(
        client_without_retries(&server)
            .calls()
            .get("odd")
            .await
            .unwrap()
            .skipped_fields(),
        ["data.duration_seconds"]
    );
}

#[tokio::test]
async fn invalid_request_is_rejected_before_expectations() {
    let server = MockServer::start().unwrap();
    let expectation = server.when_any().raw(200, "text/plain", "never");
    let send = |key: &'static str, query: &'static str| {
        let url = format!("{}/v1/calls{query}", server.url());
        let request = callrounded::reqwest::Client::new().get(url).header("X-Api-Key", key);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(send("other", "").await, 401);
    assert_eq!(send("mock-key", "?limit=0").await, 422);
    assert_eq!(expectation.hits(), 0);
}

#[tokio::test]
async fn recorded_requests_are_decoded() {
    let server = MockServer::start().unwrap();
    let client = client_of(&server);
    client
        .calls()
        .update(DOCUMENTED_CALL)
        .merge_metadata([("a", "b")])
        .await
        .unwrap();
    client.calls().list().agent_id(DOCUMENTED_AGENT).page(2).await.unwrap();
    let requests: Vec<SeenRequest> = server.requests();
    let update: serde_json::Value = requests[0].body_as().unwrap();
    assert_eq!(update["metadata"]["a"], "b");
    assert_eq!(requests[0].parameters["call_id"], DOCUMENTED_CALL);
    assert_eq!(requests[1].operation.as_deref(), Some("list_calls"));
    let parameters = &requests[1].parameters;
    assert_eq!(
        (&parameters["agent_id"], &parameters["page"]),
        (&json!(DOCUMENTED_AGENT), &json!(2))
    );
    assert!(!format!("{requests:?}").contains("mock-key"));
}

#[tokio::test]
async fn seeded_servers_are_equal_independent_and_large() {
    let (one, other) = (
        MockServer::builder().calls(1_000_000).start().unwrap(),
        MockServer::builder().calls(1_000_000).start().unwrap(),
    );
    let last = "00000000-0000-4000-a000-000001000000";
    assert_eq!(one.call(last), other.call(last));
    client_of(&one)
        .calls()
        .update(last)
        .merge_metadata([("a", "b")])
        .await
        .unwrap();
    assert_eq!(one.call(last).unwrap()["metadata"], json!({ "a": "b" }));
    assert_eq!(other.call(last).unwrap()["metadata"], json!({}));
    assert!(
        one.call("00000000-0000-4000-a000-000001000001").is_none() && one.call("00000000-0000-4000-a000-1").is_none()
    );
    let page = client_of(&one).calls().list().limit(2).page(1).await.unwrap();
    assert_eq!(page.total_items, Some(1_000_001));
    let ids: Vec<&str> = page
        .items
        .iter()
        .map(|call| call.as_ref().unwrap().id.as_str())
        .collect();
    assert!(ids.contains(&last), "{ids:?}");
}

#[tokio::test]
async fn server_clock_starts_at_given_time() {
    let now = "2026-08-21T10:00:00Z"
        .parse::<callrounded::chrono::DateTime<callrounded::chrono::Utc>>()
        .unwrap();
    let server = MockServer::builder().calls(10).now(now).start().unwrap();
    let client = client_of(&server);
    // Terminating a call that has ended, or does not exist, does not advance the clock.
    let error = client.calls().terminate("nobody").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    for minute in ["2026-08-21T10:00:00Z", "2026-08-21T10:01:00Z"] {
        let started = client
            .calls()
            .start("+33612345678", "+33698765432", DOCUMENTED_AGENT)
            .await
            .unwrap();
        let call = server.call(&started.call_id).unwrap();
        assert_eq!(call["start_time"], minute);
    }
    let recent = client.calls().list().started_after(now).page(1).await.unwrap();
    assert_eq!(recent.items.len(), 1);
}

#[tokio::test]
async fn expectation_counts_requests_above_its_limit() {
    let server = MockServer::start().unwrap();
    let client = client_without_retries(&server);
    let never = server.when_get_call().times(0).default_response();
    let once = server.when_get_call().times(1).default_response();
    assert!(never.is_met() && !once.is_met());
    for _ in 0..2 {
        client.calls().get(DOCUMENTED_CALL).await.unwrap();
    }
    assert_eq!((never.seen(), never.hits()), (2, 0));
    assert_eq!((once.seen(), once.hits(), once.is_met()), (2, 1, true));
    let (none, one) = (server.when_any().statuses([]), server.when_any().statuses([503]));
    assert!(client.calls().get(DOCUMENTED_CALL).await.is_err());
    client.calls().get(DOCUMENTED_CALL).await.unwrap();
    assert_eq!((none.hits(), one.hits()), (0, 1));
}

/// A body predicate can use the server. If it panics, the response is a 500, and the connection is not lost.
#[tokio::test]
async fn body_predicate_can_use_server_and_panic() {
    let server = std::sync::Arc::new(MockServer::start().unwrap());
    let client = client_without_retries(&server);
    let weak = std::sync::Arc::downgrade(&server);
    server
        .when_update_call()
        .times(1)
        .body(move |_| weak.upgrade().unwrap().requests().is_empty())
        .status(409);
    let update = || client.calls().update(DOCUMENTED_CALL).clear_metadata();
    assert_eq!(update().await.unwrap_err().kind(), ErrorKind::Conflict);
    server
        .when_update_call()
        .body(|update| update.override_.is_none() || panic!("asserted"))
        .status(409);
    let error = update().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().map(|status| status.as_u16())),
        (ErrorKind::Server, Some(500))
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn timestamp_parameter_matches_in_any_notation() {
    let server = MockServer::start().unwrap();
    let expectation = server
        .when_list_calls()
        .with_start_time_gt("2026-08-21T12:00:00.000+02:00".parse::<Timestamp>().unwrap())
        .status(409);
    let after = "2026-08-21T10:00:00Z"
        .parse::<callrounded::chrono::DateTime<callrounded::chrono::Utc>>()
        .unwrap();
    assert!(
        client_without_retries(&server)
            .calls()
            .list()
            .started_after(after)
            .page(1)
            .await
            .is_err()
    );
    assert_eq!(expectation.hits(), 1);
}

#[tokio::test]
async fn invalid_expected_response_is_500_with_reason() {
    let server = MockServer::start().unwrap();
    let client = client_without_retries(&server);
    server.when_any().statuses([99, 1000]);
    server.when_any().raw(200, "text/plain\nX: y", "text");
    for _ in 0..3 {
        let error = client.calls().get(DOCUMENTED_CALL).await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
        assert!(error.message().unwrap().contains("in an expectation"), "{error}");
    }
    assert!(server.requests().iter().all(|request| request.status == Some(500)));
}

#[tokio::test]
async fn added_call_replaces_seeded_call() {
    let id = "00000000-0000-4000-a000-000000000002";
    let call = json!({ "id": id, "status": "completed", "start_time": "2024-01-01T00:00:00Z" });
    let server = MockServer::builder().calls(3).call(call).start().unwrap();
    let page = client_of(&server).calls().list().page(1).await.unwrap();
    assert_eq!((page.total_items, page.items.len()), (Some(4), 4));
    assert_eq!(page.items[0].as_ref().unwrap().id, id, "it started last");
    let agent = "00000000-0000-4000-c000-000000000001";
    let page = client_of(&server).calls().list().agent_id(agent).page(1).await.unwrap();
    assert_eq!(page.total_items, Some(1));
}

/// Builders take plain values. An invalid number or timestamp is an error of its setter.
#[tokio::test]
async fn response_built_from_plain_values_keeps_digits() {
    let server = MockServer::start().unwrap();
    let call: Call = Call::builder()
        .id("built")
        .cost("0.12345678901234567890")
        .unwrap()
        .start_time("2023-06-15T14:30:00Z")
        .unwrap()
        .metadata(serde_json::Map::from_iter([("a".to_owned(), json!(1))]))
        .try_into()
        .unwrap();
    for message in [
        Call::builder().cost("free").err().unwrap().to_string(),
        Call::builder().start_time("soon").err().unwrap().to_string(),
    ] {
        assert!(message.starts_with("error converting supplied value for "), "{message}");
        assert!(!message.contains("free") && !message.contains("soon"), "{message}");
    }
    server
        .when_get_call()
        .respond(<GetCall as Operation>::Response::builder().data(call));
    let call = client_of(&server).calls().get("built").await.unwrap();
    assert_eq!(call.cost.as_ref().unwrap().as_str(), "0.12345678901234567890");
    assert_eq!(call.start_time.as_ref().unwrap().as_str(), "2023-06-15T14:30:00Z");
    assert_eq!(call.metadata.as_ref().unwrap()["a"], 1);
}
