//! A change between two documents, and its effects.

use std::fmt;

use callrounded_document::{Location, check};

use crate::ItemChange;

/// The effect of a change on those who depend on the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// No effect, such as a new description or order.
    #[default]
    None,
    /// Something was added; what existed keeps working.
    Compatible,
    /// Something that worked may fail.
    Breaking,
}

impl Effect {
    pub(super) fn breaking_if(is_breaking: bool) -> Self {
        if is_breaking { Self::Breaking } else { Self::Compatible }
    }
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

/// The names of all rules, sorted. A rule is a kind of change.
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

/// A change between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule, which names the kind of change, such as `property-removed`. It is one of [`RULES`].
    pub rule: &'static str,
    /// The part of the document that changed, such as `get_call, response 200` or `schema Call`.
    pub subject: String,
    /// The message that describes what changed.
    pub problem: String,
    /// The effect on a deployed client that calls the changed service.
    pub wire: Effect,
    /// The effect on source code that uses the generated client, after the client is generated again.
    pub source: Effect,
    /// The public items of the generated client that change because of it.
    pub items: Vec<ItemChange>,
    /// The names of the operations that it is in, in either document. Items are attributed by them.
    pub(super) names: Vec<String>,
    /// The names of the operations that it affects.
    pub operations: Vec<String>,
    /// The JSON pointer and location in the old document, if both documents have it and both locations are reported.
    pub before: Option<(String, Location)>,
    /// Whether the change is a removal. Then `pointer` and `location` refer to the old document.
    pub removed: bool,
    /// The JSON pointer to the changed part, in the new document unless it was `removed`.
    pub pointer: String,
    /// The line and column of the changed part, in the same document as `pointer`.
    pub location: Location,
}

impl Change {
    /// Returns a short identifier of the change: 16 hexadecimal digits. It is computed from rule, subject and message,
    /// so it stays the same when other parts of the documents change.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        check::fingerprint(&[self.rule, &self.subject, &self.problem])
    }
}

/// The kind of release that the api crate needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// The generated source is the same.
    None,
    /// Only behavior or documentation differs.
    Patch,
    /// Public items were added.
    Minor,
    /// Code that compiled may no longer compile.
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
