//! How a recording lies in its folder: the exchanges in their order, and beside them the bodies by what they are, one a line,
//! so that `cargo xtask validate` and `cargo xtask drift` read them as they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The exchanges, one a line.
pub(crate) const EXCHANGES: &str = "exchanges.ndjson";

/// A request and its answer.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    /// The `operationId`.
    pub operation: String,
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The line of the request in its file, counted from 1; `None` where it had no body.
    pub request: Option<usize>,
    pub status: u16,
    /// Those headers of the answer that mean something to a client.
    pub headers: BTreeMap<String, String>,
    /// The line of the answer in its file, counted from 1; `None` where its body was no JSON.
    pub answer: Option<usize>,
}

/// The file of the requests of an operation.
pub(crate) fn requests(operation: &str) -> String {
    format!("{operation}.request.ndjson")
}

/// The file of the answers of an operation with a status.
pub(crate) fn answers(operation: &str, status: u16) -> String {
    format!("{operation}.{status}.ndjson")
}

/// Whether a header of an answer is one that a recording has.
pub(crate) fn has_header(name: &str) -> bool {
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
