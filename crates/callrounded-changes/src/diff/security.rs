//! Who may call: security schemes, and which of them an operation requires.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, Operation, pointer};
use serde_json::{Value, json};

use super::{Effect, Recorder};

/// What a caller needs, of which it needs all: schemes and their scopes, spelled out so that two documents may name the
/// schemes differently.
type Needs = BTreeSet<String>;

/// What of a scheme decides how a caller uses it; of several flows, each is a way.
type Ways = BTreeSet<String>;

const SCHEMES: &str = "/components/securitySchemes";

/// The schemes that changed under their names: that is told once, and not of each operation.
#[derive(Default)]
pub(super) struct Changed(BTreeSet<String>);

/// The schemes that operations use.
pub(super) fn schemes(out: &mut Recorder<'_>) -> Changed {
    let (old, new) = (all(out.old), all(out.new));
    let mut changed = BTreeSet::new();
    for (name, was) in &old {
        let Some(is) = new.get(name) else { continue };
        // Under another name it is there still.
        let moved = new.iter().any(|(other, ways)| other != name && ways == was);
        let used = users(out.old, name).into_iter().chain(users(out.new, name));
        let used: BTreeSet<String> = used.collect();
        let at = pointer::join(SCHEMES, name);
        out.subject = format!("security scheme {name}");
        if scopes(out.old, &at) != scopes(out.new, &at) {
            let problem = "the scopes that there are changed".to_owned();
            out.add("description", problem, Effect::None, &at);
        }
        if used.is_empty() {
            if was != is {
                let problem = "it changed, and no operation asks for it".to_owned();
                out.add("description", problem, Effect::None, &at);
            }
            continue;
        }
        out.names = used.into_iter().collect();
        if was != is && !moved {
            changed.insert(name.clone());
            let (rule, wire, problem) = match was.is_subset(is) {
                true => (
                    "security-widened",
                    Effect::Compatible,
                    "there is another way to get a token".to_owned(),
                ),
                false => ("security-narrowed", Effect::Breaking, difference(out, &at)),
            };
            out.add(rule, problem, wire, &at);
        }
        let (was, is) = (refresh_urls(out.old, &at), refresh_urls(out.new, &at));
        for (flow, url) in &was {
            if is.get(flow) != Some(url) && new_flow(out.new, &at, flow) {
                let problem = format!("`refreshUrl` of the flow {flow} changed, or is gone");
                out.add("security-narrowed", problem, Effect::Breaking, &at);
            }
        }
        for (flow, url) in &is {
            if !was.contains_key(flow) && new_flow(out.old, &at, flow) {
                let problem = format!("`refreshUrl` of the flow {flow} is {url} now; there was none");
                out.add("security-widened", problem, Effect::Compatible, &at);
            }
        }
        out.names.clear();
    }
    Changed(changed)
}

fn new_flow(document: &Document, at: &str, flow: &str) -> bool {
    document
        .get(&pointer::join(&pointer::join(at, "flows"), flow))
        .is_some()
}

/// What people are told of a scheme that changed.
fn difference(out: &Recorder<'_>, at: &str) -> String {
    let text = |document: &Document, field: &str| document.text(&pointer::join(at, field)).map(str::to_owned);
    for (field, what) in [
        ("type", "its type"),
        ("in", "where the key is sent"),
        ("name", "the name of the key"),
        ("scheme", "the scheme of HTTP"),
        ("openIdConnectUrl", "`openIdConnectUrl`"),
    ] {
        let (was, is) = (text(out.old, field), text(out.new, field));
        if was != is {
            let shown = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
            return format!("{what} changed from {} to {}", shown(was), shown(is));
        }
    }
    "a way to get a token changed, or is gone".to_owned()
}

/// Every scheme by its name.
fn all(document: &Document) -> BTreeMap<String, Ways> {
    let schemes = document.members(SCHEMES);
    schemes
        .map(|(name, _)| (name.to_owned(), ways(document, name)))
        .collect()
}

/// The operations that ask for a scheme.
fn users(document: &Document, scheme: &str) -> Vec<String> {
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

/// The ways to authenticate, of which a caller needs one.
fn alternatives(document: &Document, operation: &Operation<'_>, changed: &Changed) -> BTreeSet<Needs> {
    let of = |requirement: &Value| -> BTreeSet<Needs> {
        let mut alternatives = BTreeSet::from([Needs::new()]);
        for (name, scopes) in requirement.as_object().into_iter().flatten() {
            let ways = match changed.0.contains(name) {
                true => Ways::from([json!({ "name": name }).to_string()]),
                false => ways(document, name),
            };
            let scopes: Vec<&Value> = scopes.as_array().into_iter().flatten().collect();
            let with = |needs: &Needs, way: &String| {
                let mut needs = needs.clone();
                needs.extend(scopes.iter().map(|scope| format!("{way} {scope}")));
                needs.insert(way.clone());
                needs
            };
            alternatives = alternatives
                .iter()
                .flat_map(|needs| ways.iter().map(|way| with(needs, way)).collect::<Vec<_>>())
                .collect();
        }
        alternatives
    };
    let alternatives: BTreeSet<Needs> = required(document, operation)
        .into_iter()
        .flatten()
        .flat_map(of)
        .collect();
    match alternatives.is_empty() {
        // Nothing is needed.
        true => BTreeSet::from([Needs::new()]),
        false => alternatives,
    }
}

fn ways(document: &Document, name: &str) -> Ways {
    let at = document.resolve(&pointer::join(SCHEMES, name));
    let scheme = at.and_then(|at| document.get(&at));
    let text = |field: &str| scheme.and_then(|scheme| scheme.get(field)).and_then(Value::as_str);
    let place = text("in");
    let lower = |text: &str| text.to_lowercase();
    let key = text("name").map(|name| {
        if place == Some("header") {
            lower(name)
        } else {
            name.to_owned()
        }
    });
    let way = |flow: Value| {
        json!([
            text("type"),
            place,
            key,
            text("scheme").map(lower),
            text("openIdConnectUrl"),
            flow
        ])
        .to_string()
    };
    let flows = scheme.and_then(|scheme| scheme.get("flows")).and_then(Value::as_object);
    let flows = flows.into_iter().flatten().filter(|(flow, _)| !flow.starts_with("x-"));
    let ways: Ways = flows
        .map(|(flow, parts)| {
            let part = |field: &str| parts.get(field).cloned().unwrap_or_default();
            way(json!([flow, part("authorizationUrl"), part("tokenUrl")]))
        })
        .collect();
    match ways.is_empty() {
        true => Ways::from([way(Value::Null)]),
        false => ways,
    }
}

/// The names of the scopes of each flow of a scheme.
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

/// Where each flow of a scheme gets its next token.
fn refresh_urls(document: &Document, at: &str) -> BTreeMap<String, String> {
    let flows = pointer::join(at, "flows");
    let members = document.members(&flows);
    members
        .filter_map(|(flow, at)| {
            Some((
                flow.to_owned(),
                document.text(&pointer::join(&at, "refreshUrl"))?.to_owned(),
            ))
        })
        .collect()
}

pub(super) fn operation(was: &Operation<'_>, is: &Operation<'_>, changed: &Changed, out: &mut Recorder<'_>) {
    let (old, new) = (alternatives(out.old, was, changed), alternatives(out.new, is, changed));
    let nothing = Needs::new();
    // Whoever has all that some way asks for is let in.
    let goes_on = |one: &Needs| new.iter().any(|other| other.is_subset(one));
    if !old.iter().all(goes_on) {
        let problem = match old.contains(&nothing) {
            true => "callers have to authenticate now".to_owned(),
            false => "a way to authenticate is gone, or asks for more".to_owned(),
        };
        out.add("security-narrowed", problem, Effect::Breaking, &is.pointer);
    } else if old != new {
        let problem = match new.contains(&nothing) {
            true => "callers need not authenticate any more".to_owned(),
            false => "there is another way to authenticate, or one asks for less".to_owned(),
        };
        out.add("security-widened", problem, Effect::Compatible, &is.pointer);
    }
}
