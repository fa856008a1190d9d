//! What changed about a value itself, keyword by keyword: its types, values, limits, and what it may hold besides.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Effect,
    schemas::Ways,
    shape::{Additional, LOWER, Shape, is_of_type},
};

/// What changed about the value itself, not about what it holds.
pub(super) struct Aspect {
    pub rule: &'static str,
    pub problem: String,
    pub narrows: bool,
    pub widens: bool,
    /// Where it stands in the new document, below the schema.
    pub keyword: &'static str,
    /// What it means in an answer, where that is not told by whether it widens.
    response: Option<Effect>,
    /// The same in a request.
    request: Option<Effect>,
}

impl Aspect {
    pub fn new(rule: &'static str, keyword: &'static str, narrows: bool, widens: bool, problem: String) -> Self {
        Self {
            rule,
            problem,
            narrows,
            widens,
            keyword,
            response: None,
            request: None,
        }
    }

    pub fn wire(&self, ways: Ways) -> Effect {
        let told = |told: Option<Effect>, breaks: bool| match (told, breaks) {
            (Some(told), _) => told,
            (None, true) => Effect::Breaking,
            (None, false) => Effect::Compatible,
        };
        let request = ways.request.then(|| told(self.request, self.narrows));
        let response = ways.response.then(|| told(self.response, self.widens));
        request.max(response).unwrap_or_default()
    }
}

/// Everything that changed about a value of these shapes.
pub(super) fn aspects(was: &Shape, is: &Shape) -> Vec<Aspect> {
    let mut found = Vec::new();
    types(was, is, &mut found);
    values(was, is, &mut found);
    limits(was, is, &mut found);
    marks(was, is, &mut found);
    let presence = |old: bool, new: bool| (!old && new, old && !new);
    let (items, no_items) = presence(!was.items.is_empty(), !is.items.is_empty());
    if items || no_items {
        let problem = match items {
            true => "the items of the array are described now",
            false => "the items of the array may be anything now",
        };
        found.push(Aspect::new("items", "items", items, no_items, problem.to_owned()));
    }
    if was.not.len() != is.not.len() || !was.not.is_empty() {
        let (narrows, widens) = (is.not.len() >= was.not.len(), is.not.len() <= was.not.len());
        let problem = "what it must not be (`not`) changed".to_owned();
        found.push(Aspect::new("not", "not", narrows, widens, problem));
    }
    additional(was, is, &mut found);
    if was.default != is.default {
        let problem = match (&was.default, &is.default) {
            (None, Some(value)) => format!("the default is {value} now; there was none"),
            (Some(value), None) => format!("the default {value} is gone"),
            (Some(old), Some(new)) => format!("the default changed from {old} to {new}"),
            (None, None) => String::new(),
        };
        found.push(Aspect {
            // What a client leaves out means something else, unless it was only not said what it means.
            request: Some(match was.default {
                None => Effect::None,
                Some(_) => Effect::Breaking,
            }),
            response: Some(match was.default {
                None => Effect::None,
                Some(_) => Effect::Compatible,
            }),
            ..Aspect::new("default", "default", false, false, problem)
        });
    }
    if was.discriminator != is.discriminator && (was.discriminator.is_some() || is.discriminator.is_some()) {
        let problem = "the discriminator changed".to_owned();
        let (narrows, widens) = match (&was.discriminator, &is.discriminator) {
            (Some((old, was)), Some((new, is))) if old == new => {
                let lost = was.iter().any(|(value, target)| is.get(value) != Some(target));
                let gained = is.iter().any(|(value, target)| was.get(value) != Some(target));
                (lost, gained)
            }
            (old, new) => (new.is_some(), old.is_some()),
        };
        found.push(Aspect::new("discriminator", "discriminator", narrows, widens, problem));
    }
    found
}

fn types(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let named = |types: &BTreeSet<String>| types.iter().cloned().collect::<Vec<_>>().join(" or ");
    match (&was.types, &is.types) {
        (Some(old), Some(new)) if old != new => {
            let allows = |types: &BTreeSet<String>, name: &str| {
                types.contains(name) || name == "integer" && types.contains("number")
            };
            let gone: Vec<&String> = old.iter().filter(|name| !allows(new, name)).collect();
            let added: Vec<&String> = new.iter().filter(|name| !allows(old, name)).collect();
            if gone.is_empty() && added.is_empty() {
                return;
            }
            let (rule, problem) = match (gone.as_slice(), added.as_slice()) {
                ([], [null]) if *null == "null" => ("null-allowed", "it may be null now".to_owned()),
                ([null], []) if *null == "null" => ("null-refused", "it may no longer be null".to_owned()),
                _ => (
                    "type",
                    format!("the type changed from {} to {}", named(old), named(new)),
                ),
            };
            found.push(Aspect::new(rule, "type", !gone.is_empty(), !added.is_empty(), problem));
        }
        (None, Some(new)) if was.values.is_none() => {
            let problem = format!("the type is {} now; it could be any", named(new));
            found.push(Aspect::new("type", "type", true, false, problem));
        }
        (Some(old), None) if is.values.is_none() => {
            let problem = format!("the type may be any now; it was {}", named(old));
            found.push(Aspect::new("type", "type", false, true, problem));
        }
        _ => {}
    }
}

fn values(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    match (&was.values, &is.values) {
        (Some(old), Some(new)) => {
            for gone in old.iter().filter(|value| !new.contains(value)) {
                let rule = if gone.is_null() {
                    "null-refused"
                } else {
                    "value-removed"
                };
                let problem = format!("the value {gone} is gone");
                found.push(Aspect::new(rule, "enum", true, false, problem));
            }
            for added in new.iter().filter(|value| !old.contains(value)) {
                let problem = format!("the value {added} is new");
                found.push(match added.is_null() {
                    true => Aspect::new("null-allowed", "enum", false, true, problem),
                    false => Aspect {
                        // Readers keep a value that they do not know.
                        response: Some(Effect::Compatible),
                        ..Aspect::new("value-added", "enum", false, true, problem)
                    },
                });
            }
        }
        (None, Some(new)) => {
            let widens = was
                .types
                .as_ref()
                .is_some_and(|types| !new.iter().all(|value| types.iter().any(|name| is_of_type(value, name))));
            let problem = format!("only {} are allowed now", listed(new));
            found.push(Aspect::new("enum", "enum", true, widens, problem));
        }
        (Some(old), None) => {
            let allows = |value: &Value| {
                let types = is.types.as_ref();
                types.is_none_or(|types| types.iter().any(|name| is_of_type(value, name)))
            };
            if old.contains(&Value::Null) && !allows(&Value::Null) {
                let problem = "it may no longer be null".to_owned();
                found.push(Aspect::new("null-refused", "", true, false, problem));
            }
            // Of the values other than null; whether that is allowed has been said.
            let old: Vec<Value> = old.iter().filter(|value| !value.is_null()).cloned().collect();
            let narrows = !old.iter().all(allows);
            let problem = format!("no longer only {} are allowed", listed(&old));
            found.push(Aspect {
                response: (!narrows && only_texts(&old, is)).then_some(Effect::Compatible),
                ..Aspect::new("enum", "enum", narrows, true, problem)
            });
        }
        (None, None) => {}
    }
}

/// Whether an enumeration of texts became any text, which a reader of open enumerations takes.
fn only_texts(old: &[Value], is: &Shape) -> bool {
    let types = is.types.as_ref();
    let is_text = |types: &BTreeSet<String>| types.iter().all(|name| name == "string" || name == "null");
    types.is_some_and(is_text) && old.iter().all(Value::is_string)
}

fn listed(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

fn limits(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let keywords: BTreeSet<&'static str> = was.limits.keys().chain(is.limits.keys()).copied().collect();
    for keyword in keywords {
        let (old, new) = (was.limits.get(keyword), is.limits.get(keyword));
        if old == new {
            continue;
        }
        let lower = LOWER.contains(&keyword);
        let narrows = match (old, new) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(old), Some(new)) => (new > old) == lower,
        };
        let problem = match (old, new) {
            (None, Some(new)) => format!("`{keyword}` is {new} now; there was none"),
            (Some(old), None) => format!("`{keyword}`, which was {old}, is gone"),
            (Some(old), Some(new)) => format!("`{keyword}` changed from {old} to {new}"),
            (None, None) => String::new(),
        };
        found.push(Aspect::new("limit", keyword, narrows, !narrows, problem));
    }
}

fn marks(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let keywords: BTreeSet<&'static str> = was.marks.keys().chain(is.marks.keys()).copied().collect();
    for keyword in keywords {
        let (old, new) = (was.marks.get(keyword), is.marks.get(keyword));
        if old == new {
            continue;
        }
        let shown = |marks: Option<&BTreeSet<String>>| {
            let marks = marks.into_iter().flatten().cloned().collect::<Vec<_>>();
            marks.join(" and ")
        };
        let (mut narrows, mut widens) = match (old, new) {
            (Some(old), Some(new)) => (!new.is_subset(old), !old.is_subset(new)),
            (old, _) => (old.is_none(), old.is_some()),
        };
        match (keyword, shown(old).as_str(), shown(new).as_str()) {
            ("format", "int32", "int64") | ("format", "float", "double") => narrows = false,
            ("format", "int64", "int32") | ("format", "double", "float") => widens = false,
            ("multipleOf", old, new) => {
                // What is a multiple of 6 is one of 3.
                let of = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(a), Ok(b)) if b != 0.0 => (a / b).fract() == 0.0,
                    _ => false,
                };
                if !old.is_empty() && !new.is_empty() {
                    (narrows, widens) = (!of(old, new), !of(new, old));
                }
            }
            _ => {}
        }
        let problem = match (old, new) {
            (None, _) => format!("`{keyword}` is {} now; there was none", shown(new)),
            (_, None) => format!("`{keyword}`, which was {}, is gone", shown(old)),
            _ => format!("`{keyword}` changed from {} to {}", shown(old), shown(new)),
        };
        let rule = if keyword == "format" { "format" } else { "limit" };
        found.push(Aspect::new(rule, keyword, narrows, widens, problem));
    }
}

fn additional(was: &Shape, is: &Shape, found: &mut Vec<Aspect>) {
    let (narrows, widens, problem) = match (&was.additional, &is.additional) {
        (Additional::Open, Additional::Closed) => (true, false, "no other properties are allowed now"),
        (Additional::Closed, Additional::Open) => (false, true, "other properties are allowed now"),
        (Additional::Open, Additional::Of(_)) => (true, false, "other properties have a schema now"),
        (Additional::Of(_), Additional::Open) => (false, true, "other properties may be anything now"),
        (Additional::Closed, Additional::Of(_)) => (false, true, "other properties of a schema are allowed now"),
        (Additional::Of(_), Additional::Closed) => {
            (true, false, "no other properties are allowed now, which had a schema")
        }
        _ => return,
    };
    let lost = matches!((&was.additional, &is.additional), (Additional::Of(_), Additional::Open));
    found.push(Aspect {
        // Readers pass over what they do not know; but not over what they were promised.
        response: (widens && !lost).then_some(Effect::Compatible),
        ..Aspect::new(
            "additional-properties",
            "additionalProperties",
            narrows,
            widens,
            problem.to_owned(),
        )
    });
}
