//! The operations on one call, and the list.

use std::io::{self, BufRead, IsTerminal, Write};

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
                for call in raw_calls(&page).iter().take(left) {
                    list.push(&serde_json::from_str(call.get()).unwrap_or_else(|_| call.get().into()))?;
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

/// The calls of a page as the service wrote them: every field, and every digit.
pub(crate) fn raw_calls(page: &Answer<Page>) -> Vec<&RawValue> {
    #[derive(serde::Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
    }
    serde_json::from_slice::<Envelope<'_>>(page.body())
        .map(|envelope| envelope.data)
        .unwrap_or_default()
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
