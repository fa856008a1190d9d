//! Compares security schemes, and the requirements of operations.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::{Value, json};

use super::{Effect, Recorder};

/// The credentials of one requirement, all of which a caller needs: schemes and their scopes. Schemes are described by
/// their content, since the documents may name them differently.
type Credentials = BTreeSet<String>;

/// The authentication methods of a scheme, described by the keywords that affect callers. Each OAuth flow is a method.
type AuthMethods = BTreeSet<String>;

const SCHEMES: &str = "/components/securitySchemes";

/// The names of the schemes whose content changed. This is reported once, and not for each operation.
#[derive(Default)]
pub(super) struct ChangedSchemes(BTreeSet<String>);

/// Compares the security schemes, and returns those that changed.
pub(super) fn schemes(out: &mut Recorder<'_>) -> ChangedSchemes {
    let (old, new) = (all(out.old), all(out.new));
    let mut changed = BTreeSet::new();
    for (name, before) in &old {
        let Some(after) = new.get(name) else { continue };
        // A scheme that was only renamed did not change.
        let is_renamed = new.iter().any(|(other, methods)| other != name && methods == before);
        let used = operations_using(out.old, name)
            .into_iter()
            .chain(operations_using(out.new, name));
        let used: BTreeSet<String> = used.collect();
        let at = pointer::join(SCHEMES, name);
        out.subject = format!("security scheme {name}");
        if scopes(out.old, &at) != scopes(out.new, &at) {
            let problem = "the available scopes changed".to_owned();
            out.record("description", problem, Effect::None, &at);
        }
        if used.is_empty() {
            if before != after {
                let problem = "the scheme changed; no operation requires it".to_owned();
                out.record("description", problem, Effect::None, &at);
            }
            continue;
        }
        out.names = used.into_iter().collect();
        if before != after && !is_renamed {
            changed.insert(name.clone());
            let (rule, wire, problem) = if before.is_subset(after) {
                (
                    "security-widened",
                    Effect::Compatible,
                    "a flow to get a token was added".to_owned(),
                )
            } else {
                ("security-narrowed", Effect::Breaking, difference(out, &at))
            };
            out.record(rule, problem, wire, &at);
        }
        let (before, after) = (refresh_urls(out.old, &at), refresh_urls(out.new, &at));
        for (flow, url) in &before {
            if after.get(flow) != Some(url) && has_flow(out.new, &at, flow) {
                let problem = format!("`refreshUrl` of the flow `{flow}` changed or was removed");
                out.record("security-narrowed", problem, Effect::Breaking, &at);
            }
        }
        for (flow, url) in &after {
            if !before.contains_key(flow) && has_flow(out.old, &at, flow) {
                let problem = format!("`refreshUrl` of the flow `{flow}` was added: {url}");
                out.record("security-widened", problem, Effect::Compatible, &at);
            }
        }
        out.names.clear();
    }
    ChangedSchemes(changed)
}

fn has_flow(document: &Document, at: &str, flow: &str) -> bool {
    document
        .get(&pointer::join(&pointer::join(at, "flows"), flow))
        .is_some()
}

/// Returns the message for a scheme that changed.
fn difference(out: &Recorder<'_>, at: &str) -> String {
    let string = |document: &Document, field: &str| document.get_str(&pointer::join(at, field)).map(str::to_owned);
    for (field, what) in [
        ("type", "the type"),
        ("in", "the location of the API key"),
        ("name", "the name of the API key"),
        ("scheme", "the HTTP authentication scheme"),
        ("openIdConnectUrl", "`openIdConnectUrl`"),
    ] {
        let (before, after) = (string(out.old, field), string(out.new, field));
        if before != after {
            let shown = |string: Option<String>| string.unwrap_or_else(|| "none".to_owned());
            return format!("{what} changed from {} to {}", shown(before), shown(after));
        }
    }
    "a flow to get a token changed or was removed".to_owned()
}

/// Returns the authentication methods of every scheme, by the name of the scheme.
fn all(document: &Document) -> BTreeMap<String, AuthMethods> {
    let schemes = document.members(SCHEMES);
    schemes
        .map(|(name, _)| (name.to_owned(), methods(document, name)))
        .collect()
}

/// Returns the names of the operations that require or accept a scheme.
fn operations_using(document: &Document, scheme: &str) -> Vec<String> {
    let uses = |operation: &Operation<'_>| {
        let mut requirements = required(document, operation).into_iter().flatten();
        requirements.any(|requirement| requirement.get(scheme).is_some())
    };
    let operations = document.operations().into_iter().filter(uses);
    operations
        .map(|operation| super::operations::name(&operation))
        .collect()
}

fn required<'d>(document: &'d Document, operation: &Operation<'_>) -> Option<&'d Vec<Value>> {
    let own = document.get(&pointer::join(&operation.pointer, "security"));
    own.or_else(|| document.get("/security"))?.as_array()
}

/// Returns the alternative sets of credentials of an operation. A caller needs one of them.
fn alternatives(document: &Document, operation: &Operation<'_>, changed: &ChangedSchemes) -> BTreeSet<Credentials> {
    let of = |requirement: &Value| -> BTreeSet<Credentials> {
        let mut alternatives = BTreeSet::from([Credentials::new()]);
        for (name, scopes) in requirement.as_object().into_iter().flatten() {
            let methods = if changed.0.contains(name) {
                AuthMethods::from([json!({ "name": name }).to_string()])
            } else {
                methods(document, name)
            };
            let scopes: Vec<&Value> = scopes.as_array().into_iter().flatten().collect();
            let with = |credentials: &Credentials, method: &String| {
                let mut credentials = credentials.clone();
                credentials.extend(scopes.iter().map(|scope| format!("{method} {scope}")));
                credentials.insert(method.clone());
                credentials
            };
            alternatives = alternatives
                .iter()
                .flat_map(|credentials| {
                    methods
                        .iter()
                        .map(|method| with(credentials, method))
                        .collect::<Vec<_>>()
                })
                .collect();
        }
        alternatives
    };
    let alternatives: BTreeSet<Credentials> = required(document, operation)
        .into_iter()
        .flatten()
        .flat_map(of)
        .collect();
    if alternatives.is_empty() {
        BTreeSet::from([Credentials::new()])
    } else {
        alternatives
    }
}

fn methods(document: &Document, name: &str) -> AuthMethods {
    let at = document.resolve(&pointer::join(SCHEMES, name));
    let scheme = at.and_then(|at| document.get(&at));
    let string = |field: &str| scheme.and_then(|scheme| scheme.get(field)).and_then(Value::as_str);
    let location = string("in");
    let lower = |string: &str| string.to_lowercase();
    let key = string("name").map(|name| {
        if location == Some("header") {
            lower(name)
        } else {
            name.to_owned()
        }
    });
    let method = |flow: Value| {
        json!([
            string("type"),
            location,
            key,
            string("scheme").map(lower),
            string("openIdConnectUrl"),
            flow
        ])
        .to_string()
    };
    let flows = scheme.and_then(|scheme| scheme.get("flows")).and_then(Value::as_object);
    let flows = flows.into_iter().flatten().filter(|(flow, _)| !flow.starts_with("x-"));
    let methods: AuthMethods = flows
        .map(|(flow, parts)| {
            let part = |field: &str| parts.get(field).cloned().unwrap_or_default();
            method(json!([flow, part("authorizationUrl"), part("tokenUrl")]))
        })
        .collect();
    if methods.is_empty() {
        AuthMethods::from([method(Value::Null)])
    } else {
        methods
    }
}

/// Returns the flows and names of the scopes of a scheme.
fn scopes(document: &Document, at: &str) -> BTreeSet<(String, String)> {
    let flows = pointer::join(at, "flows");
    let mut found = BTreeSet::new();
    for (flow, at) in document.members(&flows) {
        let at = pointer::join(&at, "scopes");
        found.extend(
            document
                .members(&at)
                .map(|(scope, _)| (flow.to_owned(), scope.to_owned())),
        );
    }
    found
}

/// Returns the `refreshUrl` of each flow of a scheme.
fn refresh_urls(document: &Document, at: &str) -> BTreeMap<String, String> {
    let flows = pointer::join(at, "flows");
    let members = document.members(&flows);
    members
        .filter_map(|(flow, at)| {
            Some((
                flow.to_owned(),
                document.get_str(&pointer::join(&at, "refreshUrl"))?.to_owned(),
            ))
        })
        .collect()
}

pub(super) fn operation(
    before: &Operation<'_>,
    after: &Operation<'_>,
    changed: &ChangedSchemes,
    out: &mut Recorder<'_>,
) {
    let (old, new) = (
        alternatives(out.old, before, changed),
        alternatives(out.new, after, changed),
    );
    let anonymous = Credentials::new();
    // A caller is accepted if it has all credentials of one alternative.
    let is_still_accepted = |one: &Credentials| new.iter().any(|other| other.is_subset(one));
    if !old.iter().all(is_still_accepted) {
        let problem = if old.contains(&anonymous) {
            "authentication is now required".to_owned()
        } else {
            "a way to authenticate was removed, or requires more".to_owned()
        };
        out.record("security-narrowed", problem, Effect::Breaking, &after.pointer);
    } else if old != new {
        let problem = if new.contains(&anonymous) {
            "authentication is no longer required".to_owned()
        } else {
            "a way to authenticate was added, or requires less".to_owned()
        };
        out.record("security-widened", problem, Effect::Compatible, &after.pointer);
    }
}
