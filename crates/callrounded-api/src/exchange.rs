//! What happens below every generated operation: its request gets the key, is sent, and sent again where that is safe; the
//! answer is read within bounds, and kept.
//!
//! Each generated operation ends with [`Exchange::answer`], so one that is added to the document gets all of it with no code.
//! The answer is decoded there and kept here too (shared, not copied), which is what lets a caller see status, headers and
//! body of one that did not decode.

use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use progenitor_client::{Error, OperationInfo};
use reqwest::{
    Request, Response, StatusCode, Url,
    header::{HeaderMap, HeaderName},
};
use serde::de::DeserializeOwned;

use crate::{
    API_KEY_HEADER, Limits, Operation, ResponseValue, Transport,
    attempt::{Attempt, Effect, Failure, RawAnswer},
    operation,
    retry::{LONGEST_ASKED, may_resend, wait},
    span::{self, Span},
};

/// The state of one call of an operation. Clones share the outcome.
///
/// Make one for each call: the outcome of the last one is kept. Dropping the future of a call ends it: its connection is
/// closed, and nothing is sent any more. What had been sent by then the service may act on.
#[derive(Clone)]
pub struct Exchange {
    transport: Arc<Transport>,
    limits: Limits,
    headers: HeaderMap,
    outcome: Arc<Mutex<Outcome>>,
}

/// How a call ended, below the decoding of its answer.
#[derive(Default)]
pub struct Outcome {
    /// How often it was sent, or tried to be.
    pub attempts: u32,
    /// The answer to the last attempt, as far as it came.
    pub answer: Option<Arc<RawAnswer>>,
    /// Why there is no answer, or not all of it.
    pub failure: Option<Failure>,
    /// Whether the service may have done once what must not be done twice: the operation is not idempotent, and the last
    /// attempt does not show whether it took effect.
    pub unknown: bool,
    /// Whether an attempt before the last got further than a failure to connect.
    pub reached_before: bool,
    /// The last answer before, where the last attempt got none.
    pub answer_before: Option<Arc<RawAnswer>>,
    /// How long the service asked to wait, with an answer that is no success.
    pub retry_after: Option<Duration>,
    /// What was sent, which a service may repeat in what it says. It holds the key and personal data.
    pub request: Option<Request>,
}

impl Exchange {
    /// An exchange for one call.
    #[must_use]
    pub fn new(transport: Arc<Transport>, limits: Limits) -> Self {
        Self {
            transport,
            limits,
            headers: HeaderMap::new(),
            outcome: Arc::default(),
        }
    }

    /// Headers for this call alone.
    #[must_use]
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Takes the outcome. Before the call has ended, and a second time, it is that of a call that was never sent.
    #[must_use]
    pub fn take_outcome(&self) -> Outcome {
        mem::take(&mut self.outcome())
    }

    fn outcome(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key comes last, so that no other header takes its place.
    fn prepare(&self, headers: &mut HeaderMap) {
        for (name, value) in self.transport.headers.iter().chain(&self.headers) {
            headers.insert(name, value.clone());
        }
        if let Some(name) = API_KEY_HEADER {
            headers.insert(HeaderName::from_static(name), self.transport.key.header());
        }
    }

    /// Sends the request until it succeeds, may not be sent again, or runs out of attempts, time or budget.
    ///
    /// A block and no `async fn`, which would keep the request twice: as it was given, and as it is.
    fn run(
        &self,
        client: &reqwest::Client,
        mut request: Request,
        id: &str,
        operation: Operation,
    ) -> impl Future<Output = Outcome> {
        self.prepare(request.headers_mut());
        async move {
            let Self { transport, limits, .. } = self;
            let clock = &*transport.clock;
            let deadline = clock.now().checked_add(limits.timeout);
            let left = |now| deadline.map_or(Duration::MAX, |end| end.saturating_duration_since(now));
            // What must not be done twice is tried again only where there is time to tell whether it was sent.
            let needed = if operation.idempotent {
                Duration::ZERO
            } else {
                transport.connect_timeout
            };
            let mut resends: u32 = 0;
            let mut reached_before = false;
            let mut answer_before = None;
            // What the observer added to any attempt, which a service may repeat in what it says.
            let mut added = HeaderMap::new();
            loop {
                let next = same_again(&request);
                let number = resends.saturating_add(1);
                let span = Span::new(&request, &operation, resends);
                if let Some(observer) = &transport.observer {
                    let before = request.headers().clone();
                    span::within(&span, || observer.sending(id, number, &mut request));
                    let headers = request.headers().iter();
                    for (name, value) in headers.filter(|(name, value)| before.get(*name) != Some(value)) {
                        added.append(name, value.clone());
                    }
                }
                let began = clock.now();
                let limit = limits.attempt_timeout.min(left(began));
                // Started here and not within: a request that is passed on through futures is copied at each of them.
                let sent = span::within(&span, || client.execute(request));
                let attempt = span::around(&span, Attempt::make(sent, clock, limit, limits.max_body_size)).await;
                span::ended(&span, &attempt);
                if let Some(observer) = &transport.observer {
                    let took = clock.now().saturating_duration_since(began);
                    span::within(&span, || {
                        observer.ended(id, number, attempt.answer.as_ref(), attempt.failure.as_ref(), took);
                    });
                }
                let effect = attempt.effect(transport.sends_once);
                let retry_after = attempt.retry_after(|| clock.system_time());
                let resends_left = next.is_some() && resends < limits.max_retries;
                let pause = (resends_left && may_resend(&attempt, effect, &operation, limits))
                    .then(|| wait(resends, clock.random(), retry_after))
                    .filter(|wait| *wait <= LONGEST_ASKED && wait.saturating_add(needed) < left(clock.now()))
                    .filter(|_| transport.budget.take(attempt.timed_out()));
                match (next, pause) {
                    (Some(next), Some(pause)) => {
                        clock.sleep(pause).await;
                        request = next;
                        resends += 1;
                        reached_before |= !attempt.failed_to_connect();
                        answer_before = attempt.answer.or(answer_before);
                    }
                    (mut next, _) => {
                        if let Some(next) = &mut next {
                            for (name, value) in &added {
                                next.headers_mut().append(name, value.clone());
                            }
                        }
                        if resends == 0 && attempt.succeeded() {
                            transport.budget.give();
                        }
                        return Outcome {
                            attempts: number,
                            unknown: !operation.idempotent && effect == Effect::Unknown,
                            reached_before,
                            answer_before: answer_before.filter(|_| attempt.answer.is_none()).map(Arc::new),
                            answer: attempt.answer.map(Arc::new),
                            failure: attempt.failure,
                            retry_after,
                            request: next,
                        };
                    }
                }
            }
        }
    }
}

/// The request once more; `None` where its body is a stream. Requests have no settings of their own here, for which `try_clone` makes
/// room on the heap even where there are none; that costs more than to copy what a body has.
fn same_again(request: &Request) -> Option<Request> {
    let mut again = Request::new(request.method().clone(), request.url().clone());
    *again.headers_mut() = request.headers().clone();
    if let Some(body) = request.body() {
        *again.body_mut() = Some(Bytes::copy_from_slice(body.as_bytes()?).into());
    }
    Some(again)
}

/// What every generated operation begins and ends with.
impl Exchange {
    pub(crate) fn url(&self, base: &str, path: &str) -> Result<Url, String> {
        self.transport.url(base, path)
    }

    /// Runs the operation and gives its answer, which is kept in the outcome too. Where there is none, or not all of it,
    /// this is an error, and [`Outcome`] says which. An answer that is no success says enough without all of its body.
    pub(crate) async fn answer<E>(
        &self,
        client: &reqwest::Client,
        request: Request,
        info: &OperationInfo,
    ) -> Result<Arc<RawAnswer>, Error<E>> {
        let outcome = self
            .run(client, request, info.operation_id, operation(info.operation_id))
            .await;
        let answer = outcome.answer.clone();
        let problem = outcome.failure.as_ref().map(|failure| failure.kind.to_string());
        *self.outcome() = outcome;
        match (answer, problem) {
            (Some(answer), None) => Ok(answer),
            (Some(answer), Some(_)) if !answer.status.is_success() => Ok(answer),
            (_, problem) => Err(Error::Custom(problem.unwrap_or_default())),
        }
    }
}

impl RawAnswer {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    #[expect(clippy::result_large_err, reason = "the error is progenitor's")]
    pub(crate) fn decode<T: DeserializeOwned, E>(&self) -> Result<ResponseValue<T>, Error<E>> {
        // Once for all of it is faster than for each text by itself.
        let read = match str::from_utf8(&self.body) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(&self.body),
        };
        let value = read.map_err(|error| Error::InvalidResponsePayload(self.body.clone(), error))?;
        Ok(ResponseValue::new(value, self.status, self.headers.clone()))
    }

    /// As one of reqwest's, for what the generated source does with answers that it does not decode.
    pub(crate) fn to_response(&self) -> Response {
        let mut response = http::Response::new(self.body.clone());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response.into()
    }
}

/// Shows neither key nor headers.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Shows no request.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("attempts", &self.attempts)
            .field("answer", &self.answer)
            .field("failure", &self.failure)
            .field("unknown", &self.unknown)
            .field("reached_before", &self.reached_before)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}
