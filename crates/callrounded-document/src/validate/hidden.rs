//! Properties that are not allowed in one direction: `readOnly` in requests, `writeOnly` in responses. A translated
//! schema has the keyword at the object instead of at the property, with the names of the properties as its value.

use std::collections::BTreeSet;

use jsonschema::{Keyword, ValidationError, paths::Location};
use serde_json::{Map, Value};

use super::representation::Strict;
use crate::{document::Document, json::Node, pointer, traverse::Direction};

/// Returns the keyword that hides properties in a direction.
pub(super) fn keyword(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

/// The compiled keyword: these properties must be absent.
struct Absent(Vec<String>);

type CompiledKeyword<'a> = Result<Box<dyn for<'i> Keyword<'i, Strict>>, ValidationError<'a>>;

pub(super) fn compile<'a>(
    _parent: &'a Map<String, Value>,
    names: &'a Value,
    _location: Location,
) -> CompiledKeyword<'a> {
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

    /// Returns one error per property that is present. Its message is the name of the property.
    fn iter_errors(&self, instance: Node<'i>) -> Box<dyn Iterator<Item = ValidationError<'i>> + 'i> {
        let present = self.0.iter().filter(|name| instance.get(name).is_some());
        let errors: Vec<_> = present.map(|name| ValidationError::custom(name.clone())).collect();
        Box::new(errors.into_iter())
    }
}

/// The names of properties that are not allowed in a direction, and therefore not required either.
pub(super) type Hidden = BTreeSet<String>;

/// Returns the properties that are hidden in a direction, of the schema at `at` and of the parts of its `allOf`.
pub(super) fn of(document: &Document, direction: Option<Direction>, at: &str) -> Hidden {
    collect(document, direction, at, &mut Vec::new())
}

fn collect(document: &Document, direction: Option<Direction>, at: &str, visited: &mut Vec<String>) -> Hidden {
    let mut hidden = own(document, direction, at);
    let list = pointer::join(at, "allOf");
    for part in document.items(&list).filter_map(|at| document.resolve(&at)) {
        if !visited.contains(&part) {
            visited.push(part.clone());
            hidden.extend(collect(document, direction, &part, visited));
        }
    }
    hidden
}

/// Returns the properties that are hidden in a direction, of the schema at `at` without the parts of its `allOf`.
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

/// Checks whether the schema at `at`, or one that it is composed of, requires any of these properties without hiding it
/// itself.
pub(super) fn requires(document: &Document, direction: Option<Direction>, at: &str, names: &Hidden) -> bool {
    !names.is_empty() && requires_within(document, direction, at, names, &mut Vec::new())
}

fn requires_within(
    document: &Document,
    direction: Option<Direction>,
    at: &str,
    names: &Hidden,
    visited: &mut Vec<String>,
) -> bool {
    let Some(at) = document.resolve(at).filter(|at| !visited.contains(at)) else {
        return false;
    };
    visited.push(at.clone());
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
    parts.any(|(part, _)| requires_within(document, direction, &part, names, visited))
}
