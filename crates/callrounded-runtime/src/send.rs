//! Sends a request: adds the API key and headers, makes attempts until one is final, and keeps what came of it.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{
    Request,
    header::{ACCEPT_ENCODING, HeaderMap},
};

use crate::{
    OperationInfo, RawResponse, RequestOptions, Transport,
    attempt::{Attempt, Effect, Failure},
    body,
    retry::{LONGEST_RETRY_AFTER, may_retry, wait},
    span::{self, Span},
};

/// How a request ended, before its response is decoded.
pub(crate) struct Outcome {
    /// How many attempts were made.
    pub attempts: u32,
    /// The response to the last attempt, as far as it was received.
    pub response: Option<Arc<RawResponse>>,
    /// Why there is no response, or only a part of it.
    pub failure: Option<Failure>,
    /// The operation is not idempotent, and the last attempt does not show whether it was performed.
    pub unknown: bool,
    /// Whether an attempt before the last got further than a connect error.
    pub reached_before: bool,
    /// The last response before, if the last attempt has none.
    pub response_before: Option<Arc<RawResponse>>,
    /// How long the service asked to wait.
    pub retry_after: Option<Duration>,
    /// What was sent, which a service may repeat in its messages. It holds the API key and personal data.
    pub request: Option<Request>,
}

/// Adds the headers. The API key comes last, so that no other header replaces it.
pub(crate) fn prepare(transport: &Transport, options: &RequestOptions, headers: &mut HeaderMap) {
    headers.insert(ACCEPT_ENCODING, body::ACCEPTED);
    for (name, value) in transport.headers.iter().chain(&options.headers) {
        headers.insert(name, value.clone());
    }
    if let Some(name) = &transport.key_header {
        headers.insert(name, transport.key.header());
    }
}

/// Makes attempts until one succeeds, must not be retried, or attempts, time or budget run out.
///
/// This is not an `async fn`, which would store the request twice: as argument and as variable.
pub(crate) fn run<'a>(
    transport: &'a Transport,
    options: &'a RequestOptions,
    mut request: Request,
    operation: &'static OperationInfo,
) -> impl Future<Output = Outcome> + Send + 'a {
    prepare(transport, options, request.headers_mut());
    async move {
        let limits = &transport.limits;
        let clock = &*transport.clock;
        let timeout = options.timeout.unwrap_or(limits.timeout);
        let deadline = clock.now().checked_add(timeout);
        let left = |now| deadline.map_or(Duration::MAX, |end| end.saturating_duration_since(now));
        // An operation that is not idempotent is retried only if there is time to tell whether it was sent.
        let needed = if operation.is_idempotent() {
            Duration::ZERO
        } else {
            transport.connect_timeout
        };
        let max_retries = options.max_retries.unwrap_or(limits.max_retries);
        let attempt_timeout = options.attempt_timeout.unwrap_or(limits.attempt_timeout);
        let mut retries: u32 = 0;
        let mut reached_before = false;
        let mut response_before = None;
        // Headers that hooks added to any attempt, which a service may repeat in its messages.
        let mut added = HeaderMap::new();
        loop {
            let next = copy_of(&request);
            let number = retries.saturating_add(1);
            let span = Span::new(&request, operation, retries);
            if !transport.hooks.is_empty() {
                let before = request.headers().clone();
                span::within(&span, || {
                    transport.hooks.request(transport, operation.id(), number, &mut request);
                });
                let headers = request.headers().iter();
                for (name, value) in headers.filter(|(name, value)| before.get(*name) != Some(value)) {
                    added.append(name, value.clone());
                }
            }
            let began = clock.now();
            let time_limit = attempt_timeout.min(left(began));
            // Started here and not inside: a request that is passed on through futures is copied at each of them.
            let sent = span::within(&span, || transport.http.execute(request));
            let attempt = span::around(&span, Attempt::make(sent, clock, time_limit, limits.max_body_size)).await;
            let ended = (!transport.hooks.is_empty()).then(|| clock.now());
            span::ended(&span, &attempt);
            let effect = attempt.effect(transport.sends_once);
            let retry_after = attempt.retry_after(|| clock.system_time());
            let may_retry = next.is_some()
                && retries < max_retries
                && may_retry(&attempt, effect, operation, options.retry_rate_limited);
            let pause = may_retry
                .then(|| wait(retries, clock.random(), retry_after))
                .filter(|wait| *wait <= LONGEST_RETRY_AFTER && wait.saturating_add(needed) < left(clock.now()));
            let in_budget = pause.is_none() || transport.budget.take(attempt.timed_out());
            let pause = pause.filter(|_| in_budget);
            if let Some(ended) = ended {
                let took = ended.saturating_duration_since(began);
                span::within(&span, || {
                    transport
                        .hooks
                        .response(transport, operation.id(), number, &attempt, took, pause);
                });
            }
            // It covers the attempt alone, without the wait before the next.
            drop(span);
            match pause {
                Some(pause) => span::retrying(operation, number, &attempt, pause),
                None if !in_budget => span::budget_exhausted(operation, number, &attempt),
                None => {}
            }
            match (next, pause) {
                (Some(next), Some(pause)) => {
                    clock.sleep(pause).await;
                    request = next;
                    retries += 1;
                    reached_before |= !attempt.failed_to_connect();
                    response_before = attempt.response.or(response_before);
                }
                (mut next, _) => {
                    if let Some(next) = &mut next {
                        for (name, value) in &added {
                            next.headers_mut().append(name, value.clone());
                        }
                    }
                    if retries == 0 && attempt.succeeded() {
                        transport.budget.give();
                    }
                    return Outcome {
                        attempts: number,
                        unknown: !operation.is_idempotent() && effect == Effect::Unknown,
                        reached_before,
                        response_before: response_before.filter(|_| attempt.response.is_none()).map(Arc::new),
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

/// Copies a request; `None` if its body is a stream. `Request::try_clone` allocates room for settings that no request here has,
/// which costs more than copying the body.
fn copy_of(request: &Request) -> Option<Request> {
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    *copy.headers_mut() = request.headers().clone();
    if let Some(body) = request.body() {
        *copy.body_mut() = Some(Bytes::copy_from_slice(body.as_bytes()?).into());
    }
    Some(copy)
}
