//! The commands that operate on one call, and `calls list`.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, BufRead, IsTerminal, Write},
    mem,
    num::NonZeroUsize,
};

use bytes::Bytes;
use callrounded::{Client, Page, Request, Response, operations::ListCalls, types::Call};
use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    arguments::{ListOptions, Output, Pair, StartOptions, UpdateOptions},
    exit::{Failure, print_message},
    filters::Filters,
    json,
    output::{self, List},
};

/// The number of calls that are listed without `--limit` or `--all`.
const DEFAULT_LIMIT: usize = 50;

pub(crate) async fn get(client: &Client, id: &str, output: Output) -> Result<(), Failure> {
    print_data(&client.calls().get(id).await?, &output)
}

pub(crate) async fn update(client: &Client, options: UpdateOptions) -> Result<(), Failure> {
    let update = client.calls().update(options.id.as_str());
    let metadata = match &options.json {
        Some(text) => match json::read(text) {
            Ok(Value::Object(metadata)) => metadata,
            Ok(_) => {
                return Err(Failure::Usage(
                    "--json: expected a JSON object, such as {\"campaign\": \"spring\"}".to_owned(),
                ));
            }
            Err(problem) => return Err(Failure::Usage(format!("--json: {problem}"))),
        },
        None => object(options.metadata)?,
    };
    let update = match (options.clear, options.replace) {
        (true, _) => update.clear_metadata(),
        (false, true) => update.replace_metadata(metadata),
        (false, false) => update.merge_metadata(metadata),
    };
    print_data(&update.await?, &options.output)
}

pub(crate) async fn start(client: &Client, options: StartOptions) -> Result<(), Failure> {
    if !options.yes {
        confirm(&format!("dial {} from {}?", options.to, options.from))?;
    }
    let call = client
        .calls()
        .start(options.from.as_str(), options.to.as_str(), options.agent);
    print_data(&call.variables(object(options.variables)?).await?, &options.output)
}

pub(crate) async fn terminate(client: &Client, id: &str, output: Output) -> Result<(), Failure> {
    print_data(&client.calls().terminate(id).await?, &output)
}

pub(crate) async fn list(client: &Client, options: ListOptions) -> Result<(), Failure> {
    options.filters.report_assumptions();
    let limit = match (options.all, options.limit) {
        (true, _) => usize::MAX,
        (false, limit) => limit.map_or(DEFAULT_LIMIT, NonZeroUsize::get),
    };
    let size = u32::try_from(limit.min(100)).unwrap_or(100);
    let mut pages = filtered(client, &options.filters).limit(size).pages();
    let mut list = List::of_calls(&options.output);
    let mut left = limit;
    let mut has_more = false;
    let mut outcome = Ok(());
    while left > 0 {
        match pages.next().await {
            Some(Ok(page)) => {
                let page = RawPage::new(page);
                let calls = match page.calls() {
                    Ok(calls) => calls,
                    Err(failure) => {
                        outcome = Err(failure);
                        break;
                    }
                };
                has_more = calls.len() > left || page.next_cursor.is_some();
                for call in calls.iter().take(left) {
                    list.push_call(call)?;
                    left -= 1;
                }
            }
            Some(Err(error)) => {
                outcome = Err(error.into());
                break;
            }
            None => break,
        }
    }
    let count = list.count();
    list.end()?;
    // Only the default limit is reported, not one that the user set.
    if has_more && left == 0 && options.limit.is_none() {
        print_message(format_args!("showing {count}; use --all for the rest"));
    }
    outcome
}

/// Returns the request for the calls that the filters select.
pub(crate) fn filtered(client: &Client, filters: &Filters) -> Request<ListCalls> {
    let mut list = client
        .calls()
        .list()
        .include_transcript(filters.transcripts)
        .include_variable_values(filters.variables);
    macro_rules! set {
        ($($name:ident: $value:expr),* $(,)?) => {
            $(if let Some(value) = $value {
                list = list.$name(value);
            })*
        };
    }
    set!(
        agent_id: filters.agent.as_deref(),
        call_type: filters.call_type.clone(),
        from_number: filters.from.as_deref(),
        to_number: filters.to.as_deref(),
        started_after: filters.after.map(|timestamp| timestamp.time),
        started_before: filters.before.map(|timestamp| timestamp.time),
    );
    list
}

/// A page of calls as the service sent it.
pub(crate) struct RawPage {
    body: Bytes,
    ids: Vec<Option<String>>,
    pub next_cursor: Option<String>,
}

/// A call as the service sent it, with all fields and digits.
pub(crate) struct RawCall<'a> {
    /// The identifier, if the call has one that is a string.
    pub id: Option<Cow<'a, str>>,
    /// The JSON of the call on one line.
    pub line: Cow<'a, str>,
}

impl RawPage {
    /// Keeps the body and the identifiers; drops everything else that the client decoded.
    pub fn new(page: Response<Page<Call>>) -> Self {
        let body = page.body().clone();
        let mut page = page.into_inner();
        // Calls are large, so only their identifiers are moved.
        let ids = page.items.iter_mut().map(|call| call.as_mut().ok());
        Self {
            body,
            ids: ids.map(|call| call.map(|call| mem::take(&mut call.id))).collect(),
            next_cursor: page.next_cursor,
        }
    }

    /// Returns all calls of the page. A call that the client could only decode in part is returned as it was sent.
    ///
    /// # Errors
    /// [`Failure::InvalidResponse`] if the calls of the page cannot be distinguished, so that no call is lost.
    pub fn calls(&self) -> Result<Vec<RawCall<'_>>, Failure> {
        match str::from_utf8(&self.body) {
            Ok(body) => self.parse(body),
            // Bytes that are not UTF-8 are replaced by U+FFFD.
            Err(_) => {
                let body = String::from_utf8_lossy(&self.body);
                Ok(self.parse(&body)?.into_iter().map(RawCall::into_owned).collect())
            }
        }
    }

    fn parse<'a>(&'a self, body: &'a str) -> Result<Vec<RawCall<'a>>, Failure> {
        #[derive(serde::Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            data: Vec<&'a RawValue>,
        }
        let envelope: Envelope<'_> = serde_json::from_str(body).map_err(|_| {
            Failure::InvalidResponse("a page of calls is not JSON as documented; no call of it was written".to_owned())
        })?;
        if envelope.data.len() != self.ids.len() {
            return Err(Failure::InvalidResponse(
                "a page of calls is ambiguous, for example by a duplicate key `data`; no call of it was written"
                    .to_owned(),
            ));
        }
        let calls = envelope.data.iter().zip(&self.ids).map(|(raw, id)| RawCall {
            id: match id {
                Some(id) => Some(id.into()),
                None => {
                    let call = value(raw.get());
                    call.get("id").and_then(Value::as_str).map(|id| id.to_owned().into())
                }
            },
            line: to_single_line(raw.get()),
        });
        Ok(calls.collect())
    }
}

impl RawCall<'_> {
    fn into_owned(self) -> RawCall<'static> {
        RawCall {
            id: self.id.map(|id| id.into_owned().into()),
            line: self.line.into_owned().into(),
        }
    }

    /// Returns the call as a JSON value, for other output formats. Numbers are rounded to double precision.
    pub fn value(&self) -> Value {
        value(&self.line)
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| value_by_field(json))
}

/// Parses a call field by field. A field that has no value, such as a number that overflows, becomes a string with its
/// source text.
fn value_by_field(json: &str) -> Value {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap_or_default();
    let fields = fields.into_iter().map(|(key, raw)| {
        let value = serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().into());
        (key, value)
    });
    Value::Object(fields.collect())
}

/// Prints the data of a response as the service sent it.
fn print_data<T: Serialize>(response: &Response<T>, output: &Output) -> Result<(), Failure> {
    #[derive(serde::Deserialize)]
    struct Envelope {
        data: Value,
    }
    let data = match serde_json::from_slice::<Envelope>(response.body()) {
        Ok(envelope) => envelope.data,
        // The client could decode it by skipping fields.
        Err(_) => serde_json::to_value(&**response).unwrap_or_default(),
    };
    Ok(output::print_value(&data, output)?)
}

/// Collects pairs into an object. A name that is given twice is an error.
fn object(pairs: Vec<Pair>) -> Result<Map<String, Value>, Failure> {
    let mut object = Map::new();
    for Pair { name, value } in pairs {
        if object.contains_key(&name) {
            return Err(Failure::Usage(format!("duplicate name `{name}`; give it once")));
        }
        object.insert(name, value);
    }
    Ok(object)
}

/// Asks for confirmation. Anything but `y` or `yes` is an error.
pub(crate) fn confirm(question: &str) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Usage(format!(
            "{question} Standard input is not a terminal, so confirmation is not possible; pass --yes to skip it"
        )));
    }
    write!(io::stderr(), "{question} [y/N] ")?;
    let mut reply = String::new();
    io::stdin().lock().read_line(&mut reply)?;
    match reply.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::Usage("not confirmed; nothing was sent".to_owned())),
    }
}

/// Returns JSON on one line: unchanged if it is on one line, otherwise without the whitespace between its tokens.
pub(crate) fn to_single_line(json: &str) -> Cow<'_, str> {
    // Line breaks within strings are escaped.
    if memchr::memchr2(b'\n', b'\r', json.as_bytes()).is_none() {
        return json.into();
    }
    let mut line = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((between, string)) = rest.find('"').and_then(|quote| rest.split_at_checked(quote)) {
        line.extend(between.split_ascii_whitespace());
        let (string, after) = string.split_at_checked(string_length(string)).unwrap_or((string, ""));
        line.push_str(string);
        rest = after;
    }
    line.extend(rest.split_ascii_whitespace());
    line.into()
}

/// Returns the length in bytes of the string at the start of `json`, including its quotes.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::to_single_line;

    #[test]
    fn to_single_line_multiple_lines_removes_whitespace_between_tokens() {
        for (json, line) in [
            ("{ \"a b\" :\n\t1.50 }", "{\"a b\":1.50}"),
            ("[\"\\\" x\",\r\"\\\\\", \" y\" ]", r#"["\" x","\\"," y"]"#),
            ("{ \"a\": 1 }", "{ \"a\": 1 }"),
        ] {
            assert_eq!(to_single_line(json), line);
        }
    }
}
