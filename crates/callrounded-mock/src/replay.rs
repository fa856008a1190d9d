//! Replays a recording: each request gets its recorded responses.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use percent_encoding::percent_decode_str;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{
    contract::Contract,
    error::StartError,
    log::SeenRequest,
    recorded::{self, EXCHANGES, Exchange},
    reply::{FINAL_STATUSES, Reply},
};

pub(crate) struct Recording {
    /// The recorded requests, by method, path and query.
    requests: Mutex<HashMap<RequestKey, Vec<Recorded>>>,
}

/// The method, decoded path, and decoded and sorted query parameters of a request.
type RequestKey = (String, String, Vec<String>);

/// A request body and the responses to it, in order.
struct Recorded {
    /// `Null` if there was no body.
    body: Value,
    responses: Vec<Reply>,
    /// The number of responses that were sent.
    sent: usize,
}

impl Recording {
    /// Starts again with the first response to each request.
    pub fn restart(&self) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for recorded in requests.values_mut().flatten() {
            recorded.sent = 0;
        }
    }

    /// Reads the recording in a directory.
    pub fn read(directory: &Path, contract: &Contract) -> Result<Self, StartError> {
        let mut bodies = Bodies {
            directory,
            files: HashMap::new(),
        };
        let mut requests: HashMap<RequestKey, Vec<Recorded>> = HashMap::new();
        for (index, text) in lines(&directory.join(EXCHANGES))?.iter().enumerate() {
            if text.is_empty() {
                continue;
            }
            let invalid = |reason: String| {
                StartError::new(format!(
                    "invalid exchange in line {} of {}: {reason}",
                    index + 1,
                    directory.join(EXCHANGES).display()
                ))
            };
            let exchange: Exchange = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
            // The operation is part of file names, so it must not be a path.
            if !contract
                .operations
                .iter()
                .any(|operation| operation.id == exchange.operation)
            {
                return Err(invalid(format!(
                    "the document has no operation `{}`",
                    exchange.operation
                )));
            }
            let body = match exchange.request {
                Some(line) => {
                    let text = bodies.line(recorded::request_file(&exchange.operation), line)?;
                    serde_json::from_str(&text)
                        .map_err(|error| invalid(format!("the request body is not JSON: {error}")))?
                }
                None => Value::Null,
            };
            let response = match exchange.response {
                Some(line) => {
                    let text = bodies.line(recorded::response_file(&exchange.operation, exchange.status), line)?;
                    serde_json::from_str::<IgnoredAny>(&text)
                        .map_err(|error| invalid(format!("the response body is not JSON: {error}")))?;
                    text
                }
                None => String::new(),
            };
            let reply = reply(&exchange, response).map_err(invalid)?;
            let key = request_key(&exchange.method, &exchange.path);
            let same_key = requests.entry(key).or_default();
            match same_key.iter_mut().find(|recorded| recorded.body == body) {
                Some(recorded) => recorded.responses.push(reply),
                None => same_key.push(Recorded {
                    body,
                    responses: vec![reply],
                    sent: 0,
                }),
            }
        }
        Ok(Self {
            requests: Mutex::new(requests),
        })
    }

    /// Returns the next recorded response to a request, or a 501 if the request was not recorded.
    pub fn respond(&self, request: &SeenRequest) -> Reply {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let same_key = requests.get_mut(&request_key(request.method.as_str(), &request.path));
        let has_other_bodies = same_key.is_some();
        let body = request.json().unwrap_or_default();
        let reply = same_key
            .into_iter()
            .flatten()
            .find(|recorded| recorded.body == body)
            .and_then(|recorded| {
                let last = recorded.responses.len().saturating_sub(1);
                let reply = recorded.responses.get(recorded.sent.min(last))?.clone();
                recorded.sent += 1;
                Some(reply)
            });
        reply.unwrap_or_else(|| {
            let message = if has_other_bodies {
                "this request was recorded only with other bodies"
            } else {
                "this request was not recorded"
            };
            Reply::refusal(501, "not_recorded", message, &[])
        })
    }
}

/// The body files that were read.
struct Bodies<'f> {
    directory: &'f Path,
    files: HashMap<String, Vec<String>>,
}

impl Bodies<'_> {
    fn line(&mut self, name: String, number: usize) -> Result<String, StartError> {
        let path = self.directory.join(&name);
        let file = match self.files.entry(name) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(lines(&path)?),
        };
        let line = number.checked_sub(1).and_then(|index| file.get(index));
        line.cloned().ok_or_else(|| {
            StartError::new(format!(
                "{EXCHANGES} refers to line {number} of {}, which does not exist",
                path.display()
            ))
        })
    }
}

fn lines(path: &Path) -> Result<Vec<String>, StartError> {
    let text = fs::read_to_string(path)
        .map_err(|error| StartError::of(format!("cannot read the recording {}", path.display()), error))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn request_key(method: &str, target: &str) -> RequestKey {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut parameters: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| decoded(&pair.replace('+', " ")))
        .collect();
    parameters.sort_unstable();
    (method.to_owned(), decoded(path), parameters)
}

fn reply(exchange: &Exchange, body: String) -> Result<Reply, String> {
    if !FINAL_STATUSES.contains(&exchange.status) {
        return Err(format!(
            "invalid status {}: expected a status from 200 to 599",
            exchange.status
        ));
    }
    let mut headers = Vec::new();
    for (name, value) in &exchange.headers {
        let header = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
        let header = header.filter(|(name, _)| recorded::is_recorded_header(name.as_str()));
        let header = header.ok_or_else(|| format!("invalid header `{name}`: recordings do not contain it"))?;
        // A client would trust a content type whose body was left out.
        if !body.is_empty() || header.0 != header::CONTENT_TYPE {
            headers.push(header);
        }
    }
    Ok(Reply {
        status: exchange.status,
        headers,
        body: Bytes::from(body),
        problems: Vec::new(),
    })
}
