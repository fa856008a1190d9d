//! Sending and retrying requests over real connections: delays, budget, limits and headers.

use std::{
    future::poll_fn,
    io::Read as _,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::Poll,
    time::Duration,
};

use callrounded::{Client, ClientBuilder, ErrorKind, reqwest};
use callrounded_mock::MockServer;
use callrounded_test_support::RefusingAddress;
use callrounded_tests::{
    DOCUMENTED_AGENT, DOCUMENTED_CALL,
    scripted::{Action, ScriptedServer, http_response},
    virtual_clock::VirtualClock,
};

const FROM: &str = "+33612345678";
const TO: &str = "+33698765432";

fn status(line: &str, headers: &[(&str, &str)]) -> Action {
    Action::Send(http_response(line, headers, b""))
}

fn call() -> Action {
    Action::Send(http_response("200 OK", &[], br#"{"data": {"id": "x"}}"#))
}

fn started() -> Action {
    Action::Send(http_response("201 Created", &[], br#"{"data": {"call_id": "x"}}"#))
}

fn settings(url: &str, clock: &VirtualClock) -> ClientBuilder {
    Client::builder().api_key("key").base_url(url).clock(clock.clone())
}

fn milliseconds(delays: &[Duration]) -> Vec<u128> {
    delays.iter().map(Duration::as_millis).collect()
}

#[tokio::test]
async fn failed_request_is_retried_until_success() {
    let clock = VirtualClock::skipping_delays();
    let server = ScriptedServer::start([status("503 Unavailable", &[]), Action::Close, call()]);
    let client = settings(server.url(), &clock).build().unwrap();
    assert_eq!(client.calls().get("x").await.unwrap().id, "x");
    assert_eq!(milliseconds(&clock.delays()), [500, 1_000]);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests.iter().all(|request| *request == requests[0]),
        "each attempt sends the same request"
    );
}

#[tokio::test]
async fn backoff_grows_to_eight_seconds_and_ends_before_deadline() {
    let clock = VirtualClock::skipping_delays();
    let server = ScriptedServer::always(status("503 Unavailable", &[]), || {});
    let client = settings(server.url(), &clock).max_retries(100).build().unwrap();
    let error = client.calls().get("x").await.unwrap_err();
    assert_eq!(
        milliseconds(&clock.delays()),
        [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000]
    );
    assert_eq!((error.attempts(), error.kind()), (11, ErrorKind::Server));
    assert_eq!(
        error.to_string(),
        "get_call: 503 Service Unavailable (an empty body) [11 attempts]"
    );
}

#[tokio::test]
async fn start_is_retried_after_429_only_if_enabled() {
    let limits = [
        ("retry-after", "2"),
        ("X-RateLimit-Remaining", "0"),
        ("ratelimit", "r"),
        ("x-other", "o"),
    ];
    let limited = || status("429 Too Many Requests", &limits);
    let clock = VirtualClock::skipping_delays();
    let server = ScriptedServer::start([limited()]);
    let client = settings(server.url(), &clock).build().unwrap();
    let error = client.calls().start(FROM, TO, DOCUMENTED_AGENT).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(
        (error.attempts(), error.retry_after()),
        (1, Some(Duration::from_secs(2)))
    );
    let mut headers: Vec<_> = error
        .rate_limit_headers()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    headers.sort_by_key(|(name, _)| *name);
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["ratelimit", "retry-after", "x-ratelimit-remaining"]);

    let server = ScriptedServer::start([limited(), limited(), started()]);
    let client = settings(server.url(), &clock).build().unwrap();
    let start = client
        .calls()
        .start(FROM, TO, DOCUMENTED_AGENT)
        .retry_rate_limited(true);
    assert_eq!(start.await.unwrap().call_id, "x");
    assert_eq!(milliseconds(&clock.delays()), [2_000, 2_000]);

    // No other status is retried.
    let server = ScriptedServer::start([limited(), status("503 Unavailable", &[]), started()]);
    let client = settings(server.url(), &clock).build().unwrap();
    let start = client
        .calls()
        .start(FROM, TO, DOCUMENTED_AGENT)
        .retry_rate_limited(true);
    let error = start.await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (2, 503));
}

#[tokio::test]
async fn start_with_lost_response_can_be_found() {
    let server = MockServer::start().unwrap();
    let lossy = ScriptedServer::start([Action::ForwardAndClose(server.url())]);
    let client = Client::builder().api_key(server.api_key());
    let client = client.base_url(lossy.url()).build().unwrap();
    let error = client
        .calls()
        .start(FROM, TO, DOCUMENTED_AGENT)
        .variables([("attempt", "one")])
        .await
        .unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(
        error.to_string(),
        "start_phone_call: the connection was lost before the response; it is unknown whether the operation was performed"
    );
    let client = callrounded_tests::client_of(&server);
    let calls = client.calls().list().from_number(FROM).to_number(TO);
    let mut calls = calls.include_variable_values(true).stream();
    let found = calls.next().await.unwrap().unwrap();
    let values = found.variable_values.unwrap();
    assert_eq!(values[0].value, Some(serde_json::json!("one")));
    assert!(calls.next().await.is_none(), "the call was started once");
}

#[tokio::test]
async fn request_settings_override_client_settings() {
    let clock = VirtualClock::skipping_delays();
    let server = ScriptedServer::always(status("503 Unavailable", &[]), || {});
    let client = settings(server.url(), &clock)
        .max_retries(0)
        .header("X-Team", "client")
        .header("x-region", "eu")
        .build()
        .unwrap();
    let calls = client.calls();
    assert_eq!(calls.get("x").await.unwrap_err().attempts(), 1);
    assert_eq!(calls.get("x").max_retries(3).await.unwrap_err().attempts(), 4);
    let update = calls
        .update("x")
        .clear_metadata()
        .header("x-team", "request")
        .max_retries(1);
    assert_eq!(update.await.unwrap_err().attempts(), 2);
    assert_eq!(calls.terminate("x").max_retries(1).await.unwrap_err().attempts(), 2);
    let mut pages = calls.list().max_retries(1).header("x-team", "list").pages();
    assert_eq!(pages.next().await.unwrap().unwrap_err().attempts(), 2);
    // The second delay, of 1 s, would end after the deadline.
    let get = calls.get("x").max_retries(5).timeout(Duration::from_millis(1_500));
    assert_eq!(get.await.unwrap_err().attempts(), 2);
    let requests = server.requests();
    assert!(requests[0].contains("x-team: client\r\n") && requests[0].contains("x-region: eu\r\n"));
    assert!(requests.iter().any(|request| request.contains("x-team: request\r\n")));
    assert!(requests.iter().any(|request| request.contains("x-team: list\r\n")));
    assert!(requests.iter().all(|request| request.matches("x-team").count() == 1));
    assert!(requests.iter().all(|request| request.contains("x-api-key: key\r\n")));
}

#[tokio::test]
async fn timeouts_limit_one_attempt_or_all_attempts() {
    let clock = VirtualClock::skipping_delays();
    let stalled = clock.clone();
    let server = ScriptedServer::always(Action::Stall(Vec::new()), move || stalled.expire_one());
    let client = settings(server.url(), &clock).build().unwrap();
    let get = client.calls().get("x").attempt_timeout(Duration::from_secs(2));
    let error = get.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert_eq!(clock.elapsed(), Duration::from_millis(3 * 2_000 + 1_500));
    let begin = clock.elapsed();
    let error = client
        .calls()
        .get("x")
        .timeout(Duration::from_secs(5))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert_eq!(clock.elapsed() - begin, Duration::from_secs(5));
    // The longest timeout does not overflow.
    let get = client
        .calls()
        .get("x")
        .timeout(Duration::MAX)
        .attempt_timeout(Duration::from_secs(1));
    assert_eq!(get.await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn invalid_request_settings_are_rejected_before_sending() {
    let server = ScriptedServer::always(call(), || {});
    let client = settings(server.url(), &VirtualClock::skipping_delays())
        .build()
        .unwrap();
    let calls = client.calls();
    for (request, problem) in [
        (
            calls.get("x").timeout(Duration::ZERO),
            "timeout: must be greater than zero",
        ),
        (
            calls.get("x").attempt_timeout(Duration::ZERO),
            "attempt_timeout: must be greater than zero",
        ),
        (
            calls.get("x").header("X-API-Key", "other"),
            "header: x-api-key carries the API key; set the API key of the client instead",
        ),
        (calls.get("x").header("Host", "h"), "header: host is set by the client"),
        (
            calls.get("x").header("accept-encoding", "br"),
            "header: accept-encoding is set by the client",
        ),
        (
            calls.get("x").header("a b", "c"),
            "header: \"a b\" is not a valid header name",
        ),
        (
            calls.get("x").header("x-a", "secret\r\nx-b: c"),
            "header: the value of x-a contains a character not allowed in an HTTP header",
        ),
    ] {
        let error = request.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(
            (error.to_string(), error.attempts()),
            (format!("get_call: {problem}"), 0)
        );
    }
    assert!(server.requests().is_empty());
    let error = Client::builder()
        .api_key("k")
        .header("content-length", "1")
        .header("x-a", "\n")
        .build()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "header: content-length is set by the client; header: the value of x-a contains a character not allowed in an HTTP header"
    );
}

#[tokio::test]
async fn dropped_future_cancels_request() {
    // Dropped while it waits for the response: the connection is closed.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).map(|_| all.len())
    });
    let client = callrounded_tests::client_at(&url);
    let get = client.calls().get("x");
    assert!(tokio::time::timeout(Duration::from_millis(300), get).await.is_err());
    let read = tokio::task::spawn_blocking(move || server.join().unwrap().unwrap());
    assert!(
        read.await.unwrap() > 0,
        "the request was sent, and the connection closed"
    );

    // Dropped while it waits for a retry: the retry is never sent.
    let clock = VirtualClock::paused();
    let server = ScriptedServer::always(status("503 Unavailable", &[]), || {});
    let client = settings(server.url(), &clock).build().unwrap();
    let mut get = Box::pin(client.calls().get("x").into_future());
    poll_fn(|context| {
        assert!(get.as_mut().poll(context).is_pending());
        if clock.waiting() == 1 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    drop(get);
    assert_eq!(clock.waiting(), 0);
    clock.advance_to_next();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn retry_budget_is_shared_by_clones_and_earned_by_successes() {
    let clock = VirtualClock::skipping_delays();
    let failing = Arc::new(AtomicUsize::new(usize::MAX));
    let (url, requests) = counting_server(Arc::clone(&failing)).await;
    let client = settings(&url, &clock)
        .max_retries(1000)
        .timeout(Duration::MAX)
        .build()
        .unwrap();
    // The budget has 500 tokens. A retry costs five.
    assert_eq!(client.calls().get("x").await.unwrap_err().attempts(), 101);
    assert_eq!(client.clone().calls().terminate("x").await.unwrap_err().attempts(), 1);
    // Another client has its own budget.
    let other = settings(&url, &clock).build().unwrap();
    assert_eq!(other.calls().get("x").await.unwrap_err().attempts(), 3);
    // Ten successes at the first attempt earn two retries.
    failing.store(0, Relaxed);
    for _ in 0..10 {
        client.calls().get("x").await.unwrap();
    }
    failing.store(usize::MAX, Relaxed);
    assert_eq!(client.calls().get("x").await.unwrap_err().attempts(), 3);
    // A success at the second attempt earns nothing.
    for _ in 0..5 {
        failing.store(0, Relaxed);
        client.calls().get("x").await.unwrap();
    }
    failing.store(1, Relaxed);
    client.calls().get("x").await.unwrap();
    failing.store(usize::MAX, Relaxed);
    assert_eq!(client.calls().get("x").await.unwrap_err().attempts(), 1);
    assert!(requests.load(Relaxed) > 0);
}

/// A thousand callers each send a request every ten seconds for a minute, to a service that always fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outage_is_not_amplified_by_retries() {
    const CALLERS: usize = 1_000;
    const MINUTE: Duration = Duration::from_secs(60);
    let (url, requests) = counting_server(Arc::new(AtomicUsize::new(usize::MAX))).await;
    let clock = VirtualClock::paused();
    let client = settings(&url, &clock).build().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let caller = |number| {
        let (client, clock, calls) = (client.clone(), clock.clone(), Arc::clone(&calls));
        let first = clock.wait(Duration::from_millis(10 * number));
        tokio::spawn(async move {
            first.await;
            while clock.elapsed() < MINUTE {
                calls.fetch_add(1, Relaxed);
                assert!(client.calls().get("x").await.unwrap_err().is_server());
                clock.wait(Duration::from_secs(10)).await;
            }
        })
    };
    let callers: Vec<_> = (0..CALLERS as u64).map(caller).collect();
    // Time advances when every caller that has not ended waits for it.
    loop {
        let (waiting, ended) = (
            clock.waiting(),
            callers.iter().filter(|caller| caller.is_finished()).count(),
        );
        if ended == CALLERS {
            break;
        }
        if waiting + ended == CALLERS {
            clock.advance_to_next();
        } else {
            // Counting the callers that wait is slower than letting them run.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        }
    }
    for caller in callers {
        caller.await.unwrap();
    }
    let (calls, requests) = (calls.load(Relaxed), requests.load(Relaxed));
    assert!(calls >= 5 * CALLERS, "{calls} calls");
    assert!(requests > calls, "the first requests are retried");
    assert!(requests <= 2 * calls, "{requests} requests for {calls} calls");
    // The budget allows a hundred retries, and then none.
    assert_eq!(requests, calls + 100);
}

/// Starts a server that fails `failing` times, counted down, and then succeeds. With `usize::MAX` it always fails.
/// Returns its URL and the number of its requests.
async fn counting_server(failing: Arc<AtomicUsize>) -> (String, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let handler = {
        let requests = Arc::clone(&requests);
        move || {
            requests.fetch_add(1, Relaxed);
            let fails = failing
                .fetch_update(Relaxed, Relaxed, |remaining| match remaining {
                    usize::MAX => Some(remaining),
                    _ => remaining.checked_sub(1),
                })
                .is_ok();
            let status = if fails { 503 } else { 200 };
            let status = axum::http::StatusCode::from_u16(status).unwrap();
            std::future::ready((status, r#"{"data": {"id": "x"}}"#))
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, axum::Router::new().fallback(handler)).into_future());
    (url, requests)
}

#[tokio::test]
async fn configure_http_cannot_change_safety_settings() {
    let target = MockServer::start().unwrap();
    let location = format!("{}/v1/calls/{DOCUMENTED_CALL}", target.url());
    for redirect in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let server = ScriptedServer::start([status(redirect, &[("location", &location)])]);
        let client = Client::builder()
            .api_key(target.api_key())
            .base_url(server.url())
            .configure_http(|http| {
                http.redirect(reqwest::redirect::Policy::limited(5))
                    .connection_verbose(true)
                    .user_agent("mine/1")
            })
            .build()
            .unwrap();
        let error = client.calls().get("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
        assert!(
            server.requests()[0].contains("user-agent: mine/1\r\n"),
            "other settings of the caller are kept"
        );
    }
    assert!(target.requests().is_empty());
    let both = Client::builder()
        .api_key("k")
        .http_client(reqwest::Client::new())
        .configure_http(|http| http);
    assert_eq!(
        both.build().unwrap_err().to_string(),
        "configure_http: cannot be combined with http_client; set it there"
    );
}

#[tokio::test]
async fn configured_proxy_is_used() {
    let proxy = ScriptedServer::start([call()]);
    let url = proxy.url().to_owned();
    let client = Client::builder()
        .api_key("k")
        .base_url("http://127.0.0.1:9")
        .configure_http(move |http| http.proxy(reqwest::Proxy::http(&url).unwrap()))
        .build()
        .unwrap();
    client.calls().get("x").await.unwrap();
    assert!(proxy.requests()[0].starts_with("GET http://127.0.0.1:9/v1/calls/x HTTP/1.1\r\n"));
}

#[tokio::test]
async fn max_body_size_is_exact() {
    let body = br#"{"data": {"id": "x"}}"#;
    for (limit, fits) in [(body.len(), true), (body.len() - 1, false), (0, false)] {
        let server = ScriptedServer::start([call()]);
        let client = Client::builder()
            .api_key("k")
            .base_url(server.url())
            .max_body_size(limit)
            .build()
            .unwrap();
        match client.calls().get("x").await {
            Ok(call) => assert!(fits && call.body().len() == body.len()),
            Err(error) => {
                assert!(!fits);
                assert_eq!(error.kind(), ErrorKind::BodyTooLarge);
                assert_eq!(
                    (error.status().unwrap().as_u16(), error.body().unwrap().len()),
                    (200, limit)
                );
            }
        }
    }
}

#[tokio::test]
async fn start_redirected_by_custom_http_client_is_outcome_unknown() {
    let refusing = RefusingAddress::reserve().unwrap();
    let closed = refusing.address();
    for (redirect, location) in [
        ("302 Found", format!("http://{closed}/")),
        ("307 Temporary", format!("http://{closed}/")),
        ("307 Temporary", "http://nowhere.invalid/".to_owned()),
        ("307 Temporary", "ftp://127.0.0.1/".to_owned()),
    ] {
        let server = ScriptedServer::always(status(redirect, &[("location", &location)]), || {});
        let client = settings(server.url(), &VirtualClock::skipping_delays());
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let client = client.http_client(http).build().unwrap();
        let error = client.calls().start(FROM, TO, DOCUMENTED_AGENT).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{redirect} {location}: {error:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn outage_after_lost_attempt_is_connection_error() {
    let clock = VirtualClock::skipping_delays();
    let server = ScriptedServer::start([Action::Close]);
    let client = settings(server.url(), &clock).build().unwrap();
    let error = client.calls().update("x").clear_metadata().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert_eq!(
        error.to_string(),
        "update_call: the service can no longer be reached [3 attempts]"
    );
    // The error has the last response.
    for first in ["503 Unavailable", "429 Too Many"] {
        let server = ScriptedServer::start([status(first, &[("x-request-id", "r-1")])]);
        let client = settings(server.url(), &clock).build().unwrap();
        let error = client.calls().get("x").await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
        assert!(first.starts_with(error.status().unwrap().as_str()));
        assert_eq!(error.request_id(), Some("r-1"));
    }
}

#[tokio::test]
async fn refused_connection_with_custom_http_client_is_connect_error() {
    let refusing = RefusingAddress::reserve().unwrap();
    let address = refusing.address();
    let client = settings(&format!("http://{address}"), &VirtualClock::skipping_delays());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = client.http_client(http).build().unwrap();
    for retries in [0, 2] {
        let error = client.calls().get("x").max_retries(retries).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, retries + 1));
    }
}

#[tokio::test]
async fn start_is_retried_only_if_time_to_connect_remains() {
    let clock = VirtualClock::skipping_delays();
    let refusing = RefusingAddress::reserve().unwrap();
    let address = refusing.address();
    let client = settings(&format!("http://{address}"), &clock)
        .connect_timeout(Duration::from_millis(50))
        .timeout(Duration::from_millis(520))
        .build()
        .unwrap();
    let error = client.calls().start(FROM, TO, DOCUMENTED_AGENT).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1));
    assert_eq!(client.calls().get("x").await.unwrap_err().attempts(), 2);
}

#[tokio::test]
async fn request_with_retry_after_above_an_hour_is_not_retried() {
    let clock = VirtualClock::skipping_delays();
    for (seconds, attempts) in [("3600", 3), ("3601", 1), ("1000000000000", 1)] {
        let server = ScriptedServer::always(status("503 Unavailable", &[("retry-after", seconds)]), || {});
        let client = settings(server.url(), &clock).timeout(Duration::MAX).build().unwrap();
        let error = client.calls().get("x").await.unwrap_err();
        assert_eq!(error.attempts(), attempts);
        assert_eq!(error.retry_after().unwrap().as_secs().to_string(), seconds);
    }
}

#[tokio::test]
async fn terminate_with_empty_response_succeeds() {
    for line in ["204 No Content", "200 OK"] {
        let server = ScriptedServer::start([status(line, &[])]);
        let client = callrounded_tests::client_at(server.url());
        assert_eq!(*client.calls().terminate("x").await.unwrap(), serde_json::Value::Null);
    }
}
