//! Who may call, and where: security requirements and servers.

use std::collections::BTreeSet;

use callrounded_document::{Document, Operation, pointer};
use serde_json::Value;

use super::{Effect, Recorder};

/// The ways to authenticate, of which a caller needs one; each is a set of schemes that it needs all of, spelled out so
/// that two documents may name them differently.
fn alternatives(document: &Document, operation: &Operation<'_>) -> BTreeSet<BTreeSet<String>> {
    let own = document.get(&pointer::join(&operation.pointer, "security"));
    let required = own.or_else(|| document.get("/security")).and_then(Value::as_array);
    let of = |requirement: &Value| -> BTreeSet<String> {
        let schemes = requirement.as_object().into_iter().flatten();
        schemes
            .map(|(name, scopes)| {
                let at = document.resolve(&pointer::join("/components/securitySchemes", name));
                let mut scheme = at.and_then(|at| document.get(&at)).cloned().unwrap_or_default();
                if let Some(scheme) = scheme.as_object_mut() {
                    scheme.retain(|field, _| field != "description" && !field.starts_with("x-"));
                }
                format!("{scheme} {scopes}")
            })
            .collect()
    };
    let alternatives: BTreeSet<BTreeSet<String>> = required.into_iter().flatten().map(of).collect();
    match alternatives.is_empty() {
        // Nothing is needed.
        true => BTreeSet::from([BTreeSet::new()]),
        false => alternatives,
    }
}

pub(super) fn operation(was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (alternatives(out.old, was), alternatives(out.new, is));
    let nothing = BTreeSet::new();
    // Whoever authenticates in a way that goes on, or need not any more, is let in.
    let goes_on = |one: &BTreeSet<String>| new.contains(one) || new.contains(&nothing);
    if !old.iter().all(goes_on) {
        let problem = match old.contains(&nothing) {
            true => "callers have to authenticate now".to_owned(),
            false => "a way to authenticate is gone or changed".to_owned(),
        };
        out.add("security-narrowed", problem, Effect::Breaking, &is.pointer);
    } else if old != new {
        let problem = match new.contains(&nothing) {
            true => "callers need not authenticate any more".to_owned(),
            false => "there is another way to authenticate".to_owned(),
        };
        out.add("security-widened", problem, Effect::Compatible, &is.pointer);
    }
}

pub(super) fn servers(out: &mut Recorder<'_>) {
    out.subject = "servers".to_owned();
    let urls = |document: &Document| -> Vec<String> {
        let servers = document.get("/servers").and_then(Value::as_array).into_iter().flatten();
        let urls = servers.filter_map(|server| server.get("url")?.as_str());
        urls.map(|url| url.trim_end_matches('/').to_owned()).collect()
    };
    let (old, new) = (urls(out.old), urls(out.new));
    for (index, url) in old.iter().enumerate().filter(|(_, url)| !new.contains(url)) {
        let at = format!("/servers/{index}");
        let problem = format!("the server {url} is gone");
        out.gone("server-removed", problem, Effect::Breaking, &at);
    }
    for (index, url) in new.iter().enumerate().filter(|(_, url)| !old.contains(url)) {
        let at = format!("/servers/{index}");
        let problem = format!("the server {url} is new");
        out.add("server-added", problem, Effect::Compatible, &at);
    }
    if old.first() != new.first() && old.first().is_some_and(|url| new.contains(url)) {
        let problem = "another server is the first, which the generated client talks to".to_owned();
        out.add("server-order", problem, Effect::None, "/servers/0");
    }
}
