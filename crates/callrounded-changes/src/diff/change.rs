//! One change between two documents, and what it means.

use std::fmt;

use callrounded_document::Place;

use crate::ItemChange;

/// What a change means to somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing: a text, an order.
    #[default]
    None,
    /// There is more than there was; what was goes on.
    Compatible,
    /// Something that worked may not.
    Breaking,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        })
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// A name for its kind, such as `property-removed`.
    pub rule: &'static str,
    /// What it is in, such as `get_call, response 200` or `schema Call`.
    pub subject: String,
    /// What changed.
    pub problem: String,
    /// To a client that is deployed today, against the changed service.
    pub wire: Effect,
    /// To source that uses the generated client, when that is generated anew.
    pub source: Effect,
    /// The items of the generated client that change with it.
    pub items: Vec<ItemChange>,
    /// What operations that it is in are called, by which their items are known.
    pub(super) names: Vec<String>,
    /// Whether `pointer` and `place` are those of the old document, where what is gone stood.
    pub gone: bool,
    /// JSON pointer to it.
    pub pointer: String,
    /// Line and column of it.
    pub place: Place,
}

/// What the next version of the api crate has to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// The generated source is the same.
    None,
    /// Only what it does or says differs.
    Patch,
    /// There is more of it.
    Minor,
    /// Something that compiled may not.
    Major,
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
