//! Handles requests and reads recordings without a network, for fuzz targets. Available only with `--cfg fuzzing`.
#![allow(missing_docs)]

use std::{
    path::Path,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use callrounded_document::json::Json;
use http::Request;
use http_body_util::BodyExt;
use tokio::runtime::{Builder, Runtime};

use crate::{calls::Calls, connection::Handler as _, contract::Contract, replay::Recording, service::Service};

const KEY: &str = "key";
/// The state is reset after so many requests, since some add to it.
const REQUESTS: u32 = 256;

pub struct Handler {
    service: Arc<Service>,
    /// Its timer is needed for delays, which are not awaited.
    runtime: Runtime,
    requests: u32,
    /// Whether a request changed how the server responds.
    is_controlled: bool,
}

impl Handler {
    /// # Errors
    /// If the document is invalid, or there is no runtime.
    pub fn new() -> Result<Self, String> {
        let contract = Contract::get()?;
        let calls = Calls::new(30, None, contract.calls.clone());
        let runtime = Builder::new_current_thread().enable_time().build();
        Ok(Self {
            service: Arc::new(Service::new(contract, KEY.to_owned(), calls, Some(16), None)),
            runtime: runtime.map_err(|error| error.to_string())?,
            requests: 0,
            is_controlled: false,
        })
    }

    /// Handles a request.
    ///
    /// # Errors
    /// If the response is not what a client can expect.
    pub fn handle(&mut self, method: &str, target: &str, with_key: bool, body: &[u8]) -> Result<(), String> {
        self.requests += 1;
        if self.requests.is_multiple_of(REQUESTS) {
            self.service.reset();
            self.is_controlled = false;
        }
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", "127.0.0.1");
        if with_key {
            request = request.header("x-api-key", KEY);
        }
        // What is not a request does not reach the service.
        let Ok(request) = request.body(()) else { return Ok(()) };
        let (parts, ()) = request.into_parts();
        let _guard = self.runtime.enter();
        let mut context = Context::from_waker(Waker::noop());
        let respond = Arc::clone(&self.service).respond(parts, Ok(Bytes::copy_from_slice(body)));
        let Poll::Ready(response) = pin!(respond).poll(&mut context) else {
            return Ok(());
        };
        let is_control = target.starts_with("/_mock");
        self.is_controlled |= is_control && method != "GET";
        let Some(response) = response else {
            return if self.is_controlled {
                Ok(())
            } else {
                Err("the connection is reset".to_owned())
            };
        };
        let status = response.status();
        if status == 500 && !self.is_controlled {
            return Err("500".to_owned());
        }
        let is_json = response
            .headers()
            .get("content-type")
            .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
        let Poll::Ready(Ok(body)) = pin!(response.into_body().collect()).poll(&mut context) else {
            return Err("the body is not complete".to_owned());
        };
        let body = body.to_bytes();
        // serde_json rejects numbers that do not fit into a double, which are sent back as they were received.
        if is_json && !self.is_controlled {
            let text = String::from_utf8_lossy(&body);
            Json::read(text).map_err(|error| format!("{status}: the body is not JSON: {error}"))?;
        }
        Ok(())
    }
}

/// Reads the recording in a directory.
pub fn read_recording(directory: &Path) {
    if let Ok(contract) = Contract::get()
        && let Err(error) = Recording::read(directory, &contract)
    {
        drop(error.to_string());
    }
}
