//! The spans and events of the feature `tracing`, as a subscriber gets them. In a process of its own, since whether a span is made is
//! decided for a whole process.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    io,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use callrounded::{Client, Clock, Sleep, SystemClock};
use callrounded_tests::{
    faults::{Place, table},
    operations::{Input, Operation},
    scripted::{Act, Scripted, answer},
    virtual_clock::VirtualClock,
};
use tracing_subscriber::fmt::format::FmtSpan;

/// What has been written since it was last taken.
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

/// One test at a time listens.
fn listen() -> MutexGuard<'static, ()> {
    static LISTENING: LazyLock<Mutex<()>> = LazyLock::new(|| {
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
    LISTENING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The spans that end while this runs, with the port of the server taken out.
fn spans(run: impl Future<Output = String>) -> String {
    lines(run, |line| line.ends_with(": close"))
}

/// The lines that are written while this runs and that are asked for, with the port of the server taken out.
fn lines(run: impl Future<Output = String>, is_wanted: fn(&str) -> bool) -> String {
    WRITTEN.lock().unwrap().clear();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let url = runtime.block_on(run);
    let text = String::from_utf8(WRITTEN.lock().unwrap().clone()).unwrap();
    let text = text.replace(url.rsplit(':').next().unwrap(), "PORT");
    let lines = text.lines().map(str::trim).filter(|line| is_wanted(line));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn each_attempt_is_a_span_by_the_conventions_of_opentelemetry() {
    let _alone = listen();
    let spans = spans(async {
        let failing = Act::Send(answer("503 Service Unavailable", &[], b""));
        let call = Act::Send(answer("200 OK", &[], br#"{"data": {"id": "x"}}"#));
        let server = Scripted::start([failing, Act::Close, call]);
        let clock = VirtualClock::passing_over_waits();
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

/// Writes a line for each wait.
struct Waits;

impl Clock for Waits {
    fn now(&self) -> Instant {
        SystemClock.now()
    }

    fn system_time(&self) -> SystemTime {
        SystemClock.system_time()
    }

    fn sleep(&self, _: Duration) -> Sleep {
        WRITTEN.lock().unwrap().extend(b"the wait before a retry\n");
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
fn a_span_ends_before_the_wait_and_each_retry_is_an_event() {
    let _alone = listen();
    let run = async {
        let failing = Act::Send(answer("503 Service Unavailable", &[], b""));
        let call = Act::Send(answer("200 OK", &[], br#"{"data": {"id": "x"}}"#));
        let server = Scripted::start([failing, Act::Close, call]);
        let client = Client::builder()
            .api_key("k")
            .base_url(server.url())
            .clock(Waits)
            .build()
            .unwrap();
        client.calls().get("secret").await.unwrap();
        server.url().to_owned()
    };
    let written = lines(run, |line| line.ends_with(": close") || line.contains("retry"));
    let shortened: Vec<&str> = written
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
        the wait before a retry
        the end of a span
        DEBUG retrying operation="get_call" attempt=2 reason="connection" delay_ms=500
        the wait before a retry
        the end of a span
    "#]]
    .assert_eq(&(shortened.join("\n") + "\n"));
}

#[test]
fn an_exhausted_retry_budget_is_a_warning() {
    let _alone = listen();
    let run = async {
        let failing = Act::Send(answer("503 Service Unavailable", &[], b""));
        let server = Scripted::start(std::iter::repeat_n(failing, 1_000));
        let client = Client::builder()
            .api_key("k")
            .base_url(server.url())
            .clock(Waits)
            .build()
            .unwrap();
        // Of 500 tokens each retry takes 5.
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
fn what_keeps_an_answer_from_coming_is_the_type_of_the_error() {
    let get = Operation::of("get_call");
    let _alone = listen();
    let mut seen = String::new();
    for row in table()
        .into_iter()
        .filter(|row| row.group != "Statuses" && row.group != "Too many requests: 429")
    {
        let text = spans(async {
            let clock = VirtualClock::passing_over_waits();
            let stalled = clock.clone();
            let mut place = Place::of((row.fault)(&get), "", move || stalled.expire_one());
            let settings = std::mem::take(&mut place.client)
                .api_key("k")
                .max_retries(0)
                .clock(clock);
            let client = settings.build().unwrap();
            place.prepare(&get, &client).await.unwrap();
            let _ = get.run(&client, &Input::default()).await;
            "http://nowhere:0".to_owned()
        });
        let last = text.lines().last().unwrap();
        let error = last
            .split("error.type=")
            .nth(1)
            .map_or("none", |rest| rest.split([' ', '}']).next().unwrap());
        seen.push_str(&format!("{}: {error}\n", row.name));
    }
    expect_test::expect![[r#"
        nobody listens: "connect"
        connecting takes too long (beside the waits, `connect_timeout` each time): "connect"
        reset before the request is read: "connection"
        an idle connection is closed, then used: none
        a connection is reset as its second request arrives: "connection"
        closed after the request: "connection"
        reset after the request: "connection"
        nothing comes: "timeout"
        nothing more comes in the middle of the headers: "timeout"
        headers drip without end: "timeout"
        one header has no end: "invalid_response"
        no HTTP: "invalid_response"
        a malformed header: "invalid_response"
        300 headers: "invalid_response"
        two lengths: "invalid_response"
        reset after the headers: "connection"
        reset in the body: "connection"
        the body is cut short: "connection"
        a chunk is cut short: "connection"
        a chunk that is too long: "invalid_response"
        a malformed chunk: "invalid_response"
        nothing more comes in the body: "timeout"
        the body drips without end: "timeout"
        the body floods without end: "body_too_large"
        gzip that expands without measure: "body_too_large"
        gzip is cut short: "decompression"
        gzip it is called, and is none: "decompression"
        the body is empty: none
        the body is HTML: none
        the content type is wrong, the body good: none
        good gzip: none
        good gzip, as `X-GZIP` and in two members: none
        a coding that was not asked for: "decompression"
        120 cookies: none
        302 to the same origin: none
        307 to the same origin: none
        308 to itself, without end: none
        307 to another origin: none
    "#]]
    .assert_eq(&seen);
}
