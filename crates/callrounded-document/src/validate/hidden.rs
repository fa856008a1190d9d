//! Properties that must not be there in the direction that a body goes: `readOnly` in a request, `writeOnly` in a
//! response. The keyword of that name, which a translated schema has at the object
//! instead of the property, carries the names to the validator.

use std::collections::BTreeSet;

use jsonschema::{Keyword, ValidationError, paths::Location};
use serde_json::{Map, Value};

use super::representation::Strict;
use crate::{document::Document, json::Node, pointer, walk::Direction};

/// The keyword of the direction.
pub(super) fn keyword(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

/// What the keyword says: none of these names is there.
struct Absent(Vec<String>);

type Made<'a> = Result<Box<dyn for<'i> Keyword<'i, Strict>>, ValidationError<'a>>;

pub(super) fn made<'a>(_parent: &'a Map<String, Value>, names: &'a Value, _location: Location) -> Made<'a> {
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(Box::new(Absent(names.map(str::to_owned).collect())))
}

impl<'i> Keyword<'i, Strict> for Absent {
    fn validate(&self, instance: Node<'i>) -> Result<(), ValidationError<'i>> {
        self.iter_errors(instance).next().map_or(Ok(()), Err)
    }

    fn is_valid(&self, instance: Node<'i>) -> bool {
        self.0.iter().all(|name| instance.get(name).is_none())
    }

    /// One error for each property that is there, its name for a message.
    fn iter_errors(&self, instance: Node<'i>) -> Box<dyn Iterator<Item = ValidationError<'i>> + 'i> {
        let there = self.0.iter().filter(|name| instance.get(name).is_some());
        let errors: Vec<_> = there.map(|name| ValidationError::custom(name.clone())).collect();
        Box::new(errors.into_iter())
    }
}

/// Property names that are absent, or must be, in this direction.
pub(super) type Hidden = BTreeSet<String>;

/// The properties of the schema at `at`, and of what it is put together from, that are hidden in this direction.
pub(super) fn of(document: &Document, direction: Option<Direction>, at: &str) -> Hidden {
    within(document, direction, at, &mut Vec::new())
}

fn within(document: &Document, direction: Option<Direction>, at: &str, seen: &mut Vec<String>) -> Hidden {
    let mut hidden = own(document, direction, at);
    let list = pointer::join(at, "allOf");
    let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
    for part in (0..count).filter_map(|index| document.resolve(&pointer::join(&list, &index.to_string()))) {
        if !seen.contains(&part) {
            seen.push(part.clone());
            hidden.extend(within(document, direction, &part, seen));
        }
    }
    hidden
}

/// Those of the schema at `at` by itself.
pub(super) fn own(document: &Document, direction: Option<Direction>, at: &str) -> Hidden {
    let Some(flag) = direction.map(keyword) else {
        return Hidden::new();
    };
    let properties = pointer::join(at, "properties");
    let is_hidden = |(name, at): (&str, String)| {
        let schema = document.resolve(&at)?;
        (document.get(&pointer::join(&schema, flag))? == true).then(|| name.to_owned())
    };
    document.members(&properties).filter_map(is_hidden).collect()
}

/// Whether the schema at `at`, or one that it is put together from, requires any of these by itself.
pub(super) fn requires(document: &Document, direction: Option<Direction>, at: &str, names: &Hidden) -> bool {
    !names.is_empty() && requires_within(document, direction, at, names, &mut Vec::new())
}

fn requires_within(
    document: &Document,
    direction: Option<Direction>,
    at: &str,
    names: &Hidden,
    seen: &mut Vec<String>,
) -> bool {
    let Some(at) = document.resolve(at).filter(|at| !seen.contains(at)) else {
        return false;
    };
    seen.push(at.clone());
    let list = |keyword: &str| {
        let at = pointer::join(&at, keyword);
        let list = document.get(&at).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .enumerate()
            .map(move |(index, value)| (pointer::join(&at, &index.to_string()), value))
    };
    let own = own(document, direction, &at);
    let mut required = list("required").filter_map(|(_, name)| name.as_str());
    if required.any(|name| names.contains(name) && !own.contains(name)) {
        return true;
    }
    let mut parts = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(list);
    parts.any(|(part, _)| requires_within(document, direction, &part, names, seen))
}
