//! A proxy that writes down what it passes on, without keys and personal data.

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
use redact::{Checks, Redactor};
use stand_in::StandIns;
use upstream::{Answer, Failure, Upstream, chain};

use crate::{
    connection::{Handler, Listening},
    contract::{Contract, Route},
    recorded::{self, EXCHANGES, Exchange},
    reply::Reply,
    server::StartError,
};

/// A proxy on loopback that passes requests on to a service and records them with their answers. It stops when it is dropped.
///
/// Keys, identifiers, texts, numbers, telephone numbers, addresses and so on are replaced by stand-ins of the same form, the
/// same original by the same stand-in everywhere in a recording. What stays:
///
/// - where the document marks `x-personal-data: false`: numbers, those in texts too, moments, the documented default, and at an enumeration its
///   values, with those that the document does not know yet;
/// - names of properties and parameters that the document has, and others that are plain words, names in metadata among them;
/// - `true`, `false` and `null`.
///
/// Requests and answers to operations that the document does not have are passed on and not recorded, as are requests whose
/// body is no JSON. Bodies are recorded decompressed and as UTF-8. A body that cannot be decoded, or is no JSON, is left out. Each is
/// said on standard error.
///
/// [`MockServerBuilder::replay`](crate::MockServerBuilder::replay) serves what was recorded; `cargo xtask drift` and
/// `cargo xtask validate` read the bodies in the folder, which has a file for each kind of them:
/// `update_call.request.ndjson`, `update_call.200.ndjson`, and so on.
pub struct Recorder {
    listening: Listening,
}

impl Recorder {
    /// Starts to record into a folder, which is made. `port` 0 is a free one. The upstream's address is what clients have as
    /// their base URL without the proxy.
    ///
    /// # Errors
    /// Where the port can't be had, the address is none or would send the key over a network in the open, the folder can't be
    /// written, or has a recording already.
    pub fn start(upstream: &str, folder: impl AsRef<Path>, port: u16) -> Result<Self, StartError> {
        let contract = Contract::get().map_err(StartError::new)?;
        let recording = Recording {
            stand_ins: StandIns::default(),
            checks: Checks::default(),
            files: Files::begin(folder.as_ref())?,
        };
        let proxy = Proxy {
            upstream: Upstream::at(upstream)?,
            contract,
            recording: Mutex::new(recording),
        };
        Ok(Self {
            listening: Listening::on(port, Arc::new(proxy))?,
        })
    }

    /// Where the proxy listens: the base URL for a client.
    #[must_use]
    pub fn url(&self) -> String {
        self.listening.url()
    }

    /// Waits until the proxy stops, which it does only where it fails.
    pub fn wait(self) {
        self.listening.wait();
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

/// What there is so far.
struct Recording {
    stand_ins: StandIns,
    checks: Checks,
    files: Files,
}

impl Handler for Proxy {
    async fn answer(self: Arc<Self>, parts: Parts, body: Option<Bytes>) -> Option<Response<Full<Bytes>>> {
        // On its own, so that what the service has done is written down where the client did not wait for it.
        tokio::spawn(self.exchange(parts, body)).await.ok()
    }
}

impl Proxy {
    async fn exchange(self: Arc<Self>, parts: Parts, body: Option<Bytes>) -> Response<Full<Bytes>> {
        let Some(body) = body else {
            return refusal(413, "the body is too large or did not come to its end");
        };
        let answer = match self.upstream.pass_on(&parts, body.clone()).await {
            Ok(answer) => answer,
            Err(Failure::Address) => return refusal(400, "the address would be changed on its way"),
            Err(Failure::Http(error)) => {
                let said = format!("there is no whole answer of the upstream: {}", chain(&error));
                note(&said);
                return refusal(502, &said);
            }
        };
        if let Err(error) = self.record(&parts, &body, &answer) {
            note(&format!("an exchange is not recorded: {error}"));
        }
        let mut response = Response::new(Full::new(answer.body));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response
    }

    /// Writes an exchange down, if the document has its operation.
    fn record(&self, parts: &Parts, body: &Bytes, answer: &Answer) -> io::Result<()> {
        let mut recording = self.recording.lock().unwrap_or_else(PoisonError::into_inner);
        let Recording {
            stand_ins,
            checks,
            files,
        } = &mut *recording;
        hide_keys(&parts.headers, self.contract.key_header.as_deref(), stand_ins);
        let Route::Operation(operation, _) = self.contract.route(parts.method.as_str(), parts.uri.path()) else {
            return Err(io::Error::other("the document has no such operation"));
        };
        let request = json(body);
        if request.is_none() && !body.is_empty() {
            return Err(io::Error::other(format!("a request of {} is no JSON", operation.id)));
        }
        let said = match content(&answer.headers, &answer.body) {
            Ok(content) if content.is_empty() => Ok(None),
            Ok(content) => json(&content).map(Some).ok_or_else(|| "is not JSON".to_owned()),
            Err(problem) => Err(problem),
        };
        let said = said.unwrap_or_else(|problem| {
            note(&format!(
                "a response to {} {problem}; it is recorded without its body, and replay sends none",
                operation.id
            ));
            None
        });
        let status = answer.status.as_u16();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let mut redactor = Redactor {
            document: &self.contract.document,
            stand_ins,
            checks,
        };
        let path = redactor.target(operation, target);
        let request = request.map(|body| redactor.body(operation.request_schema(), &body));
        let said = said.map(|body| redactor.body(operation.answer_schema(status), &body));
        let exchange = Exchange {
            operation: operation.id.clone(),
            method: parts.method.to_string(),
            path,
            request: files.append_some(recorded::requests(&operation.id), request)?,
            status,
            headers: redactor.headers(&answer.headers),
            answer: files.append_some(recorded::answers(&operation.id, status), said)?,
        };
        // Last, so that a recording that is ended in between refers to nothing that is not there.
        files.append(EXCHANGES.to_owned(), &serde_json::to_string(&exchange)?)?;
        Ok(())
    }
}

/// All that a request is let in by.
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

fn note(said: &str) {
    eprintln!("callrounded-mock: {said}");
}

fn refusal(status: u16, message: &str) -> Response<Full<Bytes>> {
    Reply::refusal(status, "recorder_error", message, &[]).into_response()
}

/// A body that is JSON in the strict sense, as what `validate` and `drift` read is.
fn json(body: &Bytes) -> Option<Json> {
    Json::read(std::str::from_utf8(body).ok()?).ok()
}
