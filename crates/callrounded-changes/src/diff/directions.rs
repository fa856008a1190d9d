//! The directions in which a value is sent. They decide whom a change of its schema affects.

use super::Effect;

/// The directions in which values of a schema are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Directions {
    pub request: bool,
    pub response: bool,
}

impl Directions {
    pub const REQUEST: Self = Self {
        request: true,
        response: false,
    };
    pub const RESPONSE: Self = Self {
        request: false,
        response: true,
    };

    /// Returns the directions that both have.
    pub fn both(self, other: Self) -> Self {
        Self {
            request: self.request && other.request,
            response: self.response && other.response,
        }
    }
}

/// Returns the more severe of the effects in the given directions.
pub(super) fn by_direction(directions: Directions, request: Effect, response: Effect) -> Effect {
    let request = directions.request.then_some(request);
    request.max(directions.response.then_some(response)).unwrap_or_default()
}
