//! One change between two documents, and what it means.

use std::fmt;

use callrounded_document::{Place, check};

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

/// The names of all kinds of changes.
pub const RULES: [&str; 65] = [
    "additional-properties",
    "body-added",
    "body-optional",
    "body-removed",
    "body-required",
    "combination",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "encoding",
    "enum",
    "extension",
    "format",
    "generated-source",
    "header-added",
    "header-optional",
    "header-removed",
    "header-required",
    "header-style",
    "incoming-added",
    "incoming-removed",
    "items",
    "limit",
    "media-type-added",
    "media-type-removed",
    "not",
    "not-understood",
    "null-allowed",
    "null-refused",
    "operation-added",
    "operation-id",
    "operation-removed",
    "parameter-added",
    "parameter-empty",
    "parameter-optional",
    "parameter-removed",
    "parameter-renamed",
    "parameter-required",
    "parameter-style",
    "property-added",
    "property-optional",
    "property-removed",
    "property-required",
    "read-only",
    "response-added",
    "response-removed",
    "schema-added",
    "schema-described",
    "schema-removed",
    "schema-undescribed",
    "security-narrowed",
    "security-widened",
    "server-added",
    "server-order",
    "server-removed",
    "server-variable",
    "tags",
    "type",
    "union-changed",
    "union-narrowed",
    "union-widened",
    "value-added",
    "value-removed",
    "write-only",
];

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
    /// What the operations that it affects are called.
    pub operations: Vec<String>,
    /// Where it stood in the old document, where that is told too.
    pub before: Option<(String, Place)>,
    /// Whether `pointer` and `place` are those of the old document, where what is gone stood.
    pub gone: bool,
    /// JSON pointer to it.
    pub pointer: String,
    /// Line and column of it.
    pub place: Place,
}

impl Change {
    /// A short name for what changed, which stays when other things change: 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        check::fingerprint(&[self.rule, &self.subject, &self.problem])
    }
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
