//! The control interface below `/_mock/`: tests in other languages, and people with a browser, control the server over
//! HTTP.
//!
//! `control.yaml` describes it. It requires no API key: the server listens on loopback only and has no real calls.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use callrounded_document::Mismatch;
use http::{HeaderName, HeaderValue, Method, header, request::Parts};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    connection::BodyError,
    contract::Operation,
    exact,
    expect::{Action, Expectation},
    log::SeenRequest,
    prefer,
    reply::{FINAL_STATUSES, Reply},
    service::Service,
};

const PREFIX: &str = "/_mock";
const PAGE: &str = include_str!("control/page.html");
const DOCUMENT: &str = include_str!("control.yaml");

/// The maximum length of the list of calls.
const MAX_CALLS: usize = 100;

/// The body of `POST /_mock/expectations`: `{"when": {…}, "then": {…}}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewExpectation {
    #[serde(default)]
    when: When,
    #[serde(default)]
    then: Then,
}

/// The conditions that requests must meet. Without conditions, every request matches.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    operation: Option<String>,
    #[serde(default)]
    parameters: Map<String, Value>,
    body: Option<Value>,
    times: Option<u64>,
}

/// The response to these requests.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Then {
    status: Option<u16>,
    #[serde(default)]
    headers: Map<String, Value>,
    body: Option<Value>,
    text: Option<String>,
    delay: Option<f64>,
    #[serde(default)]
    reset: bool,
    rate_limit: Option<f64>,
}

impl Service {
    /// Responds to a request below `/_mock`; `None` if the path is not below it.
    pub fn control(&self, parts: &Parts, body: Result<&Bytes, BodyError>) -> Option<Reply> {
        let path = parts.uri.path().strip_prefix(PREFIX)?;
        if !path.is_empty() && !path.starts_with('/') {
            return None;
        }
        if !is_local(parts) {
            return Some(problem(
                403,
                "the control interface accepts requests only with a `Host` and `Origin` on loopback",
                Vec::new(),
            ));
        }
        let query = parts.uri.query().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        Some(match (&parts.method, segments.as_slice()) {
            (&Method::GET, []) => Reply::raw(200, "text/html; charset=utf-8", PAGE.as_bytes()),
            (&Method::DELETE, []) => {
                self.reset();
                Reply::empty(204)
            }
            (&Method::GET, ["openapi.yaml"]) => Reply::raw(200, "application/yaml", DOCUMENT.as_bytes()),
            (&Method::GET, ["operations"]) => self.operations(),
            (&Method::POST, ["expectations"]) => self.expect(body),
            (&Method::GET, ["requests"]) => self.requests(query),
            (&Method::GET, ["calls"]) => self.calls(),
            (&Method::GET, ["calls", id]) => match self.state().calls.get(&decoded(id)) {
                Some(call) => data(200, &call),
                None => problem(404, "no call has this identifier", Vec::new()),
            },
            (&Method::PUT, ["calls", id]) => self.put(&decoded(id), body),
            (_, [] | ["openapi.yaml" | "operations" | "expectations" | "requests" | "calls"] | ["calls", _]) => {
                problem(405, "method not allowed for this path", Vec::new())
            }
            _ => problem(
                404,
                "no control operation has this path; GET /_mock/openapi.yaml lists them",
                Vec::new(),
            ),
        })
    }

    fn operations(&self) -> Reply {
        let operations = self.contract.operations.iter().map(
            |operation| json!({ "operation": operation.id, "method": operation.method(), "path": operation.path }),
        );
        data(200, &operations.collect())
    }

    fn calls(&self) -> Reply {
        let state = self.state();
        let calls = state
            .calls
            .newest_first(None)
            .take(MAX_CALLS)
            .map(|call| call.into_call());
        data(200, &calls.collect())
    }

    fn put(&self, id: &str, body: Result<&Bytes, BodyError>) -> Reply {
        let call = match read(body) {
            Ok(call) => call,
            Err(refusal) => return refusal,
        };
        let Value::Object(mut call) = call else {
            return problem(422, "invalid call: expected a JSON object", Vec::new());
        };
        match call.get("id") {
            Some(Value::String(other)) if other == id => {}
            None => drop(call.insert("id".to_owned(), id.into())),
            Some(_) => {
                return problem(
                    422,
                    "the `id` of the call differs from the `id` in the path",
                    Vec::new(),
                );
            }
        }
        let call = Value::Object(call);
        let findings = self.contract.check_call(&exact::json(&call));
        if !findings.is_empty() {
            return problem(422, "the call is invalid against the document", details(&findings));
        }
        let mut state = self.state();
        let status = if state.calls.get(id).is_some() { 200 } else { 201 };
        state.calls.insert(id.to_owned(), call.clone());
        data(status, &call)
    }

    fn requests(&self, query: &str) -> Reply {
        let after = query.split('&').find_map(|pair| pair.strip_prefix("after="));
        let Ok(after) = after.unwrap_or("0").parse::<u64>() else {
            return problem(422, "invalid `after`: expected the number of a request", Vec::new());
        };
        let state = self.state();
        let requests = state.log.iter().filter(|request| request.number > after);
        let key = self.contract.key_header.as_deref();
        let requests: Value = requests.map(|request| without_key(request, key)).collect();
        let text = format!("{{\"data\":{},\"last\":{}}}", exact::text(&requests), state.log.seen());
        Reply::raw(200, "application/json", text.as_bytes())
    }

    fn expect(&self, body: Result<&Bytes, BodyError>) -> Reply {
        let value = match read(body) {
            Ok(value) => value,
            Err(refusal) => return refusal,
        };
        // Only the response needs every digit of its numbers.
        let response = value.get("then").and_then(|then| then.get("body")).cloned();
        let mut new = match NewExpectation::deserialize(exact::rounded(&value)) {
            Ok(new) => new,
            Err(error) => return problem(422, "the expectation cannot be decoded", vec![error.to_string()]),
        };
        new.then.body = response;
        match self.expectation(new) {
            Ok(expectation) => {
                let mut state = self.state();
                state.expectations.push(Arc::new(expectation));
                data(201, &json!({ "number": state.expectations.len() }))
            }
            Err(problems) => problem(422, "the expectation is invalid", problems),
        }
    }

    fn expectation(&self, new: NewExpectation) -> Result<Expectation, Vec<String>> {
        let NewExpectation { when, then } = new;
        let operation = match &when.operation {
            None => None,
            Some(id) => Some(self.contract.operation(id).ok_or_else(|| {
                let operations = self.contract.operations.iter();
                let ids: Vec<&str> = operations.map(|operation| operation.id.as_str()).collect();
                vec![format!(
                    "when.operation: unknown operation `{id}`; expected one of {}",
                    ids.join(", ")
                )]
            })?),
        };
        if let Some(operation) = operation {
            let unknown: Vec<String> = when
                .parameters
                .keys()
                .filter(|name| !operation.has_parameter(name))
                .map(|name| format!("when.parameters: {} has no parameter `{name}`", operation.id))
                .collect();
            if !unknown.is_empty() {
                return Err(unknown);
            }
        }
        let delay = duration("then.delay", then.delay)?.unwrap_or_default();
        let mut expectation = Expectation::new(when.operation, delay, when.times);
        expectation.parameters = when.parameters.into_iter().collect();
        if let Some(part) = when.body {
            expectation.body = Some(Box::new(move |sent| contains(sent, &part)));
        }
        expectation.action = self.action(operation, then)?;
        Ok(expectation)
    }

    fn action(&self, operation: Option<&Operation>, then: Then) -> Result<Action, Vec<String>> {
        let responds = then.status.is_some() || then.body.is_some() || then.text.is_some() || !then.headers.is_empty();
        let rate_limit = duration("then.rate_limit", then.rate_limit)?;
        if u8::from(responds) + u8::from(then.reset) + u8::from(rate_limit.is_some()) > 1 {
            return Err(vec![
                "then: expected only one of a response (status, headers, body, text), rate_limit and reset".to_owned(),
            ]);
        }
        if then.reset {
            return Ok(Action::Reset);
        }
        if let Some(retry_after) = rate_limit {
            return Ok(Action::RateLimit(retry_after));
        }
        if !responds {
            return Ok(Action::Default);
        }
        let status = then.status.or(operation.map(Operation::success_status));
        let Some(status) = status.filter(|status| FINAL_STATUSES.contains(status)) else {
            return Err(vec!["then.status: expected a status from 200 to 599".to_owned()]);
        };
        let mut reply = match (then.body, then.text) {
            (Some(_), Some(_)) => return Err(vec!["then: expected only one of body and text".to_owned()]),
            (Some(body), None) => {
                let text = exact::text(&body);
                if let Some(operation) = operation {
                    let violations = self.contract.check_response(operation, status, &exact::json(&body));
                    if !violations.is_empty() {
                        let mut problems = details(&violations);
                        problems.push(
                            "then.body is invalid against the document; to send it anyway, use `then.text`".to_owned(),
                        );
                        return Err(problems);
                    }
                }
                let media_type = operation.map_or("application/json", |operation| operation.response_type(status));
                Reply::raw(status, media_type, text.as_bytes())
            }
            (None, Some(text)) => Reply::raw(status, "text/plain; charset=utf-8", text.as_bytes()),
            (None, None) => match operation {
                Some(operation) => prefer::documented(&self.contract, operation, status),
                None if status >= 400 => Reply::of_status(status),
                None => Reply::empty(status),
            },
        };
        for (name, value) in &then.headers {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let pair = HeaderName::from_bytes(name.as_bytes())
                .ok()
                .zip(HeaderValue::from_str(&text).ok());
            let Some((name, value)) = pair else {
                return Err(vec![format!("then.headers: `{name}` is not a valid header")]);
            };
            if [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION].contains(&name) {
                return Err(vec![format!("then.headers: `{name}` is set by the server")]);
            }
            // A header of the expectation replaces the default one.
            reply.headers.retain(|(other, _)| *other != name);
            reply.headers.push((name, value));
        }
        Ok(Action::Reply(reply))
    }
}

/// Returns a request as JSON, without the API key, `Authorization` and `Cookie` headers.
fn without_key(request: &SeenRequest, key_header: Option<&str>) -> Value {
    let headers = request.headers.iter().filter(|(name, _)| {
        Some(name.as_str()) != key_header && ![header::AUTHORIZATION, header::COOKIE].contains(name)
    });
    let headers = headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()));
    let text = String::from_utf8_lossy(&request.body);
    let body = if request.body.is_empty() {
        Value::Null
    } else {
        exact::read(&text).unwrap_or_else(|_| text.into())
    };
    json!({
        "number": request.number,
        "method": request.method.as_str(),
        "path": request.path,
        "operation": request.operation,
        "parameters": request.parameters,
        "headers": headers.collect::<Map<_, _>>(),
        "body": body,
        "status": request.status,
        "is_valid": request.problems.is_empty(),
        "problems": request.problems,
    })
}

/// Checks whether `sent` contains `part`: objects must have each property of `part`, other values must be equal.
fn contains(sent: &Value, part: &Value) -> bool {
    match (sent, part) {
        (Value::Object(sent), Value::Object(part)) => part
            .iter()
            .all(|(key, part)| sent.get(key).is_some_and(|sent| contains(sent, part))),
        (Value::Array(sent), Value::Array(part)) => {
            sent.len() == part.len() && sent.iter().zip(part).all(|(sent, part)| contains(sent, part))
        }
        (Value::Number(sent), Value::Number(part)) if sent.is_f64() || part.is_f64() => sent.as_f64() == part.as_f64(),
        _ => sent == part,
    }
}

/// Checks whether `Host` and `Origin`, if present, are on loopback. Otherwise any website could control the server
/// through the browser of its visitor.
fn is_local(parts: &Parts) -> bool {
    let is_loopback = |authority: &str| {
        let host = authority
            .rsplit_once(':')
            .map_or(authority, |(host, port)| match port.parse::<u16>() {
                Ok(_) => host,
                Err(_) => authority,
            });
        ["127.0.0.1", "localhost", "[::1]"].contains(&host)
    };
    let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN).map(|origin| origin.split_once("://").map_or("", |(_, authority)| authority));
    text(header::HOST).is_none_or(is_loopback) && origin.is_none_or(is_loopback)
}

fn duration(name: &str, seconds: Option<f64>) -> Result<Option<Duration>, Vec<String>> {
    let Some(seconds) = seconds else { return Ok(None) };
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if duration <= Duration::from_secs(3_600) => Ok(Some(duration)),
        _ => Err(vec![format!("{name}: expected 0 to 3600 seconds")]),
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn read(body: Result<&Bytes, BodyError>) -> Result<Value, Reply> {
    let body = body.map_err(|error| problem(error.status(), &error.to_string(), Vec::new()))?;
    let text = std::str::from_utf8(body).map_err(|_| problem(400, "the body is not UTF-8", Vec::new()))?;
    exact::read(text).map_err(|error| problem(400, &format!("the body is {error}"), Vec::new()))
}

fn details(findings: &[Mismatch]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| match finding.pointer.as_str() {
            "" => finding.problem.clone(),
            pointer => format!("{pointer}: {}", finding.problem),
        })
        .collect()
}

fn data(status: u16, data: &Value) -> Reply {
    let text = format!("{{\"data\":{}}}", exact::text(data));
    Reply::raw(status, "application/json", text.as_bytes())
}

fn problem(status: u16, message: &str, details: Vec<String>) -> Reply {
    Reply::json(status, &json!({ "error": { "message": message, "details": details } }))
}
