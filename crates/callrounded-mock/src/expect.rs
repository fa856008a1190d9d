//! What the server is told to expect, and what it then does in place of what it does by itself.

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

use crate::{MockServer, exact, reply::Reply, world::moment};

/// An operation of the document, with the types of its request and response bodies.
pub trait Operation {
    /// Its `operationId`.
    const ID: &'static str;
    /// The body of its requests; `()` if it takes none.
    type Request: DeserializeOwned;
    /// The body of its successful responses.
    type Response: Serialize;
}

/// Which requests for an operation are meant, and what they get. The last method says that, and makes it hold.
///
/// Of several that fit a request, the one that was given first and is not used up holds. A request that does not fit the
/// document, or has not the key, is refused before that.
#[must_use = "nothing is expected before it is said what the requests get"]
pub struct When<'s, O> {
    server: &'s MockServer,
    expected: Expectation,
    operation: PhantomData<fn(O)>,
}

/// What was expected, to look at how often it came.
#[derive(Clone)]
pub struct Expected {
    expectation: Arc<Expectation>,
}

pub(crate) struct Expectation {
    /// `None`: any.
    operation: Option<String>,
    pub parameters: Vec<(String, Value)>,
    pub body: Option<Box<IsBody>>,
    times: Option<u64>,
    pub delay: Duration,
    pub does: Does,
    seen: AtomicU64,
}

type IsBody = dyn Fn(&Value) -> bool + Send + Sync;

/// What a request gets.
pub(crate) enum Does {
    /// What the server does by itself.
    AsEver,
    Respond(Value),
    /// One after the other, by how often it came.
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

    /// Holds for only so many of them; without this, for all.
    pub fn times(mut self, times: u64) -> Self {
        self.expected.times = Some(times);
        self
    }

    /// Waits before it answers.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.expected.delay = delay;
        self
    }

    /// They get what they would get anyway, after the delay, and are counted.
    pub fn behaves(self) -> Expected {
        self.does(Does::AsEver)
    }

    /// They get this status, from 200 to 599, with the envelope of an error. Nothing is done.
    pub fn status(self, status: u16) -> Expected {
        self.does(Does::Statuses(vec![status]))
    }

    /// They get these statuses, each once, with the envelope of an error; then what they would get anyway. Nothing is done
    /// before that.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Expected {
        let statuses: Vec<u16> = statuses.into_iter().collect();
        let count = u64::try_from(statuses.len()).unwrap_or(u64::MAX);
        self.expected.times = Some(self.expected.times.map_or(count, |times| times.min(count)));
        self.does(Does::Statuses(statuses))
    }

    /// They get 429 with `Retry-After` in whole seconds and the `X-RateLimit` headers. Nothing is done.
    pub fn rate_limited(self, retry_after: Duration) -> Expected {
        self.does(Does::RateLimit(retry_after))
    }

    /// Their connection is reset once they have been read. Nothing is done.
    pub fn reset(self) -> Expected {
        self.does(Does::Reset)
    }

    /// They get this, whatever the document says of it. Nothing is done.
    pub fn raw(self, status: u16, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Expected {
        self.does(Does::Reply(Reply::raw(status, &content_type.into(), &body.into())))
    }

    fn does(mut self, does: Does) -> Expected {
        self.expected.does = does;
        let expectation = Arc::new(self.expected);
        self.server.remember(Arc::clone(&expectation));
        Expected { expectation }
    }
}

impl<'s, O: Operation> When<'s, O> {
    pub(crate) fn new(server: &'s MockServer) -> Self {
        Self::of(server, Some(O::ID))
    }

    pub(crate) fn parameter(mut self, name: &'static str, value: impl Serialize) -> Self {
        // What can't be written as JSON is no parameter, so nothing fits.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.expected.parameters.push((name.to_owned(), value));
        self
    }

    /// Only where the body, decoded, is one of which this is true. It may look into the server; where it panics, the request
    /// gets 500.
    pub fn body(mut self, is: impl Fn(&O::Request) -> bool + Send + Sync + 'static) -> Self {
        self.expected.body = Some(Box::new(move |body| {
            O::Request::deserialize(body).is_ok_and(|body| is(&body))
        }));
        self
    }

    /// Responds with this body, or what its builder makes. Nothing else happens. The body must be valid by the document: with
    /// debug assertions, an invalid one is replaced by a 500 response with the reason.
    pub fn respond<R>(self, response: R) -> Expected
    where
        R: TryInto<O::Response, Error: fmt::Display>,
    {
        let response = response.try_into().map_err(|error| error.to_string());
        // By way of its text, which has every digit.
        let response = response.and_then(|body| serde_json::to_string(&body).map_err(|error| error.to_string()));
        match response.map(|text| exact::read(&text).unwrap_or_default()) {
            Ok(body) => self.does(Does::Respond(body)),
            Err(error) => self.raw(
                500,
                "text/plain",
                format!("the response of the mock server cannot be built: {error}"),
            ),
        }
    }
}

impl Expected {
    /// How many requests got what is said here.
    #[must_use]
    pub fn hits(&self) -> u64 {
        let seen = self.seen();
        self.expectation.times.map_or(seen, |times| times.min(seen))
    }

    /// How many such requests came, those that were beyond [`times`](When::times) and got something else among them. One that
    /// an earlier expectation took is not counted.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.expectation.seen.load(Ordering::SeqCst)
    }

    /// Whether as many came as were to get what is said here; without [`times`](When::times), at least one.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.seen() >= self.expectation.times.unwrap_or(1)
    }
}

/// What comes of a request that is held against an expectation.
pub(crate) enum Held {
    /// It is none of these, or one too many.
    Other,
    /// It is one; so many came before it.
    Taken(u64),
    /// What was to look at it panicked.
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
            does: Does::AsEver,
            seen: AtomicU64::new(0),
        }
    }

    /// Takes a request, if it is one of these.
    pub fn hold(&self, operation: &str, parameters: &Map<String, Value>, body: &Value) -> Held {
        let is_it = self.operation.as_deref().is_none_or(|wanted| wanted == operation)
            && self.parameters.iter().all(|(name, value)| {
                let given = parameters.get(name);
                given == Some(value) || is_same_moment(given, value)
            });
        if !is_it {
            return Held::Other;
        }
        if let Some(is) = &self.body {
            // What a test asserts in there must not look like a lost connection.
            match catch_unwind(AssertUnwindSafe(|| is(body))) {
                Ok(true) => {}
                Ok(false) => return Held::Other,
                Err(_) => return Held::Panicked,
            }
        }
        let before = self.seen.fetch_add(1, Ordering::SeqCst);
        match self.times.is_none_or(|times| before < times) {
            true => Held::Taken(before),
            false => Held::Other,
        }
    }
}

/// One moment can be written in many ways.
fn is_same_moment(given: Option<&Value>, wanted: &Value) -> bool {
    let moments = moment(given).zip(moment(Some(wanted)));
    moments.is_some_and(|(given, wanted)| given == wanted)
}

/// Shows no values: those of a call are personal data.
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
