//! Who may call: security requirements.

use std::collections::BTreeSet;

use callrounded_document::{Document, Operation, pointer};
use serde_json::{Value, json};

use super::{Effect, Recorder};

/// What a caller needs, of which it needs all: schemes and their scopes, spelled out so that two documents may name the
/// schemes differently.
type Needs = BTreeSet<String>;

/// The ways to authenticate, of which a caller needs one.
fn alternatives(document: &Document, operation: &Operation<'_>) -> BTreeSet<Needs> {
    let own = document.get(&pointer::join(&operation.pointer, "security"));
    let required = own.or_else(|| document.get("/security")).and_then(Value::as_array);
    let of = |requirement: &Value| -> Needs {
        let mut needs = Needs::new();
        for (name, scopes) in requirement.as_object().into_iter().flatten() {
            let scheme = scheme(document, name);
            let scopes = scopes.as_array().into_iter().flatten();
            needs.extend(scopes.map(|scope| format!("{scheme} {scope}")));
            needs.insert(scheme);
        }
        needs
    };
    let alternatives: BTreeSet<Needs> = required.into_iter().flatten().map(of).collect();
    match alternatives.is_empty() {
        // Nothing is needed.
        true => BTreeSet::from([Needs::new()]),
        false => alternatives,
    }
}

/// What of a scheme decides how a caller uses it.
fn scheme(document: &Document, name: &str) -> String {
    let at = document.resolve(&pointer::join("/components/securitySchemes", name));
    let scheme = at.and_then(|at| document.get(&at));
    let text = |field: &str| scheme.and_then(|scheme| scheme.get(field)).and_then(Value::as_str);
    let place = text("in");
    let lower = |text: &str| text.to_lowercase();
    let name = text("name").map(|name| {
        if place == Some("header") {
            lower(name)
        } else {
            name.to_owned()
        }
    });
    let flows = scheme.and_then(|scheme| scheme.get("flows")).and_then(Value::as_object);
    let flows: Vec<Value> = flows
        .into_iter()
        .flatten()
        .map(|(flow, parts)| {
            let part = |field: &str| parts.get(field).cloned().unwrap_or_default();
            json!([flow, part("authorizationUrl"), part("tokenUrl"), part("refreshUrl")])
        })
        .collect();
    json!([
        text("type"),
        place,
        name,
        text("scheme").map(lower),
        text("openIdConnectUrl"),
        flows
    ])
    .to_string()
}

pub(super) fn operation(was: &Operation<'_>, is: &Operation<'_>, out: &mut Recorder<'_>) {
    let (old, new) = (alternatives(out.old, was), alternatives(out.new, is));
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
