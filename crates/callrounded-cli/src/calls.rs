//! The commands that operate on one call, and `calls list`.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    num::NonZeroUsize,
};

use callrounded::{Client, Request, Response, operations::ListCalls};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    arguments::{ListOptions, Pair, StartOptions, UpdateOptions},
    exit::{Failure, print_message},
    filters::Filters,
    json,
    output::{self, List, Output},
    raw::RawPage,
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
