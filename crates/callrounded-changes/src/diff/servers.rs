//! Compares servers and their variables.

use std::collections::BTreeMap;

use callrounded_document::{Document, Operation, pointer};
use serde_json::Value;

use super::{Effect, Recorder};

/// The maximum number of URLs that the variables of one server are expanded to.
const MAX_URLS: usize = 64;

/// Compares the servers of the documents.
pub(super) fn document(out: &mut Recorder<'_>) {
    out.subject = "servers".to_owned();
    compare("/servers", "/servers", out);
}

/// Compares the servers that an operation, or its path, overrides.
pub(super) fn operation(before: &Operation<'_>, after: &Operation<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (effective(out.old, before), effective(out.new, after));
    if old != "/servers" || new != "/servers" {
        compare(&old, &new, out);
    }
}

/// Returns the pointer to the list of servers that applies to an operation.
pub(super) fn effective(document: &Document, operation: &Operation<'_>) -> String {
    let path = pointer::split(&operation.pointer)
        .map(|(path, _)| path)
        .unwrap_or_default();
    [&operation.pointer, path]
        .into_iter()
        .map(|holder| pointer::join(holder, "servers"))
        .find(|at| document.get(at).is_some())
        .unwrap_or_else(|| "/servers".to_owned())
}

fn compare(before: &str, after: &str, out: &mut Recorder<'_>) {
    let (mut old, mut new) = (servers(out.old, before), servers(out.new, after));
    compare_variables(&mut old, &mut new, out);
    let (old, new) = (urls(&old), urls(&new));
    // Nobody could rely on a server that was not listed, and without a list no server is added.
    let is_only_in = |(url, at): &(String, String), others: &[(String, String)]| {
        !at.is_empty() && !others.iter().any(|(other, _)| other == url)
    };
    let named = |url: &str, done: &str| format!("the server {} was {done}", if url.is_empty() { "/" } else { url });
    for (url, at) in old.iter().filter(|server| is_only_in(server, &new)) {
        out.record_removed("server-removed", named(url, "removed"), Effect::Breaking, at);
    }
    for (url, at) in new.iter().filter(|server| is_only_in(server, &old)) {
        out.record("server-added", named(url, "added"), Effect::Compatible, at);
    }
    let first = |urls: &[(String, String)]| urls.first().map(|(url, _)| url.clone());
    if let (Some(old_first), Some(new_first)) = (first(&old), first(&new))
        && old_first != new_first
        && new.iter().any(|(url, _)| *url == old_first)
    {
        let problem = "the first server changed, which is the default of the generated client".to_owned();
        out.record("server-order", problem, Effect::None, after);
    }
}

/// A server of a list.
struct Server {
    url: String,
    at: String,
    variables: BTreeMap<String, Variable>,
}

#[derive(Clone, PartialEq)]
struct Variable {
    default: Option<String>,
    /// The allowed values. `None` allows any value.
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

/// Reports variables that have a list of values on one side only. Then both sides are given that list, so that it makes
/// no further difference.
fn compare_variables(old: &mut [Server], new: &mut [Server], out: &mut Recorder<'_>) {
    for before in old {
        let Some(after) = new.iter_mut().find(|after| after.url == before.url) else {
            continue;
        };
        for (name, old_variable) in &mut before.variables {
            let Some(new_variable) = after
                .variables
                .get_mut(name)
                .filter(|new_variable| new_variable.default == old_variable.default)
            else {
                continue;
            };
            match (&old_variable.values, &new_variable.values) {
                (Some(_), None) => {
                    let problem = format!("the variable `{name}` now accepts any value");
                    out.record("server-variable", problem, Effect::Compatible, &after.at);
                    new_variable.values.clone_from(&old_variable.values);
                }
                (None, Some(_)) => {
                    let problem = format!("the variable `{name}` now accepts only listed values");
                    out.record("server-variable", problem, Effect::Breaking, &after.at);
                    old_variable.values.clone_from(&new_variable.values);
                }
                _ => {}
            }
        }
    }
}

/// Returns the URLs of servers, expanded by the values of their variables, and the pointer to the server of each.
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
            let placeholder = format!("{{{name}}}");
            urls = urls
                .iter()
                .flat_map(|url| values.iter().map(|value| url.replace(&placeholder, value)))
                .take(MAX_URLS)
                .collect();
        }
        found.extend(
            urls.into_iter()
                .map(|url| (url.trim_end_matches('/').to_owned(), server.at.clone())),
        );
    }
    // Without a server, the default is the one that the document was served from.
    if found.is_empty() {
        found.push((String::new(), String::new()));
    }
    found
}
