//! Handles requests: API key, route, body, behaviour and envelope.

mod body;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, request::Parts};
use http_body_util::Full;
use serde_json::{Map, Value};

use crate::{
    behaviour::{self, Input, Refusal, Success},
    calls::Calls,
    connection::{BodyError, Handler},
    contract::{Contract, Operation, Parameters, Route},
    exact,
    expect::{Action, Expectation, Match},
    filter::Filter,
    generic,
    log::{Log, SeenRequest},
    prefer::Preference,
    replay::Recording,
    reply::Reply,
};

pub(crate) struct Service {
    pub contract: Arc<Contract>,
    pub key: String,
    /// The calls at the start.
    initial: Calls,
    /// The recording that replaces the default behaviour.
    recording: Option<Recording>,
    state: Mutex<State>,
}

/// The part of the server that requests change.
pub(crate) struct State {
    pub calls: Calls,
    pub log: Log,
    pub expectations: Vec<Arc<Expectation>>,
}

/// The response to a request, and its delay.
pub(crate) struct Outcome {
    pub delay: Duration,
    /// `None` resets the connection.
    pub reply: Option<Reply>,
}

impl From<Reply> for Outcome {
    fn from(reply: Reply) -> Self {
        Self {
            delay: Duration::ZERO,
            reply: Some(reply),
        }
    }
}

impl Service {
    pub fn new(
        contract: Arc<Contract>,
        key: String,
        calls: Calls,
        kept_requests: Option<usize>,
        recording: Option<Recording>,
    ) -> Self {
        Self {
            contract,
            key,
            initial: calls.clone(),
            recording,
            state: Mutex::new(State {
                calls,
                log: Log::new(kept_requests),
                expectations: Vec::new(),
            }),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes expectations and requests, and restores the initial calls.
    pub fn reset(&self) {
        if let Some(recording) = &self.recording {
            recording.restart();
        }
        let mut state = self.state();
        state.calls = self.initial.clone();
        state.log.clear();
        state.expectations.clear();
    }

    /// Handles a request, and returns its outcome and its number.
    fn outcome(&self, parts: Parts, body: Result<Bytes, BodyError>) -> (Outcome, u64) {
        let (body, body_error) = match body {
            Ok(body) => (body, None),
            Err(error) => (Bytes::new(), Some(error)),
        };
        let mut request = SeenRequest {
            number: 0,
            method: parts.method,
            path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            headers: parts.headers,
            body,
            operation: None,
            parameters: Map::new(),
            status: None,
            problems: Vec::new(),
        };
        let outcome = match body_error {
            Some(error) => Reply::invalid(error.status(), error.code(), &error.to_string(), &[]).into(),
            None => self.route(&mut request),
        };
        request.status = outcome.reply.as_ref().map(|reply| reply.status);
        if let Some(reply) = outcome.reply.as_ref().filter(|reply| !reply.problems.is_empty()) {
            request.problems.clone_from(&reply.problems);
        }
        (outcome, self.state().log.push(request))
    }

    fn route(&self, request: &mut SeenRequest) -> Outcome {
        let path = request.path.split('?').next().unwrap_or_default().to_owned();
        match self.contract.route(request.method.as_str(), &path) {
            Route::NotFound => {
                Reply::invalid(404, "not_found", "no operation of the document has this path", &[]).into()
            }
            Route::MethodNotAllowed => {
                Reply::invalid(405, "method_not_allowed", "method not allowed for this path", &[]).into()
            }
            Route::Operation(operation, path_values) => {
                request.operation = Some(operation.id.clone());
                self.handle(operation, path_values, request)
                    .unwrap_or_else(Outcome::from)
            }
        }
    }

    fn handle(
        &self,
        operation: &Operation,
        path_values: Vec<String>,
        request: &mut SeenRequest,
    ) -> Result<Outcome, Reply> {
        self.authenticate(&request.headers)?;
        let (input, sent) = match self.decode(operation, path_values, request) {
            Ok(decoded) => decoded,
            // A recording may have the service's own response to an invalid request.
            Err(refusal) => {
                request.problems.clone_from(&refusal.problems);
                return Err(self.replayed(request).unwrap_or(refusal));
            }
        };
        let rounded = exact::rounded(&sent);
        // Matched without holding the lock: the predicate of a test may access the state.
        let expectations = self.state().expectations.clone();
        let matched = expectations.into_iter().find_map(|expectation| {
            match expectation.match_request(&operation.id, &request.parameters, &rounded) {
                Match::No => None,
                result => Some((expectation, result)),
            }
        });
        let (expectation, before) = match matched {
            None => return self.respond_by_default(operation, input, request).map(Outcome::from),
            Some((expectation, Match::Yes(before))) => (expectation, before),
            Some(_) => {
                let message = "the predicate of an expectation panicked; its message is on standard error";
                return Err(Reply::refusal(500, "mock_error", message, &[]));
            }
        };
        let reply = match &expectation.action {
            Action::Default => Some(
                self.respond_by_default(operation, input, request)
                    .unwrap_or_else(|refusal| refusal),
            ),
            Action::Respond(body) => Some(self.validated(operation, operation.success_status(), body)),
            Action::Statuses(statuses) => {
                // The last one repeats.
                let index = usize::try_from(before)
                    .unwrap_or(usize::MAX)
                    .min(statuses.len().saturating_sub(1));
                Some(Reply::of_status(statuses.get(index).copied().unwrap_or_default()))
            }
            Action::RateLimit(retry_after) => Some(Reply::rate_limit(*retry_after)),
            Action::Reply(reply) => Some(reply.clone()),
            Action::Reset => None,
        };
        Ok(Outcome {
            delay: expectation.delay,
            reply,
        })
    }

    /// Decodes the input of a request, and returns it with the body as sent; an error response if the request is
    /// invalid against the document.
    fn decode(
        &self,
        operation: &Operation,
        path_values: Vec<String>,
        request: &mut SeenRequest,
    ) -> Result<(Input, Value), Reply> {
        let is_sent = operation.requires_body || !request.body.is_empty();
        let sent = if Contract::takes_body(operation) && is_sent {
            body::read(operation, request)?
        } else {
            Value::Null
        };
        let body = self.contract.with_defaults(operation, sent.clone());
        let query = request.path.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let Parameters {
            path,
            query,
            sent_query,
        } = self
            .contract
            .parameters(operation, &path_values, query)
            .map_err(|findings| {
                Reply::invalid(
                    422,
                    "validation_error",
                    "the parameters are invalid against the document",
                    &findings,
                )
            })?;
        request.parameters = path.clone();
        request.parameters.extend(query.clone());
        let input = Input {
            path_values,
            path,
            query,
            sent_query,
            filters: Vec::new(),
            body,
        };
        Ok((input, sent))
    }

    fn replayed(&self, request: &SeenRequest) -> Option<Reply> {
        Some(self.recording.as_ref()?.respond(request))
    }

    /// Responds to a request that matches no expectation.
    fn respond_by_default(&self, operation: &Operation, input: Input, request: &SeenRequest) -> Result<Reply, Reply> {
        match Preference::of(&request.headers) {
            Some(preference) => Ok(preference.respond(&self.contract, operation)),
            None => self.perform(operation, input, request),
        }
    }

    /// Performs an operation, or replays its recorded response.
    fn perform(&self, operation: &Operation, mut input: Input, request: &SeenRequest) -> Result<Reply, Reply> {
        if let Some(reply) = self.replayed(request) {
            return Ok(reply);
        }
        let behaviour = behaviour::of(&operation.id);
        let handled = behaviour.as_ref().map_or(&[][..], |behaviour| behaviour.parameters);
        input.filters = filters(operation, &input, handled)?;
        let status = operation.success_status();
        let result = match behaviour {
            Some(behaviour) => (behaviour.run)(&mut self.state().calls, input).map(Some),
            None => generic::respond(&self.contract.document, operation, &input),
        };
        match result {
            Ok(Some(Success { data, envelope })) => {
                let body = self.contract.success(operation, data, &envelope);
                Ok(self.validated(operation, status, &body))
            }
            Ok(None) => Ok(Reply::empty(status)),
            Err(Refusal::NoSuchCall) => Err(Reply::refusal(404, "not_found", "no call has this identifier", &[])),
            Err(Refusal::Invalid(message)) => Err(Reply::refusal(422, "validation_error", message, &[])),
            Err(Refusal::Conflict(message)) => Err(Reply::refusal(409, "conflict", message, &[])),
        }
    }

    /// Returns a response with this body. With debug assertions, a body that is invalid against the document becomes a
    /// 500 that names the violations, so that tests against the server are also tests against the document.
    fn validated(&self, operation: &Operation, status: u16, body: &Value) -> Reply {
        if cfg!(debug_assertions) {
            let findings = self.contract.check_response(operation, status, &exact::json(body));
            if !findings.is_empty() {
                let message = "the response of the mock server is invalid against the document";
                return Reply::refusal(500, "mock_error", message, &findings);
            }
        }
        if operation.success_schema().is_none() && body.is_null() {
            return Reply::empty(status);
        }
        Reply::raw(status, operation.response_type(status), exact::text(body).as_bytes())
    }

    fn authenticate(&self, headers: &HeaderMap) -> Result<(), Reply> {
        let Some(name) = &self.contract.key_header else {
            return Ok(());
        };
        match headers.get(name) {
            Some(key) if key.as_bytes() == self.key.as_bytes() => Ok(()),
            Some(_) => Err(Reply::invalid(
                401,
                "authentication_error",
                "the API key is not accepted",
                &[],
            )),
            None => Err(Reply::invalid(
                401,
                "authentication_error",
                &format!("the API key is missing: expected it in the header {name}"),
                &[],
            )),
        }
    }
}

impl Handler for Service {
    async fn respond(self: Arc<Self>, parts: Parts, body: Result<Bytes, BodyError>) -> Option<Response<Full<Bytes>>> {
        if let Some(reply) = self.control(&parts, body.as_ref().map_err(|error| *error)) {
            return Some(reply.into_response());
        }
        let (outcome, number) = self.outcome(parts, body);
        if !outcome.delay.is_zero() {
            tokio::time::sleep(outcome.delay).await;
        }
        let mut response = outcome.reply?.into_response();
        if let Ok(id) = HeaderValue::from_str(&format!("mock-{number}")) {
            response.headers_mut().entry("x-request-id").or_insert(id);
        }
        Some(response)
    }
}

/// Returns the filters that a request sets. A parameter that is neither a filter, nor used for pagination, nor
/// `handled` by the behaviour of the operation is an error: no parameter is ignored.
fn filters(operation: &Operation, input: &Input, handled: &[&str]) -> Result<Vec<(Filter, Value)>, Reply> {
    let mut filters = Vec::new();
    for name in &input.sent_query {
        let selects_a_page = operation.pagination.as_ref().is_some_and(|pagination| {
            let optional = [&pagination.size, &pagination.page, &pagination.switch];
            *name == pagination.cursor || optional.into_iter().flatten().any(|other| other == name)
        });
        if selects_a_page || handled.contains(&name.as_str()) {
            continue;
        }
        let filter = operation.filters.iter().find(|(parameter, _)| parameter == name);
        let (Some((_, filter)), Some(value)) = (filter, input.query.get(name)) else {
            let message = format!(
                "the mock server does not implement the parameter `{name}` of {}; add `x-filter` to the document, or \
                 specify the response with a `when_…` method",
                operation.id
            );
            return Err(Reply::refusal(501, "not_implemented", &message, &[]));
        };
        filters.push((filter.clone(), value.clone()));
    }
    Ok(filters)
}

#[cfg(test)]
mod tests;
