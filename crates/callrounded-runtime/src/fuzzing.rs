//! Decodes responses and headers without a network, for fuzz targets. Available only with `--cfg fuzzing`.
#![allow(missing_docs)]

use std::sync::Arc;

use reqwest::{StatusCode, header::HeaderMap};

pub use crate::retry_after::retry_after;
use crate::{Error, Operation, OperationInfo, RawResponse, client};

/// Decodes a response and formats the result or the error.
pub fn read<O: Operation>(info: &'static OperationInfo, status: u16, body: &[u8]) {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let response = Arc::new(RawResponse {
        status,
        headers: HeaderMap::new(),
        body: body.to_vec().into(),
    });
    let outcome = if status.is_success() {
        client::decoded::<O>(response, 1, info)
    } else {
        Err(Error::unsuccessful(response, None, false, true))
    };
    match outcome {
        Ok(response) => drop(format!("{response:?}")),
        Err(error) => drop(format!("{error} {error:?}")),
    }
}
