//! One request to one answer: key, route, body, behaviour, envelope.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use callrounded_document::{Deviation, json::Json};
use serde_json::{Value, json};

use crate::{
    behaviour::{self, Calls, Done, Input, Refusal},
    contract::{Contract, Operation, Route},
    log::SeenRequest,
};

/// More than any request of the API needs.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

pub(crate) struct Service {
    pub contract: Contract,
    pub key: String,
    world: Mutex<World>,
}

#[derive(Default)]
pub(crate) struct World {
    pub calls: Calls,
    pub log: Vec<SeenRequest>,
}

struct Reply {
    status: u16,
    body: Value,
}

impl Service {
    pub fn new(contract: Contract, key: String, calls: Calls) -> Self {
        Self {
            contract,
            key,
            world: Mutex::new(World { calls, log: Vec::new() }),
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &mut SeenRequest) -> Reply {
        let path = request.path.split('?').next().unwrap_or_default().to_owned();
        match self.contract.route(request.method.as_str(), &path) {
            Route::Nowhere => refuse(404, "not_found", "there is nothing at this path", &[]),
            Route::OtherMethod => refuse(405, "method_not_allowed", "the path does not take this method", &[]),
            Route::Operation(operation, parameters) => {
                request.operation = Some(operation.id.clone());
                self.operate(operation, parameters, request)
                    .unwrap_or_else(|refusal| refusal)
            }
        }
    }

    fn operate(&self, operation: &Operation, parameters: Vec<String>, request: &SeenRequest) -> Result<Reply, Reply> {
        self.authenticate(&request.headers)?;
        let body = if Contract::takes_body(operation) {
            read(operation, request)?
        } else {
            Value::Null
        };
        let body = self.contract.with_defaults(operation, body);
        let query = request.path.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let query = self.contract.query(operation, query).map_err(|findings| {
            refuse(
                422,
                "validation_error",
                "the query does not fit the parameters of the operation",
                &findings,
            )
        })?;
        let Some(behaviour) = behaviour::of(&operation.id) else {
            let text = format!("the mock server has no behaviour for {}", operation.id);
            return Err(refuse(501, "not_implemented", &text, &[]));
        };
        match behaviour(
            &mut self.world().calls,
            Input {
                parameters,
                query,
                body,
            },
        ) {
            Ok(Done { data, more }) => {
                let (status, body) = self.contract.success(operation, data, &more);
                Ok(Reply { status, body })
            }
            Err(Refusal::NoSuchCall) => Err(refuse(404, "not_found", "no call has this identifier", &[])),
            Err(Refusal::Invalid(message)) => Err(refuse(422, "validation_error", message, &[])),
            Err(Refusal::Conflict(message)) => Err(refuse(409, "conflict", message, &[])),
        }
    }

    fn authenticate(&self, headers: &HeaderMap) -> Result<(), Reply> {
        let Some(name) = &self.contract.key_header else {
            return Ok(());
        };
        match headers.get(name) {
            Some(key) if key.as_bytes() == self.key.as_bytes() => Ok(()),
            Some(_) => Err(refuse(401, "authentication_error", "the key is not known", &[])),
            None => Err(refuse(
                401,
                "authentication_error",
                &format!("the header {name} is missing"),
                &[],
            )),
        }
    }
}

/// The body as JSON that fits the schema of the request.
fn read(operation: &Operation, request: &SeenRequest) -> Result<Value, Reply> {
    let content_type = request
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return Err(refuse(
            415,
            "unsupported_media_type",
            "the body must be application/json",
            &[],
        ));
    }
    let text = std::str::from_utf8(&request.body).ok();
    let Some(body) = text.and_then(|text| Json::read(text).ok()) else {
        return Err(refuse(400, "invalid_json", "the body is not JSON", &[]));
    };
    let findings = Contract::check(operation, &body);
    if findings.is_empty() {
        Ok(body.root().to_value())
    } else {
        Err(refuse(
            422,
            "validation_error",
            "the body does not fit the schema of the request",
            &findings,
        ))
    }
}

/// The envelope of an error, in the shape that the documentation shows for its `error` object.
fn refuse(status: u16, kind: &str, message: &str, findings: &[Deviation]) -> Reply {
    let details: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let mut field = finding.pointer.trim_start_matches('/').replace('/', ".");
            if field.is_empty() {
                field = "body".to_owned();
            }
            json!({ "field": field, "message": finding.problem })
        })
        .collect();
    let error = json!({ "details": details, "message": message, "status": status, "type": kind });
    Reply {
        status,
        body: json!({ "message": message, "error": error, "status": status }),
    }
}

pub(crate) async fn handle(State(service): State<std::sync::Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await;
    let too_large = body.is_err();
    let mut seen = SeenRequest {
        method: parts.method,
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: parts.headers,
        body: body.unwrap_or_else(|_| Bytes::new()),
        operation: None,
    };
    let reply = if too_large {
        refuse(
            413,
            "body_too_large",
            "the body is too large or did not come to its end",
            &[],
        )
    } else {
        service.answer(&mut seen)
    };
    let number = {
        let mut world = service.world();
        world.log.push(seen);
        world.log.len()
    };
    let mut response = Response::new(Body::from(reply.body.to_string()));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    if let Ok(id) = header::HeaderValue::from_str(&format!("mock-{number}")) {
        headers.insert("x-request-id", id);
    }
    response
}
