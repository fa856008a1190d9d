//! Sends a request: adds the API key and headers, makes attempts, and returns the outcome of the last one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use reqwest::{
    Request,
    header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue},
};

use crate::{
    OperationInfo, RawResponse, RequestOptions, Transport,
    attempt::{Attempt, Effect},
    body,
    failure::Failure,
    retry::{MAX_RETRY_AFTER, may_retry, wait},
    span::{self, Span},
};

/// The outcome of a request, before its response is decoded.
pub(crate) struct Outcome {
    /// The number of attempts that were made.
    pub attempts: u32,
    /// The response to the last attempt, as far as it was received.
    pub response: Option<Arc<RawResponse>>,
    /// The reason why there is no response, or only a part of it.
    pub failure: Option<Failure>,
    /// Whether the operation is not idempotent, and the last attempt does not show whether it was performed.
    pub unknown: bool,
    /// Whether an attempt before the last one did not fail with a connect error.
    pub connected_before: bool,
    /// The response to an earlier attempt, if the last attempt has none.
    pub earlier_response: Option<Arc<RawResponse>>,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// A copy of what was sent, for removing it from messages of the service that repeat it. It contains the API key
    /// and personal data.
    pub request: Option<Request>,
}

/// Adds the headers that all requests share, and those of the options. The API key comes last, so that no other header
/// replaces it.
pub(crate) fn prepare(transport: &Transport, options: &RequestOptions, headers: &mut HeaderMap) {
    headers.insert(ACCEPT_ENCODING, body::ACCEPT_ENCODING_VALUE);
    for (name, value) in transport.headers.iter().chain(&options.headers) {
        headers.insert(name, value.clone());
    }
    if let Some(name) = &transport.key_header {
        headers.insert(name, transport.key.header());
    }
}

/// Makes attempts until one succeeds or must not be retried, or until the maximum number of retries, the deadline or
/// the retry budget is reached.
///
/// This is not an `async fn`, because its future would store the request twice, as argument and as variable.
pub(crate) fn run<'a>(
    transport: &'a Transport,
    options: &'a RequestOptions,
    mut request: Request,
    operation: &'static OperationInfo,
) -> impl Future<Output = Outcome> + Send + 'a {
    prepare(transport, options, request.headers_mut());
    async move {
        let clock = &*transport.clock;
        let schedule = Schedule::new(transport, options, operation);
        let mut retries: u32 = 0;
        let mut connected_before = false;
        let mut earlier_response = None;
        // Headers that hooks added to any attempt. A service may repeat them in its messages.
        let mut hook_headers = HeaderMap::new();
        loop {
            let next = copy_of(&request);
            let number = retries.saturating_add(1);
            let span = Span::new(&request, operation, retries);
            if !transport.hooks.is_empty() {
                let before = request.headers().clone();
                span::in_scope(&span, || {
                    transport.hooks.request(transport, operation.id(), number, &mut request);
                });
                let added = request.headers().iter();
                let added = added.filter(|(name, value)| before.get(*name) != Some(value));
                append(&mut hook_headers, added);
            }
            let started = clock.now();
            let time_limit = schedule.attempt_timeout(started);
            // `execute` is called here and not in `Attempt::make`, since each future that takes a request copies it.
            let sent = span::in_scope(&span, || transport.http.execute(request));
            let attempt = span::instrument(
                &span,
                Attempt::make(sent, clock, time_limit, transport.limits.max_body_size),
            )
            .await;
            let ended = (!transport.hooks.is_empty()).then(|| clock.now());
            span::record_outcome(&span, &attempt);
            let effect = attempt.effect(transport.sends_once);
            let retry_after = attempt.retry_after(|| clock.system_time());
            let delay = schedule
                .delay(retries, &attempt, effect, retry_after)
                .filter(|_| next.is_some());
            let in_budget = delay.is_none() || transport.budget.withdraw(attempt.timed_out());
            let delay = delay.filter(|_| in_budget);
            if let Some(ended) = ended {
                let took = ended.saturating_duration_since(started);
                span::in_scope(&span, || {
                    transport
                        .hooks
                        .response(transport, operation.id(), number, &attempt, took, delay);
                });
            }
            // The span does not include the wait before the next attempt.
            span.end();
            match delay {
                Some(delay) => span::retrying(operation, number, &attempt, delay),
                None if !in_budget => span::budget_exhausted(operation, number, &attempt),
                None => {}
            }
            match (next, delay) {
                (Some(next), Some(delay)) => {
                    clock.sleep(delay).await;
                    request = next;
                    retries += 1;
                    connected_before |= !attempt.failed_to_connect();
                    earlier_response = attempt.response.or(earlier_response);
                }
                (mut next, _) => {
                    if let Some(next) = &mut next {
                        append(next.headers_mut(), hook_headers.iter());
                    }
                    if retries == 0 && attempt.succeeded() {
                        transport.budget.deposit();
                    }
                    return Outcome {
                        attempts: number,
                        unknown: !operation.is_idempotent() && effect == Effect::Unknown,
                        connected_before,
                        earlier_response: earlier_response.filter(|_| attempt.response.is_none()).map(Arc::new),
                        response: attempt.response.map(Arc::new),
                        failure: attempt.failure,
                        retry_after,
                        request: next,
                    };
                }
            }
        }
    }
}

/// When attempts are made.
struct Schedule<'a> {
    transport: &'a Transport,
    options: &'a RequestOptions,
    operation: &'static OperationInfo,
    deadline: Option<Instant>,
}

impl<'a> Schedule<'a> {
    fn new(transport: &'a Transport, options: &'a RequestOptions, operation: &'static OperationInfo) -> Self {
        let timeout = options.timeout.unwrap_or(transport.limits.timeout);
        Self {
            transport,
            options,
            operation,
            deadline: transport.clock.now().checked_add(timeout),
        }
    }

    fn remaining(&self, now: Instant) -> Duration {
        self.deadline
            .map_or(Duration::MAX, |end| end.saturating_duration_since(now))
    }

    /// The time limit of an attempt that starts now.
    fn attempt_timeout(&self, now: Instant) -> Duration {
        let limit = self
            .options
            .attempt_timeout
            .unwrap_or(self.transport.limits.attempt_timeout);
        limit.min(self.remaining(now))
    }

    /// Returns how long to wait before the next attempt, or `None` if there must be none.
    fn delay(
        &self,
        retries: u32,
        attempt: &Attempt,
        effect: Effect,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        let max_retries = self.options.max_retries.unwrap_or(self.transport.limits.max_retries);
        if retries >= max_retries || !may_retry(attempt, effect, self.operation, self.options.retry_rate_limited) {
            return None;
        }
        // An operation that is not idempotent is retried only if there is time for a connect timeout. Otherwise a
        // failure to connect would be reported as an attempt that may have been sent.
        let reserve = if self.operation.is_idempotent() {
            Duration::ZERO
        } else {
            self.transport.connect_timeout
        };
        let clock = &self.transport.clock;
        Some(wait(retries, clock.random(), retry_after))
            .filter(|wait| *wait <= MAX_RETRY_AFTER && wait.saturating_add(reserve) < self.remaining(clock.now()))
    }
}

fn append<'a>(headers: &mut HeaderMap, added: impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)>) {
    for (name, value) in added {
        headers.append(name, value.clone());
    }
}

/// Copies a request. Returns `None` if its body is a stream. `Request::try_clone` would be slower: it allocates space
/// for settings that these requests do not have, which takes longer than copying the body.
fn copy_of(request: &Request) -> Option<Request> {
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    *copy.headers_mut() = request.headers().clone();
    if let Some(body) = request.body() {
        *copy.body_mut() = Some(Bytes::copy_from_slice(body.as_bytes()?).into());
    }
    Some(copy)
}
