//! Where the service is called.

use std::collections::BTreeMap;

use callrounded_document::{Document, Operation, pointer};
use serde_json::Value;

use super::{Effect, Recorder};

/// More values of variables than this are not written out.
const MOST: usize = 64;

/// The servers of the document.
pub(super) fn document(out: &mut Recorder<'_>) {
    out.subject = "servers".to_owned();
    compare("/servers", "/servers", out);
}

/// The servers that an operation, or its path, has of its own.
pub(super) fn operation(was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (own(out.old, was), own(out.new, is));
    if old != "/servers" || new != "/servers" {
        compare(&old, &new, out);
    }
}

/// The pointer to the list that counts for an operation.
pub(super) fn own(document: &Document, operation: &Operation<'_>) -> String {
    let path = pointer::split(&operation.pointer)
        .map(|(path, _)| path)
        .unwrap_or_default();
    [&operation.pointer, path]
        .into_iter()
        .map(|holder| pointer::join(holder, "servers"))
        .find(|at| document.get(at).is_some())
        .unwrap_or_else(|| "/servers".to_owned())
}

fn compare(was: &str, is: &str, out: &mut Recorder<'_>) {
    let (mut old, mut new) = (servers(out.old, was), servers(out.new, is));
    open_variables(&mut old, &mut new, out);
    let (old, new) = (urls(&old), urls(&new));
    for (url, at) in &old {
        // Where none was named, nobody could rely on it.
        if !at.is_empty() && !new.iter().any(|(other, _)| other == url) {
            let problem = format!("the server {url} is gone");
            out.gone("server-removed", problem, Effect::Breaking, at);
        }
    }
    for (url, at) in &new {
        if !old.iter().any(|(other, _)| other == url) {
            let problem = format!("the server {url} is new");
            out.add("server-added", problem, Effect::Compatible, at);
        }
    }
    let first = |urls: &[(String, String)]| urls.first().map(|(url, _)| url.clone());
    if let (Some(before), Some(after)) = (first(&old), first(&new))
        && before != after
        && new.iter().any(|(url, _)| *url == before)
    {
        let problem = "another server is the first, which the generated client talks to".to_owned();
        out.add("server-order", problem, Effect::None, is);
    }
}

/// One of a list of servers.
struct Server {
    url: String,
    at: String,
    variables: BTreeMap<String, Variable>,
}

#[derive(Clone, PartialEq)]
struct Variable {
    default: Option<String>,
    /// `None`: any value.
    values: Option<Vec<String>>,
}

fn servers(document: &Document, at: &str) -> Vec<Server> {
    let servers = document.get(at).and_then(Value::as_array);
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    let server = |(index, server): (usize, &Value)| {
        let variables = server.get("variables").and_then(Value::as_object).into_iter().flatten();
        let variable = |(name, variable): (&String, &Value)| {
            let values = variable.get("enum").and_then(Value::as_array).map(|values| {
                let values = values.iter().filter_map(Value::as_str);
                values.map(str::to_owned).collect()
            });
            let default = text(variable, "default");
            (name.clone(), Variable { default, values })
        };
        Server {
            url: text(server, "url").unwrap_or_default(),
            at: pointer::join(at, &index.to_string()),
            variables: variables.map(variable).collect(),
        }
    };
    servers.into_iter().flatten().enumerate().map(server).collect()
}

/// Variables that may have any value on one side and listed ones on the other, which are taken for the listed ones then.
fn open_variables(old: &mut [Server], new: &mut [Server], out: &mut Recorder<'_>) {
    for was in old {
        let Some(is) = new.iter_mut().find(|is| is.url == was.url) else {
            continue;
        };
        for (name, before) in &mut was.variables {
            let Some(after) = is
                .variables
                .get_mut(name)
                .filter(|after| after.default == before.default)
            else {
                continue;
            };
            match (&before.values, &after.values) {
                (Some(_), None) => {
                    let problem = format!("the variable `{name}` may have any value now");
                    out.add("server-variable", problem, Effect::Compatible, &is.at);
                    after.values.clone_from(&before.values);
                }
                (None, Some(_)) => {
                    let problem = format!("the variable `{name}` may have listed values only now");
                    out.add("server-variable", problem, Effect::Breaking, &is.at);
                    before.values.clone_from(&after.values);
                }
                _ => {}
            }
        }
    }
}

/// The URLs of servers, those that variables make included, and where each stands.
fn urls(servers: &[Server]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for server in servers {
        let mut urls = vec![server.url.clone()];
        for (name, variable) in &server.variables {
            let mut values: Vec<&String> = variable.default.iter().collect();
            for value in variable.values.iter().flatten() {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            let hole = format!("{{{name}}}");
            urls = urls
                .iter()
                .flat_map(|url| values.iter().map(|value| url.replace(&hole, value)))
                .take(MOST)
                .collect();
        }
        found.extend(
            urls.into_iter()
                .map(|url| (url.trim_end_matches('/').to_owned(), server.at.clone())),
        );
    }
    // Where none is named, it is the one that the document came from.
    if found.is_empty() {
        found.push((String::new(), String::new()));
    }
    found
}
