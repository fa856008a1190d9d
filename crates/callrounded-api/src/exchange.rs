//! What happens below every generated operation: its request gets the key, is sent, and sent again where that is safe; the
//! answer is read within bounds, and kept.
//!
//! Progenitor calls the hooks here for each operation of the document, so an operation added there gets all of it with
//! no code. It decodes the body itself and then lets go of it; the copy kept here (the bytes are shared, not copied) is
//! what lets a caller see status, headers and body of an answer that did not decode.

use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::{
    Request, Response,
    header::{HeaderMap, HeaderName},
};

use crate::{
    API_KEY_HEADER, Client, Limits, Operation, Transport,
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
    pub answer: Option<RawAnswer>,
    /// Why there is no answer, or not all of it.
    pub failure: Option<Failure>,
    /// Whether the service may have done once what must not be done twice: the operation is not idempotent, and the last
    /// attempt does not show whether it took effect.
    pub unknown: bool,
    /// Whether an attempt before the last got further than a failure to connect.
    pub reached_before: bool,
    /// The last answer before, where the last attempt got none.
    pub answer_before: Option<RawAnswer>,
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
    async fn run(&self, client: &reqwest::Client, mut request: Request, id: &str, operation: &Operation) -> Outcome {
        let Self { transport, limits, .. } = self;
        let clock = &*transport.clock;
        let deadline = clock.now().checked_add(limits.timeout);
        let left = || deadline.map_or(Duration::MAX, |end| end.saturating_duration_since(clock.now()));
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
            let next = request.try_clone();
            let number = resends.saturating_add(1);
            let span = Span::new(&request, operation, resends);
            if let Some(observer) = &transport.observer {
                let before = request.headers().clone();
                span::within(&span, || observer.sending(id, number, &mut request));
                let headers = request.headers().iter();
                for (name, value) in headers.filter(|(name, value)| before.get(*name) != Some(value)) {
                    added.append(name, value.clone());
                }
            }
            let began = clock.now();
            let limit = limits.attempt_timeout.min(left());
            let attempt = Attempt::make(client, request, clock, limit, limits.max_body_size);
            let attempt = span::around(&span, attempt).await;
            if let Some(observer) = &transport.observer {
                let took = clock.now().saturating_duration_since(began);
                span::within(&span, || {
                    observer.ended(id, number, attempt.answer.as_ref(), attempt.failure.as_ref(), took);
                });
            }
            let effect = attempt.effect(transport.sends_once);
            let retry_after = attempt.retry_after(clock.system_time());
            let wait = wait(resends, clock.random(), retry_after);
            match next {
                Some(next)
                    if resends < limits.max_retries
                        && may_resend(&attempt, effect, operation, limits)
                        && wait <= LONGEST_ASKED
                        && wait.saturating_add(needed) < left()
                        && transport.budget.take(attempt.timed_out()) =>
                {
                    clock.sleep(wait).await;
                    request = next;
                    resends += 1;
                    reached_before |= !attempt.failed_to_connect();
                    answer_before = attempt.answer.or(answer_before);
                }
                mut next => {
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
                        answer_before: answer_before.filter(|_| attempt.answer.is_none()),
                        answer: attempt.answer,
                        failure: attempt.failure,
                        retry_after,
                        request: next,
                    };
                }
            }
        }
    }
}

impl ClientHooks<Exchange> for Client {
    async fn exec(&self, mut request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        let exchange = self.inner();
        exchange.prepare(request.headers_mut());
        let outcome = exchange
            .run(self.client(), request, info.operation_id, &operation(info.operation_id))
            .await;
        let mut answer = http::Response::new(Bytes::new());
        if let Some(came) = &outcome.answer {
            *answer.status_mut() = came.status;
            *answer.headers_mut() = came.headers.clone();
            *answer.body_mut() = came.body.clone();
        }
        *exchange.outcome() = outcome;
        Ok(answer.into())
    }

    /// Where there is no answer, or not all of it, the operation ends here. (`exec` can't say so: nobody but reqwest makes
    /// its errors.) An answer that is no success says enough without all of its body.
    async fn post<E>(&self, _: &reqwest::Result<Response>, _: &OperationInfo) -> Result<(), Error<E>> {
        let outcome = self.inner().outcome();
        let refused = outcome
            .answer
            .as_ref()
            .is_some_and(|answer| !answer.status.is_success());
        match &outcome.failure {
            Some(failure) if !refused => Err(Error::Custom(failure.kind.to_string())),
            _ => Ok(()),
        }
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
