//! Expectations: which requests the server should treat specially, and the response to them.

use std::{
    fmt,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize as _, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{MockServer, calls::timestamp, exact, reply::Reply};

/// An operation of the document, with the types of its request and response bodies.
pub trait Operation {
    /// The `operationId`.
    const ID: &'static str;
    /// The body of its requests; `()` if it takes none.
    type Request: DeserializeOwned;
    /// The body of its successful responses.
    type Response: Serialize;
}

/// A builder of an expectation: conditions on the requests for an operation, and then the response to them. The method
/// that sets the response adds the expectation to the server.
///
/// If a request matches several expectations, the first one that is not used up applies. A request that is invalid
/// against the document, or lacks the API key, is rejected before that.
#[must_use = "an expectation takes effect only when a response is set, for example with `respond` or `status`"]
pub struct When<'s, O> {
    server: &'s MockServer,
    expected: Expectation,
    operation: PhantomData<fn(O)>,
}

/// An expectation that was added to the server. It counts the requests that matched.
#[derive(Clone)]
pub struct Expected {
    expectation: Arc<Expectation>,
}

pub(crate) struct Expectation {
    /// `None` matches any operation.
    operation: Option<String>,
    pub parameters: Vec<(String, Value)>,
    pub body: Option<Box<BodyPredicate>>,
    times: Option<u64>,
    pub delay: Duration,
    pub action: Action,
    seen: AtomicU64,
}

type BodyPredicate = dyn Fn(&Value) -> bool + Send + Sync;

/// What the server does with a request that matches an expectation.
pub(crate) enum Action {
    /// Responds as without an expectation.
    Default,
    Respond(Value),
    /// Responds with these statuses in turn.
    Statuses(Vec<u16>),
    RateLimit(Duration),
    Reset,
    Reply(Reply),
}

impl<'s, O> When<'s, O> {
    pub(crate) fn of(server: &'s MockServer, operation: Option<&'static str>) -> Self {
        Self {
            server,
            expected: Expectation::new(operation.map(str::to_owned), Duration::ZERO, None),
            operation: PhantomData,
        }
    }

    /// Sets the number of requests to which the expectation applies. By default there is no limit.
    pub fn times(mut self, times: u64) -> Self {
        self.expected.times = Some(times);
        self
    }

    /// Sets a delay before the response. By default there is none.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.expected.delay = delay;
        self
    }

    /// Sends the default response, after the [`delay`](Self::delay), and counts the requests.
    pub fn default_response(self) -> Expected {
        self.add(Action::Default)
    }

    /// Responds with this status, from 200 to 599, and the envelope of an error. The operation is not performed. For
    /// any other status, the server responds with a 500 that names the mistake.
    pub fn status(self, status: u16) -> Expected {
        self.add(Action::Statuses(vec![status]))
    }

    /// Responds with these statuses, from 200 to 599, once each, and the envelope of an error. The operation is not
    /// performed. For any other status, the server responds with a 500 that names the mistake. Requests after these are
    /// matched with other expectations; without a match they get the default response.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Expected {
        let statuses: Vec<u16> = statuses.into_iter().collect();
        let count = u64::try_from(statuses.len()).unwrap_or(u64::MAX);
        self.expected.times = Some(self.expected.times.map_or(count, |times| times.min(count)));
        self.add(Action::Statuses(statuses))
    }

    /// Responds with status 429, `Retry-After` in seconds (rounded up) and the `X-RateLimit` headers. The operation is
    /// not performed.
    pub fn rate_limited(self, retry_after: Duration) -> Expected {
        self.add(Action::RateLimit(retry_after))
    }

    /// Resets the connection after the request was read. The operation is not performed.
    pub fn reset(self) -> Expected {
        self.add(Action::Reset)
    }

    /// Responds with this status, from 200 to 599, and body, which are not checked against the document. The operation
    /// is not performed. For any other status, the server responds with a 500 that names the mistake.
    pub fn raw(self, status: u16, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Expected {
        self.add(Action::Reply(Reply::raw(status, &content_type.into(), &body.into())))
    }

    fn add(mut self, action: Action) -> Expected {
        self.expected.action = action;
        let expectation = Arc::new(self.expected);
        self.server.add_expectation(Arc::clone(&expectation));
        Expected { expectation }
    }
}

impl<'s, O: Operation> When<'s, O> {
    pub(crate) fn new(server: &'s MockServer) -> Self {
        Self::of(server, Some(O::ID))
    }

    pub(crate) fn parameter(mut self, name: &'static str, value: impl Serialize) -> Self {
        // A value that cannot be serialized to JSON matches no request.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.expected.parameters.push((name.to_owned(), value));
        self
    }

    /// Sets a predicate that the decoded body must satisfy. It may access the server. If it panics, the response is a
    /// 500.
    pub fn body(mut self, predicate: impl Fn(&O::Request) -> bool + Send + Sync + 'static) -> Self {
        self.expected.body = Some(Box::new(move |body| {
            O::Request::deserialize(body).is_ok_and(|body| predicate(&body))
        }));
        self
    }

    /// Responds with this body, or the result of its builder. The operation is not performed. The body must be valid
    /// against the document: with debug assertions, an invalid one is replaced by a 500 response that names the
    /// violations.
    pub fn respond<R>(self, response: R) -> Expected
    where
        R: TryInto<O::Response, Error: fmt::Display>,
    {
        let response = response.try_into().map_err(|error| error.to_string());
        // Converted through JSON text, which has every digit.
        let response = response.and_then(|body| serde_json::to_string(&body).map_err(|error| error.to_string()));
        let response = response.and_then(|text| exact::read(&text).map_err(|error| format!("the body is {error}")));
        match response {
            Ok(body) => self.add(Action::Respond(body)),
            Err(error) => self.raw(
                500,
                "text/plain",
                format!("the response of the mock server cannot be built: {error}"),
            ),
        }
    }
}

impl Expected {
    /// Returns how many requests got the response of this expectation.
    #[must_use]
    pub fn hits(&self) -> u64 {
        let seen = self.seen();
        self.expectation.times.map_or(seen, |times| times.min(seen))
    }

    /// Returns how many requests matched, including those beyond [`times`](When::times), which got another response.
    /// Requests to which an earlier expectation applied are not counted.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.expectation.seen.load(Ordering::SeqCst)
    }

    /// Checks whether at least [`times`](When::times) requests matched; without `times`, at least one.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.seen() >= self.expectation.times.unwrap_or(1)
    }
}

/// The result of matching a request against an expectation.
pub(crate) enum Match {
    /// The request does not match, or the expectation is used up.
    No,
    /// The request matches. The value is the number of earlier matches.
    Yes(u64),
    /// The predicate of the body panicked.
    Panicked,
}

impl Expectation {
    pub fn new(operation: Option<String>, delay: Duration, times: Option<u64>) -> Self {
        Self {
            operation,
            parameters: Vec::new(),
            body: None,
            times,
            delay,
            action: Action::Default,
            seen: AtomicU64::new(0),
        }
    }

    /// Matches a request, and counts it if it matches.
    pub fn match_request(&self, operation: &str, parameters: &Map<String, Value>, body: &Value) -> Match {
        let matches = self.operation.as_deref().is_none_or(|expected| expected == operation)
            && self.parameters.iter().all(|(name, expected)| {
                let actual = parameters.get(name);
                actual == Some(expected) || is_same_time(actual, expected)
            });
        if !matches {
            return Match::No;
        }
        if let Some(predicate) = &self.body {
            // A failed assertion in the predicate must not look like a lost connection.
            match catch_unwind(AssertUnwindSafe(|| predicate(body))) {
                Ok(true) => {}
                Ok(false) => return Match::No,
                Err(_) => return Match::Panicked,
            }
        }
        let before = self.seen.fetch_add(1, Ordering::SeqCst);
        if self.times.is_none_or(|times| before < times) {
            Match::Yes(before)
        } else {
            Match::No
        }
    }
}

/// Checks whether two values are timestamps of the same time, which can have many notations.
fn is_same_time(actual: Option<&Value>, expected: &Value) -> bool {
    let timestamps = timestamp(actual).zip(timestamp(Some(expected)));
    timestamps.is_some_and(|(actual, expected)| actual == expected)
}

/// Omits all values, which may be personal data.
impl<O> fmt::Debug for When<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("When")
            .field("operation", &self.expected.operation)
            .field("times", &self.expected.times)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("operation", &self.expectation.operation)
            .field("times", &self.expectation.times)
            .field("hits", &self.hits())
            .finish_non_exhaustive()
    }
}
