//! Faults of every sort, what they are done to, and what is to come of them.

use std::{io::Write as _, net::TcpListener, sync::Arc, time::Duration};

use callrounded::{
    Client, ClientBuilder, Error, ErrorKind,
    reqwest::dns::{Name, Resolve, Resolving},
};
use callrounded_mock::MockServer;
use callrounded_runtime::OperationInfo;
use flate2::{Compression, write::GzEncoder};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    operations::{Input, Operation},
    scripted::{Act, Scripted, answer},
    virtual_clock::VirtualClock,
};

/// What an answer may have, so that no test has to send 64 MiB.
pub const MAX_BODY_SIZE: usize = 1024 * 1024;

impl Fault {
    /// The status that the client is to see, where it is sure to see one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        let Self::Does(Act::Send(bytes)) = self else {
            return None;
        };
        let text = String::from_utf8_lossy(bytes);
        text.strip_prefix("HTTP/1.1 ")?.split(' ').next()?.parse().ok()
    }
}

/// What is done to each connection.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nobody listens.
    Refused,
    /// The name of the host is never found.
    Unresolved,
    /// The server does this.
    Does(Act),
    /// The same, to the second request on a connection.
    DoesLater(Act),
}

/// What is to come of it.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// `None` is a success.
    pub kind: Option<ErrorKind>,
    /// How often it is sent, or tried to be.
    pub sends: u32,
    /// What passes on the clock.
    pub milliseconds: u64,
}

/// One fault, and what is to come of it.
#[derive(Debug)]
pub struct Row {
    /// The part of the table it is in.
    pub group: &'static str,
    /// What happens.
    pub name: &'static str,
    /// The same as it is done to one operation.
    pub fault: fn(&Operation) -> Fault,
    /// Of idempotent operations.
    pub idempotent: Expected,
    /// Of the others.
    pub once: Expected,
    /// Of those that are an exception.
    pub except: Option<(Exception, Expected)>,
}

/// The operations that a row has an exception for.
#[derive(Clone, Copy, Debug)]
pub enum Exception {
    /// A success needs no data.
    NeedsNoData,
    /// A success has no documented body.
    HasNoBody,
}

impl Exception {
    fn holds(self, operation: &OperationInfo) -> bool {
        let has_no_body = operation.json_response().is_none();
        match self {
            Self::NeedsNoData => has_no_body || operation.may_lack_data(),
            Self::HasNoBody => has_no_body,
        }
    }
}

impl Row {
    /// What is to come of this operation.
    #[must_use]
    pub fn expected(&self, operation: &Operation) -> Expected {
        match self.except {
            Some((exception, expected)) if exception.holds(operation.info) => expected,
            _ if operation.info.is_idempotent() => self.idempotent,
            _ => self.once,
        }
    }
}

impl Operation {
    fn good(&self, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        answer(&self.status, headers, body)
    }

    /// The same, on a connection that stays open.
    fn good_and_stay(&self) -> Vec<u8> {
        let body = &self.body;
        format!(
            "HTTP/1.1 {}\r\ncontent-length: {}\r\n\r\n{body}",
            self.status,
            body.len()
        )
        .into_bytes()
    }

    fn head(&self, rest: &str) -> Vec<u8> {
        format!("HTTP/1.1 {}\r\n{rest}", self.status).into_bytes()
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// The body of an error of the API.
const ERROR: &str = r#"{"error": {"message": "no"}}"#;

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

const INSTEAD: &str = "Instead of an answer";

/// The virtual clock waits as long as jitter allows: half a second, then one.
const TWO_WAITS: u64 = 1_500;

/// The table. Each row says what is done, what comes of operations that may be done twice, and of those that may not.
#[must_use]
#[rustfmt::skip]
pub fn table() -> Vec<Row> {
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
    table.row("connecting takes too long (beside the waits, `connect_timeout` each time)", |_| Unresolved, fails(Connect, 3, TWO_WAITS), fails(Connect, 3, TWO_WAITS));
    table.row("reset before the request is read", |_| Does(Act::ResetUnread),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("an idle connection is closed, then used", |operation| DoesLater(Act::CloseIdle(operation.good_and_stay())),
        succeeds(1, 0), succeeds(1, 0));
    table.row("a connection is reset as its second request arrives",
        |operation| DoesLater(Act::Then(operation.good_and_stay(), Act::ResetUnread.into())),
        succeeds(2, 500), fails(OutcomeUnknown, 1, 0));

    table.group(INSTEAD);
    table.row("closed after the request", |_| Does(Act::Close), fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("reset after the request", |_| Does(Act::Reset(Vec::new())), fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("nothing comes", |_| Does(Act::Stall(Vec::new())), fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("nothing more comes in the middle of the headers", |operation| Does(Act::Stall(operation.head("x-a: b\r\n"))),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("headers drip without end", |operation| Does(Act::Drip(operation.head(""), b"x-a: b\r\n".to_vec())),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("one header has no end", |operation| Does(Act::Flood(operation.head("x-a: "), vec![b'x'; 1024])),
        fails(InvalidResponse, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("no HTTP", |_| Does(Act::Send(b"220 mail.example ESMTP\r\n\r\n".to_vec())),
        fails(InvalidResponse, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("a malformed header", |operation| Does(Act::Send(operation.head("x a: b\r\n\r\n"))),
        fails(InvalidResponse, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("300 headers", |operation| Does(Act::Send(operation.head(&format!("{}\r\n", "x-a: b\r\n".repeat(300))))),
        fails(InvalidResponse, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("two lengths", |operation| Does(Act::Send(operation.head("content-length: 5\r\ncontent-length: 6\r\n\r\n"))),
        fails(InvalidResponse, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));

    table.group("In a successful answer");
    table.row("reset after the headers", |operation| Does(Act::Reset(operation.head("content-length: 100\r\n\r\n"))),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("reset in the body", |operation| Does(Act::Reset(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("the body is cut short", |operation| Does(Act::Send(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("a chunk is cut short", |operation| Does(Act::Send(operation.head("transfer-encoding: chunked\r\n\r\n20\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("a chunk that is too long", |operation| Does(Act::Send(operation.head("transfer-encoding: chunked\r\n\r\nf0000000000000003\r\n"))),
        fails(InvalidResponse, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("a malformed chunk", |operation| Does(Act::Send(operation.head("transfer-encoding: chunked\r\n\r\nfive\r\n"))),
        fails(InvalidResponse, 3, TWO_WAITS), fails(OutcomeUnknown, 1, 0));
    table.row("nothing more comes in the body", |operation| Does(Act::Stall(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("the body drips without end", |operation| Does(Act::Drip(operation.head("\r\n"), b" ".to_vec())),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("the body floods without end", |operation| Does(Act::Flood(operation.head("\r\n"), vec![b' '; 65_536])),
        fails(BodyTooLarge, 1, 0), fails(BodyTooLarge, 1, 0));
    table.row("gzip that expands without measure", |operation| Does(Act::Send(operation.good(&[GZIP], &gzip(&vec![b' '; 64 * MAX_BODY_SIZE])))),
        fails(BodyTooLarge, 1, 0), fails(BodyTooLarge, 1, 0));
    table.row("gzip is cut short", |operation| {
            let body = gzip(operation.body.as_bytes());
            Does(Act::Send(operation.good(&[GZIP], &body[..body.len() - 9])))
        }, fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("gzip it is called, and is none", |operation| Does(Act::Send(operation.good(&[GZIP], b"no gzip"))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("the body is empty", |operation| Does(Act::Send(operation.good(&[], b""))), fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.except(Exception::NeedsNoData, succeeds(1, 0));
    table.row("the body is HTML", |operation| Does(Act::Send(operation.good(&[("content-type", "text/html")], b"<html>"))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.except(Exception::HasNoBody, succeeds(1, 0));
    table.row("the content type is wrong, the body good",
        |operation| Does(Act::Send(operation.good(&[("content-type", "text/plain")], operation.body.as_bytes()))),
        succeeds(1, 0), succeeds(1, 0));
    table.row("good gzip", |operation| Does(Act::Send(operation.good(&[GZIP], &gzip(operation.body.as_bytes())))),
        succeeds(1, 0), succeeds(1, 0));

    table.row("good gzip, as `X-GZIP` and in two members", |operation| {
            let (first, second) = operation.body.split_at(operation.body.len() / 2);
            let body = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
            Does(Act::Send(operation.good(&[("content-encoding", "X-GZIP")], &body)))
        }, succeeds(1, 0), succeeds(1, 0));
    table.row("a coding that was not asked for", |operation| Does(Act::Send(operation.good(&[("content-encoding", "br")], b"br"))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("120 cookies", |operation| Does(Act::Send(operation.good(&[("set-cookie", "a=b"); 120], operation.body.as_bytes()))),
        succeeds(1, 0), succeeds(1, 0));

    table.group("Statuses");
    table.row("400", |_| status("400 Bad Request", &[], ERROR), fails(InvalidRequest, 1, 0), fails(InvalidRequest, 1, 0));
    table.row("400 of a proxy, with HTML", |_| status("400 Bad Request", &[("content-type", "text/html")], "<html>Bad request</html>"),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.row("401", |_| status("401 Unauthorized", &[], ""), fails(Authentication, 1, 0), fails(Authentication, 1, 0));
    table.row("403", |_| status("403 Forbidden", &[], ""), fails(Permission, 1, 0), fails(Permission, 1, 0));
    table.row("404", |_| status("404 Not Found", &[], ERROR), fails(NotFound, 1, 0), fails(NotFound, 1, 0));
    table.row("404 of a proxy, with HTML", |_| status("404 Not Found", &[("content-type", "text/html")], "<html>Not found</html>"),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.row("404, empty", |_| status("404 Not Found", &[], ""), fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
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

    /// Of the row before.
    fn except(&mut self, exception: Exception, expected: Expected) {
        if let Some(row) = self.rows.last_mut() {
            row.except = Some((exception, expected));
        }
    }

    fn row(&mut self, name: &'static str, fault: fn(&Operation) -> Fault, idempotent: Expected, once: Expected) {
        let group = self.group;
        let except = None;
        self.rows.push(Row {
            group,
            name,
            fault,
            idempotent,
            once,
            except,
        });
    }
}

/// Stands for the address of another server, which [`Place::of`] puts in.
const ELSEWHERE: &str = "http://elsewhere.invalid/v1/calls/phone";

struct Unresolving;

impl Resolve for Unresolving {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

/// Where a fault is: the settings of a client that meets it, and the server behind it, where there is one.
#[derive(Debug)]
pub struct Place {
    /// The settings.
    pub client: ClientBuilder,
    /// The server.
    pub server: Option<Scripted>,
    /// Whether it is only the second request that meets it.
    pub later: bool,
}

impl Place {
    /// Prepares the fault. Redirects to another origin lead to `elsewhere`; `stalled` is called each time when nothing
    /// more is to come.
    #[must_use]
    pub fn of(fault: Fault, elsewhere: &str, stalled: impl Fn() + Clone + Send + 'static) -> Self {
        let later = matches!(fault, Fault::DoesLater(_));
        let (client, server) = match fault {
            Fault::Refused => {
                let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
                (Client::builder().base_url(format!("http://{free}")), None)
            }
            Fault::Unresolved => {
                let unresolving = Arc::new(Unresolving);
                let client = Client::builder()
                    .base_url("http://localhost")
                    .connect_timeout(Duration::from_millis(50))
                    .configure_http(move |http| http.dns_resolver(Arc::clone(&unresolving)));
                (client, None)
            }
            Fault::Does(act) | Fault::DoesLater(act) => {
                let act = match act {
                    Act::Send(bytes) => Act::Send(replaced(bytes, elsewhere)),
                    act => act,
                };
                let server = Scripted::always(act, stalled);
                (Client::builder().base_url(server.url()), Some(server))
            }
        };
        Self {
            client: client.max_body_size(MAX_BODY_SIZE),
            server,
            later,
        }
    }

    /// Makes the first request, where it is the second that meets the fault.
    ///
    /// # Errors
    /// Those of the first request, which is to succeed.
    pub async fn prepare(&self, operation: &Operation, client: &Client) -> Result<(), Error> {
        if self.later {
            operation.run(client, &Input::default()).await?;
            // Until the client's side can see what became of the connection.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// How many requests the server has read.
    #[must_use]
    pub fn received(&self) -> usize {
        self.server.as_ref().map_or(0, |server| server.requests().len())
    }
}

fn replaced(bytes: Vec<u8>, elsewhere: &str) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => text.replace(ELSEWHERE, elsewhere).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// One cell of the matrix; what is wrong with it.
async fn check(row: Arc<Row>, operation: Operation, elsewhere: String) -> Result<(), String> {
    let clock = VirtualClock::passing_over_waits();
    let stalled = clock.clone();
    let fault = (row.fault)(&operation);
    // What comes instead of an answer has no status, even if it begins like one.
    let status = fault.status().filter(|_| row.group != INSTEAD);
    let served = matches!(fault, Fault::Does(_) | Fault::DoesLater(_));
    let mut place = Place::of(fault, &elsewhere, move || stalled.expire_one());
    let settings = std::mem::take(&mut place.client);
    let client = settings.api_key("key").clock(clock.clone()).build().unwrap();
    let prepared = place.prepare(&operation, &client).await;
    prepared.map_err(|error| format!("the first request: {error}"))?;
    let (begin, before) = (clock.passed(), place.received());
    let outcome = operation.run(&client, &Input::default()).await;
    let (passed, received) = (clock.passed() - begin, place.received() - before);

    let expected = row.expected(&operation);
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
    // Counted where they arrive: what a lower layer sends again would show here.
    if received != if served { sends as usize } else { 0 } {
        return Err(format!("{received} requests arrived of {sends}"));
    }
    if !operation.info.is_idempotent() && received > 1 {
        return Err(format!("the service may have done it {received} times"));
    }
    if passed != Duration::from_millis(expected.milliseconds) {
        return Err(format!("took {passed:?}, not {} ms", expected.milliseconds));
    }
    let Err(error) = outcome else { return Ok(()) };
    let seen = error.status().map(|status| status.as_u16());
    if status.is_some() && (seen, error.headers().is_some(), error.excerpt().is_some()) != (status, true, true) {
        return Err(format!("an answer was seen and is not on the error: {error:?}"));
    }
    Ok(())
}

/// Runs every operation of the document against every fault, and returns the number of cells. Each cell is the kind of error,
/// how often the request was sent, and how long it took at most.
pub async fn meet_all() -> usize {
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
                let cell = format!("{} × {}", operation.id(), row.name);
                check(row, operation, elsewhere)
                    .await
                    .map_err(|problem| format!("{cell}: {problem}"))
            });
        }
    }
    let outcomes = cells.join_all().await;
    let problems: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(elsewhere.requests().is_empty(), "nothing follows a redirect");
    count
}
