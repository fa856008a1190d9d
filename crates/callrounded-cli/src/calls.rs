//! The operations on one call, and the list.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, IsTerminal, Write},
};

use callrounded::{Answer, Client, ListCalls, Page};
use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    arguments::{Filters, ListOptions, Output, Pair, StartOptions, UpdateOptions},
    exit::Failure,
    output::{self, List},
};

pub(crate) async fn get(client: &Client, id: &str, output: Output) -> Result<(), Failure> {
    show(&client.calls().get(id).await?, output)
}

pub(crate) async fn update(client: &Client, options: UpdateOptions) -> Result<(), Failure> {
    let update = client.calls().update(options.id.as_str());
    let metadata = match &options.json {
        Some(text) => {
            serde_json::from_str(text).map_err(|error| Failure::Usage(format!("--json is a JSON object: {error}")))?
        }
        None => object(options.metadata),
    };
    let update = match (options.clear, options.replace) {
        (true, _) => update.clear_metadata(),
        (false, true) => update.replace_metadata(metadata),
        (false, false) => update.merge_metadata(metadata),
    };
    show(&update.await?, options.output)
}

pub(crate) async fn start(client: &Client, options: StartOptions) -> Result<(), Failure> {
    if !options.yes {
        confirm(&format!("dial {} from {}?", options.to, options.from))?;
    }
    let call = client
        .calls()
        .start(options.from.as_str(), options.to.as_str(), options.agent);
    show(&call.variables(object(options.variables)).await?, options.output)
}

pub(crate) async fn terminate(client: &Client, id: &str, output: Output) -> Result<(), Failure> {
    show(&client.calls().terminate(id).await?, output)
}

pub(crate) async fn list(client: &Client, options: ListOptions) -> Result<(), Failure> {
    let limit = match options.limit {
        0 => usize::MAX,
        limit => limit,
    };
    let size = u32::try_from(limit.min(100)).unwrap_or(100);
    let mut pages = filtered(client, &options.filters).page_size(size).pages();
    let mut list = List::new(options.output);
    let mut left = limit;
    let mut outcome = Ok(());
    while left > 0 {
        match pages.next().await {
            Some(Ok(page)) => {
                let calls = match raw_calls(&page) {
                    Ok(calls) => calls,
                    Err(failure) => {
                        outcome = Err(failure);
                        break;
                    }
                };
                for call in calls.iter().take(left) {
                    list.push(call)?;
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
    list.end()?;
    outcome
}

/// The list that the filters ask for.
pub(crate) fn filtered(client: &Client, filters: &Filters) -> ListCalls {
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
        started_after: filters.after,
        started_before: filters.before,
    );
    list
}

/// A call as the service wrote it: every field, and every digit.
pub(crate) struct RawCall {
    /// Where it has one that is a text.
    pub id: Option<String>,
    /// On one line.
    pub line: String,
}

impl RawCall {
    /// As JSON, for what is printed in another form. Digits beyond a double are not in it.
    pub fn value(&self) -> Value {
        value(&self.line)
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| by_field(json))
}

/// The calls of a page. What the client could only read in part is taken as it came, or it is an error: no call is lost.
pub(crate) fn raw_calls(page: &Answer<Page>) -> Result<Vec<RawCall>, Failure> {
    #[derive(serde::Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
    }
    let text = match str::from_utf8(page.body()) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(page.body()),
    };
    let envelope: Envelope<'_> = serde_json::from_str(&text).map_err(|_| {
        Failure::Unreadable("a page of calls is not JSON as documented; nothing of it is written".to_owned())
    })?;
    if envelope.data.len() != page.calls.len() {
        return Err(Failure::Unreadable(
            "a page of calls can be read in two ways; nothing of it is written".to_owned(),
        ));
    }
    let calls = envelope.data.iter().zip(&page.calls).map(|(raw, call)| RawCall {
        id: match call {
            Ok(call) => Some(call.id.clone()),
            Err(_) => value(raw.get()).get("id").and_then(Value::as_str).map(str::to_owned),
        },
        line: on_one_line(raw.get()),
    });
    Ok(calls.collect())
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
fn show<T: Serialize>(answer: &Answer<T>, output: Output) -> Result<(), Failure> {
    #[derive(serde::Deserialize)]
    struct Envelope {
        data: Value,
    }
    let data = match serde_json::from_slice::<Envelope>(answer.body()) {
        Ok(envelope) => envelope.data,
        // It could be read with some fields put aside.
        Err(_) => serde_json::to_value(&**answer).unwrap_or_default(),
    };
    Ok(output::one(&data, output)?)
}

fn object(pairs: Vec<Pair>) -> Map<String, Value> {
    pairs.into_iter().map(|pair| (pair.name, pair.value)).collect()
}

/// Goes on only after a yes.
fn confirm(question: &str) -> Result<(), Failure> {
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
        _ => Err(Failure::Usage("not dialled".to_owned())),
    }
}

/// JSON without the blanks between its tokens, and every token as it is.
fn on_one_line(json: &str) -> String {
    let mut line = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((between, text)) = rest.find('"').and_then(|quote| rest.split_at_checked(quote)) {
        line.extend(between.split_ascii_whitespace());
        let (text, after) = text.split_at_checked(length_of_text(text)).unwrap_or((text, ""));
        line.push_str(text);
        rest = after;
    }
    line.extend(rest.split_ascii_whitespace());
    line
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
            (r#"["\" x", "\\", " y" ]"#, r#"["\" x","\\"," y"]"#),
        ] {
            assert_eq!(on_one_line(json), line);
        }
    }
}
