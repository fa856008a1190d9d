//! The spans of the feature `tracing`, as a subscriber gets them. In a process of its own, since whether a span is made is
//! decided for a whole process.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    io,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use callrounded::Client;
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
    WRITTEN.lock().unwrap().clear();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let url = runtime.block_on(run);
    let text = String::from_utf8(WRITTEN.lock().unwrap().clone()).unwrap();
    let text = text.replace(url.rsplit(':').next().unwrap(), "PORT");
    text.lines().map(|line| format!("{}\n", line.trim())).collect()
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
        one header has no end: "connection"
        no HTTP: "connection"
        reset after the headers: "connection"
        reset in the body: "connection"
        the body is cut short: "connection"
        a chunk is cut short: "connection"
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
        302 to the same origin: none
        307 to the same origin: none
        308 to itself, without end: none
        307 to another origin: none
    "#]]
    .assert_eq(&seen);
}
