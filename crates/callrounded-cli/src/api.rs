//! `callrounded api`: runs any operation of the document. Its subcommands and options are derived from the document, so
//! that an operation added there is a command here.

use std::{
    collections::HashSet,
    fs,
    io::{self, Read, Write},
    path::Path,
};

use callrounded::{AnyOperation, Client, OPERATIONS, OperationInfo, ParameterLocation, RequestOptions};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand, builder::PossibleValuesParser};
use serde_json::{Value, value::RawValue};

use crate::{
    calls::confirm,
    exit::Failure,
    json,
    output::{self, Format, List, Output},
    table::printable,
};

/// An operation with its parameters and body, as given on the command line.
#[derive(Clone, Debug)]
pub(crate) struct ApiRequest {
    info: &'static OperationInfo,
    parameters: Vec<(&'static str, String)>,
    body: Option<String>,
    paginate: bool,
    yes: bool,
    output: Output,
}

/// Option names that a parameter cannot have: those of the program, and those that every operation may have.
const RESERVED_OPTIONS: [&str; 12] = [
    "base-url", "body", "columns", "help", "key-file", "mock", "output", "paginate", "timeout", "verbose", "version",
    "yes",
];

// Identifiers of options. A parameter cannot have the same one: see `id`.
const BODY: &str = "request body";
const PAGINATE: &str = "all pages";
const YES: &str = "no confirmation";

impl Subcommand for ApiRequest {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(OPERATIONS.iter().map(subcommand))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        callrounded::operation(name).is_some()
    }
}

impl FromArgMatches for ApiRequest {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let info = callrounded::operation(name).ok_or_else(missing)?;
        let mut parameters = Vec::new();
        for parameter in info.parameters() {
            let values = matches.get_many::<String>(&id(parameter.name())).into_iter().flatten();
            parameters.extend(values.map(|value| (parameter.name(), value.clone())));
        }
        let flag = |id: &str| {
            matches
                .try_get_one::<bool>(id)
                .ok()
                .flatten()
                .copied()
                .unwrap_or_default()
        };
        Ok(Self {
            info,
            parameters,
            body: matches.try_get_one::<String>(BODY).ok().flatten().cloned(),
            paginate: flag(PAGINATE),
            yes: flag(YES),
            output: Output::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Returns the subcommand for an operation.
fn subcommand(info: &'static OperationInfo) -> Command {
    let line = format!("{} {}", info.method(), info.path());
    let about = match info.summary() {
        "" => line.clone(),
        summary => summary.to_owned(),
    };
    let mut command = Command::new(info.id());
    let mut used_names: HashSet<String> = RESERVED_OPTIONS.iter().map(|name| (*name).to_owned()).collect();
    for parameter in info.parameters() {
        let mut long = kebab(parameter.name());
        if !used_names.insert(long.clone()) {
            long = format!("parameter-{long}");
            used_names.insert(long.clone());
        }
        let mut option = Arg::new(id(parameter.name()))
            .long(long)
            .value_name("VALUE")
            .required(parameter.is_required())
            .help(parameter.description());
        if parameter.location() == ParameterLocation::Query {
            option = option.action(ArgAction::Append);
        }
        if !parameter.values().is_empty() {
            option = option.value_parser(PossibleValuesParser::new(parameter.values()));
        }
        command = command.arg(option);
    }
    if let Some(media_type) = info.body() {
        command = command.arg(
            Arg::new(BODY)
                .long("body")
                .value_name("JSON|@FILE|-")
                .required(info.requires_body())
                .help(format!(
                    "Request body ({media_type}): the argument itself, a file, or standard input"
                )),
        );
    }
    if info.pagination().is_some() {
        command = command.arg(
            Arg::new(PAGINATE)
                .long("paginate")
                .action(ArgAction::SetTrue)
                .help("Fetches all pages and prints their items"),
        );
    }
    if !info.is_idempotent() {
        command = command.arg(
            Arg::new(YES)
                .long("yes")
                .short('y')
                .action(ArgAction::SetTrue)
                .help("Sends without asking for confirmation, although the operation is not idempotent"),
        );
    }
    // `augment_args` sets the description to that of `Output`, so this one is set after it.
    Output::augment_args(command)
        .about(about.clone())
        .long_about(format!("{about}\n\nSends {line}."))
}

/// Returns the identifier of the option for a parameter, which no other option has.
fn id(parameter: &str) -> String {
    format!("parameter {parameter}")
}

/// Converts a name to kebab case: `agent_id` and `agentId` to `agent-id`.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && text.ends_with(|last: char| last.is_ascii_lowercase()) {
            text.push('-');
        }
        text.push(if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        });
    }
    text.trim_matches('-').to_owned()
}

/// Prints the operations of the document, one per line.
pub(crate) fn print_operations(out: &mut impl Write) -> io::Result<()> {
    let width = OPERATIONS.iter().map(|info| info.id().len()).max().unwrap_or_default();
    for info in &OPERATIONS {
        writeln!(
            out,
            "{:width$}  {:6} {}  {}",
            info.id(),
            info.method(),
            info.path(),
            info.summary()
        )?;
    }
    Ok(())
}

/// Runs an operation and prints its data.
pub(crate) async fn run(client: &Client, request: ApiRequest) -> Result<(), Failure> {
    let info = request.info;
    let mut operation = AnyOperation::new(info);
    for (name, value) in request.parameters {
        operation = operation.parameter(name, value)?;
    }
    if let Some(body) = &request.body {
        operation = operation.body(read_body(body, info)?);
    }
    if !info.is_idempotent() && !request.yes {
        let line = format!("{} {}", info.method(), info.path());
        confirm(&format!("{} is not idempotent. Send {line}?", info.id()))?;
    }
    let client = client.runtime();
    let options = RequestOptions::default();
    if request.paginate
        && let Some(list) = operation.clone().into_list()
    {
        let mut items = client.pages(Ok(list), options).items();
        let mut printed = List::of_items(&request.output, request.output.format(true));
        let mut outcome = Ok(());
        while let Some(item) = items.next().await {
            match item {
                Ok(item) => printed.push(item.get(), || value(item.get()))?,
                Err(error) => {
                    outcome = Err(error.into());
                    break;
                }
            }
        }
        printed.end()?;
        return outcome;
    }
    let response = client.send(Ok(operation), options).await?;
    let body = response.body();
    if info.json_response().is_none() {
        return Ok(io::stdout().lock().write_all(body)?);
    }
    // A single page is printed as a whole, with the cursor of the next page.
    let page = str::from_utf8(body).ok().filter(|_| info.pagination().is_some());
    let data: &str = page.unwrap_or_else(|| RawValue::get(&response));
    print(info, &value(data), &request.output)
}

/// Prints a value as a whole, or as rows if the format has rows.
fn print(info: &OperationInfo, value: &Value, output: &Output) -> Result<(), Failure> {
    let format = output.format(false);
    let pagination = info.pagination();
    let data = pagination
        .and_then(|pagination| value.get(pagination.items()))
        .unwrap_or(value);
    let rows = match (format, data) {
        (Format::Csv | Format::Table, Value::Array(rows)) => rows.as_slice(),
        (Format::Csv, row) => std::slice::from_ref(row),
        _ => return Ok(output::print_value(value, output)?),
    };
    let mut printed = List::of_items(output, format);
    for row in rows {
        printed.push(&row.to_string(), || row.clone())?;
    }
    printed.end()?;
    // Rows do not include the cursor.
    let next = pagination.and_then(|pagination| Some((pagination.cursor(), value.get(pagination.next())?)));
    if let Some((cursor, next)) = next.filter(|(_, next)| !next.is_null()) {
        let next = next.as_str().map_or_else(|| next.to_string(), ToOwned::to_owned);
        let next = printable(&next);
        eprintln!(
            "more items follow; use --paginate for all, or --{} {next} for the next page",
            kebab(cursor)
        );
    }
    Ok(())
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| json.into())
}

/// Reads the body from the argument itself, from a file (`@FILE`), or from standard input (`-`). JSON is validated
/// before it is sent.
fn read_body(argument: &str, info: &OperationInfo) -> Result<Vec<u8>, Failure> {
    let (bytes, source) = match argument.strip_prefix('@') {
        _ if argument == "-" => {
            let mut bytes = Vec::new();
            io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(Failure::file("standard input"))?;
            (bytes, "standard input".to_owned())
        }
        Some(path) => {
            let bytes = fs::read(Path::new(path)).map_err(Failure::file(path))?;
            (bytes, path.to_owned())
        }
        None => (argument.as_bytes().to_vec(), "--body".to_owned()),
    };
    if info.body().is_some_and(|media_type| media_type.contains("json")) {
        let text = str::from_utf8(&bytes).map_err(|_| Failure::Usage(format!("{source}: expected UTF-8")))?;
        // The body is sent unchanged, with all digits.
        json::parse(text).map_err(|problem| Failure::Usage(format!("{source}: {problem}")))?;
    }
    Ok(bytes)
}
