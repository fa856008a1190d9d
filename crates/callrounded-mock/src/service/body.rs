//! Reads the bodies of requests.

use http::header;
use serde_json::Value;

use crate::{
    contract::{Contract, Operation},
    exact,
    log::SeenRequest,
    reply::Reply,
};

/// Parses and validates the body of a request; an error response if it is invalid.
pub(super) fn read(operation: &Operation, request: &SeenRequest) -> Result<Value, Reply> {
    let content_type = request
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    let expected = operation.request_type();
    let expected = expected.split(';').next().unwrap_or_default().trim();
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case(expected)) {
        let message = format!("invalid content type: expected {expected}");
        return Err(Reply::invalid(415, "unsupported_media_type", &message, &[]));
    }
    let invalid_json = |problem: &str| Reply::invalid(400, "invalid_json", &format!("the body is {problem}"), &[]);
    let text = std::str::from_utf8(&request.body).map_err(|_| invalid_json("not UTF-8"))?;
    let body = exact::parse(text).map_err(|problem| invalid_json(&problem))?;
    let findings = Contract::check_request(operation, &body);
    if findings.is_empty() {
        Ok(exact::value(body.root()))
    } else {
        Err(Reply::invalid(
            422,
            "validation_error",
            "the body is invalid against the document",
            &findings,
        ))
    }
}
