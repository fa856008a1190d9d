//! Every operation against every fault, over real connections and in virtual time: which error it is, how often it was sent,
//! and how long it took at most. `docs/faults.md` is written from the same table.

use std::{fmt::Write as _, io::Write as _, net::TcpListener, sync::Arc, time::Duration};

use callrounded::{
    Client, ClientBuilder, Error, ErrorKind,
    reqwest::dns::{Name, Resolve, Resolving},
};
use callrounded_document::Document;
use callrounded_mock::MockServer;
use callrounded_tests::{
    scripted::{Act, Scripted, answer},
    virtual_clock::VirtualClock,
};
use flate2::{Compression, write::GzEncoder};
use tokio::{sync::Semaphore, task::JoinSet};

const MAX_BODY_SIZE: usize = 1024 * 1024;

/// What is done to each connection.
#[derive(Clone)]
enum Fault {
    /// Nobody listens.
    Refused,
    /// The name of the host is never found.
    Unresolved,
    /// The server does this.
    Does(Act),
    /// The same, to the second request on a connection.
    DoesLater(Act),
}

/// What is to come of it; `None` is a success.
#[derive(Clone, Copy)]
struct Expected {
    kind: Option<ErrorKind>,
    sends: u32,
    milliseconds: u64,
}

struct Row {
    group: &'static str,
    name: &'static str,
    fault: fn(&Operation) -> Fault,
    /// Of the operations that may be done twice.
    idempotent: Expected,
    /// Of those that may not.
    once: Expected,
}

/// An operation of the document, and what it takes to run it.
#[derive(Clone, Debug)]
struct Operation {
    id: String,
    idempotent: bool,
}

impl Operation {
    fn all() -> Vec<Self> {
        let document = Document::parse("openapi/calls.yaml", include_str!("../../openapi/calls.yaml")).unwrap();
        let operations = document.operations();
        let all = operations.iter().map(|operation| {
            let id = operation.id.unwrap().to_owned();
            let idempotent = callrounded_api::operation(&id).idempotent;
            Self { id, idempotent }
        });
        all.collect()
    }

    /// An operation that is added to the document belongs here too.
    async fn run(&self, client: &Client) -> Result<(), Error> {
        let calls = client.calls();
        match self.id.as_str() {
            "get_call" => calls.get("x").await.map(drop),
            "list_calls" => calls.list().page(1).await.map(drop),
            "update_call" => calls.update("x").merge_metadata([("a", "b")]).await.map(drop),
            "terminate_call" => calls.terminate("x").await.map(drop),
            "start_phone_call" => calls.start("+33612345678", "+33698765432", "agent").await.map(drop),
            other => panic!("{other} has no place in the matrix of faults"),
        }
    }

    fn status(&self) -> &'static str {
        if self.id == "start_phone_call" {
            "201 Created"
        } else {
            "200 OK"
        }
    }

    /// A body that this operation takes.
    fn body(&self) -> &'static str {
        match self.id.as_str() {
            "list_calls" => r#"{"data": [{"id": "x"}]}"#,
            "start_phone_call" => r#"{"data": {"call_id": "x"}}"#,
            _ => r#"{"data": {"id": "x"}}"#,
        }
    }

    fn good(&self, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        answer(self.status(), headers, body)
    }

    /// The same, on a connection that stays open.
    fn good_and_stay(&self) -> Vec<u8> {
        let body = self.body();
        format!(
            "HTTP/1.1 {}\r\ncontent-length: {}\r\n\r\n{body}",
            self.status(),
            body.len()
        )
        .into_bytes()
    }

    fn head(&self, rest: &str) -> Vec<u8> {
        format!("HTTP/1.1 {}\r\n{rest}", self.status()).into_bytes()
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

const GZIP: (&str, &str) = ("content-encoding", "gzip");

const fn fails(kind: ErrorKind, sends: u32, milliseconds: u64) -> Expected {
    Expected {
        kind: Some(kind),
        sends,
        milliseconds,
    }
}

const fn succeeds(sends: u32, milliseconds: u64) -> Expected {
    Expected {
        kind: None,
        sends,
        milliseconds,
    }
}

/// The virtual clock waits as long as jitter allows: half a second, then one.
const TWO_WAITS: u64 = 1_500;

/// The table. Each row says what is done, what comes of operations that may be done twice, and of those that may not.
#[rustfmt::skip]
fn table() -> Vec<Row> {
    use ErrorKind::*;
    use Fault::*;

    fn status(line: &str, headers: &[(&str, &str)], body: &str) -> Fault {
        Does(Act::Send(answer(line, headers, body.as_bytes())))
    }
    fn asked(name: &str, wait: &str) -> Fault {
        status("429 Too Many Requests", &[(name, wait), ("x-ratelimit-remaining", "0")], "")
    }

    let mut table = Table::default();
    table.group("Before the request");
    table.row("nobody listens", |_| Refused, fails(Connect, 3, TWO_WAITS), fails(Connect, 3, TWO_WAITS));
    table.row("connecting takes too long", |_| Unresolved, fails(Connect, 3, TWO_WAITS), fails(Connect, 3, TWO_WAITS));
    table.row("reset before the request is read", |_| Does(Act::ResetUnread),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("an idle connection is closed, then used", |operation| DoesLater(Act::CloseIdle(operation.good_and_stay())),
        succeeds(1, 0), succeeds(1, 0));
    table.row("a connection is reset as its second request arrives",
        |operation| DoesLater(Act::Then(operation.good_and_stay(), Act::ResetUnread.into())),
        succeeds(2, 500), fails(OutcomeUnknown, 1, 0));

    table.group("Instead of an answer");
    table.row("closed after the request", |_| Does(Act::Close), fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("reset after the request", |_| Does(Act::Reset(Vec::new())), fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("nothing comes", |_| Does(Act::Stall(Vec::new())), fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("nothing more comes in the middle of the headers", |operation| Does(Act::Stall(operation.head("x-a: b\r\n"))),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("headers drip without end", |operation| Does(Act::Drip(operation.head(""), b"x-a: b\r\n".to_vec())),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("one header has no end", |operation| Does(Act::Flood(operation.head("x-a: "), vec![b'x'; 1024])),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("no HTTP", |_| Does(Act::Send(b"220 mail.example ESMTP\r\n\r\n".to_vec())),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));

    table.group("In a successful answer");
    table.row("reset after the headers", |operation| Does(Act::Reset(operation.head("content-length: 100\r\n\r\n"))),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("reset in the body", |operation| Does(Act::Reset(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("the body is cut short", |operation| Does(Act::Send(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("a chunk is cut short", |operation| Does(Act::Send(operation.head("transfer-encoding: chunked\r\n\r\n20\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("nothing more comes in the body", |operation| Does(Act::Stall(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("the body drips without end", |operation| Does(Act::Drip(operation.head("\r\n"), b" ".to_vec())),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("the body floods without end", |operation| Does(Act::Flood(operation.head("\r\n"), vec![b' '; 65_536])),
        fails(BodyTooLarge, 1, 0), fails(BodyTooLarge, 1, 0));
    table.row("gzip that expands without measure", |operation| Does(Act::Send(operation.good(&[GZIP], &gzip(&vec![b' '; 64 * MAX_BODY_SIZE])))),
        fails(BodyTooLarge, 1, 0), fails(BodyTooLarge, 1, 0));
    table.row("gzip is cut short", |operation| {
            let body = gzip(operation.body().as_bytes());
            Does(Act::Send(operation.good(&[GZIP], &body[..body.len() - 9])))
        }, fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("gzip it is called, and is none", |operation| Does(Act::Send(operation.good(&[GZIP], operation.body().as_bytes()))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("the body is empty", |operation| Does(Act::Send(operation.good(&[], b""))), fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("the body is HTML", |operation| Does(Act::Send(operation.good(&[("content-type", "text/html")], b"<html>"))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("the content type is wrong, the body good",
        |operation| Does(Act::Send(operation.good(&[("content-type", "text/plain")], operation.body().as_bytes()))),
        succeeds(1, 0), succeeds(1, 0));
    table.row("good gzip", |operation| Does(Act::Send(operation.good(&[GZIP], &gzip(operation.body().as_bytes())))),
        succeeds(1, 0), succeeds(1, 0));

    table.group("Statuses");
    table.row("400", |_| status("400 Bad Request", &[], ""), fails(InvalidRequest, 1, 0), fails(InvalidRequest, 1, 0));
    table.row("401", |_| status("401 Unauthorized", &[], ""), fails(Authentication, 1, 0), fails(Authentication, 1, 0));
    table.row("403", |_| status("403 Forbidden", &[], ""), fails(Permission, 1, 0), fails(Permission, 1, 0));
    table.row("404", |_| status("404 Not Found", &[], ""), fails(NotFound, 1, 0), fails(NotFound, 1, 0));
    table.row("408", |_| status("408 Request Timeout", &[], ""), fails(Timeout, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("409", |_| status("409 Conflict", &[], ""), fails(Conflict, 3, TWO_WAITS), fails(Conflict, 1, 0));
    table.row("422, with details", |_| status("422 Unprocessable Entity", &[], r#"{"detail": [{"loc": ["body", "x"], "msg": "no"}]}"#),
        fails(InvalidRequest, 1, 0), fails(InvalidRequest, 1, 0));
    table.row("500, empty", |_| status("500 Internal Server Error", &[], ""), fails(Server, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("501", |_| status("501 Not Implemented", &[], ""), fails(Server, 1, 0), fails(OutcomeUnknown, 1, 0));
    table.row("502, with HTML", |_| status("502 Bad Gateway", &[("content-type", "text/html")], "<html>Bad gateway</html>"),
        fails(Server, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("502, the body cut short", |_| Does(Act::Send(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 100\r\n\r\n<html>".to_vec())),
        fails(Server, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("502, the gzip cut short", |_| Does(Act::Send(answer("502 Bad Gateway", &[GZIP], &gzip(b"<html>")[..9]))),
        fails(Server, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("503", |_| status("503 Service Unavailable", &[], ""), fails(Server, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("503 with `Retry-After: 7`", |_| status("503 Service Unavailable", &[("retry-after", "7")], ""),
        fails(Server, 3, 14_000), fails(OutcomeUnknown, 1, 0));
    table.row("504", |_| status("504 Gateway Timeout", &[], ""), fails(Server, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));

    table.group("Too many requests: 429");
    table.row("without `Retry-After`", |_| status("429 Too Many Requests", &[], ""), fails(RateLimited, 3, TWO_WAITS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 3`", |_| asked("retry-after", "3"), fails(RateLimited, 3, 6_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 2.5`", |_| asked("retry-after", "2.5"), fails(RateLimited, 3, 5_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 0`", |_| asked("retry-after", "0"), fails(RateLimited, 3, TWO_WAITS), fails(RateLimited, 1, 0));
    // The second attempt is made at the date itself.
    table.row("`Retry-After: Sun, 22 Nov 2026 12:00:20 GMT`, in 20 s", |_| asked("retry-after", "Sun, 22 Nov 2026 12:00:20 GMT"),
        fails(RateLimited, 3, 21_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: Sunday, 22-Nov-26 12:00:20 GMT`", |_| asked("retry-after", "Sunday, 22-Nov-26 12:00:20 GMT"),
        fails(RateLimited, 3, 21_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: Sun, 22 Nov 2026 11:00:00 GMT`, which is past", |_| asked("retry-after", "Sun, 22 Nov 2026 11:00:00 GMT"),
        fails(RateLimited, 3, TWO_WAITS), fails(RateLimited, 1, 0));
    table.row("`retry-after-ms: 1200`", |_| asked("retry-after-ms", "1200"), fails(RateLimited, 3, 2_400), fails(RateLimited, 1, 0));
    table.row("`Retry-After: -1`", |_| asked("retry-after", "-1"), fails(RateLimited, 3, TWO_WAITS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: NaN`", |_| asked("retry-after", "NaN"), fails(RateLimited, 3, TWO_WAITS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: inf`", |_| asked("retry-after", "inf"), fails(RateLimited, 3, TWO_WAITS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: soon`", |_| asked("retry-after", "soon"), fails(RateLimited, 3, TWO_WAITS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 40`, beyond the deadline the second time", |_| asked("retry-after", "40"),
        fails(RateLimited, 2, 40_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 3600`, beyond the deadline", |_| asked("retry-after", "3600"), fails(RateLimited, 1, 0), fails(RateLimited, 1, 0));

    table.group("Redirects");
    table.row("302 to the same origin", |_| status("302 Found", &[("location", "/v1/calls")], ""),
        fails(UnexpectedStatus, 1, 0), fails(OutcomeUnknown, 1, 0));
    table.row("307 to the same origin", |_| status("307 Temporary Redirect", &[("location", "/v1/calls/phone")], ""),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.row("308 to itself, without end", |_| status("308 Permanent Redirect", &[("location", "")], ""),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    // `elsewhere` is put in where the row is run.
    table.row("307 to another origin", |_| status("307 Temporary Redirect", &[("location", ELSEWHERE)], ""),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.rows
}

#[derive(Default)]
struct Table {
    group: &'static str,
    rows: Vec<Row>,
}

impl Table {
    fn group(&mut self, title: &'static str) {
        self.group = title;
    }

    fn row(&mut self, name: &'static str, fault: fn(&Operation) -> Fault, idempotent: Expected, once: Expected) {
        let group = self.group;
        self.rows.push(Row {
            group,
            name,
            fault,
            idempotent,
            once,
        });
    }
}

/// Stands for the address of another server, which is known when it runs.
const ELSEWHERE: &str = "http://elsewhere.invalid/v1/calls/phone";

struct Unresolving;

impl Resolve for Unresolving {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

/// One cell of the matrix; what is wrong with it.
async fn check(row: Arc<Row>, operation: Operation, elsewhere: String) -> Result<(), String> {
    let clock = VirtualClock::passing_over_waits();
    let client = |builder: ClientBuilder| {
        let builder = builder.api_key("key").max_body_size(MAX_BODY_SIZE).clock(clock.clone());
        builder.build().unwrap()
    };
    let fault = (row.fault)(&operation);
    let later = matches!(fault, Fault::DoesLater(_));
    let (client, server) = match fault {
        Fault::Refused => {
            let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            (client(Client::builder().base_url(format!("http://{free}"))), None)
        }
        Fault::Unresolved => {
            let unresolving = Arc::new(Unresolving);
            let builder = Client::builder()
                .base_url("http://localhost")
                .connect_timeout(Duration::from_millis(50))
                .configure_http(move |http| http.dns_resolver(Arc::clone(&unresolving)));
            (client(builder), None)
        }
        Fault::Does(act) | Fault::DoesLater(act) => {
            let act = match act {
                Act::Send(bytes) => Act::Send(replaced(bytes, &elsewhere)),
                act => act,
            };
            let stalled = clock.clone();
            let server = Scripted::always(act, move || stalled.expire_one());
            (client(Client::builder().base_url(server.url())), Some(server))
        }
    };
    if later {
        operation
            .run(&client)
            .await
            .map_err(|error| format!("the first request: {error}"))?;
        // Until the client's side has seen what became of the connection.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let begin = clock.passed();
    let before = server.as_ref().map_or(0, |server| server.requests().len());
    let outcome = operation.run(&client).await;
    let passed = clock.passed() - begin;
    let received = server.as_ref().map_or(0, |server| server.requests().len()) - before;

    let expected = if operation.idempotent { row.idempotent } else { row.once };
    let kind = outcome.as_ref().err().map(Error::kind);
    if kind != expected.kind {
        return Err(format!("{kind:?}, not {:?}: {outcome:?}", expected.kind));
    }
    let waits = u32::try_from(clock.waits().len()).unwrap();
    let sends = outcome.as_ref().err().map_or(waits + 1, Error::attempts);
    if sends != expected.sends || waits + 1 != sends {
        return Err(format!(
            "sent {sends} times after {waits} waits, not {}",
            expected.sends
        ));
    }
    if received > sends as usize || (!operation.idempotent && received > 1) {
        return Err(format!("the server has read {received} requests"));
    }
    if passed != Duration::from_millis(expected.milliseconds) {
        return Err(format!("took {passed:?}, not {} ms", expected.milliseconds));
    }
    match &outcome {
        Err(error) if error.status().is_some() && (error.headers().is_none() || error.excerpt().is_none()) => {
            Err("an answer was seen and is not on the error".to_owned())
        }
        _ => Ok(()),
    }
}

fn replaced(bytes: Vec<u8>, elsewhere: &str) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => text.replace(ELSEWHERE, elsewhere).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_meets_every_fault() {
    let elsewhere = MockServer::start().unwrap();
    let places = Arc::new(Semaphore::new(32));
    let mut cells = JoinSet::new();
    let mut count = 0;
    for row in table() {
        let row = Arc::new(row);
        for operation in Operation::all() {
            let (row, elsewhere, places) = (Arc::clone(&row), elsewhere.url(), Arc::clone(&places));
            count += 1;
            cells.spawn(async move {
                let _place = places.acquire().await.unwrap();
                let cell = format!("{} × {}", operation.id, row.name);
                check(row, operation, elsewhere)
                    .await
                    .map_err(|problem| format!("{cell}: {problem}"))
            });
        }
    }
    assert!(count >= 5 * 24, "only {count} cells");
    let outcomes = cells.join_all().await;
    let problems: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(elsewhere.requests().is_empty(), "nothing follows a redirect");
}

#[test]
fn the_table_is_written_down() {
    let names = |idempotent| {
        let operations = Operation::all().into_iter();
        let names = operations.filter(|operation| operation.idempotent == idempotent);
        names
            .map(|operation| format!("`{}`", operation.id))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut text = format!(
        "# What comes of every fault\n\n\
         Written by `tests/integration/faults.rs`, which runs each row against each operation over real connections, in \
         virtual time; `UPDATE_EXPECT=1 cargo test --package callrounded-tests faults` writes it anew. With the default \
         settings: three attempts, 30 s for each, 60 s for all. The times are the longest that jitter allows.\n\n\
         *May be done twice*: {}. *May not*: {}. Which is which is `x-idempotent` of `openapi/calls.yaml`. Where the outcome is \
         `OutcomeUnknown`, nothing was sent a second time, and the documentation of `StartCall` shows how to find out.\n",
        names(true),
        names(false)
    );
    let cell = |expected: Expected| {
        let outcome = expected
            .kind
            .map_or("succeeds".to_owned(), |kind| format!("`{kind:?}`"));
        let times = if expected.sends == 1 {
            "sent once".to_owned()
        } else {
            format!("{} attempts", expected.sends)
        };
        match Duration::from_millis(expected.milliseconds).as_secs_f64() {
            0.0 => format!("{outcome}, {times}"),
            seconds => format!("{outcome}, {times}, {seconds} s"),
        }
    };
    let mut group = "";
    for row in table() {
        if row.group != group {
            group = row.group;
            let _ = write!(
                text,
                "\n## {group}\n\n| what happens | may be done twice | may not |\n| --- | --- | --- |\n"
            );
        }
        let _ = writeln!(text, "| {} | {} | {} |", row.name, cell(row.idempotent), cell(row.once));
    }
    expect_test::expect_file!["../../docs/faults.md"].assert_eq(&text);
}
