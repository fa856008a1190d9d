//! A recording proxy: it writes requests and responses to files, without API keys and personal data.

mod content;
mod files;
mod redact;
mod stand_in;
mod upstream;

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use callrounded_document::json::Json;
use content::content;
use files::Files;
use http::{HeaderMap, Response, header, request::Parts};
use http_body_util::Full;
use redact::{Redactor, Validators};
use stand_in::StandIns;
use upstream::{ForwardError, Upstream, UpstreamResponse, chain};

use crate::{
    connection::{BodyError, Handler, Listener},
    contract::{Contract, Route},
    error::StartError,
    recorded::{self, EXCHANGES, Exchange},
    reply::Reply,
};

/// A proxy on loopback that forwards requests to a service and records them with their responses (feature `record`). It
/// stops when it is dropped.
///
/// API keys, identifiers, strings, numbers, phone numbers, addresses and so on are replaced by stand-ins of the same
/// form. Equal values get equal stand-ins everywhere in a recording. The following values are kept:
///
/// - where the document has `x-personal-data: false`: numbers, decimal numbers in strings, timestamps, the documented
///   default, and the values of an enumeration, including undocumented values that look like words;
/// - names of documented properties and parameters, and other names that look like words, including those in metadata;
/// - `true`, `false` and `null`.
///
/// Requests for operations that the document does not have are forwarded but not recorded, as are requests whose body
/// is not JSON. Bodies are recorded decompressed and as UTF-8. A response body that cannot be decoded, or is not JSON,
/// is left out. Each of these cases is reported on standard error.
///
/// [`MockServerBuilder::replay`](crate::MockServerBuilder::replay) replays a recording. `cargo xtask drift` and
/// `cargo xtask validate` read its bodies, which are in a file for each operation and status:
/// `update_call.request.ndjson`, `update_call.200.ndjson`, and so on.
pub struct Recorder {
    listener: Listener,
}

impl Recorder {
    /// Starts to record into a directory, which is created. It must not contain a recording. `port` 0 selects a free
    /// port. `upstream` is the base URL of the service.
    ///
    /// # Errors
    /// If the proxy cannot listen on the port, the URL is invalid or has plain `http` to another host (which would send
    /// the API key unencrypted), or the directory cannot be written or already contains a recording.
    pub fn start(upstream: &str, directory: impl AsRef<Path>, port: u16) -> Result<Self, StartError> {
        let contract = Contract::get().map_err(StartError::new)?;
        let recording = Recording {
            stand_ins: StandIns::default(),
            validators: Validators::default(),
            files: Files::create(directory.as_ref())?,
        };
        let proxy = Proxy {
            upstream: Upstream::at(upstream)?,
            contract,
            recording: Mutex::new(recording),
        };
        Ok(Self {
            listener: Listener::start(port, Arc::new(proxy))?,
        })
    }

    /// Returns the URL of the proxy, such as `http://127.0.0.1:4011`: the base URL for a client.
    #[must_use]
    pub fn url(&self) -> String {
        self.listener.url()
    }

    /// Waits until the proxy stops, which it does only on failure.
    pub fn wait(self) {
        self.listener.wait();
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

struct Proxy {
    upstream: Upstream,
    contract: Arc<Contract>,
    recording: Mutex<Recording>,
}

/// The state of the recording.
struct Recording {
    stand_ins: StandIns,
    validators: Validators,
    files: Files,
}

impl Handler for Proxy {
    async fn respond(self: Arc<Self>, parts: Parts, body: Result<Bytes, BodyError>) -> Option<Response<Full<Bytes>>> {
        // A task of its own, so that the exchange is recorded even if the client disconnects.
        tokio::spawn(self.exchange(parts, body)).await.ok()
    }
}

impl Proxy {
    async fn exchange(self: Arc<Self>, parts: Parts, body: Result<Bytes, BodyError>) -> Response<Full<Bytes>> {
        let body = match body {
            Ok(body) => body,
            Err(error) => return refusal(error.status(), &error.to_string()),
        };
        let received = match self.upstream.forward(&parts, body.clone()).await {
            Ok(received) => received,
            Err(ForwardError::Url) => {
                let message =
                    "cannot forward the request: its URL has a dot segment or a character to be percent-encoded";
                return refusal(400, message);
            }
            Err(ForwardError::Http(error)) => {
                let message = format!("no complete response from the upstream: {}", chain(&error));
                warn(&message);
                return refusal(502, &message);
            }
        };
        if let Err(error) = self.record(&parts, &body, &received) {
            warn(&format!("an exchange is not recorded: {error}"));
        }
        let mut response = Response::new(Full::new(received.body));
        *response.status_mut() = received.status;
        *response.headers_mut() = received.headers;
        response
    }

    /// Records an exchange, if the document has its operation.
    fn record(&self, parts: &Parts, body: &Bytes, received: &UpstreamResponse) -> io::Result<()> {
        let mut recording = self.recording.lock().unwrap_or_else(PoisonError::into_inner);
        let Recording {
            stand_ins,
            validators,
            files,
        } = &mut *recording;
        hide_keys(&parts.headers, self.contract.key_header.as_deref(), stand_ins);
        let Route::Operation(operation, _) = self.contract.route(parts.method.as_str(), parts.uri.path()) else {
            return Err(io::Error::other(
                "the document has no operation for this method and path",
            ));
        };
        let request = json(body);
        if request.is_none() && !body.is_empty() {
            return Err(io::Error::other(format!(
                "the request body for {} is not JSON",
                operation.id
            )));
        }
        let response = match content(&received.headers, &received.body) {
            Ok(content) if content.is_empty() => Ok(None),
            Ok(content) => json(&content).map(Some).ok_or_else(|| "is not JSON".to_owned()),
            Err(problem) => Err(problem),
        };
        let response = response.unwrap_or_else(|problem| {
            warn(&format!(
                "a response body of {} {problem}; the response is recorded and replayed without a body",
                operation.id
            ));
            None
        });
        let status = received.status.as_u16();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let mut redactor = Redactor {
            document: &self.contract.document,
            stand_ins,
            validators,
        };
        let path = redactor.target(operation, target);
        let request = request.map(|body| redactor.body(operation.request_schema(), &body));
        let response = response.map(|body| redactor.body(operation.response_schema(status), &body));
        let exchange = Exchange {
            operation: operation.id.clone(),
            method: parts.method.to_string(),
            path,
            request: files.append_some(recorded::request_file(&operation.id), request)?,
            status,
            headers: redactor.headers(&received.headers),
            response: files.append_some(recorded::response_file(&operation.id, status), response)?,
        };
        // Written last, so that an interrupted recording has no reference to a missing line.
        files.append(EXCHANGES.to_owned(), &serde_json::to_string(&exchange)?)?;
        Ok(())
    }
}

/// Registers all credentials of a request, to keep them out of the recording.
fn hide_keys(headers: &HeaderMap, key_header: Option<&str>, stand_ins: &mut StandIns) {
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if key_header == Some(name.as_str()) {
            stand_ins.hide(&value);
        } else if [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE].contains(name) {
            stand_ins.hide(&value);
            // `Bearer key`, `name=key; name=key`
            for part in value.split([' ', ';']) {
                stand_ins.hide(part.split_once('=').map_or(part, |(_, value)| value));
            }
        }
    }
}

fn warn(message: &str) {
    eprintln!("callrounded-mock: {message}");
}

fn refusal(status: u16, message: &str) -> Response<Full<Bytes>> {
    Reply::refusal(status, "recorder_error", message, &[]).into_response()
}

/// Parses a body as strict JSON, like `validate` and `drift`; `None` if it is not JSON.
fn json(body: &Bytes) -> Option<Json> {
    Json::read(std::str::from_utf8(body).ok()?).ok()
}
