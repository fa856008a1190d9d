//! The decoders without the network around them, for the fuzz targets in `tests/fuzz`; there only with `--cfg fuzzing`.
#![allow(missing_docs)]

use std::sync::Arc;

use callrounded_api::{
    RawAnswer,
    types::{CallListResponse, CallResponse, StartPhoneCallResponse, TerminateCallResponse},
};
use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    answer::{Envelope, Shown},
    client,
};

/// Reads the answer and prints all that can be printed of it.
fn read<E: Envelope>(status: u16, body: &[u8])
where
    E::Data: Shown,
{
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let answer = Arc::new(RawAnswer {
        status,
        headers: HeaderMap::new(),
        body: body.to_vec().into(),
    });
    let outcome = if status.is_success() {
        client::read::<E>(answer, 1)
    } else {
        Err(crate::Error::refused(answer, None, false))
    };
    match outcome {
        Ok(answer) => drop(format!("{answer:?}")),
        Err(error) => drop(format!("{error} {error:?}")),
    }
}

pub fn call(status: u16, body: &[u8]) {
    read::<CallResponse>(status, body);
}

pub fn list(status: u16, body: &[u8]) {
    read::<CallListResponse>(status, body);
}

pub fn started_call(status: u16, body: &[u8]) {
    read::<StartPhoneCallResponse>(status, body);
}

pub fn terminated_call(status: u16, body: &[u8]) {
    read::<TerminateCallResponse>(status, body);
}
