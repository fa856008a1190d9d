//! One request to one answer: key, route, body, behaviour, envelope.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use callrounded_document::{Deviation, json::Json};
use http::{HeaderMap, HeaderValue, Response, header, request::Parts};
use http_body_util::Full;
use serde_json::{Map, Value};

use crate::{
    behaviour::{self, Done, Input, Refusal},
    connection::Handler,
    contract::{Contract, Operation, Route, Sent},
    exact,
    expect::{Does, Expectation, Held},
    filter::Filter,
    generic,
    log::SeenRequest,
    prefer::Preference,
    replay::Recording,
    reply::Reply,
    world::Calls,
};

pub(crate) struct Service {
    pub contract: Arc<Contract>,
    pub key: String,
    /// How many requests are kept, the last ones; all without a number.
    kept: Option<usize>,
    /// The calls at the start.
    initial: Calls,
    /// What is answered in place of what the server does by itself.
    recording: Option<Recording>,
    world: Mutex<World>,
}

pub(crate) struct World {
    pub calls: Calls,
    pub log: VecDeque<SeenRequest>,
    /// How many requests came.
    pub seen: u64,
    pub expectations: Vec<Arc<Expectation>>,
}

/// What comes of a request, and when.
pub(crate) struct Outcome {
    pub delay: Duration,
    /// `None`: its connection is reset.
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
        kept: Option<usize>,
        recording: Option<Recording>,
    ) -> Self {
        Self {
            contract,
            key,
            kept,
            initial: calls.clone(),
            recording,
            world: Mutex::new(World {
                calls,
                log: VecDeque::new(),
                seen: 0,
                expectations: Vec::new(),
            }),
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was expected and sent, and has the calls of the start again.
    pub fn reset(&self) {
        if let Some(recording) = &self.recording {
            recording.restart();
        }
        let mut world = self.world();
        world.calls = self.initial.clone();
        world.log.clear();
        world.expectations.clear();
    }

    /// What comes of a request, and its number. `None` for a body that did not come whole.
    fn outcome(&self, parts: Parts, body: Option<Bytes>) -> (Outcome, u64) {
        let too_large = body.is_none();
        let mut request = SeenRequest {
            number: 0,
            method: parts.method,
            path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            headers: parts.headers,
            body: body.unwrap_or_default(),
            operation: None,
            parameters: Map::new(),
            status: None,
            problems: Vec::new(),
        };
        let outcome = match too_large {
            true => invalid(
                413,
                "body_too_large",
                "the body is too large or did not come to its end",
                &[],
            )
            .into(),
            false => self.route(&mut request),
        };
        request.status = outcome.reply.as_ref().map(|reply| reply.status);
        if let Some(reply) = outcome.reply.as_ref().filter(|reply| !reply.problems.is_empty()) {
            request.problems.clone_from(&reply.problems);
        }
        let mut world = self.world();
        world.seen += 1;
        request.number = world.seen;
        if self.kept == Some(world.log.len()) {
            world.log.pop_front();
        }
        if self.kept != Some(0) {
            world.log.push_back(request);
        }
        (outcome, world.seen)
    }

    fn route(&self, request: &mut SeenRequest) -> Outcome {
        let path = request.path.split('?').next().unwrap_or_default().to_owned();
        match self.contract.route(request.method.as_str(), &path) {
            Route::Nowhere => invalid(404, "not_found", "there is nothing at this path", &[]).into(),
            Route::OtherMethod => invalid(405, "method_not_allowed", "the path does not take this method", &[]).into(),
            Route::Operation(operation, parameters) => {
                request.operation = Some(operation.id.clone());
                self.operate(operation, parameters, request)
                    .unwrap_or_else(Outcome::from)
            }
        }
    }

    fn operate(
        &self,
        operation: &Operation,
        parameters: Vec<String>,
        request: &mut SeenRequest,
    ) -> Result<Outcome, Reply> {
        self.authenticate(&request.headers)?;
        let (input, sent) = match self.understand(operation, parameters, request) {
            Ok(understood) => understood,
            // The service has answered what does not fit the document in its own way.
            Err(refusal) => {
                request.problems.clone_from(&refusal.problems);
                return Err(self.replayed(request).unwrap_or(refusal));
            }
        };
        let rounded = exact::rounded(&sent);
        // Looked at without the world, which what a test gave may look into.
        let expectations = self.world().expectations.clone();
        let held = expectations.into_iter().find_map(|expectation| {
            match expectation.hold(&operation.id, &request.parameters, &rounded) {
                Held::Other => None,
                held => Some((expectation, held)),
            }
        });
        let (expectation, before) = match held {
            None => return self.as_ever(operation, input, request).map(Outcome::from),
            Some((expectation, Held::Taken(before))) => (expectation, before),
            Some(_) => return Err(refuse(500, "mock_error", "what was to look at the body panicked", &[])),
        };
        let reply = match &expectation.does {
            Does::AsEver => Some(
                self.as_ever(operation, input, request)
                    .unwrap_or_else(|refusal| refusal),
            ),
            Does::Respond(body) => Some(self.checked(operation, operation.success_status(), body)),
            Does::Statuses(statuses) => {
                // The last one stays.
                let index = usize::try_from(before)
                    .unwrap_or(usize::MAX)
                    .min(statuses.len().saturating_sub(1));
                Some(Reply::of_status(statuses.get(index).copied().unwrap_or_default()))
            }
            Does::RateLimit(retry_after) => Some(Reply::rate_limit(*retry_after)),
            Does::Reply(reply) => Some(reply.clone()),
            Does::Reset => None,
        };
        Ok(Outcome {
            delay: expectation.delay,
            reply,
        })
    }

    /// What a request says, and its body as it was sent; a refusal where that does not fit the document.
    fn understand(
        &self,
        operation: &Operation,
        parameters: Vec<String>,
        request: &mut SeenRequest,
    ) -> Result<(Input, Value), Reply> {
        let is_sent = operation.requires_body || !request.body.is_empty();
        let sent = if Contract::takes_body(operation) && is_sent {
            read(operation, request)?
        } else {
            Value::Null
        };
        let body = self.contract.with_defaults(operation, sent.clone());
        let query = request.path.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let Sent { path, query, given } =
            self.contract
                .parameters(operation, &parameters, query)
                .map_err(|findings| {
                    invalid(
                        422,
                        "validation_error",
                        "the request does not fit the parameters of the operation",
                        &findings,
                    )
                })?;
        request.parameters = path.clone();
        request.parameters.extend(query.clone());
        let input = Input {
            parameters,
            named: path,
            query,
            given,
            filters: Vec::new(),
            body,
        };
        Ok((input, sent))
    }

    fn replayed(&self, request: &SeenRequest) -> Option<Reply> {
        Some(self.recording.as_ref()?.answer(request))
    }

    /// What a request gets that no expectation is about.
    fn as_ever(&self, operation: &Operation, input: Input, request: &SeenRequest) -> Result<Reply, Reply> {
        match Preference::of(&request.headers) {
            Some(preference) => Ok(preference.respond(&self.contract, operation)),
            None => self.behave(operation, input, request),
        }
    }

    /// What the server does by itself.
    fn behave(&self, operation: &Operation, mut input: Input, request: &SeenRequest) -> Result<Reply, Reply> {
        if let Some(reply) = self.replayed(request) {
            return Ok(reply);
        }
        let behaviour = behaviour::of(&operation.id);
        let known = behaviour.as_ref().map_or(&[][..], |behaviour| behaviour.parameters);
        input.filters = filters(operation, &input, known)?;
        let status = operation.success_status();
        let done = match behaviour {
            Some(behaviour) => (behaviour.run)(&mut self.world().calls, input).map(Some),
            None => generic::respond(&self.contract.document, operation, &input),
        };
        match done {
            Ok(Some(Done { data, more })) => {
                let body = self.contract.success(operation, data, &more);
                Ok(self.checked(operation, status, &body))
            }
            Ok(None) => Ok(Reply::empty(status)),
            Err(Refusal::NoSuchCall) => Err(refuse(404, "not_found", "no call has this identifier", &[])),
            Err(Refusal::Invalid(message)) => Err(refuse(422, "validation_error", message, &[])),
            Err(Refusal::Conflict(message)) => Err(refuse(409, "conflict", message, &[])),
        }
    }

    /// An answer that fits the document, or in a build for tests 500 with what does not: who tests against the server tests
    /// against the document.
    fn checked(&self, operation: &Operation, status: u16, body: &Value) -> Reply {
        if cfg!(debug_assertions) {
            let findings = self.contract.check_answer(operation, status, &exact::json(body));
            if !findings.is_empty() {
                let message = "what the mock server was to answer does not fit the document";
                return refuse(500, "mock_error", message, &findings);
            }
        }
        if operation.success_schema().is_none() && body.is_null() {
            return Reply::empty(status);
        }
        Reply::raw(status, operation.answer_type(status), exact::text(body).as_bytes())
    }

    fn authenticate(&self, headers: &HeaderMap) -> Result<(), Reply> {
        let Some(name) = &self.contract.key_header else {
            return Ok(());
        };
        match headers.get(name) {
            Some(key) if key.as_bytes() == self.key.as_bytes() => Ok(()),
            Some(_) => Err(invalid(401, "authentication_error", "the key is not known", &[])),
            None => Err(invalid(
                401,
                "authentication_error",
                &format!("the header {name} is missing"),
                &[],
            )),
        }
    }
}

impl Handler for Service {
    async fn answer(self: Arc<Self>, parts: Parts, body: Option<Bytes>) -> Option<Response<Full<Bytes>>> {
        if let Some(reply) = self.control(&parts, body.as_ref()) {
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

/// The filters that a request has set. A parameter that is neither a filter, nor selects a page, nor is handled by the
/// behaviour of the operation is refused: none is ignored.
fn filters(operation: &Operation, input: &Input, known: &[&str]) -> Result<Vec<(Filter, Value)>, Reply> {
    let mut filters = Vec::new();
    for name in &input.given {
        let selects_a_page = operation.pagination.as_ref().is_some_and(|pagination| {
            let optional = [&pagination.size, &pagination.page, &pagination.switch];
            *name == pagination.cursor || optional.into_iter().flatten().any(|other| other == name)
        });
        if selects_a_page || known.contains(&name.as_str()) {
            continue;
        }
        let filter = operation.filters.iter().find(|(parameter, _)| parameter == name);
        let (Some((_, filter)), Some(value)) = (filter, input.query.get(name)) else {
            let message = format!(
                "the mock server does not implement the parameter `{name}` of {}; add `x-filter` to the document, or specify \
                 the response with a `when_…` method",
                operation.id
            );
            return Err(refuse(501, "not_implemented", &message, &[]));
        };
        filters.push((filter.clone(), value.clone()));
    }
    Ok(filters)
}

fn invalid(status: u16, kind: &str, message: &str, findings: &[Deviation]) -> Reply {
    Reply::invalid(status, kind, message, findings)
}

fn refuse(status: u16, kind: &str, message: &str, findings: &[Deviation]) -> Reply {
    Reply::refusal(status, kind, message, findings)
}

/// The body as JSON that fits the schema of the request.
fn read(operation: &Operation, request: &SeenRequest) -> Result<Value, Reply> {
    let content_type = request
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    let wanted = operation.request_type();
    let wanted = wanted.split(';').next().unwrap_or_default().trim();
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case(wanted)) {
        let message = format!("the body must be {wanted}");
        return Err(invalid(415, "unsupported_media_type", &message, &[]));
    }
    let text = std::str::from_utf8(&request.body).ok();
    let Some(body) = text.and_then(|text| Json::read(text).ok()) else {
        return Err(invalid(400, "invalid_json", "the body is not JSON", &[]));
    };
    let findings = Contract::check(operation, &body);
    if findings.is_empty() {
        Ok(exact::value(body.root()))
    } else {
        Err(invalid(
            422,
            "validation_error",
            "the body does not fit the schema of the request",
            &findings,
        ))
    }
}

#[cfg(test)]
mod tests;
