//! Tests of the spans and events of the feature `tracing`, as a subscriber receives them. They run in a process of
//! their own, because tracing decides for a whole process which spans are enabled.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    io,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use callrounded::{Client, Clock, Sleep, SystemClock};
use callrounded_tests::{
    faults::{FaultSetup, table},
    operations::{Input, Operation},
    scripted::{Action, ScriptedServer, http_response},
    virtual_clock::VirtualClock,
};
use tracing_subscriber::fmt::format::FmtSpan;

/// The output of the subscriber since it was last cleared.
static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Written;

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sets the subscriber, and returns a guard that lets only one test use it at a time.
fn subscribe() -> MutexGuard<'static, ()> {
    static SUBSCRIBER: LazyLock<Mutex<()>> = LazyLock::new(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_span_events(FmtSpan::CLOSE)
            .with_writer(|| Written)
            .with_target(false)
            .without_time()
            .with_ansi(false)
            .init();
        Mutex::default()
    });
    SUBSCRIBER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the spans that end while the future runs. The port of the server is replaced by `PORT`.
fn spans(run: impl Future<Output = String>) -> String {
    lines(run, |line| line.ends_with(": close"))
}

/// Returns the lines that match `is_included` and are written while the future runs. The future returns the URL of its
/// server, whose port is replaced by `PORT`.
fn lines(run: impl Future<Output = String>, is_included: fn(&str) -> bool) -> String {
    WRITTEN.lock().unwrap().clear();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let url = runtime.block_on(run);
    let text = String::from_utf8(WRITTEN.lock().unwrap().clone()).unwrap();
    let text = text.replace(url.rsplit(':').next().unwrap(), "PORT");
    let lines = text.lines().map(str::trim).filter(|line| is_included(line));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn attempt_is_span_by_opentelemetry_conventions() {
    let _guard = subscribe();
    let spans = spans(async {
        let failing = Action::Send(http_response("503 Service Unavailable", &[], b""));
        let call = Action::Send(http_response("200 OK", &[], br#"{"data": {"id": "x"}}"#));
        let server = ScriptedServer::start([failing, Action::Close, call]);
        let clock = VirtualClock::skipping_delays();
        let client = Client::builder()
            .api_key("k")
            .base_url(server.url())
            .clock(clock)
            .build()
            .unwrap();
        client.calls().get("secret").await.unwrap();
        server.url().to_owned()
    });
    expect_test::expect![[r#"
         INFO HTTP request{otel.name=GET /v1/calls/{call_id} otel.kind="client" http.request.method="GET" url.template="/v1/calls/{call_id}" server.address="127.0.0.1" server.port=PORT http.response.status_code=503 error.type="503" otel.status_code="ERROR"}: close
         INFO HTTP request{otel.name=GET /v1/calls/{call_id} otel.kind="client" http.request.method="GET" url.template="/v1/calls/{call_id}" server.address="127.0.0.1" server.port=PORT http.request.resend_count=1 error.type="connection" otel.status_code="ERROR"}: close
         INFO HTTP request{otel.name=GET /v1/calls/{call_id} otel.kind="client" http.request.method="GET" url.template="/v1/calls/{call_id}" server.address="127.0.0.1" server.port=PORT http.request.resend_count=2 http.response.status_code=200}: close
    "#]]
    .assert_eq(&spans);
}

/// A clock that writes a line for each delay.
struct LoggingClock;

impl Clock for LoggingClock {
    fn now(&self) -> Instant {
        SystemClock.now()
    }

    fn system_time(&self) -> SystemTime {
        SystemClock.system_time()
    }

    fn sleep(&self, _: Duration) -> Sleep {
        WRITTEN.lock().unwrap().extend(b"the delay before a retry\n");
        Box::pin(std::future::ready(()))
    }

    fn expire(&self, limit: Duration) -> Sleep {
        SystemClock.expire(limit)
    }

    fn random(&self) -> f64 {
        0.5
    }
}

#[test]
fn retry_is_event_and_delay_is_outside_of_span() {
    let _guard = subscribe();
    let run = async {
        let failing = Action::Send(http_response("503 Service Unavailable", &[], b""));
        let call = Action::Send(http_response("200 OK", &[], br#"{"data": {"id": "x"}}"#));
        let server = ScriptedServer::start([failing, Action::Close, call]);
        let client = Client::builder()
            .api_key("k")
            .base_url(server.url())
            .clock(LoggingClock)
            .build()
            .unwrap();
        client.calls().get("secret").await.unwrap();
        server.url().to_owned()
    };
    let written = lines(run, |line| line.ends_with(": close") || line.contains("retry"));
    let abbreviated: Vec<&str> = written
        .lines()
        .map(|line| {
            if line.ends_with(": close") {
                "the end of a span"
            } else {
                line
            }
        })
        .collect();
    expect_test::expect![[r#"
        the end of a span
        DEBUG retrying operation="get_call" attempt=1 reason="503" delay_ms=250
        the delay before a retry
        the end of a span
        DEBUG retrying operation="get_call" attempt=2 reason="connection" delay_ms=500
        the delay before a retry
        the end of a span
    "#]]
    .assert_eq(&(abbreviated.join("\n") + "\n"));
}

#[test]
fn exhausted_retry_budget_is_warning() {
    let _guard = subscribe();
    let run = async {
        let failing = Action::Send(http_response("503 Service Unavailable", &[], b""));
        let server = ScriptedServer::start(std::iter::repeat_n(failing, 1_000));
        let client = Client::builder()
            .api_key("k")
            .base_url(server.url())
            .clock(LoggingClock)
            .build()
            .unwrap();
        // Each retry takes 5 of 500 tokens.
        for _ in 0..51 {
            client.calls().get("secret").await.unwrap_err();
        }
        server.url().to_owned()
    };
    let written = lines(run, |line| line.contains("retry budget"));
    expect_test::expect![[r#"
        WARN not retrying: the retry budget is exhausted operation="get_call" attempt=1 reason="503"
    "#]]
    .assert_eq(&written);
}

#[test]
fn fault_sets_error_type_of_span() {
    let get = Operation::of("get_call");
    let _guard = subscribe();
    let mut error_types = String::new();
    for row in table()
        .into_iter()
        .filter(|row| row.group != "Statuses" && row.group != "Too many requests (429)")
    {
        let text = spans(async {
            let clock = VirtualClock::skipping_delays();
            let stalled = clock.clone();
            let mut setup = FaultSetup::of((row.fault)(&get), "", move || stalled.expire_one());
            let settings = std::mem::take(&mut setup.client)
                .api_key("k")
                .max_retries(0)
                .clock(clock);
            let client = settings.build().unwrap();
            setup.prepare(&get, &client).await.unwrap();
            let _ = get.run(&client, &Input::default()).await;
            "http://nowhere:0".to_owned()
        });
        let last = text.lines().last().unwrap();
        let error = last
            .split("error.type=")
            .nth(1)
            .map_or("none", |rest| rest.split([' ', '}']).next().unwrap());
        error_types.push_str(&format!("{}: {error}\n", row.name));
    }
    expect_test::expect![[r#"
        connection refused: "connect"
        connect timeout (each attempt also takes `connect_timeout`): "connect"
        connection reset before the request is read: "connection"
        idle connection closed before it is reused: none
        reused connection reset when the request arrives: "connection"
        connection closed after the request: "connection"
        connection reset after the request: "connection"
        no response: "timeout"
        response stalls within the headers: "timeout"
        endless, slow headers: "timeout"
        endless header: "invalid_response"
        response of another protocol: "invalid_response"
        malformed header: "invalid_response"
        300 headers: "invalid_response"
        two different `Content-Length` headers: "invalid_response"
        connection reset after the headers: "connection"
        connection reset within the body: "connection"
        body shorter than `Content-Length`: "connection"
        connection closed within a chunk: "connection"
        chunk size too large: "invalid_response"
        malformed chunk size: "invalid_response"
        response stalls within the body: "timeout"
        endless, slow body: "timeout"
        endless, fast body: "body_too_large"
        gzip that decompresses to more than `max_body_size`: "body_too_large"
        truncated gzip: "decompression"
        `Content-Encoding: gzip` with a body that is not gzip: "decompression"
        empty body: none
        HTML body: none
        valid body with a wrong content type: none
        valid gzip: none
        valid gzip of two members, as `X-GZIP`: none
        content coding that was not requested: "decompression"
        120 cookies: none
        302 to the same origin: none
        307 to the same origin: none
        308 to the same URL, endlessly: none
        307 to another origin: none
    "#]]
    .assert_eq(&error_types);
}
