//! What the mock server is told to expect, seen by our client and by a bare one.

use std::time::Duration;

use callrounded::{Client, ErrorKind};
use callrounded_mock::{
    MockServer, Operation, SeenRequest, Timestamp,
    operations::{GetCall, UpdateCall},
    types::Call,
};
use callrounded_tests::{DOCUMENTED_AGENT, DOCUMENTED_CALL, client_of};
use serde_json::json;

/// A client that sends once.
fn once(server: &MockServer) -> Client {
    let client = Client::builder().api_key(server.api_key()).base_url(server.url());
    client.max_retries(0).build().unwrap()
}

#[tokio::test]
async fn an_answer_takes_the_place_of_what_the_server_does() {
    let server = MockServer::start().unwrap();
    let answer: <UpdateCall as Operation>::Response = serde_json::from_value(json!({
        "data": { "id": "another", "metadata": { "made": "up" } }, "message": "Said", "status": 200,
    }))
    .unwrap();
    let expected = server.when_update_call().with_call_id(DOCUMENTED_CALL).respond(answer);
    assert!(!expected.is_met());
    let call = client_of(&server)
        .calls()
        .update(DOCUMENTED_CALL)
        .clear_metadata()
        .await
        .unwrap();
    assert_eq!((call.id.as_str(), call.message()), ("another", Some("Said")));
    assert!(expected.is_met());
    // Nothing was done.
    assert_ne!(server.call(DOCUMENTED_CALL).unwrap()["metadata"], json!({}));
}

#[tokio::test]
async fn what_fits_is_told_from_what_does_not() {
    let server = MockServer::builder().calls(3).start().unwrap();
    let client = once(&server);
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
async fn the_first_that_is_not_used_up_holds() {
    let server = MockServer::start().unwrap();
    let client = once(&server);
    let outage = server.when_any().statuses([503, 500]);
    let missing = server.when_get_call().times(1).status(404);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(
            client
                .calls()
                .get(DOCUMENTED_CALL)
                .await
                .map_or_else(|error| error.status(), |call| Some(call.http_status())),
        );
    }
    let seen: Vec<u16> = seen.into_iter().flatten().map(|status| status.as_u16()).collect();
    assert_eq!(seen, [503, 500, 404, 200]);
    assert!(outage.is_met() && missing.is_met());
    let statuses: Vec<_> = server.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(503), Some(500), Some(404), Some(200)]);
}

#[tokio::test]
async fn a_connection_is_reset_and_a_limit_says_when_to_come_back() {
    let server = MockServer::start().unwrap();
    let client = once(&server);
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
async fn an_answer_is_delayed_and_is_the_one_it_would_be() {
    let server = MockServer::start().unwrap();
    let slow = server.when_get_call().times(1).delay(Duration::from_secs(60)).behaves();
    let client = once(&server);
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
        .behaves();
    assert_eq!(client.calls().get(DOCUMENTED_CALL).await.unwrap().id, DOCUMENTED_CALL);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_the_document_is_a_fault_of_the_test() {
    let server = MockServer::builder()
        .call(json!({ "id": "odd", "duration_seconds": "long" }))
        .start()
        .unwrap();
    let error = once(&server).calls().get("odd").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert_eq!(
        error.details()[0].field.as_deref(),
        Some("data.duration_seconds"),
        "{error}"
    );
    // What a service that does not keep to the document would say is said with its bytes.
    server.when_get_call().raw(
        200,
        "application/json",
        r#"{"data": {"id": "odd", "duration_seconds": "long"}}"#,
    );
    assert_eq!(
        once(&server).calls().get("odd").await.unwrap().skipped_fields(),
        ["data.duration_seconds"]
    );
}

#[tokio::test]
async fn a_request_that_does_not_fit_is_refused_whatever_is_expected() {
    let server = MockServer::start().unwrap();
    let expected = server.when_any().raw(200, "text/plain", "never");
    let send = |key: &'static str, query: &'static str| {
        let url = format!("{}/v1/calls{query}", server.url());
        let request = callrounded::reqwest::Client::new().get(url).header("X-Api-Key", key);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(send("other", "").await, 401);
    assert_eq!(send("mock-key", "?limit=0").await, 422);
    assert_eq!(expected.hits(), 0);
}

#[tokio::test]
async fn what_was_seen_is_there_decoded() {
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
async fn worlds_are_alike_apart_and_as_large_as_wanted() {
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
async fn the_clock_is_the_one_that_is_set() {
    let now = "2026-08-21T10:00:00Z"
        .parse::<callrounded::chrono::DateTime<callrounded::chrono::Utc>>()
        .unwrap();
    let server = MockServer::builder().calls(10).now(now).start().unwrap();
    let client = client_of(&server);
    // What is ended, or is not there, takes no time.
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
async fn what_comes_too_often_is_counted() {
    let server = MockServer::start().unwrap();
    let client = once(&server);
    let never = server.when_get_call().times(0).behaves();
    let once = server.when_get_call().times(1).behaves();
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

/// What looks at a body may look into the server, and what panics there is no lost connection.
#[tokio::test]
async fn what_looks_at_a_body_holds_nothing_up() {
    let server = std::sync::Arc::new(MockServer::start().unwrap());
    let client = once(&server);
    let inside = std::sync::Arc::downgrade(&server);
    server
        .when_update_call()
        .times(1)
        .body(move |_| inside.upgrade().unwrap().requests().is_empty())
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
async fn one_moment_is_the_same_in_every_spelling() {
    let server = MockServer::start().unwrap();
    let expected = server
        .when_list_calls()
        .with_start_time_gt("2026-08-21T12:00:00.000+02:00".parse::<Timestamp>().unwrap())
        .status(409);
    let after = "2026-08-21T10:00:00Z"
        .parse::<callrounded::chrono::DateTime<callrounded::chrono::Utc>>()
        .unwrap();
    assert!(once(&server).calls().list().started_after(after).page(1).await.is_err());
    assert_eq!(expected.hits(), 1);
}

#[tokio::test]
async fn what_no_answer_can_be_is_said() {
    let server = MockServer::start().unwrap();
    let client = once(&server);
    server.when_any().statuses([99, 1000]);
    server.when_any().raw(200, "text/plain\nX: y", "text");
    for _ in 0..3 {
        let error = client.calls().get(DOCUMENTED_CALL).await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
        assert!(error.message().unwrap().contains("told to answer"), "{error}");
    }
    assert!(server.requests().iter().all(|request| request.status == Some(500)));
}

#[tokio::test]
async fn a_call_takes_the_place_of_a_seeded_one() {
    let id = "00000000-0000-4000-a000-000000000002";
    let own = json!({ "id": id, "status": "completed", "start_time": "2024-01-01T00:00:00Z" });
    let server = MockServer::builder().calls(3).call(own).start().unwrap();
    let page = client_of(&server).calls().list().page(1).await.unwrap();
    assert_eq!((page.total_items, page.items.len()), (Some(4), 4));
    assert_eq!(page.items[0].as_ref().unwrap().id, id, "it began last");
    let agent = "00000000-0000-4000-c000-000000000001";
    let page = client_of(&server).calls().list().agent_id(agent).page(1).await.unwrap();
    assert_eq!(page.total_items, Some(1));
}

/// Builders take values as they are; a number or a timestamp that is none is an error where it is given.
#[tokio::test]
async fn an_answer_is_built_of_plain_values_and_keeps_its_digits() {
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
    for problem in [
        Call::builder().cost("free").err().unwrap().to_string(),
        Call::builder().start_time("soon").err().unwrap().to_string(),
    ] {
        assert!(problem.starts_with("error converting supplied value for "), "{problem}");
        assert!(!problem.contains("free") && !problem.contains("soon"), "{problem}");
    }
    server
        .when_get_call()
        .respond(<GetCall as Operation>::Response::builder().data(call));
    let call = client_of(&server).calls().get("built").await.unwrap();
    assert_eq!(call.cost.as_ref().unwrap().as_str(), "0.12345678901234567890");
    assert_eq!(call.start_time.as_ref().unwrap().as_str(), "2023-06-15T14:30:00Z");
    assert_eq!(call.metadata.as_ref().unwrap()["a"], 1);
}
