//! The file format of a recording: a file with the exchanges in order, and files of bodies for each operation and
//! status, with one body per line. `cargo xtask validate` and `cargo xtask drift` can read the files of bodies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The file of the exchanges, one per line.
pub(crate) const EXCHANGES: &str = "exchanges.ndjson";

/// A request and its response.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    /// The `operationId`.
    pub operation: String,
    pub method: String,
    /// The path and query.
    pub path: String,
    /// The line of the request body in its file, counted from 1; `None` if there was no body.
    pub request: Option<usize>,
    pub status: u16,
    /// The recorded headers of the response.
    pub headers: BTreeMap<String, String>,
    /// The line of the response body in its file, counted from 1; `None` if the body was empty or not JSON.
    pub response: Option<usize>,
}

/// Returns the name of the file with the request bodies of an operation.
pub(crate) fn request_file(operation: &str) -> String {
    format!("{operation}.request.ndjson")
}

/// Returns the name of the file with the response bodies of an operation and status.
pub(crate) fn response_file(operation: &str, status: u16) -> String {
    format!("{operation}.{status}.ndjson")
}

/// Checks whether a response header is recorded.
pub(crate) fn is_recorded_header(name: &str) -> bool {
    let is_limit = name.contains("ratelimit") || name.contains("rate-limit");
    let others = [
        "content-type",
        "retry-after",
        "x-request-id",
        "request-id",
        "x-correlation-id",
    ];
    is_limit && !name.contains(|c: char| c.is_ascii_digit()) || others.contains(&name)
}
