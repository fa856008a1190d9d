//! Where the service is called.

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
fn own(document: &Document, operation: &Operation<'_>) -> String {
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
    let (old, new) = (urls(out.old, was), urls(out.new, is));
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

/// The URLs of a list of servers, those that variables make included, and where each stands.
fn urls(document: &Document, at: &str) -> Vec<(String, String)> {
    let servers = document.get(at).and_then(Value::as_array);
    let mut found = Vec::new();
    for (index, server) in servers.into_iter().flatten().enumerate() {
        let at = pointer::join(at, &index.to_string());
        let mut urls = vec![server.get("url").and_then(Value::as_str).unwrap_or_default().to_owned()];
        for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
            let default = variable.get("default").and_then(Value::as_str);
            let listed = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
            let mut values: Vec<&str> = default.into_iter().collect();
            for value in listed.filter_map(Value::as_str) {
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
                .map(|url| (url.trim_end_matches('/').to_owned(), at.clone())),
        );
    }
    // Where none is named, it is the one that the document came from.
    if found.is_empty() {
        found.push((String::new(), String::new()));
    }
    found
}
