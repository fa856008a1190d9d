//! The operations on one call, and the list.

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
    exit::{Failure, say},
    filters::Filters,
    json,
    output::{self, List},
};

/// How many calls are listed without `--limit` or `--all`.
const FIRST_CALLS: usize = 50;

pub(crate) async fn get(client: &Client, id: &str, output: Output) -> Result<(), Failure> {
    show(&client.calls().get(id).await?, &output)
}

pub(crate) async fn update(client: &Client, options: UpdateOptions) -> Result<(), Failure> {
    let update = client.calls().update(options.id.as_str());
    let metadata = match &options.json {
        Some(text) => match json::read(text) {
            Ok(Value::Object(metadata)) => metadata,
            Ok(_) => {
                return Err(Failure::Usage(
                    "--json is a JSON object, such as {\"campaign\": \"spring\"}".to_owned(),
                ));
            }
            Err(problem) => return Err(Failure::Usage(format!("--json is a JSON object, and {problem}"))),
        },
        None => object(options.metadata)?,
    };
    let update = match (options.clear, options.replace) {
        (true, _) => update.clear_metadata(),
        (false, true) => update.replace_metadata(metadata),
        (false, false) => update.merge_metadata(metadata),
    };
    show(&update.await?, &options.output)
}

pub(crate) async fn start(client: &Client, options: StartOptions) -> Result<(), Failure> {
    if !options.yes {
        confirm(&format!("dial {} from {}?", options.to, options.from))?;
    }
    let call = client
        .calls()
        .start(options.from.as_str(), options.to.as_str(), options.agent);
    show(&call.variables(object(options.variables)?).await?, &options.output)
}

pub(crate) async fn terminate(client: &Client, id: &str, output: Output) -> Result<(), Failure> {
    show(&client.calls().terminate(id).await?, &output)
}

pub(crate) async fn list(client: &Client, options: ListOptions) -> Result<(), Failure> {
    options.filters.say_assumptions();
    let limit = match (options.all, options.limit) {
        (true, _) => usize::MAX,
        (false, limit) => limit.map_or(FIRST_CALLS, NonZeroUsize::get),
    };
    let size = u32::try_from(limit.min(100)).unwrap_or(100);
    let mut pages = filtered(client, &options.filters).limit(size).pages();
    let mut list = List::of_calls(&options.output);
    let mut left = limit;
    let mut are_more = false;
    let mut outcome = Ok(());
    while left > 0 {
        match pages.next().await {
            Some(Ok(page)) => {
                let page = RawPage::of(page);
                let calls = match page.calls() {
                    Ok(calls) => calls,
                    Err(failure) => {
                        outcome = Err(failure);
                        break;
                    }
                };
                are_more = calls.len() > left || page.next_cursor.is_some();
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
    // Whoever gives a limit knows of it.
    if are_more && left == 0 && options.limit.is_none() {
        say(format_args!("showing {count}; use --all for the rest"));
    }
    outcome
}

/// The list that the filters ask for.
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

/// A page of calls as the service wrote it.
pub(crate) struct RawPage {
    body: Bytes,
    ids: Vec<Option<String>>,
    pub next_cursor: Option<String>,
}

/// A call as the service wrote it: every field, and every digit.
pub(crate) struct RawCall<'a> {
    /// Where it has one that is a text.
    pub id: Option<Cow<'a, str>>,
    /// On one line.
    pub line: Cow<'a, str>,
}

impl RawPage {
    /// What the client read of it goes, but for the identifiers.
    pub fn of(page: Response<Page<Call>>) -> Self {
        let body = page.body().clone();
        let mut page = page.into_inner();
        // Calls are large, and stay where they are.
        let ids = page.items.iter_mut().map(|call| call.as_mut().ok());
        Self {
            body,
            ids: ids.map(|call| call.map(|call| mem::take(&mut call.id))).collect(),
            next_cursor: page.next_cursor,
        }
    }

    /// Its calls. What the client could only read in part is taken as it came, or it is an error: no call is lost.
    pub fn calls(&self) -> Result<Vec<RawCall<'_>>, Failure> {
        match str::from_utf8(&self.body) {
            Ok(body) => self.read(body),
            // What is not UTF-8 is replaced.
            Err(_) => {
                let body = String::from_utf8_lossy(&self.body);
                Ok(self.read(&body)?.into_iter().map(RawCall::into_owned).collect())
            }
        }
    }

    fn read<'a>(&'a self, body: &'a str) -> Result<Vec<RawCall<'a>>, Failure> {
        #[derive(serde::Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            data: Vec<&'a RawValue>,
        }
        let envelope: Envelope<'_> = serde_json::from_str(body).map_err(|_| {
            Failure::Unreadable("a page of calls is not JSON as documented; nothing of it is written".to_owned())
        })?;
        if envelope.data.len() != self.ids.len() {
            return Err(Failure::Unreadable(
                "a page of calls can be read in two ways; nothing of it is written".to_owned(),
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
            line: on_one_line(raw.get()),
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

    /// As JSON, for what is printed in another form. Digits beyond a double are not in it.
    pub fn value(&self) -> Value {
        value(&self.line)
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| by_field(json))
}

/// A call of which some field has no value, such as a number beyond all bounds: that one as the text it is written in.
fn by_field(json: &str) -> Value {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap_or_default();
    let fields = fields.into_iter().map(|(name, raw)| {
        let value = serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().into());
        (name, value)
    });
    Value::Object(fields.collect())
}

/// Prints the data of an answer as the service wrote it.
fn show<T: Serialize>(response: &Response<T>, output: &Output) -> Result<(), Failure> {
    #[derive(serde::Deserialize)]
    struct Envelope {
        data: Value,
    }
    let data = match serde_json::from_slice::<Envelope>(response.body()) {
        Ok(envelope) => envelope.data,
        // It could be read with some fields put aside.
        Err(_) => serde_json::to_value(&**response).unwrap_or_default(),
    };
    Ok(output::one(&data, output)?)
}

fn object(pairs: Vec<Pair>) -> Result<Map<String, Value>, Failure> {
    let mut object = Map::new();
    for Pair { name, value } in pairs {
        if object.contains_key(&name) {
            return Err(Failure::Usage(format!("`{name}` is given twice; give it once")));
        }
        object.insert(name, value);
    }
    Ok(object)
}

/// Goes on only after a yes.
pub(crate) fn confirm(question: &str) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Usage(format!(
            "{question} Nobody can be asked here; say --yes to do it without asking"
        )));
    }
    write!(io::stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::Usage("nothing was sent".to_owned())),
    }
}

/// As it is where it is on one line; else without the blanks between its tokens.
pub(crate) fn on_one_line(json: &str) -> Cow<'_, str> {
    // In a text there is no end of a line, but escaped.
    if memchr::memchr2(b'\n', b'\r', json.as_bytes()).is_none() {
        return json.into();
    }
    let mut line = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((between, text)) = rest.find('"').and_then(|quote| rest.split_at_checked(quote)) {
        line.extend(between.split_ascii_whitespace());
        let (text, after) = text.split_at_checked(length_of_text(text)).unwrap_or((text, ""));
        line.push_str(text);
        rest = after;
    }
    line.extend(rest.split_ascii_whitespace());
    line.into()
}

/// The bytes of the text that `json` begins with, its quotes included.
fn length_of_text(json: &str) -> usize {
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
    use super::on_one_line;

    #[test]
    fn only_blanks_between_tokens_go() {
        for (json, line) in [
            ("{ \"a b\" :\n\t1.50 }", "{\"a b\":1.50}"),
            ("[\"\\\" x\",\r\"\\\\\", \" y\" ]", r#"["\" x","\\"," y"]"#),
            ("{ \"a\": 1 }", "{ \"a\": 1 }"),
        ] {
            assert_eq!(on_one_line(json), line);
        }
    }
}
