//! Compares the keywords that apply to a value itself: types, values, limits and additional properties.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Effect,
    directions::Directions,
    shape::{Additional, LOWER, Shape},
};

/// A change of a keyword that applies to the value itself, not to its properties or items.
pub(super) struct KeywordChange {
    pub rule: &'static str,
    pub problem: String,
    pub narrows: bool,
    pub widens: bool,
    /// The keyword below the schema in the new document, where the change is located.
    pub keyword: &'static str,
    /// The effect in a response, if it does not follow from `widens`.
    response: Option<Effect>,
    /// The effect in a request, if it does not follow from `narrows`.
    request: Option<Effect>,
}

impl KeywordChange {
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

    /// Returns the effect on the wire in the given directions.
    pub fn wire(&self, directions: Directions) -> Effect {
        let effect = |effect: Option<Effect>, breaks: bool| match (effect, breaks) {
            (Some(effect), _) => effect,
            (None, true) => Effect::Breaking,
            (None, false) => Effect::Compatible,
        };
        let request = directions.request.then(|| effect(self.request, self.narrows));
        let response = directions.response.then(|| effect(self.response, self.widens));
        request.max(response).unwrap_or_default()
    }
}

/// Returns the changes of the keywords between two shapes.
pub(super) fn keyword_changes(before: &Shape, after: &Shape) -> Vec<KeywordChange> {
    let mut found = Vec::new();
    types(before, after, &mut found);
    values(before, after, &mut found);
    limits(before, after, &mut found);
    constraints(before, after, &mut found);
    let presence = |old: bool, new: bool| (!old && new, old && !new);
    let (items, no_items) = presence(!before.items.is_empty(), !after.items.is_empty());
    if items || no_items {
        let problem = if items {
            "the items of the array now have a schema"
        } else {
            "the items of the array no longer have a schema"
        };
        found.push(KeywordChange::new(
            "items",
            "items",
            items,
            no_items,
            problem.to_owned(),
        ));
    }
    if before.not.len() != after.not.len() || !before.not.is_empty() {
        let (narrows, widens) = (after.not.len() >= before.not.len(), after.not.len() <= before.not.len());
        let problem = "the excluded values (`not`) changed".to_owned();
        found.push(KeywordChange::new("not", "not", narrows, widens, problem));
    }
    additional(before, after, &mut found);
    if before.default != after.default {
        let problem = match (&before.default, &after.default) {
            (None, Some(value)) => format!("the default {value} was added"),
            (Some(value), None) => format!("the default {value} was removed"),
            (Some(old), Some(new)) => format!("the default changed from {old} to {new}"),
            (None, None) => String::new(),
        };
        found.push(KeywordChange {
            // An omitted value now means something else, unless its meaning was not documented before.
            request: Some(match before.default {
                None => Effect::None,
                Some(_) => Effect::Breaking,
            }),
            response: Some(match before.default {
                None => Effect::None,
                Some(_) => Effect::Compatible,
            }),
            ..KeywordChange::new("default", "default", false, false, problem)
        });
    }
    if before.discriminator != after.discriminator && (before.discriminator.is_some() || after.discriminator.is_some())
    {
        let problem = "the discriminator changed".to_owned();
        let (narrows, widens) = match (&before.discriminator, &after.discriminator) {
            (Some((old, before)), Some((new, after))) if old == new => {
                let removed = before.iter().any(|(value, target)| after.get(value) != Some(target));
                let added = after.iter().any(|(value, target)| before.get(value) != Some(target));
                (removed, added)
            }
            (old, new) => (new.is_some(), old.is_some()),
        };
        found.push(KeywordChange::new(
            "discriminator",
            "discriminator",
            narrows,
            widens,
            problem,
        ));
    }
    found
}

fn types(before: &Shape, after: &Shape, found: &mut Vec<KeywordChange>) {
    let named = |types: &BTreeSet<String>| types.iter().cloned().collect::<Vec<_>>().join(" or ");
    match (&before.types, &after.types) {
        (Some(old), Some(new)) if old != new => {
            let allows = |types: &BTreeSet<String>, name: &str| {
                types.contains(name) || name == "integer" && types.contains("number")
            };
            let removed: Vec<&String> = old.iter().filter(|name| !allows(new, name)).collect();
            let added: Vec<&String> = new.iter().filter(|name| !allows(old, name)).collect();
            if removed.is_empty() && added.is_empty() {
                return;
            }
            let (rule, problem) = match (removed.as_slice(), added.as_slice()) {
                ([], [null]) if *null == "null" => ("null-allowed", "null is now allowed".to_owned()),
                ([null], []) if *null == "null" => ("null-refused", "null is no longer allowed".to_owned()),
                _ => (
                    "type",
                    format!("the type changed from {} to {}", named(old), named(new)),
                ),
            };
            found.push(KeywordChange::new(
                rule,
                "type",
                !removed.is_empty(),
                !added.is_empty(),
                problem,
            ));
        }
        (None, Some(new)) if before.values.is_none() => {
            let problem = format!("the type is now {}; it was any type", named(new));
            found.push(KeywordChange::new("type", "type", true, false, problem));
        }
        (Some(old), None) if after.values.is_none() => {
            let problem = format!("the type is now any type; it was {}", named(old));
            found.push(KeywordChange::new("type", "type", false, true, problem));
        }
        _ => {}
    }
}

fn values(before: &Shape, after: &Shape, found: &mut Vec<KeywordChange>) {
    match (&before.values, &after.values) {
        (Some(old), Some(new)) => {
            for removed in old.iter().filter(|value| !new.contains(value)) {
                let rule = if removed.is_null() {
                    "null-refused"
                } else {
                    "value-removed"
                };
                let problem = format!("the value {removed} was removed");
                found.push(KeywordChange::new(rule, "enum", true, false, problem));
            }
            for added in new.iter().filter(|value| !old.contains(value)) {
                let problem = format!("the value {added} was added");
                found.push(if added.is_null() {
                    KeywordChange::new("null-allowed", "enum", false, true, problem)
                } else {
                    KeywordChange {
                        // Readers keep unknown values.
                        response: Some(Effect::Compatible),
                        ..KeywordChange::new("value-added", "enum", false, true, problem)
                    }
                });
            }
        }
        (None, Some(new)) => {
            let allowed = |value: &Value| before.allows_type_of(value);
            if new.contains(&Value::Null) && !allowed(&Value::Null) {
                let problem = "null is now allowed".to_owned();
                found.push(KeywordChange::new("null-allowed", "", false, true, problem));
            }
            let widens = !new.iter().filter(|value| !value.is_null()).all(allowed);
            let problem = format!("the values are now limited to {}", list(new));
            found.push(KeywordChange::new("enum", "enum", true, widens, problem));
        }
        (Some(old), None) => {
            let allows = |value: &Value| after.allows_type_of(value);
            if old.contains(&Value::Null) && !allows(&Value::Null) {
                let problem = "null is no longer allowed".to_owned();
                found.push(KeywordChange::new("null-refused", "", true, false, problem));
            }
            let problem = format!("the values are no longer limited to {}", list(old));
            // Null was compared above.
            let old: Vec<Value> = old.iter().filter(|value| !value.is_null()).cloned().collect();
            let narrows = !old.iter().all(allows);
            found.push(KeywordChange {
                response: (!narrows && are_open_strings(&old, after)).then_some(Effect::Compatible),
                ..KeywordChange::new("enum", "enum", narrows, true, problem)
            });
        }
        (None, None) => {}
    }
}

/// Checks whether an enumeration of strings became an arbitrary string, which readers of open enumerations accept.
fn are_open_strings(old: &[Value], after: &Shape) -> bool {
    let types = after.types.as_ref();
    let is_text = |types: &BTreeSet<String>| types.iter().all(|name| name == "string" || name == "null");
    types.is_some_and(is_text) && old.iter().all(Value::is_string)
}

fn list(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

fn limits(before: &Shape, after: &Shape, found: &mut Vec<KeywordChange>) {
    let keywords: BTreeSet<&'static str> = before.limits.keys().chain(after.limits.keys()).copied().collect();
    for keyword in keywords {
        let (old, new) = (before.limits.get(keyword), after.limits.get(keyword));
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
            (None, Some(new)) => format!("`{keyword}` was added: {new}"),
            (Some(old), None) => format!("`{keyword}` was removed; it was {old}"),
            (Some(old), Some(new)) => format!("`{keyword}` changed from {old} to {new}"),
            (None, None) => String::new(),
        };
        found.push(KeywordChange::new("limit", keyword, narrows, !narrows, problem));
    }
}

fn constraints(before: &Shape, after: &Shape, found: &mut Vec<KeywordChange>) {
    let keywords: BTreeSet<&'static str> = before
        .constraints
        .keys()
        .chain(after.constraints.keys())
        .copied()
        .collect();
    for keyword in keywords {
        let (old, new) = (before.constraints.get(keyword), after.constraints.get(keyword));
        if old == new {
            continue;
        }
        let shown = |constraints: Option<&BTreeSet<String>>| {
            let constraints = constraints.into_iter().flatten().cloned().collect::<Vec<_>>();
            constraints.join(" and ")
        };
        let (mut narrows, mut widens) = match (old, new) {
            (Some(old), Some(new)) => (!new.is_subset(old), !old.is_subset(new)),
            (old, _) => (old.is_none(), old.is_some()),
        };
        match (keyword, shown(old).as_str(), shown(new).as_str()) {
            ("format", "int32", "int64") | ("format", "float", "double") => narrows = false,
            ("format", "int64", "int32") | ("format", "double", "float") => widens = false,
            ("multipleOf", old, new) => {
                // Every multiple of 6 is a multiple of 3.
                let is_multiple = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(a), Ok(b)) if b != 0.0 => (a / b).fract() == 0.0,
                    _ => false,
                };
                if !old.is_empty() && !new.is_empty() {
                    (narrows, widens) = (!is_multiple(old, new), !is_multiple(new, old));
                }
            }
            _ => {}
        }
        let problem = match (old, new) {
            (None, _) => format!("`{keyword}` was added: {}", shown(new)),
            (_, None) => format!("`{keyword}` was removed; it was {}", shown(old)),
            _ => format!("`{keyword}` changed from {} to {}", shown(old), shown(new)),
        };
        let rule = if keyword == "format" { "format" } else { "limit" };
        found.push(KeywordChange::new(rule, keyword, narrows, widens, problem));
    }
}

fn additional(before: &Shape, after: &Shape, found: &mut Vec<KeywordChange>) {
    let (narrows, widens, problem) = match (&before.additional, &after.additional) {
        (Additional::Open, Additional::Closed) => (true, false, "additional properties are no longer allowed"),
        (Additional::Closed, Additional::Open) => (false, true, "additional properties are now allowed"),
        (Additional::Open, Additional::Schemas(_)) => (true, false, "additional properties must now match a schema"),
        (Additional::Schemas(_), Additional::Open) => {
            (false, true, "additional properties no longer have to match a schema")
        }
        (Additional::Closed, Additional::Schemas(_)) => {
            (false, true, "additional properties that match a schema are now allowed")
        }
        (Additional::Schemas(_), Additional::Closed) => (
            true,
            false,
            "additional properties are no longer allowed; they had a schema",
        ),
        _ => return,
    };
    let lost_schema = matches!(
        (&before.additional, &after.additional),
        (Additional::Schemas(_), Additional::Open)
    );
    found.push(KeywordChange {
        // Readers ignore unknown properties, but rely on a documented schema.
        response: (widens && !lost_schema).then_some(Effect::Compatible),
        ..KeywordChange::new(
            "additional-properties",
            "additionalProperties",
            narrows,
            widens,
            problem.to_owned(),
        )
    });
}
