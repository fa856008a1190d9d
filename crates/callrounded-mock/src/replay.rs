//! Answers that were recorded, to the requests that they were recorded of.

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
    log::SeenRequest,
    recorded::{self, EXCHANGES, Exchange},
    reply::{IS_STATUS, Reply},
    server::StartError,
};

pub(crate) struct Recording {
    /// By method, path and query.
    requests: Mutex<HashMap<Line, Vec<Recorded>>>,
}

/// Method, path and parameters of a request, however they were encoded and in whichever order they came.
type Line = (String, String, Vec<String>);

/// A request body and what came of it, one answer after the other.
struct Recorded {
    /// Null where there was none.
    body: Value,
    answers: Vec<Reply>,
    given: usize,
}

impl Recording {
    /// Begins with the first answer to each request again.
    pub fn restart(&self) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for recorded in requests.values_mut().flatten() {
            recorded.given = 0;
        }
    }

    /// Reads the recording in a folder.
    pub fn read(folder: &Path, contract: &Contract) -> Result<Self, StartError> {
        let mut bodies = Bodies {
            folder,
            files: HashMap::new(),
        };
        let mut requests: HashMap<Line, Vec<Recorded>> = HashMap::new();
        for (index, text) in lines(&folder.join(EXCHANGES))?.iter().enumerate() {
            if text.is_empty() {
                continue;
            }
            let damaged = |why: String| {
                StartError::new(format!(
                    "line {} of {} is no recorded exchange: {why}",
                    index + 1,
                    folder.join(EXCHANGES).display()
                ))
            };
            let exchange: Exchange = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
            // It is part of the names of files.
            if !contract
                .operations
                .iter()
                .any(|operation| operation.id == exchange.operation)
            {
                return Err(damaged(format!(
                    "the document has no operation `{}`",
                    exchange.operation
                )));
            }
            let body = match exchange.request {
                Some(line) => {
                    let text = bodies.line(recorded::requests(&exchange.operation), line)?;
                    serde_json::from_str(&text).map_err(|error| damaged(format!("its request: {error}")))?
                }
                None => Value::Null,
            };
            let answer = match exchange.answer {
                Some(line) => {
                    let text = bodies.line(recorded::answers(&exchange.operation, exchange.status), line)?;
                    serde_json::from_str::<IgnoredAny>(&text)
                        .map_err(|error| damaged(format!("its answer: {error}")))?;
                    text
                }
                None => String::new(),
            };
            let reply = reply(&exchange, answer).map_err(damaged)?;
            let same = requests.entry(line(&exchange.method, &exchange.path)).or_default();
            match same.iter_mut().find(|recorded| recorded.body == body) {
                Some(recorded) => recorded.answers.push(reply),
                None => same.push(Recorded {
                    body,
                    answers: vec![reply],
                    given: 0,
                }),
            }
        }
        Ok(Self {
            requests: Mutex::new(requests),
        })
    }

    /// What was answered to such a request.
    pub fn answer(&self, request: &SeenRequest) -> Reply {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let same = requests.get_mut(&line(request.method.as_str(), &request.path));
        let others = same.is_some();
        let body = request.json().unwrap_or_default();
        let found = same
            .into_iter()
            .flatten()
            .find(|recorded| recorded.body == body)
            .and_then(|recorded| {
                let last = recorded.answers.len().saturating_sub(1);
                let reply = recorded.answers.get(recorded.given.min(last))?.clone();
                recorded.given += 1;
                Some(reply)
            });
        found.unwrap_or_else(|| {
            let message = match others {
                true => "this request was recorded with other bodies only",
                false => "no such request was recorded",
            };
            Reply::refusal(501, "not_recorded", message, &[])
        })
    }
}

/// The files of bodies that were read.
struct Bodies<'f> {
    folder: &'f Path,
    files: HashMap<String, Vec<String>>,
}

impl Bodies<'_> {
    fn line(&mut self, name: String, number: usize) -> Result<String, StartError> {
        let path = self.folder.join(&name);
        let file = match self.files.entry(name) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(lines(&path)?),
        };
        let line = number.checked_sub(1).and_then(|index| file.get(index));
        line.cloned().ok_or_else(|| {
            StartError::new(format!(
                "{} has no line {number}, which {EXCHANGES} refers to",
                path.display()
            ))
        })
    }
}

fn lines(path: &Path) -> Result<Vec<String>, StartError> {
    let text = fs::read_to_string(path)
        .map_err(|error| StartError::of(format!("the recording {} can't be read", path.display()), error))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn line(method: &str, target: &str) -> Line {
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
    if !IS_STATUS.contains(&exchange.status) {
        return Err(format!("{} is no status of an answer", exchange.status));
    }
    let mut headers = Vec::new();
    for (name, value) in &exchange.headers {
        let header = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
        let header = header.filter(|(name, _)| recorded::has_header(name.as_str()));
        let header = header.ok_or_else(|| format!("`{name}` is no header of a recording"))?;
        // A type without the body that it was of would be believed.
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
