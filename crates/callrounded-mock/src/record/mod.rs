//! A proxy that writes down what it passes on, without keys and personal data.

mod redact;
mod stand_in;

use std::{
    collections::{BTreeMap, HashMap},
    error::Error,
    fmt,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use callrounded_document::json::Json;
use http::{HeaderMap, HeaderName, Response, header, request::Parts};
use http_body_util::Full;
use redact::Redactor;
use reqwest::Url;
use stand_in::StandIns;

use crate::{
    connection::{Handler, Listening},
    contract::{Contract, Route},
    recorded::{self, EXCHANGES, Exchange},
    reply::Reply,
    server::StartError,
};

/// An attempt of the client ends earlier unless it is told otherwise.
const LONGEST: Duration = Duration::from_secs(300);

/// What is said between two ends of a connection, and not between client and service; and what this proxy does itself.
const OF_THE_CONNECTION: [HeaderName; 9] = [
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::PROXY_AUTHENTICATE,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// A proxy on loopback that passes requests on to a service and records them with their answers. It stops when it is dropped.
///
/// Keys, identifiers, texts, numbers, telephone numbers, addresses and so on are replaced by stand-ins of the same form, the
/// same original by the same stand-in everywhere in a recording. What stays is what the document marks
/// `x-personal-data: false` where it is a word, a moment, a number or the documented default, names that are plain words,
/// `true`, `false` and `null`. Names of properties of metadata are among those names.
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
    pub fn start(upstream: &str, folder: impl Into<PathBuf>, port: u16) -> Result<Self, StartError> {
        let contract = Contract::read().map_err(|found| StartError::new(found.to_string()))?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(LONGEST)
            .build()
            .map_err(|error| StartError::new(format!("no HTTP client: {}", chain(&error))))?;
        let folder = folder.into();
        let proxy = Proxy {
            upstream: address(upstream)?,
            contract,
            client,
            recording: Mutex::new(Recording::begin(&folder)?),
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

/// The base of an upstream, without a slash at its end.
fn address(upstream: &str) -> Result<String, StartError> {
    // The address may hold a password, so it is not repeated.
    let refused = |why: &str| StartError::new(format!("the upstream {why}"));
    let url = Url::parse(upstream).map_err(|error| refused(&format!("is no address: {error}")))?;
    let is_here = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => {
            return Err(refused(
                "would get the key over a network in the open; give it as https",
            ));
        }
        _ => return Err(refused("is neither https nor http")),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(refused("is more than scheme, host, port and path"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

struct Proxy {
    upstream: String,
    contract: Contract,
    client: reqwest::Client,
    recording: Mutex<Recording>,
}

impl Handler for Proxy {
    async fn answer(&self, parts: Parts, body: Option<Bytes>) -> Option<Response<Full<Bytes>>> {
        let Some(body) = body else {
            return Some(refusal(413, "the body is too large or did not come to its end"));
        };
        let answer = match self.pass_on(&parts, body.clone()).await {
            Ok(answer) => answer,
            Err(error) => {
                // The address in it would be that of the call.
                let error = error.without_url();
                return Some(refusal(502, &format!("the upstream did not answer: {}", chain(&error))));
            }
        };
        if let Err(error) = self.record(&parts, &body, &answer) {
            eprintln!("callrounded-mock: an exchange was not recorded: {error}");
        }
        let Answer { status, headers, body } = answer;
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Some(response)
    }
}

fn refusal(status: u16, message: &str) -> Response<Full<Bytes>> {
    Reply::refusal(status, "recorder_error", message, &[]).into_response()
}

struct Answer {
    status: http::StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Proxy {
    async fn pass_on(&self, parts: &Parts, body: Bytes) -> reqwest::Result<Answer> {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let answer = self
            .client
            .request(parts.method.clone(), format!("{}{target}", self.upstream))
            .headers(passed_on(&parts.headers))
            .body(body)
            .send()
            .await?;
        Ok(Answer {
            status: answer.status(),
            headers: passed_on(answer.headers()),
            body: answer.bytes().await?,
        })
    }

    /// Writes an exchange down, if the document has its operation.
    fn record(&self, parts: &Parts, body: &Bytes, answer: &Answer) -> io::Result<()> {
        let mut recording = self.recording.lock().unwrap_or_else(PoisonError::into_inner);
        let recording = &mut *recording;
        for (name, value) in &parts.headers {
            let is_key = self.contract.key_header.as_deref() == Some(name.as_str());
            if is_key || *name == header::AUTHORIZATION {
                // What is no text can't be repeated in JSON.
                recording.stand_ins.hide(value.to_str().unwrap_or_default());
            }
        }
        let Route::Operation(operation, _) = self.contract.route(parts.method.as_str(), parts.uri.path()) else {
            return Err(io::Error::other("the document has no such operation"));
        };
        let mut redactor = Redactor {
            document: &self.contract.document,
            stand_ins: &mut recording.stand_ins,
        };
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let path = redactor.target(operation, target);
        let request = json(body).map(|body| redactor.body(operation.request_schema(), &body));
        let status = answer.status.as_u16();
        let body = json(&answer.body).map(|body| redactor.body(operation.answer_schema(status), &body));
        let headers = redacted_headers(&answer.headers, redactor.stand_ins);
        let exchange = Exchange {
            operation: operation.id.clone(),
            method: parts.method.to_string(),
            path,
            request: recording
                .files
                .append_some(recorded::requests(&operation.id), request)?,
            status,
            headers,
            answer: recording
                .files
                .append_some(recorded::answers(&operation.id, status), body)?,
        };
        let line = serde_json::to_string(&exchange)?;
        // Last, so that a recording that is ended in between refers to nothing that is not there.
        recording.files.append(EXCHANGES.to_owned(), &line)?;
        Ok(())
    }
}

fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A body that is JSON in the strict sense, as what `validate` and `drift` read is.
fn json(body: &Bytes) -> Option<Json> {
    Json::read(std::str::from_utf8(body).ok()?).ok()
}

/// The headers that a client acts upon.
fn redacted_headers(headers: &HeaderMap, stand_ins: &mut StandIns) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    for (name, value) in headers {
        let (name, Ok(value)) = (name.as_str(), value.to_str()) else {
            continue;
        };
        let value = match name {
            "content-type" => value.to_owned(),
            "retry-after" => value.to_owned(),
            _ if name.contains("ratelimit") || name.contains("rate-limit") => value.to_owned(),
            _ if name.ends_with("request-id") || name.ends_with("correlation-id") => stand_ins.text(value, false),
            _ => continue,
        };
        kept.insert(name.to_owned(), value);
    }
    kept
}

/// What a recording has so far.
struct Recording {
    stand_ins: StandIns,
    files: Files,
}

impl Recording {
    fn begin(folder: &Path) -> Result<Self, StartError> {
        let cannot = |error| StartError::of(format!("nothing can be recorded in {}", folder.display()), error);
        fs::create_dir_all(folder).map_err(cannot)?;
        // Stand-ins of one recording mean nothing in another.
        let exchanges = File::create_new(folder.join(EXCHANGES)).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => StartError::new(format!(
                "{} has a recording; give another folder, or remove it",
                folder.display()
            )),
            _ => cannot(error),
        })?;
        Ok(Self {
            stand_ins: StandIns::default(),
            files: Files {
                folder: folder.to_owned(),
                open: HashMap::from([(EXCHANGES.to_owned(), (exchanges, 0))]),
            },
        })
    }
}

/// The files of a recording, each with its number of lines.
struct Files {
    folder: PathBuf,
    open: HashMap<String, (File, usize)>,
}

impl Files {
    /// Adds a line and says which one it is, counted from 1.
    fn append(&mut self, name: String, line: &str) -> io::Result<usize> {
        let path = self.folder.join(&name);
        let (file, lines) = match self.open.entry(name) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => entry.insert((File::create_new(path)?, 0)),
        };
        file.write_all(format!("{line}\n").as_bytes())?;
        *lines += 1;
        Ok(*lines)
    }

    fn append_some(&mut self, name: String, line: Option<String>) -> io::Result<Option<usize>> {
        line.map(|line| self.append(name, &line)).transpose()
    }
}

/// An error with what it comes from.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}
