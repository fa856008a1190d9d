//! Properties that must not be there in the direction that a body goes: `readOnly` in a request, `writeOnly` in a
//! response. The keyword of that name, which a translated schema has at the object
//! instead of the property, carries the names to the validator.

use jsonschema::{Keyword, ValidationError, paths::Location};
use serde_json::{Map, Value};

use super::representation::Strict;
use crate::{json::Node, walk::Direction};

/// The keyword of the direction.
pub(super) fn keyword(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

struct Hidden(Vec<String>);

type Made<'a> = Result<Box<dyn for<'i> Keyword<'i, Strict>>, ValidationError<'a>>;

pub(super) fn made<'a>(_parent: &'a Map<String, Value>, names: &'a Value, _location: Location) -> Made<'a> {
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(Box::new(Hidden(names.map(str::to_owned).collect())))
}

impl<'i> Keyword<'i, Strict> for Hidden {
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
