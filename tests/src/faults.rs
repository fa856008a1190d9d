//! Network and protocol faults, and the expected outcome of each operation that meets them.

use std::{io::Write as _, sync::Arc, time::Duration};

use callrounded::{
    Client, ClientBuilder, Error, ErrorKind,
    reqwest::dns::{Name, Resolve, Resolving},
};
use callrounded_mock::MockServer;
use callrounded_runtime::OperationInfo;
use callrounded_test_support::RefusingAddress;
use flate2::{Compression, write::GzEncoder};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    operations::{Input, Operation},
    scripted::{Action, ScriptedServer, http_response},
    virtual_clock::VirtualClock,
};

/// The limit of response bodies in these tests, 1 MiB, so that no test needs to send 64 MiB.
pub const MAX_BODY_SIZE: usize = 1024 * 1024;

impl Fault {
    /// Returns the status that the client must see; `None` if it may see none.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        let Self::Act(Action::Send(bytes)) = self else {
            return None;
        };
        let text = String::from_utf8_lossy(bytes);
        text.strip_prefix("HTTP/1.1 ")?.split(' ').next()?.parse().ok()
    }
}

/// A fault of each connection.
#[derive(Clone, Debug)]
pub enum Fault {
    /// No server listens on the port.
    Refused,
    /// The host name is never resolved.
    Unresolved,
    /// The server performs this action on the first request of a connection.
    Act(Action),
    /// The server performs this action, which has its effect on the second request of a connection.
    ActOnReuse(Action),
}

/// The expected outcome of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// The kind of the error; `None` for a success.
    pub kind: Option<ErrorKind>,
    /// The number of attempts to send the request.
    pub attempts: u32,
    /// The time that elapses on the clock.
    pub milliseconds: u64,
}

/// A fault, and its expected outcomes.
#[derive(Debug)]
pub struct Row {
    /// The section of the table.
    pub group: &'static str,
    /// The name of the fault.
    pub name: &'static str,
    /// Returns the fault for an operation.
    pub fault: fn(&Operation) -> Fault,
    /// The outcome of idempotent operations.
    pub idempotent: Expected,
    /// The outcome of other operations.
    pub non_idempotent: Expected,
    /// The outcome of operations that are an exception.
    pub exception: Option<(Exception, Expected)>,
}

/// The operations for which a row has an exception.
#[derive(Clone, Copy, Debug)]
pub enum Exception {
    /// Operations whose successful response needs no data.
    OptionalData,
    /// Operations whose successful response has no documented body.
    NoDocumentedBody,
}

impl Exception {
    fn applies_to(self, operation: &OperationInfo) -> bool {
        let has_no_body = operation.json_response().is_none();
        match self {
            Self::OptionalData => has_no_body || operation.may_lack_data(),
            Self::NoDocumentedBody => has_no_body,
        }
    }
}

impl Row {
    /// Returns the expected outcome of an operation.
    #[must_use]
    pub fn expected(&self, operation: &Operation) -> Expected {
        match self.exception {
            Some((exception, expected)) if exception.applies_to(operation.info) => expected,
            _ if operation.info.is_idempotent() => self.idempotent,
            _ => self.non_idempotent,
        }
    }
}

impl Operation {
    fn success(&self, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        http_response(&self.status, headers, body)
    }

    /// Returns a successful response that keeps the connection open.
    fn success_keep_alive(&self) -> Vec<u8> {
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

const fn fails(kind: ErrorKind, attempts: u32, milliseconds: u64) -> Expected {
    Expected {
        kind: Some(kind),
        attempts,
        milliseconds,
    }
}

const fn succeeds(attempts: u32, milliseconds: u64) -> Expected {
    Expected {
        kind: None,
        attempts,
        milliseconds,
    }
}

const INSTEAD_OF_RESPONSE: &str = "Instead of a response";

/// The delays before two retries in milliseconds, with the maximum jitter: 500 ms, then 1,000 ms.
const TWO_DELAYS: u64 = 1_500;

/// Returns the table of faults: for each the name, the outcome of idempotent operations, and that of other operations.
#[must_use]
#[rustfmt::skip]
pub fn table() -> Vec<Row> {
    use ErrorKind::*;
    use Fault::*;

    fn status(line: &str, headers: &[(&str, &str)], body: &str) -> Fault {
        Act(Action::Send(http_response(line, headers, body.as_bytes())))
    }
    fn rate_limited(name: &str, value: &str) -> Fault {
        status("429 Too Many Requests", &[(name, value), ("x-ratelimit-remaining", "0")], "")
    }

    let mut table = Table::default();
    table.group("Before the request");
    table.row("connection refused", |_| Refused, fails(Connect, 3, TWO_DELAYS), fails(Connect, 3, TWO_DELAYS));
    table.row("connect timeout (each attempt also takes `connect_timeout`)", |_| Unresolved,
        fails(Connect, 3, TWO_DELAYS), fails(Connect, 3, TWO_DELAYS));
    table.row("connection reset before the request is read", |_| Act(Action::ResetBeforeReading),
        fails(Connection, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("idle connection closed before it is reused",
        |operation| ActOnReuse(Action::CloseIdle(operation.success_keep_alive())),
        succeeds(1, 0), succeeds(1, 0));
    table.row("reused connection reset when the request arrives",
        |operation| ActOnReuse(Action::Then(operation.success_keep_alive(), Action::ResetBeforeReading.into())),
        succeeds(2, 500), fails(OutcomeUnknown, 1, 0));

    table.group(INSTEAD_OF_RESPONSE);
    table.row("connection closed after the request", |_| Act(Action::Close),
        fails(Connection, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("connection reset after the request", |_| Act(Action::Reset(Vec::new())),
        fails(Connection, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("no response", |_| Act(Action::Stall(Vec::new())),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("response stalls within the headers", |operation| Act(Action::Stall(operation.head("x-a: b\r\n"))),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("endless, slow headers", |operation| Act(Action::Drip(operation.head(""), b"x-a: b\r\n".to_vec())),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("endless header", |operation| Act(Action::Flood(operation.head("x-a: "), vec![b'x'; 1024])),
        fails(InvalidResponse, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("response of another protocol", |_| Act(Action::Send(b"220 mail.example ESMTP\r\n\r\n".to_vec())),
        fails(InvalidResponse, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("malformed header", |operation| Act(Action::Send(operation.head("x a: b\r\n\r\n"))),
        fails(InvalidResponse, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("300 headers",
        |operation| Act(Action::Send(operation.head(&format!("{}\r\n", "x-a: b\r\n".repeat(300))))),
        fails(InvalidResponse, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("two different `Content-Length` headers",
        |operation| Act(Action::Send(operation.head("content-length: 5\r\ncontent-length: 6\r\n\r\n"))),
        fails(InvalidResponse, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));

    table.group("In a successful response");
    table.row("connection reset after the headers",
        |operation| Act(Action::Reset(operation.head("content-length: 100\r\n\r\n"))),
        fails(Connection, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("connection reset within the body",
        |operation| Act(Action::Reset(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("body shorter than `Content-Length`",
        |operation| Act(Action::Send(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("connection closed within a chunk",
        |operation| Act(Action::Send(operation.head("transfer-encoding: chunked\r\n\r\n20\r\n{\"data\"")) ),
        fails(Connection, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("chunk size too large",
        |operation| Act(Action::Send(operation.head("transfer-encoding: chunked\r\n\r\nf0000000000000003\r\n"))),
        fails(InvalidResponse, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("malformed chunk size",
        |operation| Act(Action::Send(operation.head("transfer-encoding: chunked\r\n\r\nfive\r\n"))),
        fails(InvalidResponse, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("response stalls within the body",
        |operation| Act(Action::Stall(operation.head("content-length: 100\r\n\r\n{\"data\"")) ),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("endless, slow body", |operation| Act(Action::Drip(operation.head("\r\n"), b" ".to_vec())),
        fails(Timeout, 2, 60_000), fails(OutcomeUnknown, 1, 30_000));
    table.row("endless, fast body", |operation| Act(Action::Flood(operation.head("\r\n"), vec![b' '; 65_536])),
        fails(BodyTooLarge, 1, 0), fails(BodyTooLarge, 1, 0));
    table.row("gzip that decompresses to more than `max_body_size`",
        |operation| Act(Action::Send(operation.success(&[GZIP], &gzip(&vec![b' '; 64 * MAX_BODY_SIZE])))),
        fails(BodyTooLarge, 1, 0), fails(BodyTooLarge, 1, 0));
    table.row("truncated gzip", |operation| {
            let body = gzip(operation.body.as_bytes());
            Act(Action::Send(operation.success(&[GZIP], &body[..body.len() - 9])))
        }, fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("`Content-Encoding: gzip` with a body that is not gzip",
        |operation| Act(Action::Send(operation.success(&[GZIP], b"no gzip"))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("empty body", |operation| Act(Action::Send(operation.success(&[], b""))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.except(Exception::OptionalData, succeeds(1, 0));
    table.row("HTML body",
        |operation| Act(Action::Send(operation.success(&[("content-type", "text/html")], b"<html>"))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.except(Exception::NoDocumentedBody, succeeds(1, 0));
    table.row("valid body with a wrong content type",
        |operation| Act(Action::Send(operation.success(&[("content-type", "text/plain")], operation.body.as_bytes()))),
        succeeds(1, 0), succeeds(1, 0));
    table.row("valid gzip", |operation| Act(Action::Send(operation.success(&[GZIP], &gzip(operation.body.as_bytes())))),
        succeeds(1, 0), succeeds(1, 0));

    table.row("valid gzip of two members, as `X-GZIP`", |operation| {
            let (first, second) = operation.body.split_at(operation.body.len() / 2);
            let body = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
            Act(Action::Send(operation.success(&[("content-encoding", "X-GZIP")], &body)))
        }, succeeds(1, 0), succeeds(1, 0));
    table.row("content coding that was not requested",
        |operation| Act(Action::Send(operation.success(&[("content-encoding", "br")], b"br"))),
        fails(Decode, 1, 0), fails(Decode, 1, 0));
    table.row("120 cookies",
        |operation| Act(Action::Send(operation.success(&[("set-cookie", "a=b"); 120], operation.body.as_bytes()))),
        succeeds(1, 0), succeeds(1, 0));

    table.group("Statuses");
    table.row("400", |_| status("400 Bad Request", &[], ERROR),
        fails(InvalidRequest, 1, 0), fails(InvalidRequest, 1, 0));
    table.row("400 with HTML, from a proxy",
        |_| status("400 Bad Request", &[("content-type", "text/html")], "<html>Bad request</html>"),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.row("401", |_| status("401 Unauthorized", &[], ""), fails(Authentication, 1, 0), fails(Authentication, 1, 0));
    table.row("403", |_| status("403 Forbidden", &[], ""), fails(Permission, 1, 0), fails(Permission, 1, 0));
    table.row("404", |_| status("404 Not Found", &[], ERROR), fails(NotFound, 1, 0), fails(NotFound, 1, 0));
    table.row("404 with HTML, from a proxy",
        |_| status("404 Not Found", &[("content-type", "text/html")], "<html>Not found</html>"),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.row("404 with an empty body", |_| status("404 Not Found", &[], ""),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.row("408", |_| status("408 Request Timeout", &[], ""),
        fails(Timeout, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("409", |_| status("409 Conflict", &[], ""), fails(Conflict, 3, TWO_DELAYS), fails(Conflict, 1, 0));
    table.row("422 with details",
        |_| status("422 Unprocessable Entity", &[], r#"{"detail": [{"loc": ["body", "x"], "msg": "no"}]}"#),
        fails(InvalidRequest, 1, 0), fails(InvalidRequest, 1, 0));
    table.row("500 with an empty body", |_| status("500 Internal Server Error", &[], ""),
        fails(Server, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("501", |_| status("501 Not Implemented", &[], ""), fails(Server, 1, 0), fails(OutcomeUnknown, 1, 0));
    table.row("502 with HTML",
        |_| status("502 Bad Gateway", &[("content-type", "text/html")], "<html>Bad gateway</html>"),
        fails(Server, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("502 with a truncated body",
        |_| Act(Action::Send(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 100\r\n\r\n<html>".to_vec())),
        fails(Server, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("502 with truncated gzip",
        |_| Act(Action::Send(http_response("502 Bad Gateway", &[GZIP], &gzip(b"<html>")[..9]))),
        fails(Server, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("503", |_| status("503 Service Unavailable", &[], ""),
        fails(Server, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));
    table.row("503 with `Retry-After: 7`", |_| status("503 Service Unavailable", &[("retry-after", "7")], ""),
        fails(Server, 3, 14_000), fails(OutcomeUnknown, 1, 0));
    table.row("504", |_| status("504 Gateway Timeout", &[], ""),
        fails(Server, 3, TWO_DELAYS), fails(OutcomeUnknown, 1, 0));

    table.group("Too many requests (429)");
    table.row("without `Retry-After`", |_| status("429 Too Many Requests", &[], ""),
        fails(RateLimited, 3, TWO_DELAYS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 3`", |_| rate_limited("retry-after", "3"),
        fails(RateLimited, 3, 6_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 2.5`", |_| rate_limited("retry-after", "2.5"),
        fails(RateLimited, 3, 5_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 0`", |_| rate_limited("retry-after", "0"),
        fails(RateLimited, 3, TWO_DELAYS), fails(RateLimited, 1, 0));
    // The second attempt is made at the date itself, so the third one follows after the usual backoff.
    table.row("`Retry-After: Sun, 22 Nov 2026 12:00:20 GMT`, 20 s in the future",
        |_| rate_limited("retry-after", "Sun, 22 Nov 2026 12:00:20 GMT"),
        fails(RateLimited, 3, 21_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: Sunday, 22-Nov-26 12:00:20 GMT`",
        |_| rate_limited("retry-after", "Sunday, 22-Nov-26 12:00:20 GMT"),
        fails(RateLimited, 3, 21_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: Sun, 22 Nov 2026 11:00:00 GMT`, in the past",
        |_| rate_limited("retry-after", "Sun, 22 Nov 2026 11:00:00 GMT"),
        fails(RateLimited, 3, TWO_DELAYS), fails(RateLimited, 1, 0));
    table.row("`retry-after-ms: 1200`", |_| rate_limited("retry-after-ms", "1200"),
        fails(RateLimited, 3, 2_400), fails(RateLimited, 1, 0));
    table.row("`Retry-After: -1`", |_| rate_limited("retry-after", "-1"),
        fails(RateLimited, 3, TWO_DELAYS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: NaN`", |_| rate_limited("retry-after", "NaN"),
        fails(RateLimited, 3, TWO_DELAYS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: inf`", |_| rate_limited("retry-after", "inf"),
        fails(RateLimited, 3, TWO_DELAYS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: soon`", |_| rate_limited("retry-after", "soon"),
        fails(RateLimited, 3, TWO_DELAYS), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 40`, with the second retry after the deadline", |_| rate_limited("retry-after", "40"),
        fails(RateLimited, 2, 40_000), fails(RateLimited, 1, 0));
    table.row("`Retry-After: 3600`, with the first retry after the deadline", |_| rate_limited("retry-after", "3600"),
        fails(RateLimited, 1, 0), fails(RateLimited, 1, 0));

    table.group("Redirects");
    table.row("302 to the same origin", |_| status("302 Found", &[("location", "/v1/calls")], ""),
        fails(UnexpectedStatus, 1, 0), fails(OutcomeUnknown, 1, 0));
    table.row("307 to the same origin", |_| status("307 Temporary Redirect", &[("location", "/v1/calls/phone")], ""),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    table.row("308 to the same URL, endlessly", |_| status("308 Permanent Redirect", &[("location", "")], ""),
        fails(UnexpectedStatus, 1, 0), fails(UnexpectedStatus, 1, 0));
    // `FaultSetup::of` replaces the placeholder by the URL of another server.
    table.row("307 to another origin", |_| status("307 Temporary Redirect", &[("location", OTHER_ORIGIN)], ""),
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

    /// Adds an exception to the last row.
    fn except(&mut self, exception: Exception, expected: Expected) {
        if let Some(row) = self.rows.last_mut() {
            row.exception = Some((exception, expected));
        }
    }

    fn row(
        &mut self,
        name: &'static str,
        fault: fn(&Operation) -> Fault,
        idempotent: Expected,
        non_idempotent: Expected,
    ) {
        let group = self.group;
        let exception = None;
        self.rows.push(Row {
            group,
            name,
            fault,
            idempotent,
            non_idempotent,
            exception,
        });
    }
}

/// A placeholder for the URL of another server, which [`FaultSetup::of`] inserts.
const OTHER_ORIGIN: &str = "http://other-origin.invalid/v1/calls/phone";

/// A resolver that never responds.
struct NeverResolves;

impl Resolve for NeverResolves {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

/// The settings of a client that meets a fault, and the server that causes it, if there is one.
#[derive(Debug)]
pub struct FaultSetup {
    /// The settings of the client.
    pub client: ClientBuilder,
    /// The server.
    pub server: Option<ScriptedServer>,
    /// Whether only the second request meets the fault.
    pub on_reuse: bool,
    /// Keeps its port from being used by another test.
    _refusing: Option<RefusingAddress>,
}

impl FaultSetup {
    /// Sets up a fault. Redirects to another origin lead to `other_origin`. `on_stall` is called each time a response
    /// stops making progress.
    #[must_use]
    pub fn of(fault: Fault, other_origin: &str, on_stall: impl Fn() + Clone + Send + 'static) -> Self {
        let on_reuse = matches!(fault, Fault::ActOnReuse(_));
        let mut refusing = None;
        let (client, server) = match fault {
            Fault::Refused => {
                let reserved = RefusingAddress::reserve().unwrap();
                let client = Client::builder().base_url(format!("http://{}", reserved.address()));
                refusing = Some(reserved);
                (client, None)
            }
            Fault::Unresolved => {
                let resolver = Arc::new(NeverResolves);
                let client = Client::builder()
                    .base_url("http://localhost")
                    .connect_timeout(Duration::from_millis(50))
                    .configure_http(move |http| http.dns_resolver(Arc::clone(&resolver)));
                (client, None)
            }
            Fault::Act(action) | Fault::ActOnReuse(action) => {
                let action = match action {
                    Action::Send(bytes) => Action::Send(with_other_origin(bytes, other_origin)),
                    action => action,
                };
                let server = ScriptedServer::always(action, on_stall);
                (Client::builder().base_url(server.url()), Some(server))
            }
        };
        Self {
            client: client.max_body_size(MAX_BODY_SIZE),
            server,
            on_reuse,
            _refusing: refusing,
        }
    }

    /// Makes the first request, if only the second one meets the fault.
    ///
    /// # Errors
    /// The error of the first request, which should succeed.
    pub async fn prepare(&self, operation: &Operation, client: &Client) -> Result<(), Error> {
        if self.on_reuse {
            operation.run(client, &Input::default()).await?;
            // Gives the client time to notice that the connection was closed.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Returns the number of requests that the server received.
    #[must_use]
    pub fn received(&self) -> usize {
        self.server.as_ref().map_or(0, |server| server.requests().len())
    }
}

fn with_other_origin(bytes: Vec<u8>, other_origin: &str) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => text.replace(OTHER_ORIGIN, other_origin).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// Runs an operation against a fault, and returns how the outcome differs from the expected one.
async fn check(row: Arc<Row>, operation: Operation, other_origin: String) -> Result<(), String> {
    let clock = VirtualClock::skipping_delays();
    let stalled = clock.clone();
    let fault = (row.fault)(&operation);
    // Bytes instead of a response have no status, even if they start with a status line.
    let status = fault.status().filter(|_| row.group != INSTEAD_OF_RESPONSE);
    let has_server = matches!(fault, Fault::Act(_) | Fault::ActOnReuse(_));
    let mut setup = FaultSetup::of(fault, &other_origin, move || stalled.expire_one());
    let settings = std::mem::take(&mut setup.client);
    let client = settings.api_key("key").clock(clock.clone()).build().unwrap();
    let prepared = setup.prepare(&operation, &client).await;
    prepared.map_err(|error| format!("the first request failed: {error}"))?;
    let (begin, before) = (clock.elapsed(), setup.received());
    let outcome = operation.run(&client, &Input::default()).await;
    let (elapsed, received) = (clock.elapsed() - begin, setup.received() - before);

    let expected = row.expected(&operation);
    let kind = outcome.as_ref().err().map(Error::kind);
    if kind != expected.kind {
        return Err(format!(
            "error kind {kind:?}, expected {:?}: {outcome:?}",
            expected.kind
        ));
    }
    let delays = u32::try_from(clock.delays().len()).unwrap();
    let attempts = outcome.as_ref().err().map_or(delays + 1, Error::attempts);
    if attempts != expected.attempts || delays + 1 != attempts {
        return Err(format!(
            "{attempts} attempts with {delays} delays, expected {} attempts",
            expected.attempts
        ));
    }
    // Counted by the server, so that retries of a lower layer are counted too.
    if received != if has_server { attempts as usize } else { 0 } {
        return Err(format!(
            "the server received {received} requests in {attempts} attempts"
        ));
    }
    if !operation.info.is_idempotent() && received > 1 {
        return Err(format!("the service may have performed the operation {received} times"));
    }
    if elapsed != Duration::from_millis(expected.milliseconds) {
        return Err(format!("took {elapsed:?}, expected {} ms", expected.milliseconds));
    }
    let Err(error) = outcome else { return Ok(()) };
    let seen = error.status().map(|status| status.as_u16());
    if status.is_some() && (seen, error.headers().is_some(), error.excerpt().is_some()) != (status, true, true) {
        return Err(format!(
            "the error lacks status, headers or excerpt of the response: {error:?}"
        ));
    }
    Ok(())
}

/// Runs every operation of the document against every fault, and returns the number of combinations. Checks the kind of
/// error, the number of attempts and the time.
///
/// # Panics
/// If an outcome differs from the expected one.
pub async fn check_all() -> usize {
    let other_origin = MockServer::start().unwrap();
    let permits = Arc::new(Semaphore::new(32));
    let mut checks = JoinSet::new();
    let mut count = 0;
    for row in table() {
        let row = Arc::new(row);
        for operation in Operation::all() {
            let (row, other_origin, permits) = (Arc::clone(&row), other_origin.url(), Arc::clone(&permits));
            count += 1;
            checks.spawn(async move {
                let _permit = permits.acquire().await.unwrap();
                let name = format!("{} × {}", operation.id(), row.name);
                check(row, operation, other_origin)
                    .await
                    .map_err(|problem| format!("{name}: {problem}"))
            });
        }
    }
    let outcomes = checks.join_all().await;
    let problems: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(other_origin.requests().is_empty(), "a redirect was followed");
    count
}
